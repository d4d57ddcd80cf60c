//! `hash` and `hash-poll`: a large input in slices, against one plain pass.

use std::sync::OnceLock;
use std::time::Duration;

use sha2::{Digest, Sha256};
use unstuck::Executor;
use unstuck::runner::{HashTask, TaskRunner};

use super::race;
use crate::latch::arrive;
use crate::peers::Ours;
use crate::stopwatch::time;

/// So many bytes are hashed.
pub const BYTES: u64 = 100_000_000;

fn input() -> &'static [u8] {
    static INPUT: OnceLock<Vec<u8>> = OnceLock::new();
    INPUT.get_or_init(|| (0..BYTES).map(|place| (place % 251) as u8).collect())
}

/// A [`HashTask`] in a runner, on an executor that does nothing else.
async fn in_runner() {
    let runner = TaskRunner::builder().build().expect("the numbers make sense");
    runner.start();
    let hash = runner.submit(HashTask::new(input())).await.expect("the runner is open");
    assert_eq!(hash.await.expect("hashing does not fail").len(), 64);
    arrive();
}

/// All of it, in slices.
pub fn in_slices() -> Duration {
    race::<Ours, _>(1, |_| in_runner())
}

/// All of it, in one pass.
pub fn in_one_pass() -> Duration {
    race::<Ours, _>(1, |_| async {
        assert_eq!(Sha256::digest(input()).len(), 32);
        arrive();
    })
}

/// The longest time for which hashing in slices keeps everybody else waiting.
pub fn longest_poll() -> Duration {
    let executor = Executor::new();
    crate::latch::expect(1);
    drop(executor.spawn(in_runner()));
    let mut longest = Duration::ZERO;
    while let Some(task) = executor.ready().first().copied() {
        longest = longest.max(time(|| {
            executor.poll(task);
        }));
    }
    assert_eq!(crate::latch::missing(), 0, "the hash is done");
    longest
}
