//! The workloads, one file a group. Each function is one run of one row, and
//! returns how long it took without building and dropping the executor.

#[cfg(not(target_arch = "wasm32"))]
pub mod calls;
#[cfg(not(target_arch = "wasm32"))]
pub mod hashing;
pub mod jobs;
#[cfg(not(target_arch = "wasm32"))]
pub mod messages;
pub mod schedules;
pub mod tasks;
pub mod timers;

use std::time::Duration;

use crate::exec::Exec;
use crate::{latch, stopwatch};

/// Times one executor from the first spawn to the last of `arrivals`.
fn race<E, Root>(arrivals: u64, root: impl FnOnce(E::Spawner) -> Root) -> Duration
where
    E: Exec,
    Root: Future<Output = ()> + 'static,
{
    let mut executor = E::new();
    let root = root(executor.spawner());
    latch::expect(arrivals);
    let elapsed = stopwatch::time(|| executor.run(root));
    assert_eq!(latch::missing(), 0, "{} lost work", E::NAME);
    elapsed
}
