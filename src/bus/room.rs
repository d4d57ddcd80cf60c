//! Publishers that wait until slow subscribers have room.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use super::Shared;
use crate::executor::Mark;
use crate::sorted::Sorted;

/// The publishers that wait, in the order in which they came.
pub(super) struct Waiting {
    next: Cell<u64>,
    wakers: RefCell<Sorted<u64, Waker>>,
    /// A thing of its own to a search of schedules: who pulls looks at it, whatever is published.
    mark: Mark,
}

impl Waiting {
    pub(super) fn new() -> Self {
        Waiting { next: Cell::new(0), wakers: RefCell::default(), mark: Mark::new() }
    }

    /// Wakes all: room for one event is looked at by each in turn, and whoever finds none waits on.
    pub(super) fn wake_all_if(&self, has_room: impl FnOnce() -> bool) {
        self.mark.read();
        if !self.wakers.borrow().is_empty() && has_room() {
            self.mark.write();
            self.wakers.take().into_values().for_each(Waker::wake);
        }
    }
}

/// Waits for room. See [`EventBus::room`](super::EventBus::room).
#[must_use = "a wait that is not awaited does not wait"]
pub struct Room<E> {
    bus: Rc<Shared<E>>,
    seat: Option<u64>,
}

impl<E> Room<E> {
    pub(super) fn new(bus: &Rc<Shared<E>>) -> Self {
        Room { bus: bus.clone(), seat: None }
    }
}

impl<E> Future for Room<E> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.bus.is_full() {
            return Poll::Ready(());
        }
        let waiting = &self.bus.waiting;
        waiting.mark.write();
        let seat = self.seat.unwrap_or_else(|| waiting.next.replace(waiting.next.get() + 1));
        waiting.wakers.borrow_mut().insert(seat, cx.waker().clone());
        self.seat = Some(seat);
        Poll::Pending
    }
}

impl<E> Drop for Room<E> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            self.bus.waiting.mark.write();
            self.bus.waiting.wakers.borrow_mut().remove(&seat);
        }
    }
}
