//! Cancelling is a request; stopping is a fact.

use core::fmt;

use super::engine::State;
use super::record::JobId;
use super::status::{Step, TaskStatus};
use super::table::Key;
use crate::trace::CancelReason;

/// What became of a request to cancel.
///
/// ```
/// use unstuck::runner::{CancelAnswer, SleepTask, TaskRunner};
/// use unstuck::time::ms;
/// use unstuck::trace::CancelReason::Requested;
/// use unstuck::{Executor, yield_now};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().workers(1).build().unwrap();
///     runner.start();
///     let running = runner.submit(SleepTask::new(ms(500))).await.unwrap();
///     let in_line = runner.submit(SleepTask::new(ms(500))).await.unwrap();
///     yield_now().await;
///     assert_eq!(in_line.cancel(Requested), CancelAnswer::RemovedFromQueue);
///     assert_eq!(running.cancel(Requested), CancelAnswer::Requested);
///     running.stopped().await;
///     assert_eq!(running.cancel(Requested), CancelAnswer::AlreadyFinished);
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelAnswer {
    /// It had not begun, or waited to be tried again, and never will run now.
    RemovedFromQueue,
    /// It runs, and was asked to stop; [`TaskHandle::stopped`](super::TaskHandle::stopped) tells when it has.
    Requested,
    /// It had ended before.
    AlreadyFinished,
}

/// The runner knows no job of this id: there was none, or its record was dropped to make room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownJob(pub JobId);

impl fmt::Display for UnknownJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the runner knows no job {}", self.0)
    }
}

impl std::error::Error for UnknownJob {}

impl State {
    pub(super) fn cancel(&mut self, key: Key, reason: CancelReason) -> CancelAnswer {
        match self.table[key.slot()].status {
            TaskStatus::Queued | TaskStatus::Retrying => {
                self.settle_waiting(key.slot(), Step::Cancel(reason));
                CancelAnswer::RemovedFromQueue
            }
            TaskStatus::Running => {
                self.ask_to_stop(key, reason);
                CancelAnswer::Requested
            }
            TaskStatus::Stopping(_) => CancelAnswer::Requested,
            _ => CancelAnswer::AlreadyFinished,
        }
    }

    /// The token first, and then whoever runs the job.
    pub(super) fn ask_to_stop(&mut self, key: Key, reason: CancelReason) {
        self.step(key.slot(), Step::AskToStop(reason));
        let job = &mut self.table[key.slot()];
        let token = job.rare.as_ref().and_then(|rare| rare.token.clone());
        if let Some(token) = token {
            self.fire(token, reason);
        }
        self.wake_worker(key.slot());
    }
}
