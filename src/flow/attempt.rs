//! One attempt of a task, by hand: it is what every call costs.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::rc::Rc;

use pin_project_lite::pin_project;

use super::cx::RunCx;
use super::failure::Failure;
use super::lean::{Lean, failed};
use crate::executor::{Sleep, TIME_LIMIT, caught, poll_in_time, sleep};
use crate::sync::Cancelled;
use crate::trace::CancelReason;

/// Waits for room in the log, says that it runs, calls, and bears with a request to stop.
#[inline]
pub(super) fn attempt<'a, F, T, E>(
    cx: &'a RunCx<'a>,
    call: impl FnOnce() -> F,
) -> impl Future<Output = Lean<T, Failure<E>>>
where
    F: Future<Output = Result<T, E>>,
{
    Attempt { cx, call: Some(call), running: None, wait: None }
}

pin_project! {
    struct Attempt<'a, C, F> {
        cx: &'a RunCx<'a>,
        call: Option<C>,
        #[pin]
        running: Option<Caught<F>>,
        // Only a call that is not done at once waits, and so pays for a box.
        wait: Option<Box<Wait<'a>>>,
    }
}

/// What an attempt waits for beside its call.
enum Wait<'a> {
    /// Room in the log, before it calls.
    Room(Pin<Box<dyn Future<Output = Result<(), CancelReason>> + 'a>>),
    /// A request to stop; only who really waits asks to be told.
    Request(Cancelled),
    /// The end of the time in which the call may stop by itself, and why it was asked to.
    Grace(Sleep, CancelReason),
}

impl<C, F, T, E> Future for Attempt<'_, C, F>
where
    C: FnOnce() -> F,
    F: Future<Output = Result<T, E>>,
{
    type Output = Lean<T, Failure<E>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Self::Output> {
        if self.call.is_some() {
            if self.cx.is_heard()
                && let Err(reason) = ready!(self.as_mut().announce(poll))
            {
                return failed(Failure::Cancelled(reason));
            }
            let mut this = self.as_mut().project();
            this.running.set(this.call.take().map(Caught::made_by));
        } else if let Some(Wait::Grace(..)) = self.wait.as_deref() {
            return self.poll_gracefully(poll);
        }
        let this = self.as_mut().project();
        if let Some(reason) = this.cx.cancel_reason() {
            return self.stop(reason, poll);
        }
        match this.running.as_pin_mut().map(|call| call.poll(poll)) {
            Some(Poll::Ready(outcome)) => Poll::Ready(outcome),
            _ => self.poll_request(poll),
        }
    }
}

impl<C, F, T, E> Attempt<'_, C, F>
where
    C: FnOnce() -> F,
    F: Future<Output = Result<T, E>>,
{
    /// Says that it runs, once there is room to say so.
    #[cold]
    fn announce(self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Result<(), CancelReason>> {
        let this = self.project();
        let cx = *this.cx;
        if this.wait.is_none() && !cx.has_room() {
            *this.wait = Some(Box::new(Wait::Room(Box::pin(cx.room()))));
        }
        if let Some(Wait::Room(room)) = this.wait.as_deref_mut() {
            ready!(room.as_mut().poll(poll))?;
            *this.wait = None;
        }
        cx.running();
        Poll::Ready(Ok(()))
    }

    /// Stops when somebody asks for it.
    #[cold]
    fn poll_request(mut self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Lean<T, Failure<E>>> {
        let this = self.as_mut().project();
        if this.wait.is_none()
            && let Some(cancelled) = this.cx.scope().cancelled()
        {
            *this.wait = Some(Box::new(Wait::Request(cancelled)));
        }
        let Some(Wait::Request(cancelled)) = this.wait.as_deref_mut() else { return Poll::Pending };
        let reason = ready!(cancelled.poll_aside(poll));
        self.stop(reason, poll)
    }

    /// Lets the call stop by itself, for so long.
    #[cold]
    fn stop(mut self: Pin<&mut Self>, reason: CancelReason, poll: &mut Context<'_>) -> Poll<Lean<T, Failure<E>>> {
        let this = self.as_mut().project();
        let grace = this.cx.grace_period();
        if grace.is_zero() {
            *this.wait = None;
            return failed(Failure::Cancelled(reason));
        }
        *this.wait = Some(Box::new(Wait::Grace(sleep(grace).labelled(TIME_LIMIT).in_reserve(), reason)));
        self.poll_gracefully(poll)
    }

    #[cold]
    fn poll_gracefully(self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Lean<T, Failure<E>>> {
        let this = self.project();
        let (Some(Wait::Grace(time, reason)), Some(call)) = (this.wait.as_deref_mut(), this.running.as_pin_mut())
        else {
            return Poll::Pending;
        };
        Poll::Ready(match ready!(poll_in_time(time, call, poll)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(failure)) if matches!(*failure, Failure::Panicked(_)) => Err(failure),
            _ => Err(Box::new(Failure::Cancelled(*reason))),
        })
    }
}

pin_project! {
    /// A call whose panic is its failure, and not the end of everybody who waits for it.
    #[project = CaughtPinned]
    pub(super) enum Caught<F> {
        Made { #[pin] call: F },
        // It panicked before there was anything to wait for.
        Unmade { message: Rc<str> },
    }
}

impl<F> Caught<F> {
    #[inline]
    pub(super) fn made_by(make: impl FnOnce() -> F) -> Self {
        caught(make).map_or_else(|message| Caught::Unmade { message }, |call| Caught::Made { call })
    }
}

impl<F, T, E> Future for Caught<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Lean<T, Failure<E>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let call = match self.project() {
            CaughtPinned::Made { call } => call,
            CaughtPinned::Unmade { message } => return failed(Failure::Panicked(message.clone())),
        };
        // The call is dropped after it panicked, so nobody sees the state that it left.
        match caught(|| call.poll(cx)) {
            Ok(Poll::Ready(Ok(value))) => Poll::Ready(Ok(value)),
            Ok(Poll::Ready(Err(error))) => failed(Failure::Failed(error)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(message) => failed(Failure::Panicked(message)),
        }
    }
}
