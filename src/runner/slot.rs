//! What is kept of one job, from its acceptance until nobody can ask for it any more.

use std::rc::Rc;

use super::agenda::DueKey;
use super::body::BoxedBody;
use super::children::Family;
use super::factory::Types;
use super::queue::Link;
use super::record::{JobId, Progress, TaskRecord, Transition};
use super::stats::Counters;
use super::status::{Step, TaskStatus};
use super::table::NOBODY;
use super::wishes::{Label, Limit};
use crate::retry::{Delays, Retry};
use crate::sync::CancelToken;
use crate::sync::waiters::{Seat, Waiters};
use crate::time::{Duration, Instant};
use crate::trace::CancelReason;

/// How many transitions a job remembers: the first, and the last ones.
const HISTORY: usize = 64;

/// What is looked at together lies together, since a thousand jobs are more than the nearest cache holds: who it is and
/// who still wants it in the first line of 64 bytes, what running it takes in the second.
#[repr(C, align(64))]
pub(super) struct Slot {
    /// Which of the jobs that live here one after the other has the slot, or is the next that will.
    pub(super) generation: u32,
    /// The number of the worker that runs the attempt.
    worker: u32,
    pub(super) status: TaskStatus,
    /// A job lives here.
    pub(super) known: bool,
    /// Its code is gone.
    pub(super) stopped: bool,
    /// Its record is kept.
    pub(super) recorded: bool,
    /// It is in the dead-letter list.
    pub(super) dead: bool,
    pub(super) priority: u8,
    /// How many handles there are.
    pub(super) handles: u32,
    pub(super) attempt: u32,
    pub(super) link: Link,
    /// What few jobs need.
    pub(super) rare: Option<Box<Rare>>,
    pub(super) label: Option<Box<Label>>,
    pub(super) id: JobId,
    /// Away while an attempt is under way.
    pub(super) body: Option<BoxedBody>,
    pub(super) limit: Limit,
    /// When the last attempt began, if there was one.
    started: Instant,
    /// When it last changed: of a job in line, when it came there.
    pub(super) updated: Instant,
    /// Who waits for the end. The line stays with the slot, since most jobs have somebody who waits.
    waiters: Option<Box<Waiters>>,
    pub(super) created: Instant,
    /// The types of its output and error.
    pub(super) types: Option<Types>,
}

const _: () = assert!(size_of::<Slot>() == 2 * 64);

#[derive(Default)]
pub(super) struct Rare {
    pub(super) text: Option<Rc<str>>,
    pub(super) progress: Option<Progress>,
    pub(super) watchers: Waiters,
    pub(super) token: Option<CancelToken>,
    /// How long it may go on after it was asked to stop, if it wishes so.
    pub(super) grace: Option<Duration>,
    pub(super) deadline: Option<Instant>,
    pub(super) due: Option<DueKey>,
    /// How long to wait for the next attempt.
    pub(super) pause: Option<Duration>,
    pub(super) retry: Option<(Retry, Delays)>,
    pub(super) lane: Option<Rc<str>>,
    /// The key of which at most one job is in flight.
    pub(super) unique: Option<Rc<str>>,
    pub(super) unstoppable: bool,
    pub(super) family: Family,
    /// The changes of status, if the job's times do not tell them.
    pub(super) history: Vec<Transition>,
}

/// What is to be known of a job that has just ended.
pub(super) struct Ended {
    pub(super) from: TaskStatus,
    pub(super) to: TaskStatus,
    pub(super) is_awaited: bool,
    pub(super) is_rare: bool,
}

impl Slot {
    pub(super) fn vacant() -> Self {
        Slot {
            generation: 0,
            worker: NOBODY,
            known: false,
            id: JobId(0),
            status: TaskStatus::Queued,
            stopped: true,
            handles: 0,
            recorded: false,
            dead: false,
            priority: 0,
            attempt: 0,
            link: Link { before: NOBODY, after: NOBODY, ticket: 0 },
            label: None,
            created: Instant::ZERO,
            started: Instant::ZERO,
            updated: Instant::ZERO,
            limit: Limit::NONE,
            body: None,
            types: None,
            waiters: None,
            rare: None,
        }
    }

    /// Forgets what the last job of this slot left, for one that is accepted now.
    #[inline]
    pub(super) fn begin_life(&mut self, now: Instant) {
        (self.status, self.stopped) = (TaskStatus::Queued, true);
        (self.recorded, self.dead, self.attempt) = (false, false, 0);
        (self.created, self.updated) = (now, now);
        self.rare = None;
    }

    #[inline]
    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub(super) fn waiters(&mut self) -> &mut Waiters {
        self.waiters.get_or_insert_default()
    }

