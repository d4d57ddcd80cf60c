//! Waiting for a job: for what comes of it, or until its code is gone.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::body::Outcome;
use super::engine::Engine;
use super::handle::TaskHandle;
use super::slot::Slot;
use super::status::TaskError;
use super::table::Key;
use crate::sync::waiters::Seat;
use crate::trace::Place;

/// Waits for the end of a job. See [`TaskHandle::wait`].
#[must_use = "a wait that is not awaited does not wait"]
pub struct Wait<'a, T, E> {
    handle: Holder<'a, T, E>,
    seat: Option<Seat>,
    at: Place,
}

impl<'a, T, E> Wait<'a, T, E> {
    #[inline]
    pub(super) fn new(handle: Holder<'a, T, E>, at: Place) -> Self {
        Wait { handle, seat: None, at }
    }
}

impl<T: Clone + 'static, E: 'static> Wait<'_, T, E> {
    /// Copies what came of the job, or waits on.
    #[inline(never)]
    fn poll_otherwise(&mut self, cx: &mut Context<'_>) -> Poll<Outcome<T, E>> {
        let handle = self.handle.get();
        match handle.engine().ask(handle.key(), &mut self.seat, cx.waker()) {
            Some(left) => handle.engine().copy(handle.key(), left),
            None => {
                handle.engine().await_result(self.at);
                Poll::Pending
            }
        }
    }
}

impl<T: Clone + 'static, E: 'static> Future for Wait<'_, T, E> {
    type Output = Result<T, TaskError<E>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Holder::Owned(handle) = &mut this.handle {
            assert!(!handle.is_spent(), "a wait gives the outcome once, and was polled after that");
            let mut moved = Poll::<Outcome<T, E>>::Pending;
            if handle.engine().move_out(handle.key(), &mut moved, &mut this.seat) {
                handle.spend();
                return moved;
            }
        }
        this.poll_otherwise(cx)
    }
}

impl<T, E> Drop for Wait<'_, T, E> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            let handle = self.handle.get();
            handle.engine().leave_seat(handle.key(), seat);
        }
    }
}

/// Whose handle a wait waits with.
pub(super) enum Holder<'a, T, E> {
    Owned(TaskHandle<T, E>),
    Borrowed(&'a TaskHandle<T, E>),
}

impl<T, E> Holder<'_, T, E> {
    #[inline]
    fn get(&self) -> &TaskHandle<T, E> {
        match self {
            Holder::Owned(handle) => handle,
            Holder::Borrowed(handle) => handle,
        }
    }
}

/// Waits until the code of a job is gone. See [`TaskHandle::stopped`].
#[must_use = "a wait that is not awaited does not wait"]
pub struct Stopped<'a, T, E> {
    handle: &'a TaskHandle<T, E>,
    is_over: fn(&Slot) -> bool,
    seat: Option<Seat>,
    at: Place,
}

impl<'a, T, E> Stopped<'a, T, E> {
    pub(super) fn new(handle: &'a TaskHandle<T, E>, is_over: fn(&Slot) -> bool, at: Place) -> Self {
        Stopped { handle, is_over, seat: None, at }
    }
}

impl<T, E> Future for Stopped<'_, T, E> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let (engine, key) = (this.handle.engine(), this.handle.key());
        let is_over = engine.change_job(key, |state| {
            let is_over = (this.is_over)(&state.table[key.slot()]);
            if !is_over {
                state.take_seat(key, &mut this.seat, cx.waker());
            }
            is_over
        });
        if is_over {
            return Poll::Ready(());
        }
        engine.await_result(this.at);
        Poll::Pending
    }
}

impl<T, E> Drop for Stopped<'_, T, E> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            self.handle.engine().leave_seat(self.handle.key(), seat);
        }
    }
}

impl Engine {
    /// The running task waits for what comes of a job.
    fn await_result(&self, at: Place) {
        self.waits_inside.set(true);
        self.result_face.awaited(at);
    }

    #[inline(never)]
    fn leave_seat(self: &Rc<Self>, key: Key, seat: Seat) {
        self.change_job(key, |state| state.table[key.slot()].leave_seat(seat));
    }
}
