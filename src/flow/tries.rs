//! The attempts of one run.

use core::fmt;

use super::cx::RunCx;
use super::failure::Failure;
use crate::executor::{now, sleep};
use crate::retry::{Delays, Retry};

/// How often a run has failed so far, and what it may do about that: nothing, when there is no retry.
pub(super) struct Tries<'a> {
    retry: Option<&'a Retry>,
    failed: u32,
    delays: Option<Delays>,
}

impl<'a> Tries<'a> {
    #[inline]
    pub(super) fn begin(retry: Option<&'a Retry>) -> Self {
        if let Some(retry) = retry {
            retry.began_at(now);
        }
        Tries { retry, failed: 0, delays: None }
    }

    /// The input of an attempt, which is kept only for another one.
    #[inline]
    pub(super) fn take_or_clone<I: Clone>(&self, input: &mut Option<I>) -> I {
        match (input, self.retry) {
            (Some(input), Some(_)) => input.clone(),
            (input, _) => input.take().expect("a run without retries has one attempt"),
        }
    }

    /// Waits until it is time for another attempt; the failure, when there is none.
    pub(super) async fn again_after<E>(&mut self, failure: Failure<E>, cx: &RunCx<'_>) -> Result<(), Failure<E>>
    where
        E: fmt::Display,
    {
        let Some(retry) = self.retry else { return Err(failure) };
        self.failed += 1;
        let delays = self.delays.get_or_insert_with(|| retry.backoff().delays(cx.id().0));
        let Some(delay) = retry.next_delay(self.failed, delays, now()) else { return Err(failure) };
        let delay = delay.max(failure.retry_after().unwrap_or_default());
        if cx.deadline().is_some_and(|deadline| now() + delay >= deadline) {
            return Err(failure);
        }
        cx.retrying(delay, &failure);
        Ok(cx.unless_cancelled(sleep(delay).labelled("the next try").in_reserve()).await?)
    }
}
