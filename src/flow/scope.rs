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
#[derive(Default)]
pub struct Scope<'a> {
    around: Around<'a>,
    own: OnceCell<CancelToken>,
    reason: Cell<Option<CancelReason>>,
    /// When it will be asked to stop at the latest.
    until: Option<Instant>,
}

/// With what a scope stops.
#[derive(Default)]
enum Around<'a> {
    #[default]
    Nothing,
    Token(CancelToken),
    Scope(&'a Scope<'a>),
}

impl Scope<'static> {
    /// A scope that stops with this token instead, and no later.
    pub(super) fn moved_within(&self, around: CancelToken) -> Self {
        Scope { around: Around::Token(around), until: self.until, ..Scope::default() }
    }

    /// A scope that stops with the same as this one.
    pub(super) fn beside(&self) -> Self {
        match self.handed_out() {
            Some(token) => self.moved_within(token.clone()),
            None => Scope { until: self.until, ..Scope::default() },
        }
    }
}

impl<'a> Scope<'a> {
    /// A scope inside this one, which it cannot outlive, and which stops then at the latest.
    #[inline]
    pub(super) fn open(&'a self, until: Instant) -> Self {
        let until = self.until.map_or(until, |earlier| earlier.min(until));
        Scope { around: Around::Scope(self), until: Some(until), ..Scope::default() }
    }

    /// A scope inside this one, for another task.
    pub(super) fn inner(&self) -> Scope<'static> {
        Scope { around: Around::Token(self.token().clone()), until: self.until, ..Scope::default() }
    }

    #[inline]
    pub(super) fn until(&self) -> Option<Instant> {
        self.until
    }

    #[inline]
    pub(super) fn reason(&self) -> Option<CancelReason> {
        let mut scope = self;
        loop {
            if let Some(own) = scope.own.get() {
                return own.reason();
            }
            if let reason @ Some(_) = scope.reason.get() {
                return reason;
            }
            scope = match &scope.around {
                Around::Nothing => return None,
                Around::Token(token) => return token.reason(),
                Around::Scope(around) => around,
            }
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
