//! How an attempt comes past the circuit, the rate limit and the bulkhead.

use super::cx::RunCx;
use super::failure::Failure;
use super::policies::Policies;
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
    /// Comes in as far as that needs no waiting.
    #[inline]
    pub(super) fn begin(policies: &'a Policies) -> (Self, Option<Stop>) {
        let mut entry = Entry::default();
        if let Some(circuit) = &policies.circuit {
            match circuit.admit_here() {
                Ok(admitted) => entry = Entry { place: None, admitted: Some(admitted) },
                Err(rejected) => return (entry, Some(Stop::Circuit(rejected))),
            }
        }
        if policies.rate_limit.as_ref().is_some_and(|limit| !limit.try_admit()) {
            return (entry, Some(Stop::RateLimit));
        }
        let Some(bulkhead) = &policies.bulkhead else { return (entry, None) };
        match bulkhead.try_enter() {
            Some(place) => (Entry { place: Some(place), ..entry }, None),
            None => (entry, Some(Stop::Bulkhead)),
        }
    }

    /// Goes on from where it was stopped, when that is possible.
    pub(super) async fn enter_later<E>(
        mut self,
        policies: &'a Policies,
        stop: Stop,
        cx: &RunCx<'_>,
    ) -> Result<Self, Failure<E>> {
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
        Ok(self)
    }

    /// Tells the circuit what came of the attempt, and gives its place back.
    #[inline(always)]
    pub(super) fn judge(self, verdict: Verdict) {
        if let Some(admitted) = self.admitted {
            admitted.judge(verdict);
        }
    }
}
