//! A number of places, handed from one task to the next.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use super::object::Object;
use super::turn::{Came, Turn};
use super::waiters::Waiters;
use crate::trace::{Name, Place};

/// A fair semaphore: `n` permits, given out first come, first served.
///
/// A freed permit is handed to the first in line; a newcomer cannot take it on the way.
///
/// ```
/// use std::rc::Rc;
/// use unstuck::sync::Semaphore;
/// use unstuck::time::ms;
/// use unstuck::{Executor, now, sleep, spawn};
///
/// Executor::new().block_on(async {
///     let places = Rc::new(Semaphore::new("places", 2));
///     let visits: Vec<_> = (0..4)
///         .map(|_| {
///             let places = places.clone();
///             spawn(async move {
///                 let _place = places.acquire().await;
///                 sleep(ms(10)).await;
///             })
///         })
///         .collect();
///     for visit in visits {
///         visit.await.unwrap();
///     }
///     assert_eq!(now().to_string(), "20 ms"); // two at a time
/// });
/// ```
pub struct Semaphore {
    object: Object,
    free: Cell<usize>,
    waiters: RefCell<Waiters>,
}

impl Semaphore {
    /// A semaphore with `permits` free permits; `name` is what traces call it.
    pub fn new(name: Name, permits: usize) -> Self {
        Semaphore { object: Object::new(name), free: Cell::new(permits), waiters: RefCell::default() }
    }

    /// The number of free permits.
    pub fn free(&self) -> usize {
        self.object.read();
        self.free.get()
    }

    /// Waits for a permit. Dropping the future leaves the line; a permit that it had been handed goes to the next.
    #[track_caller]
    pub fn acquire(&self) -> Acquire<'_> {
        Acquire { semaphore: self, turn: Turn::new(Location::caller()) }
    }

    /// A permit, if one is free and nobody waits for it.
    #[inline]
    #[track_caller]
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        let Some(free) = self.free.get().checked_sub(1) else {
            self.object.read();
            return None;
        };
        self.object.write();
        self.free.set(free);
        Some(self.permit(Location::caller()))
    }

    /// A permit that is no longer free.
    #[inline]
    fn permit(&self, at: Place) -> Permit<'_> {
        Permit { semaphore: self, is_counted: self.object.acquired(at) }
    }

    #[inline]
    fn release(&self) {
        self.object.write();
        let free = self.free.get();
        // Nobody is in line while a permit is free.
        if free > 0 || self.waiters.borrow().is_empty() {
            self.free.set(free + 1);
        } else {
            self.hand_on();
        }
    }

    #[cold]
    fn hand_on(&self) {
        let next = self.waiters.borrow_mut().serve_first();
        next.into_iter().for_each(Waker::wake);
    }
}

/// Waits for a permit. See [`Semaphore::acquire`].
#[must_use = "an acquire that is not awaited acquires nothing"]
pub struct Acquire<'a> {
    semaphore: &'a Semaphore,
    turn: Turn,
}

impl<'a> Future for Acquire<'a> {
    type Output = Permit<'a>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit<'a>> {
        let semaphore = self.semaphore;
        semaphore.object.read();
        if self.turn.is_new() {
            semaphore.object.write();
        }
        let free = semaphore.free.get();
        let came = self.turn.poll(&mut semaphore.waiters.borrow_mut(), free > 0, cx.waker());
        match came {
            Poll::Ready(Came::AtOnce) => semaphore.free.set(free - 1),
            Poll::Ready(Came::Served) => {}
            Poll::Pending => return semaphore.object.pending(self.turn.at()),
        }
        Poll::Ready(semaphore.permit(self.turn.at()))
    }
}

impl Drop for Acquire<'_> {
    fn drop(&mut self) {
        let Some(seat) = self.turn.give_up(&self.semaphore.object) else { return };
        let is_served = self.semaphore.waiters.borrow_mut().leave(seat);
        if is_served {
            self.semaphore.release();
        }
    }
}

/// One place of a [`Semaphore`]; dropping it hands the place on.
#[must_use = "dropping a permit hands it on at once"]
pub struct Permit<'a> {
    semaphore: &'a Semaphore,
    /// Whether it is counted among what tasks hold.
    is_counted: bool,
}

impl Drop for Permit<'_> {
    #[inline]
    fn drop(&mut self) {
        self.semaphore.object.released(self.is_counted);
        self.semaphore.release();
    }
}
