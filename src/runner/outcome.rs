//! What came of a job: a copy for whoever asks, and the value itself for the last who can.

use core::any::Any;
use core::task::{Poll, Waker};
use std::rc::Rc;

use super::body::{BoxedBody, Outcome};
use super::engine::{Engine, State};
use super::status::TaskError;
use super::table::Key;
use crate::sync::waiters::Seat;

/// What is left of a job that has ended.
pub(super) enum Left {
    /// Its box, lent to whoever copies what is in it.
    Lent(BoxedBody),
    /// Its status says it all.
    Said(TaskError<()>),
}

impl Engine {
    /// Moves what came of a job to `place`, a pending `Poll<Outcome<T, E>>`, for whoever waits with its last handle, and
    /// counts that handle no more. False when there is another handle, or nothing to be moved.
    #[inline]
    pub(super) fn move_out(self: &Rc<Self>, key: Key, place: &mut dyn Any, seat: &mut Option<Seat>) -> bool {
        self.change_job(key, |state| state.move_out(key, place, seat))
    }

    /// What is left of a job; none when it has not ended, and then whoever asks has a seat among those who wait.
    #[inline(never)]
    pub(super) fn ask(self: &Rc<Self>, key: Key, seat: &mut Option<Seat>, waker: &Waker) -> Option<Left> {
        self.change_job(key, |state| {
            let left = state.left(key);
            if left.is_none() {
                state.take_seat(key, seat, waker);
            }
            left
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
    #[inline]
    fn move_out(&mut self, key: Key, place: &mut dyn Any, seat: &mut Option<Seat>) -> bool {
        let job = &mut self.table[key.slot()];
        let is_last = job.handles == 1 && job.stopped && !job.dead && job.status.left_an_outcome();
        let Some(mut body) = job.body.take_if(|_| is_last) else { return false };
        let is_empty = body.as_mut().take_outcome(place);
        if let Some(seat) = seat.take() {
            job.leave_seat(seat);
        }
        job.handles = 0;
        if !job.recorded {
            self.table.vacate(key.slot());
        }
        if is_empty {
            self.keep_box(body);
        } else {
            self.discard(body);
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
