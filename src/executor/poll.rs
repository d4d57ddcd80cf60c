//! Polling tasks: one that was picked, or all that are ready, first in, first out.
//!
//! While nobody records, searches or asks for lints, a poll pays for none of that: the short way and the one that
//! records and notices part at a single flag.

use core::cell::RefMut;
use core::mem::ManuallyDrop;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::core::Core;
use super::slot::{Body, End};
use super::table::Table;
use super::wake;
use super::waker::WakeKey;
use crate::trace::TaskId;

/// What a poll did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled {
    /// The task is not done yet.
    Pending,
    /// The task ended.
    Ended,
    /// The task was not ready, and nothing happened.
    NotReady,
}

impl Core {
    /// The tasks that can be polled, in the order in which they became ready.
    pub(super) fn ready_into(&self, tasks: &mut Vec<TaskId>) {
        wake::catch_up();
        let table = self.table.borrow();
        tasks.extend(table.ready.iter().copied().filter(|task| table.is_ready(*task)));
    }

    pub(super) fn has_ready(&self) -> bool {
        let table = self.table.borrow();
        table.ready.iter().any(|task| table.is_ready(*task))
    }

    /// Polls ready tasks, first in, first out, until none is ready, and counts the polls.
    // A call of its own, whose loop has all registers to itself.
    #[inline(never)]
    pub(super) fn poll_all(&self) -> u64 {
        let outer = self.begin_polling();
        let mut polls = 0;
        let mut table = self.table.borrow_mut();
        while let Some(task) = table.ready.pop_front() {
            if let Some(body) = table.begin_poll(task) {
                drop(table);
                (table, _) = self.poll_body(task, body);
                polls += 1;
            }
        }
        drop(table);
        self.end_polling(outer);
        polls
    }

    /// Polls at most `limit` ready tasks; true when none was left before that.
    pub(super) fn poll_some(&self, limit: u32) -> bool {
        let outer = self.begin_polling();
        let is_out = (0..limit).any(|_| !self.poll_next());
        self.end_polling(outer);
        is_out
    }

    /// Polls the task that has been ready longest, which is the current one from then on; false when there is none.
    pub(super) fn poll_next(&self) -> bool {
        let mut table = self.table.borrow_mut();
        let Some(task) = table.ready.pop_front() else { return false };
        if let Some(body) = table.begin_poll(task) {
            drop(table);
            self.poll_body(task, body);
        }
        true
    }

    pub(super) fn poll(&self, task: TaskId) -> Polled {
        let taken = self.table.borrow_mut().take(task);
        self.poll_taken(taken.map(|body| (task, body)))
    }

    /// Polls a task that was picked out of the line.
    #[inline(always)]
    pub(super) fn poll_taken(&self, taken: Option<(TaskId, Pin<Box<dyn Body>>)>) -> Polled {
        let Some((task, body)) = taken else { return Polled::NotReady };
        let outer = self.begin_polling();
        let (_, polled) = self.poll_body(task, body);
        self.end_polling(outer);
        polled
    }

    /// Begins to poll tasks one after the other, each of which is the current one until the next. Gives back who was
    /// it before.
    #[inline]
    pub(super) fn begin_polling(&self) -> TaskId {
        // A driver is to be told at once of whoever wakes up.
        wake::begin_polling(if self.driven.get() { None } else { Some(self.number) });
        self.current.get()
    }

    #[inline]
    pub(super) fn end_polling(&self, outer: TaskId) {
        wake::end_polling();
        self.current.set(outer);
    }

    /// The task stays the current one, as [`begin_polling`](Core::begin_polling) says. Gives back the table too, which
    /// whoever polls the next task looks at next.
    #[inline(always)]
    fn poll_body(&self, task: TaskId, mut body: Pin<Box<dyn Body>>) -> (RefMut<'_, Table>, Polled) {
        if self.is_attended() {
            let polled = self.poll_attended(task, body);
            return (self.table.borrow_mut(), polled);
        }
        let key = self.key_of(task);
        // A waker is a number, and there is nothing to drop.
        let waker = ManuallyDrop::new(key.waker());
        self.current.set(task);
        let polled = body.as_mut().poll(&mut Context::from_waker(&waker));
        let woken = wake::take_noted();
        let mut table = self.table.borrow_mut();
        if woken != key && woken != WakeKey::NOBODY {
            table.wake(self.first_key, woken);
        }
        self.end_poll(table, task, body, polled, woken == key)
    }

    #[inline(always)]
    fn end_poll<'a>(
        &'a self,
        mut table: RefMut<'a, Table>,
        task: TaskId,
        body: Pin<Box<dyn Body>>,
        polled: Poll<End>,
        awake: bool,
    ) -> (RefMut<'a, Table>, Polled) {
        match polled {
            Poll::Ready(end) => {
                let watched = table.is_watched(task);
                drop(table);
                self.end(task, body, end, watched);
            }
            Poll::Pending => match table.end_poll(task, body, awake) {
                Ok(()) => return (table, Polled::Pending),
                Err(body) => {
                    drop(table);
                    self.drop_polled(task, body);
                }
            },
        }
        // Whoever waited for it is in line before anybody else is polled.
        wake::catch_up();
        (self.table.borrow_mut(), Polled::Ended)
    }

    /// The same while somebody attends: records the poll, and notices what it did.
    #[inline(never)]
    fn poll_attended(&self, task: TaskId, body: Pin<Box<dyn Body>>) -> Polled {
        if self.log().is_on() {
            self.log().push_poll(self.now(), task);
        }
        self.poll_noticing(task, body)
    }

    /// Polls a task, and notices what it did.
    #[inline(always)]
    pub(super) fn poll_noticing(&self, task: TaskId, mut body: Pin<Box<dyn Body>>) -> Polled {
        let key = self.key_of(task);
        // It counts for nothing, so it must not be dropped.
        let waker = ManuallyDrop::new(key.counted_waker());
        self.current.set(task);
        self.watch_poll();
        let polled = body.as_mut().poll(&mut Context::from_waker(&waker));
        let woken = wake::take_noted();
        let awake = woken == key;
        if awake {
            self.tell_of_own_waking(task);
        } else if woken != WakeKey::NOBODY {
            self.wake(woken);
        }
        let (table, polled) = self.end_poll(self.table.borrow_mut(), task, body, polled, awake);
        drop(table);
        self.watch_end_of_poll(task, polled == Polled::Pending, awake);
        polled
    }
}
