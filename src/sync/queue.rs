//! Values in line for whoever takes them.

mod put;
mod stock;
mod take;

use core::cell::RefCell;
use core::panic::Location;
use core::task::Waker;

pub use self::put::{Closed, NotPut, Put};
use self::stock::Stock;
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
    stock: RefCell<Stock<T>>,
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
        Queue { object: Object::new(name), stock: RefCell::new(Stock::new(places)) }
    }

    /// Puts a value at the end, as soon as there is a place for it.
    ///
    /// Fails with the value when the queue is closed, before or meanwhile. Dropping the future before it is done drops
    /// the value and leaves the line; a place that it had been handed goes to the next.
    #[track_caller]
    pub fn put(&self, value: T) -> Put<'_, T> {
        Put::new(self, value, Location::caller())
    }

    /// Puts a value at the end if there is a place that nobody waits for.
    ///
    /// # Errors
    ///
    /// A [`NotPut`] with the value, when there is none, or the queue is closed.
    pub fn try_put(&self, value: T) -> Result<(), NotPut<T>> {
        self.object.write();
        let mut stock = self.stock.borrow_mut();
        if stock.is_closed {
            return Err(NotPut::Closed(value));
        }
        if !stock.has_place_for_newcomers() {
            return Err(NotPut::Full(value));
        }
        let taker = stock.add(value);
        drop(stock);
        wake(taker);
        Ok(())
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
        let mut stock = self.stock.borrow_mut();
        let value = stock.take_free();
        let putter = stock.call_putter();
        drop(stock);
        wake(putter);
        value
    }

    /// Lets takers have what is left, and tells them then that it was all; gives their values back to those who wait
    /// to put them. Closing twice changes nothing.
    pub fn close(&self) {
        self.object.write();
        self.stock.borrow_mut().is_closed = true;
        // Whoever waits now has nothing to wait for any more.
        while let Some(taker) = self.serve_first(|stock| &mut stock.takers) {
            taker.wake();
        }
        while let Some(putter) = self.serve_first(|stock| &mut stock.putters) {
            putter.wake();
        }
    }

    fn serve_first(&self, line: impl Fn(&mut Stock<T>) -> &mut Waiters) -> Option<Waker> {
        line(&mut self.stock.borrow_mut()).serve_first()
    }

    /// Whether [`close`](Queue::close) was called.
    pub fn is_closed(&self) -> bool {
        self.object.read();
        self.stock.borrow().is_closed
    }

    /// How many values are in line.
    pub fn len(&self) -> usize {
        self.object.read();
        self.stock.borrow().len()
    }

    /// Whether no value is in line.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many values it has places for; none when there is no limit.
    pub fn places(&self) -> Option<usize> {
        Some(self.stock.borrow().places).filter(|places| *places != usize::MAX)
    }
}

/// Wakes whoever was served.
#[inline]
fn wake(served: Option<Waker>) {
    if let Some(waker) = served {
        waker.wake();
    }
}
