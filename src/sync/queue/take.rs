use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::waiters::Place as Seat;
use super::{Queue, wake};
use crate::trace::Place;

/// Waits for a value. See [`Queue::take`].
#[must_use = "a take that is not awaited takes nothing"]
pub struct Take<'a, T> {
    queue: &'a Queue<T>,
    state: State,
    place: Place,
}

enum State {
    New,
    InLine(Seat),
    Done,
}

impl<'a, T> Take<'a, T> {
    pub(super) fn new(queue: &'a Queue<T>, place: Place) -> Self {
        Take { queue, state: State::New, place }
    }

    #[cold]
    #[inline(never)]
    fn give_up(&mut self) {
        let State::InLine(seat) = self.state else { return self.queue.object.unpolled(self.place) };
        self.queue.object.write();
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
        let taken = match this.state {
            State::New => match stock.take_free() {
                None if !stock.is_closed => {
                    this.state = State::InLine(stock.takers.join(cx.waker().clone()));
                    None
                }
                value => Some(value),
            },
            State::InLine(seat) => {
                let served = stock.takers.is_served(seat, cx.waker());
                served.then(|| stock.take_handed())
            }
            State::Done => panic!("a take gives its value once, and was polled after that"),
        };
        let putter = stock.call_putter();
        drop(stock);
        wake(putter);
        match taken {
            Some(value) => {
                this.state = State::Done;
                Poll::Ready(value)
            }
            None => {
                this.queue.object.awaited(this.place);
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Take<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.state, State::Done) {
            self.give_up();
        }
    }
}
