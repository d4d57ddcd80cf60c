//! A request to stop, which code that runs can see, wait for, and pass on.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::{Rc, Weak};

use super::object::Object;
use super::waiters::{Seat, Waiters};
use crate::trace::{CancelReason, Place};

/// Asks work to stop, with a reason. Cancelling is a request: the work ends when it has seen it.
///
/// Clones are the same token. A [child](CancelToken::child) is cancelled with its parent, and not the other way
/// round. The first reason stays.
///
/// ```
/// use unstuck::sync::CancelToken;
/// use unstuck::trace::CancelReason;
/// use unstuck::{Executor, spawn};
///
/// Executor::new().block_on(async {
///     let token = CancelToken::new();
///     let child = token.child();
///     let polite = spawn(async move { child.cancelled().await });
///     token.cancel(CancelReason::Shutdown);
///     assert_eq!(polite.await, Ok(CancelReason::Shutdown));
/// });
/// ```
#[derive(Clone)]
pub struct CancelToken {
    shared: Rc<Shared>,
}

struct Shared {
    object: Object,
    reason: Cell<Option<CancelReason>>,
    waiters: RefCell<Waiters>,
    children: RefCell<Vec<Weak<Shared>>>,
}

impl Default for CancelToken {
    fn default() -> Self {
        CancelToken::new()
    }
}

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> Self {
        CancelToken {
            shared: Rc::new(Shared {
                object: Object::new("cancellation"),
                reason: Cell::new(None),
                waiters: RefCell::default(),
                children: RefCell::default(),
            }),
        }
    }

    /// A token that is cancelled with this one, and can also be cancelled alone.
    pub fn child(&self) -> CancelToken {
        let child = CancelToken::new();
        child.shared.reason.set(self.reason());
        let mut children = self.shared.children.borrow_mut();
        children.retain(|child| child.strong_count() > 0);
        children.push(Rc::downgrade(&child.shared));
        drop(children);
        child
    }

    /// Asks to stop; false when that was asked before, and then the first reason stays.
    pub fn cancel(&self, reason: CancelReason) -> bool {
        self.shared.cancel(reason)
    }

    /// Why to stop, if that was asked.
    pub fn reason(&self) -> Option<CancelReason> {
        self.shared.object.read();
        self.shared.reason.get()
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.reason().is_some()
    }

    /// Waits until it is asked to stop, and says why. Dropping the future stops waiting, and changes nothing.
    #[track_caller]
    pub fn cancelled(&self) -> Cancelled {
        Cancelled { shared: self.shared.clone(), seat: None, place: Location::caller() }
    }
}

impl Shared {
    fn cancel(&self, reason: CancelReason) -> bool {
        self.object.read();
        if self.reason.get().is_some() {
            return false;
        }
        self.object.write();
        self.reason.set(Some(reason));
        loop {
            let next = self.waiters.borrow_mut().serve_first();
            match next {
                Some(waker) => waker.wake(),
                None => break,
            }
        }
        for child in self.children.take().iter().filter_map(Weak::upgrade) {
            child.cancel(reason);
        }
        true
    }
}

/// Waits for a cancellation. See [`CancelToken::cancelled`].
#[must_use = "a wait that is not awaited does not wait"]
pub struct Cancelled {
    shared: Rc<Shared>,
    seat: Option<Seat>,
    place: Place,
}

impl Future for Cancelled {
    type Output = CancelReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CancelReason> {
        let this = &mut *self;
        let polled = this.poll_aside(cx);
        if polled.is_pending() {
            this.shared.object.awaited(this.place);
        }
        polled
    }
}

impl Cancelled {
    /// Like `poll`, for a task that really waits for something else, and only wants to be told if it should stop:
    /// nobody is shown that it waits for this.
    pub(crate) fn poll_aside(&mut self, cx: &mut Context<'_>) -> Poll<CancelReason> {
        self.shared.object.read();
        let mut waiters = self.shared.waiters.borrow_mut();
        if let Some(reason) = self.shared.reason.get() {
            if let Some(seat) = self.seat.take() {
                waiters.leave(seat);
            }
            return Poll::Ready(reason);
        }
        match self.seat {
            Some(seat) => {
                waiters.is_served(seat, cx.waker());
            }
            None => self.seat = Some(waiters.join(cx.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            self.shared.object.read();
            self.shared.waiters.borrow_mut().leave(seat);
        }
    }
}
