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
}

impl<T> Future for Take<'_, T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let queue = self.queue;
        queue.object.write();
        let taken = match self.state {
            State::New => match queue.take_free() {
                None if !queue.is_closed.get() => {
                    self.state = State::InLine(queue.takers.borrow_mut().join(cx.waker().clone()));
                    None
                }
                value => Some(value),
            },
            State::InLine(seat) => {
                let served = queue.takers.borrow_mut().is_served(seat, cx.waker());
                served.then(|| queue.take_handed())
            }
            State::Done => panic!("a take gives its value once, and was polled after that"),
        };
        if let Some(value) = taken {
            self.state = State::Done;
            return Poll::Ready(value);
        }
        queue.object.awaited(self.place);
        Poll::Pending
    }
}

impl<T> Drop for Take<'_, T> {
    fn drop(&mut self) {
        let queue = self.queue;
        match self.state {
            State::New => queue.object.unpolled(self.place),
            State::InLine(seat) => {
                queue.object.write();
                let served = queue.takers.borrow_mut().leave(seat);
                if let (true, Some(handed)) = (served, queue.handed.get().checked_sub(1)) {
                    queue.handed.set(handed);
                    queue.hand_over();
                }
            }
            State::Done => {}
        }
    }
}
