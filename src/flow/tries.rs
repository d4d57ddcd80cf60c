//! The attempts of one run.

use core::fmt;

use super::cx::RunCx;
use super::failure::Failure;
use super::time_limit::Moment;
use crate::executor::{now, sleep};
use crate::retry::{Delays, Retry};
use crate::time::Duration;

/// How often a run has failed so far.
///
/// The retry is told to it where it is needed, so that a run which does not fail has next to nothing to keep here.
#[derive(Default)]
pub(super) struct Tries {
    failed: u32,
    delays: Option<Delays>,
}

impl Tries {
    /// No try yet; the first earns something for the next.
    #[inline]
    pub(super) fn begin(retry: Option<&Retry>, begun: Moment) -> Self {
        if let Some(retry) = retry {
            retry.began_at(|| begun.time());
        }
        Tries::default()
    }

    /// Waits until it is time for another attempt; the failure, when there is none.
    pub(super) async fn again_after<E>(
        &mut self,
        failure: Failure<E>,
        retry: Option<&Retry>,
        cx: &RunCx<'_>,
    ) -> Result<(), Failure<E>>
    where
        E: fmt::Display,
    {
        let Some(retry) = retry else { return Err(failure) };
        self.failed += 1;
        // Nobody is told of another attempt that somebody has asked not to make, and nothing is spent on it.
        if let Some(reason) = cx.cancel_reason().filter(|_| self.failed < retry.attempts().get()) {
            return Err(Failure::Cancelled(reason));
        }
        let delays = self.delays.get_or_insert_with(|| retry.backoff().delays(cx.id().0));
        let least = failure.retry_after().unwrap_or_default();
        let is_in_time = |delay: Duration| cx.deadline().is_none_or(|deadline| now() + delay.max(least) < deadline);
        let Some(delay) = retry.next_delay_if(is_in_time, self.failed, delays, now()) else { return Err(failure) };
        let delay = delay.max(least);
        cx.retrying(delay, &failure);
        Ok(cx.unless_cancelled(sleep(delay).labelled("the next try").in_reserve()).await?)
    }
}
