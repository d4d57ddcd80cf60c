use core::cell::{Cell, RefCell};
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use super::super::waiters::{Place as Seat, Waiters};
use super::Queue;
use crate::trace::Place;

/// Who waits for a place, one of whom at a time is called.
///
/// Nobody else is called before that one has put its value or left. So values come in the order of their putters under
/// every schedule, and not in the order in which those who were called happen to be polled.
#[derive(Default)]
pub(super) struct Putters {
    line: RefCell<Waiters>,
    is_called: Cell<bool>,
}

impl Putters {
    #[inline]
    pub(super) fn somebody_waits(&self) -> bool {
        self.is_called.get() || !self.line.borrow().is_empty()
    }

    /// Calls the first in line, unless somebody has been called already.
    pub(super) fn call_next(&self) -> Option<Waker> {
        let called = if self.is_called.get() { None } else { self.serve_first() };
        self.is_called.set(self.is_called.get() || called.is_some());
        called
    }

    pub(super) fn serve_first(&self) -> Option<Waker> {
        self.line.borrow_mut().serve_first()
    }
}

/// Waits for a place, and puts a value there. See [`Queue::put`].
#[must_use = "a put that is not awaited puts nothing"]
pub struct Put<'a, T> {
    queue: &'a Queue<T>,
    value: Option<T>,
    seat: Option<Seat>,
    place: Place,
}

// Nothing in it is pinned: the value is only moved out of it.
impl<T> Unpin for Put<'_, T> {}

impl<'a, T> Put<'a, T> {
    pub(super) fn new(queue: &'a Queue<T>, value: T, place: Place) -> Self {
        Put { queue, value: Some(value), seat: None, place }
    }

    /// The one who was called has come, or has gone.
    fn make_way(&self) {
        self.queue.putters.is_called.set(false);
        self.queue.hand_place_over();
    }

    fn take_value(&mut self) -> T {
        self.value.take().expect("a put is done once, and was polled after that")
    }
}

impl<T> Future for Put<'_, T> {
    type Output = Result<(), Closed<T>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let queue = self.queue;
        queue.object.write();
        let its_turn = match self.seat {
            None => queue.is_closed.get() || queue.has_place_for_newcomers(),
            Some(seat) => queue.putters.line.borrow_mut().is_served(seat, cx.waker()),
        };
        if !its_turn {
            if self.seat.is_none() {
                self.seat = Some(queue.putters.line.borrow_mut().join(cx.waker().clone()));
            }
            queue.object.awaited(self.place);
            return Poll::Pending;
        }
        let value = self.take_value();
        let waited = self.seat.take().is_some();
        let put = match queue.is_closed.get() {
            true => Err(Closed(value)),
            false => {
                queue.add(value);
                Ok(())
            }
        };
        if waited {
            self.make_way();
        }
        Poll::Ready(put)
    }
}

impl<T> Drop for Put<'_, T> {
    fn drop(&mut self) {
        match self.seat {
            Some(seat) => {
                self.queue.object.write();
                let called = self.queue.putters.line.borrow_mut().leave(seat);
                if called {
                    self.make_way();
                }
            }
            None if self.value.is_some() => self.queue.object.unpolled(self.place),
            None => {}
        }
    }
}

/// The queue is closed; the value that could not be put is given back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Closed<T>(pub T);

/// Why a value was not put at once; it is given back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NotPut<T> {
    /// Every place is taken, or promised to somebody who waits.
    Full(T),
    /// The queue is closed.
    Closed(T),
}

impl<T> NotPut<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        match self {
            NotPut::Full(value) | NotPut::Closed(value) => value,
        }
    }
}

impl<T> fmt::Display for Closed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the queue is closed, and takes nothing any more")
    }
}

impl<T> fmt::Display for NotPut<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotPut::Full(_) => f.write_str("the queue is full: wait for a place with `put`"),
            NotPut::Closed(_) => f.write_str("the queue is closed, and takes nothing any more"),
        }
    }
}

// What is given back need not be printable.
impl<T> fmt::Debug for Closed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closed(..)")
    }
}

impl<T> fmt::Debug for NotPut<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotPut::Full(_) => "Full(..)",
            NotPut::Closed(_) => "Closed(..)",
        })
    }
}

impl<T> std::error::Error for Closed<T> {}

impl<T> std::error::Error for NotPut<T> {}
