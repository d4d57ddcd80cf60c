//! Outcomes on their way.
//!
//! An outcome is as large as the largest failure. To move it as a whole right after a small value was written into it
//! makes a processor wait for the memory, several times the length of a call through all policies. So a failure
//! travels in a box, an outcome in two registers, and a call that fails pays for it.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

/// An outcome whose failure is elsewhere.
pub(super) type Lean<T, E> = Result<T, Box<E>>;

/// An outcome that takes its time: a call that waits can pay for a box, and one that does not stays small.
pub(super) type Later<'a, T, E> = Pin<Box<dyn Future<Output = Lean<T, E>> + 'a>>;

pin_project! {
    /// Waits for work, and boxes its failure.
    struct Boxing<F> {
        #[pin]
        work: F,
    }
}

/// What a workflow returns whose failures do not travel in a box, in one.
pub(super) fn boxing<T, E>(work: impl Future<Output = Result<T, E>>) -> impl Future<Output = Lean<T, E>> {
    Boxing { work }
}

impl<T, E, F: Future<Output = Result<T, E>>> Future for Boxing<F> {
    type Output = Lean<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Lean<T, E>> {
        match self.project().work.poll(cx) {
            Poll::Ready(Ok(value)) => Poll::Ready(Ok(value)),
            Poll::Ready(Err(failure)) => failed(failure),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Keeps a failure from being moved together with values.
#[cold]
#[inline(never)]
pub(super) fn failed<T, E>(failure: E) -> Poll<Lean<T, E>> {
    Poll::Ready(Err(Box::new(failure)))
}

pin_project! {
    /// Waits for work, and takes its failure out of the box.
    pub(super) struct Unboxing<F> {
        #[pin]
        work: F,
    }
}

/// What a workflow returns whose failures travel in a box.
pub(super) fn unboxing<T, E>(work: impl Future<Output = Lean<T, E>>) -> impl Future<Output = Result<T, E>> {
    Unboxing { work }
}

impl<T, E, F: Future<Output = Lean<T, E>>> Future for Unboxing<F> {
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, E>> {
        match self.project().work.poll(cx) {
            Poll::Ready(Ok(value)) => Poll::Ready(Ok(value)),
            Poll::Ready(Err(failure)) => unboxed(failure),
            Poll::Pending => Poll::Pending,
        }
    }
}

#[cold]
#[inline(never)]
#[expect(clippy::boxed_local, reason = "it is taken out of the box here, and not where values are moved")]
fn unboxed<T, E>(failure: Box<E>) -> Poll<Result<T, E>> {
    Poll::Ready(Err(*failure))
}
