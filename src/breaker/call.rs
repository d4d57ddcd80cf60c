//! A call through a circuit, by hand: what is called stays where it was put.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::permit::Admitted;
use super::report::Verdict;
use super::{CallError, CircuitBreaker};
use crate::executor::entered_now;

pin_project! {
    /// Makes a call once it is admitted, and tells the circuit what came of it.
    ///
    /// The call is the first to be dropped: while it stops, its place is still taken.
    pub(super) struct Call<'a, F, J> {
        #[pin]
        pub(super) call: F,
        pub(super) circuit: &'a CircuitBreaker,
        pub(super) judge: Option<J>,
        pub(super) admitted: Option<Admitted<'a>>,
    }
}

impl<F, J, T, E> Future for Call<'_, F, J>
where
    F: Future<Output = Result<T, E>>,
    J: FnOnce(&Result<T, E>) -> Verdict,
{
    type Output = Result<T, CallError<E>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if this.admitted.is_none() {
            *this.admitted = Some(this.circuit.admit_here(entered_now()).map_err(CallError::Rejected)?);
        }
        let result = ready!(this.call.poll(cx));
        if let (Some(admitted), Some(judge)) = (this.admitted.take(), this.judge.take()) {
            admitted.judge(judge(&result));
        }
        Poll::Ready(result.map_err(CallError::Failed))
    }
}
