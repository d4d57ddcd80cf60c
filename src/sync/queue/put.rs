use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::turn::{Came, Turn};
use super::{Queue, wake};
use crate::trace::Place;

/// Waits for a place, and puts a value there. See [`Queue::put`].
#[must_use = "a put that is not awaited puts nothing"]
pub struct Put<'a, T> {
    queue: &'a Queue<T>,
    value: Option<T>,
    turn: Turn,
}

// Nothing in it is pinned: the value is only moved out of it.
impl<T> Unpin for Put<'_, T> {}

impl<'a, T> Put<'a, T> {
    pub(super) fn new(queue: &'a Queue<T>, value: T, at: Place) -> Self {
        Put { queue, value: Some(value), turn: Turn::new(at) }
    }

    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        let Some(seat) = self.turn.give_up(&self.queue.object) else { return };
        let mut stock = self.queue.stock.borrow_mut();
        let next = if stock.putters.leave(seat) { stock.call_next_putter() } else { None };
        drop(stock);
        wake(next);
    }
}

impl<T> Future for Put<'_, T> {
    type Output = Result<(), Closed<T>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.queue.object.write();
        let mut stock = this.queue.stock.borrow_mut();
        let is_free = stock.is_closed || stock.has_place_for_newcomers();
        let Poll::Ready(came) = this.turn.poll(&mut stock.putters, is_free, cx.waker()) else {
            drop(stock);
            return this.queue.object.pending(this.turn.at());
        };
        let value = this.value.take().expect("whoever has not come yet has its value");
        if stock.is_closed {
            return Poll::Ready(Err(Closed(value)));
        }
        let taker = stock.add(value);
        let next = if came == Came::Served { stock.call_next_putter() } else { None };
        drop(stock);
        wake(taker);
        wake(next);
        Poll::Ready(Ok(()))
    }
}

impl<T> Drop for Put<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if !self.turn.is_over() {
            self.give_up();
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
