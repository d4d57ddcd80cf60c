//! What a runner has to do at a later moment: retries, deadlines of jobs in line, the next start of a rate limit.

use core::task::Waker;
use std::collections::BTreeMap;

use super::engine::State;
use super::status::{Failure, Step, TaskStatus};
use super::table::Key;
use crate::time::Instant;

/// An entry: its moment, and a number that keeps equals in the order in which they were written.
pub(super) type DueKey = (Instant, u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Retry,
    Deadline,
}

#[derive(Default)]
pub(super) struct Agenda {
    entries: BTreeMap<DueKey, (Key, Due)>,
    written: u64,
    /// When the rate limit has another start to give.
    next_start: Option<Instant>,
    clerk: Clerk,
}

/// The task that waits for the next entry. There is none while there is no entry.
#[derive(Default)]
enum Clerk {
    #[default]
    None,
    Spawned,
    Waiting(Waker),
}

impl Agenda {
    pub(super) fn next(&self) -> Option<Instant> {
        let first = self.entries.first_key_value().map(|((at, _), _)| *at);
        first.into_iter().chain(self.next_start).min()
    }

    pub(super) fn has_clerk(&self) -> bool {
        !matches!(self.clerk, Clerk::None)
    }
}

impl State {
    pub(super) fn write_due(&mut self, key: Key, at: Instant, due: Due) {
        let before = self.agenda.next();
        self.agenda.written += 1;
        let entry = (at, self.agenda.written);
        self.agenda.entries.insert(entry, (key, due));
        self.table[key.slot()].rare().due = Some(entry);
        self.tell_clerk(before);
    }

    #[inline]
    pub(super) fn strike_due(&mut self, slot: u32) {
        if let Some(rare) = self.table[slot].rare.as_mut()
            && let Some(entry) = rare.due.take()
        {
            let before = self.agenda.next();
            self.agenda.entries.remove(&entry);
            self.tell_clerk(before);
        }
    }

    /// Workers are called again at that moment.
    pub(super) fn call_at(&mut self, at: Instant) {
        let before = self.agenda.next();
        self.agenda.next_start = Some(at);
        self.tell_clerk(before);
    }

    /// Nothing is started any more, so nobody needs to be called for it.
    #[inline]
    pub(super) fn forget_next_start(&mut self) {
        if self.agenda.next_start.is_none() {
            return;
        }
        let before = self.agenda.next();
        self.agenda.next_start = None;
        self.tell_clerk(before);
    }

    fn tell_clerk(&mut self, before: Option<Instant>) {
        if self.agenda.next() == before {
            return;
        }
        match core::mem::replace(&mut self.agenda.clerk, Clerk::Spawned) {
            Clerk::None => self.spawn_clerk(),
            Clerk::Spawned => {}
            Clerk::Waiting(waker) => self.wake(Some(waker)),
        }
    }

    /// Does what is due. Returns when there is more to do; none ends the clerk.
    pub(super) fn do_what_is_due(&mut self, waker: &Waker) -> Option<Instant> {
        let now = self.now();
        self.agenda.clerk = Clerk::Spawned;
        while let Some(entry) = self.agenda.entries.first_entry().filter(|entry| entry.key().0 <= now) {
            let (key, due) = entry.remove();
            self.table[key.slot()].rare().due = None;
            self.fall_due(key, due);
        }
        if self.agenda.next_start.is_some_and(|at| at <= now) {
            self.agenda.next_start = None;
            self.call_workers();
        }
        let next = self.agenda.next();
        self.agenda.clerk = if next.is_some() { Clerk::Waiting(waker.clone()) } else { Clerk::None };
        if next.is_none() {
            self.tell_if_gone();
        }
        next
    }

    fn fall_due(&mut self, key: Key, due: Due) {
        match (due, self.table[key.slot()].status) {
            (Due::Retry, TaskStatus::Retrying) => self.requeue(key.slot()),
            (Due::Deadline, TaskStatus::Queued) => {
                self.settle_waiting(key.slot(), Step::Fail(Failure::Deadline));
            }
            (due, status) => unreachable!("a {due:?} of a job that is {status} is struck"),
        }
    }

    /// The clerk was dropped with its executor.
    pub(super) fn lose_clerk(&mut self) {
        self.agenda.clerk = Clerk::None;
        self.collapse();
    }
}
