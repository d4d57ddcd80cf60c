//! How a node, or an attempt of it, is asked to stop.

use core::cell::{Cell, OnceCell};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::sync::{CancelToken, Cancelled};
use crate::time::Instant;
use crate::trace::CancelReason;

/// A part of a run that can be asked to stop alone, and stops with what is around it.
///
/// A token is made only when somebody needs one to hold. Until then the reason is a plain value: whoever sets it,
/// such as a time limit, runs in the same task and polls what it limits right after.
pub struct Scope<'a> {
    around: Around<'a>,
    own: OnceCell<CancelToken>,
    reason: Cell<Option<CancelReason>>,
    /// When it will be asked to stop at the latest; the end of time, when there is no limit.
    until: Instant,
}

/// With what a scope stops.
enum Around<'a> {
    Nothing,
    Token(CancelToken),
    Scope(&'a Scope<'a>),
}

impl Scope<'static> {
    /// A scope that stops only when somebody asks for it.
    #[inline]
    pub(super) fn outermost() -> Self {
        Scope::new(Around::Nothing, Instant::FAR_FUTURE)
    }

    /// A scope that stops with this token instead, and no later.
    pub(super) fn moved_within(&self, around: CancelToken) -> Self {
        Scope::new(Around::Token(around), self.until)
    }

    /// A scope that stops with the same as this one.
    pub(super) fn beside(&self) -> Self {
        match self.handed_out() {
            Some(token) => self.moved_within(token.clone()),
            None => Scope::new(Around::Nothing, self.until),
        }
    }
}

impl<'a> Scope<'a> {
    #[inline]
    fn new(around: Around<'a>, until: Instant) -> Self {
        Scope { around, own: OnceCell::new(), reason: Cell::new(None), until }
    }

    /// A scope inside this one, which it cannot outlive, and which stops then at the latest.
    #[inline]
    pub(super) fn open(&'a self, until: Instant) -> Self {
        Scope::new(Around::Scope(self), self.until.min(until))
    }

    /// A scope inside this one, for another task.
    pub(super) fn inner(&self) -> Scope<'static> {
        Scope::new(Around::Token(self.token().clone()), self.until)
    }

    #[inline]
    pub(super) fn until(&self) -> Option<Instant> {
        (self.until < Instant::FAR_FUTURE).then_some(self.until)
    }

    /// Why it was asked to stop.
    #[inline]
    pub(super) fn reason(&self) -> Option<CancelReason> {
        if let Some(own) = self.own.get() {
            return own.reason();
        }
        self.reason.get().or_else(|| self.reason_around())
    }

    /// Why what is around it was asked to stop.
    pub(super) fn reason_around(&self) -> Option<CancelReason> {
        match &self.around {
            Around::Nothing => None,
            Around::Token(token) => token.reason(),
            Around::Scope(around) => around.reason(),
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
            let own = match &self.around {
                Around::Nothing => CancelToken::new(),
                Around::Token(token) => token.child(),
                Around::Scope(scope) => scope.token().child(),
            };
            if let Some(reason) = self.reason.get() {
                own.cancel(reason);
            }
            own
        })
    }

    /// Waits until another task asks to stop; none when no other task can.
    pub(super) fn cancelled(&self) -> Option<Cancelled> {
        Some(self.handed_out()?.cancelled())
    }

    /// Like [`Scope::cancelled`], for who really waits for something else; `cancelled` is kept from poll to poll.
    pub(super) fn poll_cancelled(
        &self,
        cancelled: &mut Option<Cancelled>,
        cx: &mut Context<'_>,
    ) -> Poll<CancelReason> {
        if cancelled.is_none() {
            *cancelled = self.cancelled();
        }
        match cancelled {
            Some(cancelled) => cancelled.poll_aside(cx),
            None => Poll::Pending,
        }
    }

    /// The innermost token that somebody else may hold.
    fn handed_out(&self) -> Option<&CancelToken> {
        match (self.own.get(), &self.around) {
            (Some(own), _) => Some(own),
            (None, Around::Nothing) => None,
            (None, Around::Token(token)) => Some(token),
            (None, Around::Scope(scope)) => scope.handed_out(),
        }
    }
}

pin_project! {
    /// Waits for a future, or for a request to stop. See [`RunCx::unless_cancelled`](super::RunCx::unless_cancelled).
    #[must_use = "a wait that is not awaited does not wait"]
    pub struct UnlessCancelled<'a, F> {
        #[pin]
        pub(super) future: F,
        pub(super) scope: &'a Scope<'a>,
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
        this.scope.poll_cancelled(this.cancelled, cx).map(Err)
    }
}
