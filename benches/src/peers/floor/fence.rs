//! Retry, places and a time limit around a call, which of them there are being
//! known at run time only. Who waits for a place asks again at every turn.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

use super::clock;

pub struct Fence {
    pub attempts: Option<u32>,
    pub places: Option<Cell<usize>>,
    pub milliseconds: Option<u64>,
}

impl Fence {
    /// None when the time of the last attempt was up.
    pub async fn call<I: Clone, O, E>(
        &self,
        input: I,
        call: impl AsyncFn(I) -> Result<O, E>,
    ) -> Option<Result<O, E>> {
        let mut left = self.attempts.unwrap_or(1);
        loop {
            left -= 1;
            let outcome = self.attempt(|| call(input.clone())).await;
            if left == 0 || matches!(outcome, Some(Ok(_))) {
                return outcome;
            }
        }
    }

    async fn attempt<F: Future>(&self, call: impl FnOnce() -> F) -> Option<F::Output> {
        if let Some(places) = &self.places {
            enter(places).await;
        }
        let outcome = match self.milliseconds {
            Some(milliseconds) => clock::timeout(milliseconds, call).await,
            None => Some(call().await),
        };
        if let Some(places) = &self.places {
            places.set(places.get() + 1);
        }
        outcome
    }
}

async fn enter(places: &Cell<usize>) {
    poll_fn(|cx| match places.get().checked_sub(1) {
        Some(left) => {
            places.set(left);
            Poll::Ready(())
        }
        None => {
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}
