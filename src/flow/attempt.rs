//! One attempt of a task, by hand: it is what every call costs.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pin_project_lite::pin_project;

use super::cx::RunCx;
use super::failure::Failure;
use super::workflow::failed;
use crate::executor::{Sleep, TIME_LIMIT, message_of, poll_in_time, sleep};
use crate::sync::Cancelled;
use crate::trace::CancelReason;

/// Waits for room in the log, says that it runs, calls, and bears with a request to stop.
#[inline]
pub(super) fn attempt<'a, F, T, E>(
    cx: &'a RunCx<'a>,
    call: impl FnOnce() -> F,
) -> impl Future<Output = Result<T, Failure<E>>>
where
    F: Future<Output = Result<T, E>>,
{
    Attempt { cx, call: Some(call), running: None, room: None, cancelled: None, grace: None }
}

type Room<'a> = Pin<Box<dyn Future<Output = Result<(), CancelReason>> + 'a>>;

pin_project! {
    struct Attempt<'a, C, F> {
        cx: &'a RunCx<'a>,
        call: Option<C>,
        #[pin]
        running: Option<F>,
        room: Option<Room<'a>>,
        // Only who really waits asks to be told.
        cancelled: Option<Cancelled>,
        grace: Option<Grace>,
    }
}

/// Why a call was asked to stop, and how long it may take for that.
struct Grace {
    reason: CancelReason,
    time: Sleep,
}

impl<C, F, T, E> Future for Attempt<'_, C, F>
where
    C: FnOnce() -> F,
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<T, Failure<E>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Self::Output> {
        if self.call.is_some() {
            if let Err(reason) = ready!(self.as_mut().begin(poll)) {
                return failed(Failure::Cancelled(reason));
            }
        } else if self.grace.is_some() {
            return self.poll_gracefully(poll);
        }
        let this = self.as_mut().project();
        if let Some(reason) = this.cx.cancel_reason() {
            return self.stop(reason, poll);
        }
        match Caught(this.running).poll_once(poll) {
            Poll::Ready(Ok(value)) => return Poll::Ready(Ok(value)),
            Poll::Ready(Err(failure)) => return failed(failure),
            Poll::Pending => {}
        }
        match this.cx.scope().poll_cancelled(this.cancelled, poll) {
            Poll::Ready(reason) => self.stop(reason, poll),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<C, F, T, E> Attempt<'_, C, F>
where
    C: FnOnce() -> F,
    F: Future<Output = Result<T, E>>,
{
    #[inline]
    fn begin(self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Result<(), CancelReason>> {
        let mut this = self.project();
        let cx = *this.cx;
        if this.room.is_some() || !cx.has_room() {
            let room = this.room.get_or_insert_with(|| Box::pin(cx.room()));
            if let Err(reason) = ready!(room.as_mut().poll(poll)) {
                return Poll::Ready(Err(reason));
            }
            *this.room = None;
        }
        cx.running();
        this.running.set(this.call.take().map(|call| call()));
        Poll::Ready(Ok(()))
    }

    /// Lets the call stop by itself, for so long.
    #[cold]
    fn stop(mut self: Pin<&mut Self>, reason: CancelReason, poll: &mut Context<'_>) -> Poll<Result<T, Failure<E>>> {
        let this = self.as_mut().project();
        *this.cancelled = None;
        let grace = this.cx.grace_period();
        if grace.is_zero() {
            return failed(Failure::Cancelled(reason));
        }
        *this.grace = Some(Grace { reason, time: sleep(grace).labelled(TIME_LIMIT).in_reserve() });
        self.poll_gracefully(poll)
    }

    #[cold]
    fn poll_gracefully(self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Result<T, Failure<E>>> {
        let this = self.project();
        let Some(Grace { reason, time }) = this.grace else { return Poll::Pending };
        Poll::Ready(match ready!(poll_in_time(time, Pin::new(&mut Caught(this.running)), poll)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panicked @ Failure::Panicked(_))) => Err(panicked),
            _ => Err(Failure::Cancelled(*reason)),
        })
    }
}

/// A call whose panic is its failure, and not the end of everybody who waits for it.
struct Caught<'a, F>(Pin<&'a mut Option<F>>);

impl<F, T, E> Caught<'_, F>
where
    F: Future<Output = Result<T, E>>,
{
    #[inline]
    fn poll_once(mut self, cx: &mut Context<'_>) -> Poll<Result<T, Failure<E>>> {
        Pin::new(&mut self).poll(cx)
    }
}

impl<F, T, E> Future for Caught<'_, F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<T, Failure<E>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(call) = self.0.as_mut().as_pin_mut() else { return Poll::Pending };
        // The call is dropped after it panicked, so nobody sees the state that it left.
        match catch_unwind(AssertUnwindSafe(|| call.poll(cx))) {
            Ok(Poll::Ready(Ok(value))) => Poll::Ready(Ok(value)),
            Ok(Poll::Ready(Err(error))) => failed(Failure::Failed(error)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(payload) => failed(Failure::Panicked(message_of(payload))),
        }
    }
}
