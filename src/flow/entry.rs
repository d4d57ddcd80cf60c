//! How an attempt comes past the circuit, the rate limit and the bulkhead.

use super::cx::RunCx;
use super::failure::Failure;
use super::lean::Later;
use super::policies::Policies;
use super::time_limit::{Moment, TimeLimits};
use crate::breaker::{Admitted, Rejected, Verdict};
use crate::sync::Permit;

/// What an attempt holds while it runs. Whoever drops it says nothing of the other side.
#[derive(Default)]
pub(super) struct Entry<'a> {
    place: Option<Permit<'a>>,
    admitted: Option<Admitted<'a>>,
}

/// Where an attempt cannot go on at once.
pub(super) enum Stop {
    Circuit(Rejected),
    RateLimit,
    Bulkhead,
}

impl<'a> Entry<'a> {
    /// Comes in as far as that needs no waiting, and says where it was stopped.
    #[inline]
    pub(super) fn come_in(&mut self, policies: &'a Policies, now: Moment) -> Result<(), Stop> {
        if let Some(circuit) = &policies.circuit {
            self.admitted = Some(circuit.admit_here(now.if_known()).map_err(Stop::Circuit)?);
        }
        if let Some(rate_limit) = &policies.rate_limit
            && !rate_limit.try_admit(now)
        {
            return Err(Stop::RateLimit);
        }
        if let Some(bulkhead) = &policies.bulkhead {
            self.place = Some(bulkhead.try_enter().ok_or(Stop::Bulkhead)?);
        }
        Ok(())
    }

    /// Goes on from where it was stopped, when that is possible, within the time for all attempts.
    #[cold]
    pub(super) fn go_on_from<'b, E: 'b>(
        &'b mut self,
        stop: Stop,
        policies: &'a Policies,
        cx: &'b RunCx<'_>,
        limits: &'b mut TimeLimits,
    ) -> Later<'b, (), Failure<E>> {
        Box::pin(limits.bound(cx, async |cx: &RunCx<'_>| self.enter_later(stop, policies, cx).await))
    }

    async fn enter_later<E>(&mut self, stop: Stop, policies: &'a Policies, cx: &RunCx<'_>) -> Result<(), Failure<E>> {
        if let Stop::Circuit(rejected) = stop {
            return Err(Failure::Rejected(rejected));
        }
        if let (Stop::RateLimit, Some(rate_limit)) = (stop, &policies.rate_limit) {
            cx.unless_cancelled(rate_limit.admit()).await?;
        }
        if let Some(bulkhead) = &policies.bulkhead {
            self.place = bulkhead.try_enter();
            if self.place.is_none() {
                self.place = Some(bulkhead.enter(cx).await?);
            }
        }
        Ok(())
    }

    /// Tells the circuit what came of the attempt, and gives its place back.
    #[inline(always)]
    pub(super) fn judge(self, verdict: Verdict) {
        if let Some(admitted) = self.admitted {
            admitted.judge(verdict);
        }
    }
}