    #[inline(never)]
    pub(super) fn leave_seat(&mut self, seat: Seat) {
        self.waiters().leave(seat);
    }

    /// Whether somebody waits for the end.
    #[inline]
    pub(super) fn is_awaited(&self) -> bool {
        self.waiters.as_ref().is_some_and(|waiters| !waiters.is_empty())
    }

    /// The number of the worker that runs the attempt.
    pub(super) fn worker(&self) -> Option<u32> {
        (self.worker != NOBODY).then_some(self.worker)
    }

    /// When its last attempt began.
    pub(super) fn started(&self) -> Option<Instant> {
        (self.attempt > 0).then_some(self.started)
    }

    /// When it ended, after which nothing of it changes; nobody knows of one that was interrupted.
    pub(super) fn finished(&self) -> Option<Instant> {
        (self.status.is_terminal() && self.status != TaskStatus::Interrupted).then_some(self.updated)
    }

    /// Takes over the times of a job of an earlier run of the program.
    pub(super) fn take_over_times(&mut self, record: &TaskRecord) {
        (self.created, self.updated, self.attempt) = (record.created, record.updated, record.attempt);
        self.started = record.started.unwrap_or(record.created);
    }

    /// The changes of status so far. Those of a life in one attempt are told by its times, so that only another
    /// life is written down.
    pub(super) fn history(&self) -> Vec<Transition> {
        match &self.rare {
            Some(rare) if !rare.history.is_empty() => rare.history.clone(),
            _ => self.plain_history().collect(),
        }
    }

    fn plain_history(&self) -> impl Iterator<Item = Transition> + use<> {
        let queued = Some((self.created, TaskStatus::Queued));
        let status = self.status;
        let lived =
            [queued, self.started().map(|at| (at, TaskStatus::Running)), self.finished().map(|at| (at, status))];
        lived.into_iter().flatten().map(|(at, to)| Transition { at, to })
    }

    /// Moves the job to its next status, and returns the last.
    #[inline(always)]
    pub(super) fn step(&mut self, step: Step, now: Instant) -> TaskStatus {
        let from = self.status;
        let to = from.after(step);
        self.write_down(to, now);
        (self.status, self.updated) = (to, now);
        from
    }

    /// The next attempt begins.
    #[inline(always)]
    pub(super) fn begin_attempt(&mut self, worker: u32, now: Instant) {
        self.attempt += 1;
        (self.started, self.worker) = (now, worker);
    }

    /// The attempt no longer has a worker.
    #[inline(always)]
    pub(super) fn leave_worker(&mut self, now: Instant, counters: &mut Counters) {
        self.worker = NOBODY;
        counters.ran(self.started, now);
    }

    /// The job has ended, and its record is kept.
    #[inline(always)]
    pub(super) fn end(&mut self, step: Step, now: Instant) -> Ended {
        self.recorded = true;
        let from = self.step(step, now);
        let (is_awaited, is_rare) = (self.is_awaited(), self.rare.is_some());
        Ended { from, to: self.status, is_awaited, is_rare }
    }

    /// Writes down the change to `to`, if the job's times will not tell it.
    #[inline]
    fn write_down(&mut self, to: TaskStatus, at: Instant) {
        let is_plain = to.is_terminal() || (to == TaskStatus::Running && self.attempt == 1);
        if !is_plain || self.rare.as_ref().is_some_and(|rare| !rare.history.is_empty()) {
            self.write_down_all(Transition { at, to });
        }
    }

    #[cold]
    fn write_down_all(&mut self, change: Transition) {
        let plain = self.plain_history();
        let history = &mut self.rare().history;
        if history.is_empty() {
            history.extend(plain);
        }
        if history.len() == HISTORY {
            history.remove(1);
        }
        history.push(change);
    }

    /// Whether there is, or will be, an outcome for a handle.
    pub(super) fn has_outcome_to_come(&self) -> bool {
        let says_it_all = super::TaskError::<()>::of_status(self.status).is_some();
        says_it_all || self.body.is_some() || !self.status.is_terminal()
    }

    pub(super) fn unstoppable(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.unstoppable)
    }

    /// Nobody will ask for it any more.
    #[inline]
    pub(super) fn is_forgotten(&self) -> bool {
        self.known && self.handles == 0 && self.status.is_terminal() && self.stopped && !self.recorded && !self.dead
    }
}

/// The reason for which a job in flight was asked to stop.
pub(super) fn asked_to_stop(status: TaskStatus) -> Option<CancelReason> {
    match status {
        TaskStatus::Stopping(reason) => Some(reason),
        _ => None,
    }
}
