//! W1 and W2: tasks that never wait for anything but their turn.

use std::time::Duration;

use super::race;
use crate::exec::{Exec, Spawn};
use crate::latch::{all_arrived, arrive, yield_once};

pub const READY_TASKS: u64 = 100_000;

const YIELDING_TASKS: u64 = 1000;
const YIELDS_PER_TASK: u64 = 1000;
pub const YIELDS: u64 = YIELDING_TASKS * YIELDS_PER_TASK;

/// A trace keeps every one of them.
const RECORDED_YIELDS_PER_TASK: u64 = 100;
pub const RECORDED_YIELDS: u64 = YIELDING_TASKS * RECORDED_YIELDS_PER_TASK;

/// W1: one task spawns 100,000 others, which are done at their first poll.
pub fn spawn_ready<E: Exec>() -> Duration {
    race::<E, _>(READY_TASKS, |spawner| async move {
        for _ in 0..READY_TASKS {
            spawner.spawn(async { arrive() });
        }
        all_arrived().await;
    })
}

/// W2: 1,000 tasks yield 1,000 times each.
pub fn spawn_yielding<E: Exec>() -> Duration {
    spawn_yielding_often::<E, YIELDS_PER_TASK>()
}

/// W2-recording: the same with fewer yields.
pub fn spawn_yielding_to_record<E: Exec>() -> Duration {
    spawn_yielding_often::<E, RECORDED_YIELDS_PER_TASK>()
}

fn spawn_yielding_often<E: Exec, const TIMES: u64>() -> Duration {
    race::<E, _>(YIELDING_TASKS, |spawner| async move {
        for _ in 0..YIELDING_TASKS {
            spawner.spawn(async {
                for _ in 0..TIMES {
                    yield_once().await;
                }
                arrive();
            });
        }
        all_arrived().await;
    })
}
