//! How an attempt comes past the circuit, the rate limit and the bulkhead.

use super::cx::RunCx;
use super::failure::Failure;
use super::lean::Later;
use super::policies::Policies;
use super::time_limit::{Moment, TimeLimit};
use crate::breaker::{Admitted, Rejected, Verdict};
use crate::sync::Permit;

/// What an attempt holds while it runs. Whoever drops it says nothing of the other side.
pub(super) struct Entry<'a> {
    place: Option<Permit<'a>>,
    admitted: Option<Admitted<'a>>,
    /// Where it was stopped.
    pub(super) stop: Option<Stop>,
}

/// Where an attempt cannot go on at once.
pub(super) enum Stop {
    Circuit(Rejected),
    RateLimit,
    Bulkhead,
}

impl<'a> Entry<'a> {
    /// Comes in as far as that needs no waiting.
    #[inline]
    pub(super) fn begin(policies: &'a Policies, now: Moment) -> Self {
        let admitted = match &policies.circuit {
            None => None,
            Some(circuit) => match circuit.admit_here(now.if_known()) {
                Ok(admitted) => Some(admitted),
                Err(rejected) => return Entry { place: None, admitted: None, stop: Some(Stop::Circuit(rejected)) },
            },
        };
        if policies.rate_limit.as_ref().is_some_and(|limit| !limit.try_admit(now)) {
            return Entry { place: None, admitted, stop: Some(Stop::RateLimit) };
        }
        let Some(bulkhead) = &policies.bulkhead else { return Entry { place: None, admitted, stop: None } };
        match bulkhead.try_enter() {
            None => Entry { place: None, admitted, stop: Some(Stop::Bulkhead) },
            place => Entry { place, admitted, stop: None },
        }
    }

    /// Goes on from where it was stopped, when that is possible, within the time for all attempts.
    #[cold]
    pub(super) fn go_on_from<'b, E: 'b>(
        &'b mut self,
        stop: Stop,
        policies: &'a Policies,
        cx: &'b RunCx<'_>,
        deadline: &'b mut TimeLimit,
    ) -> Later<'b, (), Failure<E>> {
        Box::pin(deadline.bound(cx, async |cx: &RunCx<'_>| self.enter_later(stop, policies, cx).await))
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
