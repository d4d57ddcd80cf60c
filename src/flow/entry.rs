//! How an attempt comes past the circuit, the rate limit and the bulkhead.

use super::cx::RunCx;
use super::failure::Failure;
use super::policies::Policies;
use super::time_limit::Moment;
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
    #[inline(always)]
    pub(super) fn come_in(&mut self, policies: &'a Policies, now: Moment) -> Result<(), Stop> {
        if policies.circuit.is_some() || policies.rate_limit.is_some() {
            self.come_past_others(policies, now)?;
        }
        if let Some(bulkhead) = &policies.bulkhead {
            self.place = Some(bulkhead.try_enter().ok_or(Stop::Bulkhead)?);
        }
        Ok(())
    }

    /// Asks those to whom others have come before.
    #[inline(never)]
    fn come_past_others(&mut self, policies: &'a Policies, now: Moment) -> Result<(), Stop> {
        if let Some(circuit) = &policies.circuit {
            self.admitted = Some(circuit.admit_here(now.if_known()).map_err(Stop::Circuit)?);
        }
        match &policies.rate_limit {
            Some(rate_limit) if !rate_limit.try_admit(now) => Err(Stop::RateLimit),
            _ => Ok(()),
        }
    }

    /// Goes on from where it was stopped, when that is possible.
    pub(super) async fn enter_later<E>(
        &mut self,
        stop: Stop,
        policies: &'a Policies,
        cx: &RunCx<'_>,
    ) -> Result<(), Failure<E>> {
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
