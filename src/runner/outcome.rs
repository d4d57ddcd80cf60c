//! What came of a job: a copy for whoever asks, and the value itself for the last who can.

use core::any::Any;
use core::task::{Poll, Waker};
use std::rc::Rc;

use super::body::{BoxedBody, Outcome};
use super::engine::{Engine, State};
use super::status::TaskError;
use super::table::Key;
use crate::sync::waiters::Place as Seat;

/// What somebody who waits for a job is told.
pub(super) enum Asked {
    /// What came of it was moved to where it was asked for, and the handle is counted no more.
    Moved,
    Left(Left),
    /// It has not ended, and whoever asked has a seat among those who wait.
    NotYet,
}

/// What is left of a job that has ended.
pub(super) enum Left {
    /// Its box, lent to whoever copies what is in it.
    Lent(BoxedBody),
    /// Its status says it all.
    Said(TaskError<()>),
}

impl Engine {
    /// Asks for what came of a job. If nobody else can ask any more, it is moved to `place`, a pending
    /// `Poll<Outcome<T, E>>`.
    pub(super) fn ask(
        self: &Rc<Self>,
        key: Key,
        place: Option<&mut dyn Any>,
        seat: &mut Option<Seat>,
        waker: &Waker,
    ) -> Asked {
        self.change_job(key, |state| {
            if let Some(place) = place
                && state.move_out(key, place, seat)
            {
                return Asked::Moved;
            }
            match state.left(key) {
                Some(left) => Asked::Left(left),
                None => {
                    state.take_seat(key, seat, waker);
                    Asked::NotYet
                }
            }
        })
    }

    /// What came of a job that has ended.
    pub(super) fn outcome<T: Clone + 'static, E: 'static>(self: &Rc<Self>, key: Key) -> Option<Outcome<T, E>> {
        let left = self.change_job(key, |state| state.left(key))?;
        match self.copy(key, left) {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => None,
        }
    }

    /// Copies what a job left, and gives its box back. A value is cloned, by its own code, while nothing is borrowed.
    pub(super) fn copy<T: Clone + 'static, E: 'static>(self: &Rc<Self>, key: Key, left: Left) -> Poll<Outcome<T, E>> {
        let body = match left {
            Left::Lent(body) => body,
            Left::Said(error) => return Poll::Ready(Err(error.of_any())),
        };
        let outcome = body.outcome().downcast_ref::<Poll<Outcome<T, E>>>();
        let outcome = outcome.expect("a handle is of the types of its job").clone();
        self.change_job(key, |state| state.table[key.slot()].body = Some(body));
        outcome
    }
}

impl State {
    /// Moves out what came of a job, for whoever waits with its last handle, and counts that handle no more. False
    /// when there is another handle, or nothing to be moved.
    #[inline]
    fn move_out(&mut self, key: Key, place: &mut dyn Any, seat: &mut Option<Seat>) -> bool {
        let job = &mut self.table[key.slot()];
        let is_last = job.handles == 1 && job.stopped && !job.dead && job.status.left_an_outcome();
        let Some(body) = job.body.as_mut().filter(|_| is_last) else { return false };
        let is_empty = body.as_mut().take_outcome(place);
        if let Some(seat) = seat.take() {
            job.waiters().leave(seat);
        }
        job.handles = 0;
        match self.forget(key.slot()) {
            Some(body) if is_empty => self.keep_box(body),
            Some(body) => self.discard(body),
            None => {}
        }
        true
    }

    /// What is left of a job, if it has ended.
    fn left(&mut self, key: Key) -> Option<Left> {
        let job = &mut self.table[key.slot()];
        match TaskError::of_status(job.status) {
            Some(error) => Some(Left::Said(error)),
            None if job.status.is_terminal() => job.body.take().map(Left::Lent),
            None => None,
        }
    }

    /// Sits down among those who wait for a job, or stays there.
    pub(super) fn take_seat(&mut self, key: Key, seat: &mut Option<Seat>, waker: &Waker) {
        let waiters = self.table[key.slot()].waiters();
        let waits_on = seat.is_some_and(|seat| !waiters.is_served(seat, waker));
        if !waits_on {
            *seat = Some(waiters.join(waker.clone()));
        }
    }
}
