use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::waiters::Place as Seat;
use super::Queue;
use crate::trace::Place;

/// Waits for a value. See [`Queue::take`].
#[must_use = "a take that is not awaited takes nothing"]
pub struct Take<'a, T> {
    queue: &'a Queue<T>,
    seat: Option<Seat>,
    place: Place,
}

impl<'a, T> Take<'a, T> {
    pub(super) fn new(queue: &'a Queue<T>, place: Place) -> Self {
        Take { queue, seat: None, place }
    }
}

impl<T> Future for Take<'_, T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let queue = self.queue;
        queue.object.write();
        match self.seat {
            None => match queue.take_free() {
                None if !queue.is_closed.get() => {
                    self.seat = Some(queue.takers.borrow_mut().join(cx.waker().clone()));
                }
                value => return Poll::Ready(value),
            },
            Some(seat) => {
                let served = queue.takers.borrow_mut().is_served(seat, cx.waker());
                if served {
                    self.seat = None;
                    return Poll::Ready(queue.take_handed());
                }
            }
        }
        queue.object.awaited(self.place);
        Poll::Pending
    }
}

impl<T> Drop for Take<'_, T> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            self.queue.object.write();
            let served = self.queue.takers.borrow_mut().leave(seat);
            if let (true, Some(handed)) = (served, self.queue.handed.get().checked_sub(1)) {
                self.queue.handed.set(handed);
                self.queue.hand_over();
            }
        }
    }
}
