//! How a node, or an attempt of it, is asked to stop.

use core::cell::{Cell, OnceCell};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::sync::{CancelToken, Cancelled};
use crate::trace::CancelReason;

/// A part of a run that can be asked to stop alone, and stops with what is around it.
///
/// A token is made only when somebody needs one to hold. Until then the reason is a plain value: whoever sets it,
/// such as a time limit, runs in the same task and polls what it limits right after.
#[derive(Default)]
pub struct Scope {
    around: Option<CancelToken>,
    own: OnceCell<CancelToken>,
    reason: Cell<Option<CancelReason>>,
}

impl Scope {
    pub(super) fn within(around: CancelToken) -> Self {
        Scope { around: Some(around), ..Scope::default() }
    }

    /// A scope inside this one, which is not cancelled itself but by what is around it, or through its token.
    pub(super) fn open(&self) -> Scope {
        Scope { around: self.own.get().or(self.around.as_ref()).cloned(), ..Scope::default() }
    }

    /// A scope inside this one.
    pub(super) fn inner(&self) -> Scope {
        Scope::within(self.token().clone())
    }

    pub(super) fn reason(&self) -> Option<CancelReason> {
        match self.own.get() {
            Some(own) => own.reason(),
            None => self.reason.get().or_else(|| self.around.as_ref()?.reason()),
        }
    }

    /// Asks to stop; false when that was asked before, and then the first reason stays.
    pub(super) fn cancel(&self, reason: CancelReason) -> bool {
        if self.reason().is_some() {
            return false;
        }
        self.reason.set(Some(reason));
        if let Some(own) = self.own.get() {
            own.cancel(reason);
        }
        true
    }

    pub(super) fn token(&self) -> &CancelToken {
        self.own.get_or_init(|| {
            let own = self.around.as_ref().map_or_else(CancelToken::new, CancelToken::child);
            if let Some(reason) = self.reason.get() {
                own.cancel(reason);
            }
            own
        })
    }

    /// Waits until another task asks to stop; none when no other task can.
    pub(super) fn cancelled(&self) -> Option<Cancelled> {
        Some(self.own.get().or(self.around.as_ref())?.cancelled())
    }
}

pin_project! {
    /// Waits for a future, or for a request to stop. See [`RunCx::unless_cancelled`](super::RunCx::unless_cancelled).
    #[must_use = "a wait that is not awaited does not wait"]
    pub struct UnlessCancelled<'a, F> {
        #[pin]
        pub(super) future: F,
        pub(super) scope: &'a Scope,
        // Only who really waits asks to be told.
        pub(super) cancelled: Option<Cancelled>,
    }
}

impl<F: Future> Future for UnlessCancelled<'_, F> {
    type Output = Result<F::Output, CancelReason>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(reason) = this.scope.reason() {
            return Poll::Ready(Err(reason));
        }
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if this.cancelled.is_none() {
            *this.cancelled = this.scope.cancelled();
        }
        match this.cancelled {
            Some(cancelled) => cancelled.poll_aside(cx).map(Err),
            None => Poll::Pending,
        }
    }
}
