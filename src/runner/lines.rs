//! Waiting for a runner: until it is idle, until its queue is empty, until it is gone.

use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::engine::{Engine, State};
use super::events::What;
use crate::sync::object::Object;
use crate::sync::waiters::{Seat, Waiters};
use crate::trace::Place;
use core::num::NonZeroUsize;

/// Waits for a runner. See [`TaskRunner::on_idle`](super::TaskRunner::on_idle) and
/// [`TaskRunner::on_empty`](super::TaskRunner::on_empty).
#[must_use = "a wait that is not awaited does not wait"]
pub struct Line {
    engine: Rc<Engine>,
    of: fn(&mut State) -> &mut Waiters,
    is_over: fn(&State) -> bool,
    face: fn(&Engine) -> &Object,
    seat: Option<Seat>,
    at: Place,
}

impl Line {
    #[track_caller]
    pub(super) fn of_idle(engine: &Rc<Engine>) -> Self {
        Line::new(engine, |state| &mut state.on_idle, |state| state.is_idle(), Location::caller())
    }

    #[track_caller]
    pub(super) fn of_empty(engine: &Rc<Engine>) -> Self {
        Line::new(engine, |state| &mut state.on_empty, |state| state.queue.len() == 0, Location::caller())
    }

    /// For whoever called at `at`.
    pub(super) fn of_gone(engine: &Rc<Engine>, at: Place) -> Self {
        let mut line = Line::new(engine, |state| &mut state.on_gone, |state| state.is_gone(), at);
        line.face = |engine| &engine.end_face;
        line
    }

    fn new(engine: &Rc<Engine>, of: fn(&mut State) -> &mut Waiters, is_over: fn(&State) -> bool, at: Place) -> Self {
        Line { engine: engine.clone(), of, is_over, face: |engine| &engine.queue_face, seat: None, at }
    }
}

impl Future for Line {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let (of, is_over) = (this.of, this.is_over);
        let seat = this.seat.take();
        this.seat = this.engine.change(|state| match seat {
            Some(seat) if of(state).is_served(seat, cx.waker()) => None,
            None if is_over(state) => None,
            Some(seat) => Some(seat),
            None => Some(of(state).join(cx.waker().clone())),
        });
        if this.seat.is_none() {
            return Poll::Ready(());
        }
        this.engine.waits_inside.set(true);
        (this.face)(&this.engine).awaited(this.at);
        Poll::Pending
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            let of = self.of;
            self.engine.change(|state| of(state).leave(seat));
        }
    }
}

impl State {
    pub(super) fn pause(&mut self) {
        if !core::mem::replace(&mut self.pool.paused, true) {
            self.events.count();
            self.emit(What::Paused);
        }
    }

    pub(super) fn resume(&mut self) {
        if core::mem::replace(&mut self.pool.paused, false) {
            self.events.count();
            self.emit(What::Resumed);
            self.call_workers();
        }
    }

    /// Whoever waits for a place gets those that there are now.
    pub(super) fn set_capacity(&mut self, capacity: Option<NonZeroUsize>) {
        self.capacity = capacity;
        self.free_place();
    }

    pub(super) fn set_concurrency(&mut self, limit: NonZeroUsize) {
        if self.pool.limit != limit {
            self.pool.limit = limit;
            self.events.count();
            self.emit(What::Resized { concurrency: limit.get() });
            self.give_back_slots();
            self.call_workers();
            self.rouse_idle();
        }
    }
}
