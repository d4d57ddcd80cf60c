//! Values in line for whoever takes them.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::VecDeque;

use super::object::Object;
use super::waiters::{Place as Seat, Waiters};
use crate::trace::{Name, Place};

/// A queue without a limit, first in, first out, for any number of takers.
///
/// A value is handed to the taker who waits longest; a newcomer cannot take it on the way.
///
/// ```
/// use std::rc::Rc;
/// use unstuck::sync::Queue;
/// use unstuck::{Executor, spawn};
///
/// Executor::new().block_on(async {
///     let jobs = Rc::new(Queue::new("jobs"));
///     let taken = jobs.clone();
///     let worker = spawn(async move {
///         let mut done = Vec::new();
///         while let Some(job) = taken.take().await {
///             done.push(job);
///         }
///         done
///     });
///     jobs.put("A");
///     jobs.put("B");
///     jobs.close();
///     assert_eq!(worker.await.unwrap(), ["A", "B"]);
/// });
/// ```
pub struct Queue<T> {
    object: Object,
    values: RefCell<VecDeque<T>>,
    /// How many of the first values belong to takers who have been served and were not polled since.
    handed: Cell<usize>,
    takers: RefCell<Waiters>,
    is_closed: Cell<bool>,
}

impl<T> Queue<T> {
    /// An empty queue; `name` is what traces call it.
    pub fn new(name: Name) -> Self {
        Queue {
            object: Object::new(name),
            values: RefCell::default(),
            handed: Cell::new(0),
            takers: RefCell::default(),
            is_closed: Cell::new(false),
        }
    }

    /// Puts a value at the end. After [`close`](Queue::close) it is dropped.
    pub fn put(&self, value: T) {
        self.object.write();
        if !self.is_closed.get() {
            self.values.borrow_mut().push_back(value);
            self.hand_over();
        }
    }

    /// Waits for a value; `None` when the queue is closed and nothing is left for this taker.
    ///
    /// Dropping the future leaves the line; a value that it had been handed goes to the next.
    #[track_caller]
    pub fn take(&self) -> Take<'_, T> {
        Take { queue: self, seat: None, place: Location::caller() }
    }

    /// The first value, if there is one that has not been handed to a taker already.
    pub fn try_take(&self) -> Option<T> {
        self.object.write();
        self.take_free()
    }

    /// Lets takers have what is left, and tells them then that it was all. Closing twice changes nothing.
    pub fn close(&self) {
        self.object.write();
        self.is_closed.set(true);
        // Whoever waits now has nothing to wait for any more.
        while self.serve_first() {}
    }

    /// How many values are in line.
    pub fn len(&self) -> usize {
        self.object.read();
        self.values.borrow().len()
    }

    /// Whether no value is in line.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands a value that is nobody's yet to the taker who waits longest.
    fn hand_over(&self) {
        if self.handed.get() < self.values.borrow().len() && self.serve_first() {
            self.handed.set(self.handed.get() + 1);
        }
    }

    fn serve_first(&self) -> bool {
        let first = self.takers.borrow_mut().serve_first();
        let served = first.is_some();
        first.into_iter().for_each(core::task::Waker::wake);
        served
    }

    /// The first value that has not been handed to somebody.
    fn take_free(&self) -> Option<T> {
        self.values.borrow_mut().remove(self.handed.get())
    }

    /// The value that was handed to a taker.
    fn take_handed(&self) -> Option<T> {
        let handed = self.handed.get().checked_sub(1)?;
        self.handed.set(handed);
        self.values.borrow_mut().pop_front()
    }
}

/// Waits for a value. See [`Queue::take`].
#[must_use = "a take that is not awaited takes nothing"]
pub struct Take<'a, T> {
    queue: &'a Queue<T>,
    seat: Option<Seat>,
    place: Place,
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
