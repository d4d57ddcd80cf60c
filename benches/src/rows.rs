//! The table of rows: which workload, how many operations, who takes part.

use std::time::Duration;

#[cfg(not(target_arch = "wasm32"))]
use crate::channels::{Bare, Futures, Own, Smol, Tokio};
use crate::exec::Exec;
use crate::peers::*;
#[cfg(not(target_arch = "wasm32"))]
use crate::workloads::{calls, hashing, messages, timers};
use crate::workloads::{jobs, schedules, tasks};

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
    /// Whether the machine has what it needs.
    pub is_here: fn() -> bool,
}

impl Entrant {
    /// One that comes with this program.
    const fn new(name: &'static str, run: fn() -> Duration) -> Self {
        Entrant { name, run, is_here: || true }
    }
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
        Entrant::new(<$executor as Exec>::NAME, $($workload)::+::<$executor>)
    };
}

#[cfg(not(target_arch = "wasm32"))]
pub const ROWS: &[Row] = &[
    Row {
        name: "W1",
        about: "spawn and run a ready task (100,000 at once)",
        operations: tasks::READY_TASKS,
        entrants: entrants!(tasks::spawn_ready for [
            Ours, TokioLocalSet, TokioSpawn, LocalPool, AsyncExecutor, AsyncTask, Floor
        ]),
    },
    Row {
        name: "W2",
        about: "yield once (1,000 tasks, 1,000 yields each)",
        operations: tasks::YIELDS,
        entrants: entrants!(tasks::spawn_yielding for [
            Ours, TokioLocalSet, TokioSpawn, LocalPool, AsyncExecutor, AsyncTask, Floor
        ]),
    },
    Row {
        name: "W2-recording",
        about: "yield once while a trace is recorded, against not recording (1,000 tasks, 100 yields each)",
        operations: tasks::RECORDED_YIELDS,
        entrants: entrants!(tasks::spawn_yielding_to_record for [Recording, Ours]),
    },
    Row {
        name: "W3",
        about: "send a number to another task and get it back, over two channels with a place each",
        operations: messages::ROUND_TRIPS,
        entrants: &[
            Entrant::new(OURS, messages::ping_pong::<Ours, Own>),
            Entrant::new(TokioLocalSet::NAME, messages::ping_pong::<TokioLocalSet, Tokio>),
            Entrant::new(TokioSpawn::NAME, messages::ping_pong::<TokioSpawn, Tokio>),
            Entrant::new(LocalPool::NAME, messages::ping_pong::<LocalPool, Futures>),
            Entrant::new(AsyncExecutor::NAME, messages::ping_pong::<AsyncExecutor, Smol>),
            Entrant::new(Floor::NAME, messages::ping_pong::<Floor, Bare>),
        ],
    },
    Row {
        name: "W3d",
        about: "send a request to another task, and get the answer over a oneshot channel",
        operations: messages::ROUND_TRIPS,
        entrants: &[
            Entrant::new(OURS, messages::request_and_answer::<Ours, Own>),
            Entrant::new(TokioLocalSet::NAME, messages::request_and_answer::<TokioLocalSet, Tokio>),
            Entrant::new(TokioSpawn::NAME, messages::request_and_answer::<TokioSpawn, Tokio>),
            Entrant::new(LocalPool::NAME, messages::request_and_answer::<LocalPool, Futures>),
            Entrant::new(AsyncExecutor::NAME, messages::request_and_answer::<AsyncExecutor, Smol>),
            Entrant::new(Floor::NAME, messages::request_and_answer::<Floor, Bare>),
        ],
    },
    Row {
        name: "W4a",
        about: "sleep once, virtual time (100,000 tasks)",
        operations: timers::SLEEPERS,
        entrants: entrants!(timers::sleep_once for [Ours, TokioPausedLocalSet, TokioPausedSpawn, Floor]),
    },
    Row {
        name: "W4b",
        about: "sleep in a chain, virtual time (1,000 tasks, 100 sleeps each)",
        operations: timers::CHAINED_SLEEPS,
        entrants: entrants!(timers::sleep_in_chains for [Ours, TokioPausedLocalSet, TokioPausedSpawn, Floor]),
    },
    Row {
        name: "W4c",
        about: "arm and cancel a timeout, virtual time",
        operations: timers::TIMEOUTS,
        entrants: entrants!(timers::arm_and_cancel for [Ours, TokioPausedLocalSet, TokioPausedSpawn, Floor]),
    },
    Row {
        name: "W5",
        about: "run a job that does nothing, with a time limit (1,000,000 jobs, 8 workers)",
        operations: jobs::JOBS,
        entrants: JobEntrants::<jobs::Done>::ALL,
    },
    Row {
        name: "W5y",
        about: "run a job that yields once, with a time limit (1,000,000 jobs, 8 workers)",
        operations: jobs::JOBS,
        entrants: JobEntrants::<jobs::Yielding>::ALL,
    },
    Row {
        name: "policies",
        about: "make a call through deadline, retry, circuit, rate limit, bulkhead, timeout; tower has three of them",
        operations: calls::CALLS,
        entrants: &[Entrant::new(OURS, calls::through_all_policies), Entrant::new("tower", calls::through_tower)],
    },
    Row {
        name: "policies-same",
        about: "make a call through retry, bulkhead, timeout, as tower has them",
        operations: calls::CALLS,
        entrants: &[
            Entrant::new(OURS, calls::through_the_same_policies),
            Entrant::new("tower", calls::through_tower),
            Entrant::new(Floor::NAME, calls::through_the_floor),
        ],
    },
    Row {
        name: "policies-task",
        about: "run a task through the same, which can be named, heard and stopped",
        operations: calls::CALLS,
        entrants: &[Entrant::new(OURS, calls::through_a_task), Entrant::new("tower", calls::through_tower)],
    },
    Row {
        name: "breaker",
        about: "make a call through a closed circuit breaker",
        operations: calls::CALLS,
        entrants: &[
            Entrant::new(OURS, calls::through_our_breaker),
            Entrant::new("failsafe", calls::through_failsafe),
            Entrant::new("tower-resilience", calls::through_tower_resilience),
        ],
    },
    Row {
        name: "hash",
        about: "hash a byte of 100 MB, in slices with a turn for others in between",
        operations: hashing::BYTES,
        entrants: &[Entrant::new(OURS, hashing::in_slices), Entrant::new("sha2", hashing::in_one_pass)],
    },
    Row {
        name: "hash-poll",
        about: "keep others waiting, at the longest, while 100 MB are hashed",
        operations: 1,
        entrants: &[Entrant::new(OURS, hashing::longest_poll), Entrant::new("sha2", hashing::in_one_pass)],
    },
    Row {
        name: "busy3-random",
        about: "run three workers once, under a schedule that was drawn; loom's are in its order",
        operations: schedules::EXECUTIONS,
        entrants: &[
            Entrant::new(OURS, schedules::busy_in_unstuck),
            Entrant::new("shuttle", schedules::busy_in_shuttle),
            Entrant::new("loom", schedules::busy_in_loom),
        ],
    },
    Row {
        name: "needle-random",
        about: "run a program of 76 steps once, under a schedule that was drawn",
        operations: schedules::EXECUTIONS,
        entrants: &[
            Entrant::new(OURS, schedules::needle_in_unstuck),
            Entrant::new("shuttle", schedules::needle_in_shuttle),
        ],
    },
];

