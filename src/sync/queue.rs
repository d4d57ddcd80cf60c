//! Values in line for whoever takes them.

mod put;
mod take;

use core::cell::{Cell, RefCell};
use core::panic::Location;
use core::task::Waker;
use std::collections::VecDeque;

use self::put::Putters;
pub use self::put::{Closed, NotPut, Put};
pub use self::take::Take;
use super::object::Object;
use super::waiters::Waiters;
use crate::trace::Name;

/// A queue, first in, first out, with any number of putters and takers, and as many places as it is given.
///
/// A value is handed to the taker who waits longest, and a place that comes free to the putter who waits longest; a
/// newcomer can take neither on the way. Values stand in the order in which their putters came.
///
/// ```
/// use std::rc::Rc;
/// use unstuck::sync::Queue;
/// use unstuck::{Executor, spawn};
///
/// Executor::new().block_on(async {
///     let jobs = Rc::new(Queue::bounded("jobs", 1));
///     let taken = jobs.clone();
///     let worker = spawn(async move {
///         let mut done = Vec::new();
///         while let Some(job) = taken.take().await {
///             done.push(job);
///         }
///         done
///     });
///     for job in ["A", "B", "C"] {
///         jobs.put(job).await.unwrap(); // waits for the worker from the second one on
///     }
///     jobs.close();
///     assert_eq!(worker.await.unwrap(), ["A", "B", "C"]);
/// });
/// ```
pub struct Queue<T> {
    object: Object,
    places: usize,
    values: RefCell<VecDeque<T>>,
    /// How many of the first values belong to takers who have been served and were not polled since.
    handed: Cell<usize>,
    takers: RefCell<Waiters>,
    putters: Putters,
    is_closed: Cell<bool>,
}

impl<T> Queue<T> {
    /// An empty queue without a limit; `name` is what traces call it.
    pub fn new(name: Name) -> Self {
        Queue::bounded(name, usize::MAX)
    }

    /// An empty queue for at most `places` values at a time; `name` is what traces call it.
    ///
    /// # Panics
    ///
    /// Without a place: nobody could ever put anything.
    pub fn bounded(name: Name, places: usize) -> Self {
        assert!(places > 0, "a queue needs at least one place");
        Queue {
            object: Object::new(name),
            places,
            values: RefCell::default(),
            handed: Cell::new(0),
            takers: RefCell::default(),
            putters: Putters::default(),
            is_closed: Cell::new(false),
        }
    }

    /// Puts a value at the end, as soon as there is a place for it.
    ///
    /// Fails with the value when the queue is closed, before or meanwhile. Dropping the future before it is done drops
    /// the value and leaves the line; a place that it had been handed goes to the next.
    #[track_caller]
    pub fn put(&self, value: T) -> Put<'_, T> {
        Put::new(self, value, Location::caller())
    }

    /// Puts a value at the end if there is a place that nobody waits for, and gives it back otherwise.
    pub fn try_put(&self, value: T) -> Result<(), NotPut<T>> {
        self.object.write();
        if self.is_closed.get() {
            Err(NotPut::Closed(value))
        } else if self.has_place_for_newcomers() {
            self.add(value);
            Ok(())
        } else {
            Err(NotPut::Full(value))
        }
    }

    /// Waits for a value; `None` when the queue is closed and nothing is left for this taker.
    ///
    /// Dropping the future leaves the line; a value that it had been handed goes to the next.
    #[track_caller]
    pub fn take(&self) -> Take<'_, T> {
        Take::new(self, Location::caller())
    }

    /// The first value, if there is one that has not been handed to a taker already.
    pub fn try_take(&self) -> Option<T> {
        self.object.write();
        self.take_free()
    }

    /// Lets takers have what is left, and tells them then that it was all; gives their values back to those who wait
    /// to put them. Closing twice changes nothing.
    pub fn close(&self) {
        self.object.write();
        self.is_closed.set(true);
        // Whoever waits now has nothing to wait for any more.
        while wake(self.takers.borrow_mut().serve_first()) {}
        while wake(self.putters.serve_first()) {}
    }

    /// Whether [`close`](Queue::close) was called.
    pub fn is_closed(&self) -> bool {
        self.object.read();
        self.is_closed.get()
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

    /// How many values it has places for; none when there is no limit.
    pub fn places(&self) -> Option<usize> {
        Some(self.places).filter(|places| *places != usize::MAX)
    }

    // ---- values, from putters to takers

    fn has_place(&self) -> bool {
        self.values.borrow().len() < self.places
    }

    fn has_place_for_newcomers(&self) -> bool {
        !self.putters.somebody_waits() && self.has_place()
    }

    fn add(&self, value: T) {
        self.values.borrow_mut().push_back(value);
        self.hand_over();
    }

    /// Hands a value that is nobody's yet to the taker who waits longest.
    fn hand_over(&self) {
        if self.handed.get() == self.values.borrow().len() {
            return;
        }
        let taker = self.takers.borrow_mut().serve_first();
        if let Some(taker) = taker {
            self.handed.set(self.handed.get() + 1);
            taker.wake();
        }
    }

    /// Hands a place that came free to the putter who waits longest.
    fn hand_place_over(&self) {
        if self.putters.somebody_waits() && self.has_place() {
            wake(self.putters.call_next());
        }
    }

    /// The first value that has not been handed to somebody.
    fn take_free(&self) -> Option<T> {
        let value = match self.handed.get() {
            0 => self.values.borrow_mut().pop_front(),
            handed => self.values.borrow_mut().remove(handed),
        };
        self.hand_place_over();
        value
    }

    /// The value that was handed to a taker.
    fn take_handed(&self) -> Option<T> {
        let handed = self.handed.get().checked_sub(1)?;
        self.handed.set(handed);
        let value = self.values.borrow_mut().pop_front();
        self.hand_place_over();
        value
    }
}

/// Wakes whoever was served; false when there was nobody.
fn wake(served: Option<Waker>) -> bool {
    let somebody = served.is_some();
    served.into_iter().for_each(Waker::wake);
    somebody
}
