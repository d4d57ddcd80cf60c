//! A fact that tasks wait for.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use super::object::Object;
use super::turn::Turn;
use super::waiters::Waiters;
use crate::trace::Name;

/// Something that has happened or has not, and can be taken back: what others call a manual-reset event.
///
/// Whoever waits when it is set goes on, even if it is cleared before they are polled: no wake-up is lost.
///
/// ```
/// use std::rc::Rc;
/// use unstuck::sync::Event;
/// use unstuck::{Executor, spawn};
///
/// Executor::new().block_on(async {
///     let ready = Rc::new(Event::new("ready"));
///     let awaited = ready.clone();
///     let waiting = spawn(async move { awaited.wait().await });
///     ready.set();
///     waiting.await.unwrap();
///     assert!(ready.is_set());
/// });
/// ```
pub struct Event {
    object: Object,
    is_set: Cell<bool>,
    waiters: RefCell<Waiters>,
}

impl Event {
    /// One that has not happened; `name` is what traces call it.
    pub fn new(name: Name) -> Self {
        Event { object: Object::new(name), is_set: Cell::new(false), waiters: RefCell::default() }
    }

    /// It has happened: lets everybody go on who waits, in the order in which they came, and everybody who comes.
    pub fn set(&self) {
        self.object.write();
        self.is_set.set(true);
        while let Some(waiter) = self.serve_first() {
            waiter.wake();
        }
    }

    /// It has not happened: whoever comes now waits.
    pub fn clear(&self) {
        self.object.write();
        self.is_set.set(false);
    }

    /// Whether it has happened.
    pub fn is_set(&self) -> bool {
        self.object.read();
        self.is_set.get()
    }

    /// Waits until it has happened. Dropping the future leaves the line.
    #[track_caller]
    pub fn wait(&self) -> WaitForEvent<'_> {
        WaitForEvent { event: self, turn: Turn::new(Location::caller()) }
    }

    fn serve_first(&self) -> Option<Waker> {
        self.waiters.borrow_mut().serve_first()
    }
}

/// Waits until an event has happened. See [`Event::wait`].
#[must_use = "a wait that is not awaited does not wait"]
pub struct WaitForEvent<'a> {
    event: &'a Event,
    turn: Turn,
}

impl Future for WaitForEvent<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.turn.is_over() {
            return Poll::Ready(());
        }
        let event = self.event;
        let is_set = event.is_set();
        if self.turn.is_new() && !is_set {
            event.object.write();
        }
        match self.turn.poll(&mut event.waiters.borrow_mut(), is_set, cx.waker()) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => event.object.pending(self.turn.at()),
        }
    }
}

impl Drop for WaitForEvent<'_> {
    fn drop(&mut self) {
        if let Some(seat) = self.turn.give_up(&self.event.object) {
            self.event.waiters.borrow_mut().leave(seat);
        }
    }
}
