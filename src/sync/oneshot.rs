//! One value, from one task to another, once.

use core::cell::RefCell;
use core::fmt;
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use super::object::Object;
use crate::trace::{Name, Place};

/// A pair of ends; `name` is what traces call the value in between.
///
/// ```
/// use unstuck::sync::oneshot;
/// use unstuck::{Executor, spawn};
///
/// Executor::new().block_on(async {
///     let (sender, receiver) = oneshot::channel("answer");
///     drop(spawn(async move { sender.send(42) }));
///     assert_eq!(receiver.await, Ok(42));
/// });
/// ```
#[track_caller]
pub fn channel<T>(name: Name) -> (Sender<T>, Receiver<T>) {
    let shared = Rc::new(Shared { object: Object::new(name), state: RefCell::new(State::Waiting(None)) });
    (Sender { shared: shared.clone() }, Receiver { shared, unpolled: Some(Location::caller()) })
}

struct Shared<T> {
    object: Object,
    state: RefCell<State<T>>,
}

enum State<T> {
    Waiting(Option<Waker>),
    Sent(T),
    SenderGone,
    ReceiverGone,
}

/// Sends the value. Dropping it without sending tells the receiver so.
pub struct Sender<T> {
    shared: Rc<Shared<T>>,
}

/// Receives the value. Dropping it tells the sender, and drops a value that was sent.
#[must_use = "a receiver that is not awaited receives nothing"]
pub struct Receiver<T> {
    shared: Rc<Shared<T>>,
    /// Where it was made, until somebody polls it.
    unpolled: Option<Place>,
}

/// The sender was dropped without sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderGone;

impl fmt::Display for SenderGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender was dropped without sending")
    }
}

impl std::error::Error for SenderGone {}

impl<T> Sender<T> {
    /// Sends the value.
    ///
    /// # Errors
    ///
    /// The value, when the receiver is gone.
    pub fn send(self, value: T) -> Result<(), T> {
        if !self.is_wanted() {
            return Err(value);
        }
        self.settle(State::Sent(value));
        Ok(())
    }

    /// Whether somebody may still receive.
    pub fn is_wanted(&self) -> bool {
        self.shared.object.read();
        !matches!(*self.shared.state.borrow(), State::ReceiverGone)
    }

    fn settle(&self, state: State<T>) {
        self.shared.object.write();
        if let State::Waiting(Some(receiver)) = self.shared.state.replace(state) {
            receiver.wake();
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.shared.object.read();
        if matches!(*self.shared.state.borrow(), State::Waiting(_)) {
            self.settle(State::SenderGone);
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, SenderGone>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.unpolled = None;
        self.shared.object.read();
        let mut state = self.shared.state.borrow_mut();
        if let State::Waiting(waker) = &mut *state {
            match waker {
                Some(waker) => waker.clone_from(cx.waker()),
                None => *waker = Some(cx.waker().clone()),
            }
            drop(state);
            return self.shared.object.pending(Location::caller());
        }
        self.shared.object.write();
        match core::mem::replace(&mut *state, State::SenderGone) {
            State::Sent(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(SenderGone)),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.object.write();
        if let Some(at) = self.unpolled {
            self.shared.object.unpolled(at);
        }
        // A value that nobody will receive is dropped after the borrow.
        drop(self.shared.state.replace(State::ReceiverGone));
    }
}
