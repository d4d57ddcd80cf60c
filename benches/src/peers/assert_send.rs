//! Tasks of a workload are not `Send`, because ours need not be. Peers whose
//! faster spawn function wants `Send` get this wrapper, rather than their
//! slower one, which checks the thread at every poll.
#![allow(unsafe_code)]

use std::pin::Pin;
use std::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// Claims that its future may be sent.
    pub struct AssertSend<F> {
        #[pin]
        future: F,
    }
}

// SAFETY: the adapters that use it run and drop every task on the thread that
// spawned it: tokio's current-thread runtime is driven by `block_on` there,
// and async-task's queue is a thread-local. So nothing is ever sent.
unsafe impl<F> Send for AssertSend<F> {}

impl<F> AssertSend<F> {
    pub fn new(future: F) -> Self {
        Self { future }
    }
}

impl<F: Future> Future for AssertSend<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(cx)
    }
}