#[cfg(not(target_arch = "wasm32"))]
const OURS: &str = Ours::NAME;

/// Who runs jobs that do `W`.
#[cfg(not(target_arch = "wasm32"))]
struct JobEntrants<W>(std::marker::PhantomData<W>);

#[cfg(not(target_arch = "wasm32"))]
impl<W: jobs::Work> JobEntrants<W> {
    const ALL: &'static [Entrant] = &[
        Entrant::new(OURS, jobs::in_runner::<W>),
        Entrant::new(
            TokioPausedLocalSet::NAME,
            jobs::on_channels::<TokioPausedLocalSet, jobs::Own<TokioPausedLocalSet>, W>,
        ),
        Entrant::new(TokioPausedSpawn::NAME, jobs::on_channels::<TokioPausedSpawn, jobs::Own<TokioPausedSpawn>, W>),
        Entrant::new("tower", jobs::in_tower::<W>),
        Entrant::new(LocalPool::NAME, jobs::on_channels::<LocalPool, jobs::Unlimited, W>),
        Entrant::new(Floor::NAME, jobs::on_the_floor::<Floor, jobs::Own<Floor>, W>),
        Entrant { name: "asyncio", run: jobs::in_asyncio::<W>, is_here: asyncio::is_here },
    ];
}

/// Rows in wasm end in `-wasm`, so that a line says where it was measured.
#[cfg(target_arch = "wasm32")]
pub const ROWS: &[Row] = &[
    Row {
        name: "W2-wasm",
        about: "yield once, in wasm (1,000 tasks, 1,000 yields each)",
        operations: tasks::YIELDS,
        entrants: entrants!(tasks::spawn_yielding for [
            Ours, TokioLocalSet, LocalPool, AsyncExecutor, AsyncTask, Floor
        ]),
    },
    Row {
        name: "W5-wasm",
        about: "run a job that does nothing, in wasm (1,000,000 jobs, 8 workers); peers but the floor bound no time there",
        operations: jobs::JOBS,
        entrants: &[
            Entrant::new(Ours::NAME, jobs::in_runner::<jobs::Done>),
            Entrant::new(TokioLocalSet::NAME, jobs::on_channels::<TokioLocalSet, jobs::Unlimited, jobs::Done>),
            Entrant::new(LocalPool::NAME, jobs::on_channels::<LocalPool, jobs::Unlimited, jobs::Done>),
            Entrant::new(Floor::NAME, jobs::on_the_floor::<Floor, jobs::Own<Floor>, jobs::Done>),
        ],
    },
    Row {
        name: "busy3-random-wasm",
        about: "run three workers once, under a schedule that was drawn, in wasm; no peer runs there",
        operations: schedules::EXECUTIONS,
        entrants: &[Entrant::new(Ours::NAME, schedules::busy_in_unstuck)],
    },
    Row {
        name: "needle-random-wasm",
        about: "run a program of 76 steps once, under a schedule that was drawn, in wasm; no peer runs there",
        operations: schedules::EXECUTIONS,
        entrants: &[Entrant::new(Ours::NAME, schedules::needle_in_unstuck)],
    },
];
