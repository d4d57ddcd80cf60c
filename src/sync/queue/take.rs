use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::turn::Turn;
use super::{Queue, wake};
use crate::trace::Place;

/// Waits for a value. See [`Queue::take`].
#[must_use = "a take that is not awaited takes nothing"]
pub struct Take<'a, T> {
    queue: &'a Queue<T>,
    turn: Turn,
}

impl<'a, T> Take<'a, T> {
    pub(super) fn new(queue: &'a Queue<T>, at: Place) -> Self {
        Take { queue, turn: Turn::new(at) }
    }

    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        let Some(seat) = self.turn.give_up(&self.queue.object) else { return };
        let mut stock = self.queue.stock.borrow_mut();
        let next = if stock.takers.leave(seat) { stock.hand_on() } else { None };
        drop(stock);
        wake(next);
    }
}

impl<T> Future for Take<'_, T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        this.queue.object.write();
        let mut stock = this.queue.stock.borrow_mut();
        let is_free = stock.has_free() || stock.is_closed;
        let Poll::Ready(came) = this.turn.poll(&mut stock.takers, is_free, cx.waker()) else {
            drop(stock);
            return this.queue.object.pending(this.turn.at());
        };
        let value = stock.take(came);
        let putter = stock.call_putter();
        drop(stock);
        wake(putter);
        Poll::Ready(value)
    }
}

impl<T> Drop for Take<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if !self.turn.is_over() {
            self.give_up();
        }
    }
}
