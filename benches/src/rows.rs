//! The table of rows: which workload, how many operations, who takes part.

use std::time::Duration;

use crate::exec::Exec;
use crate::peers::*;
use crate::workloads::tasks;
#[cfg(not(target_arch = "wasm32"))]
use crate::workloads::timers;

pub struct Row {
    pub name: &'static str,
    /// What one operation is, for the reader of the header.
    pub about: &'static str,
    pub operations: u64,
    /// The first one is ours; ratios are taken against it.
    pub entrants: &'static [Entrant],
}

pub struct Entrant {
    pub name: &'static str,
    /// Runs the workload once and says how long it took.
    pub run: fn() -> Duration,
}

/// The same workload, once for each executor in the list.
macro_rules! entrants {
    ($($workload:ident)::+ for $executors:tt) => {
        entrants!(@each [$($workload)::+] $executors)
    };
    (@each $workload:tt [$($executor:ty),+]) => {
        &[$(entrants!(@one $workload $executor)),+]
    };
    (@one [$($workload:ident)::+] $executor:ty) => {
        Entrant { name: <$executor as Exec>::NAME, run: $($workload)::+::<$executor> }
    };
}

#[cfg(not(target_arch = "wasm32"))]
pub const ROWS: &[Row] = &[
    Row {
        name: "W1",
        about: "spawn and run a ready task (100,000 at once)",
        operations: tasks::READY_TASKS,
        entrants: entrants!(tasks::spawn_ready for [
            Ours, TokioLocalSet, TokioSpawn, LocalPool, AsyncExecutor, AsyncTask
        ]),
    },
    Row {
        name: "W2",
        about: "yield once (1,000 tasks, 1,000 yields each)",
        operations: tasks::YIELDS,
        entrants: entrants!(tasks::spawn_yielding for [
            Ours, TokioLocalSet, TokioSpawn, LocalPool, AsyncExecutor, AsyncTask
        ]),
    },
    Row {
        name: "W4a",
        about: "sleep once, virtual time (100,000 tasks)",
        operations: timers::SLEEPERS,
        entrants: entrants!(timers::sleep_once for [Ours, TokioPausedLocalSet, TokioPausedSpawn]),
    },
    Row {
        name: "W4b",
        about: "sleep in a chain, virtual time (1,000 tasks, 100 sleeps each)",
        operations: timers::CHAINED_SLEEPS,
        entrants: entrants!(timers::sleep_in_chains for [Ours, TokioPausedLocalSet, TokioPausedSpawn]),
    },
    Row {
        name: "W4c",
        about: "arm and cancel a timeout, virtual time",
        operations: timers::TIMEOUTS,
        entrants: entrants!(timers::arm_and_cancel for [Ours, TokioPausedLocalSet, TokioPausedSpawn]),
    },
];

/// Rows in wasm end in `-wasm`, so that a line says where it was measured.
#[cfg(target_arch = "wasm32")]
pub const ROWS: &[Row] = &[Row {
    name: "W2-wasm",
    about: "yield once, in wasm (1,000 tasks, 1,000 yields each)",
    operations: tasks::YIELDS,
    entrants: entrants!(tasks::spawn_yielding for [
        Ours, TokioLocalSet, LocalPool, AsyncExecutor, AsyncTask
    ]),
}];
