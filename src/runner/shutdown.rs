//! The end of a runner: every handle and every blocked submitter is settled, and a report says how.

use std::collections::BinaryHeap;
use std::rc::Rc;

use super::TaskRunner;
use super::engine::{Engine, State};
use super::events::What;
use super::lines::Line;
use super::record::JobId;
use super::status::{Step, TaskStatus};
use super::table::Key;
use crate::executor::timeout;
use crate::time::Duration;
use crate::trace::{CancelReason, Place};

/// How to end a runner.
///
/// ```
/// use unstuck::runner::{JobId, Shutdown, SleepTask, TaskRunner};
/// use unstuck::time::ms;
/// use unstuck::{Executor, now};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().workers(1).build().unwrap();
///     runner.start();
///     for time in [ms(50), ms(500)] {
///         drop(runner.submit(SleepTask::new(time)).await.unwrap());
///     }
///     let report = runner.shutdown(Shutdown::Drain { within: ms(100) }).await;
///     assert_eq!((report.finished, report.cancelled), (1, vec![JobId(2)]));
///     assert_eq!(now().to_string(), "100 ms");
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Whatever was accepted may run to its end, within this time; what has not ended then is dropped. A pause is
    /// lifted, and a runner that was never started is started.
    Drain {
        /// How long that may take.
        within: Duration,
    },
    /// What is in line is cancelled; what runs is asked to stop, and dropped when it has not within its grace.
    Cancel {
        /// How long what runs may go on.
        grace: Duration,
    },
    /// Everything is dropped.
    Now,
}

/// What became of everything that was not settled when the runner was closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShutdownReport {
    /// Jobs that came to an end of their own, good or bad.
    pub finished: usize,
    /// Jobs that were cancelled, in line or under way.
    pub cancelled: Vec<JobId>,
    /// Submitters that waited for a place in the queue, and were refused.
    pub rejected: usize,
    /// Jobs whose work cannot be stopped, and goes on without anybody.
    pub abandoned: Vec<JobId>,
}

impl ShutdownReport {
    /// The report with its jobs in the order of their ids.
    pub(super) fn in_order(&self) -> ShutdownReport {
        // A heap sorts with a tenth of the code of `sort_unstable`, once in the life of a runner.
        let in_order = |jobs: &[JobId]| jobs.iter().copied().collect::<BinaryHeap<_>>().into_sorted_vec();
        ShutdownReport { cancelled: in_order(&self.cancelled), abandoned: in_order(&self.abandoned), ..*self }
    }
}

/// What a runner accepts and does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Open,
    /// Accepts nothing; what was accepted goes on.
    Closed,
    /// Starts nothing; whoever still runs is dropped.
    Now,
    /// Starts nothing; what runs was asked to stop.
    Cancelling {
        grace: Duration,
    },
}

/// Ends a runner for whoever called at `at`.
pub(super) async fn end(runner: &TaskRunner, how: Shutdown, at: Place) -> ShutdownReport {
    let engine = runner.engine();
    engine.change(|state| state.close());
    let within = match how {
        Shutdown::Drain { within } => {
            runner.start();
            runner.resume();
            Some(within)
        }
        Shutdown::Cancel { grace } => {
            engine.change(|state| state.cancel_everything(Life::Cancelling { grace }));
            Some(grace)
        }
        Shutdown::Now => None,
    };
    let in_time = match within {
        Some(within) => timeout(within, Line::of_gone(engine, at)).await.is_ok(),
        None => false,
    };
    if !in_time {
        engine.end_now();
        Line::of_gone(engine, at).await;
    }
    engine.look(|state| state.report.in_order())
}

impl Engine {
    pub(super) fn end_now(self: &Rc<Self>) {
        self.change(|state| state.cancel_everything(Life::Now));
    }
}

impl State {
    /// From now on nothing is accepted.
    pub(super) fn close(&mut self) {
        if !matches!(self.life, Life::Open) {
            return;
        }
        self.life = Life::Closed;
        self.report.rejected = self.refuse_parked();
        self.events.count();
        self.emit(What::Closed);
        self.rouse_idle();
        self.tell_if_gone();
    }

    /// Nothing is started any more, what is in line is cancelled, and what runs is asked to stop.
    pub(super) fn cancel_everything(&mut self, life: Life) {
        self.close();
        // Whoever ends it more gently, later, does not give back the time that somebody took away.
        if !matches!(self.life, Life::Now) {
            self.life = life;
        }
        for key in self.table.keys() {
            self.cancel(key, CancelReason::Shutdown);
            // Whoever lingers, or tidies up by a grace that is over now, is to look as well. What was forgotten
            // meanwhile has no worker.
            self.wake_worker(key.slot());
        }
        self.forget_next_start();
        self.tell_if_idle();
        self.rouse_idle();
        self.tell_if_gone();
    }

    /// How long a job may go on after it was asked to stop.
    pub(super) fn grace_of(&self, slot: u32) -> Duration {
        match self.life {
            Life::Cancelling { grace } => grace,
            Life::Now => Duration::ZERO,
            Life::Open | Life::Closed => self.own_grace_of(slot),
        }
    }

    /// The same, while nobody ends the runner.
    pub(super) fn own_grace_of(&self, slot: u32) -> Duration {
        let wished = self.table[slot].rare.as_ref().and_then(|rare| rare.grace);
        wished.unwrap_or(self.settings.grace)
    }

    #[inline]
    pub(super) fn report_end(&mut self, slot: u32) {
        if !matches!(self.life, Life::Open) {
            self.count_end(slot);
        }
    }

    #[cold]
    #[inline(never)]
    fn count_end(&mut self, slot: u32) {
        let job = &self.table[slot];
        match job.status {
            _ if self.report.abandoned.contains(&job.id) => {}
            TaskStatus::Cancelled(_) => self.report.cancelled.push(job.id),
            _ => self.report.finished += 1,
        }
    }

    /// The executor is going away, and with it everybody who could run a job.
    pub(super) fn collapse(&mut self) {
        self.close();
        self.life = Life::Now;
        let waits = |state: &State, key: &Key| {
            matches!(state.table[key.slot()].status, TaskStatus::Queued | TaskStatus::Retrying)
        };
        for key in self.table.keys() {
            if waits(self, &key) {
                self.settle_waiting(key.slot(), Step::Cancel(CancelReason::Shutdown));
            }
        }
    }
}
