//! How long an attempt may take.

use super::builder::Settings;
use super::slot::{Rare, Slot};
use crate::time::{Duration, Instant};
use crate::trace::CancelReason;

/// When an attempt is over, and what is said then.
#[derive(Clone, Copy)]
pub(super) struct TimeLimit {
    pub(super) at: Instant,
    pub(super) reason: CancelReason,
    pub(super) cooperative: bool,
}

impl Slot {
    #[inline]
    pub(super) fn time_limit(&self, now: Instant, settings: &Settings) -> Option<TimeLimit> {
        let (limit, cooperative) = self.limit.of(settings.timeout);
        let attempt = limit.map(|limit| now.plus_nanos(limit));
        match &self.rare {
            Some(rare) => rare.time_limit(attempt, cooperative, settings.grace),
            None => attempt.map(|at| TimeLimit { at, reason: CancelReason::Timeout, cooperative }),
        }
    }
}

impl Rare {
    /// The earlier one of the attempt's own limit and of the job's deadline.
    fn time_limit(&self, attempt: Option<Instant>, cooperative: bool, usual_grace: Duration) -> Option<TimeLimit> {
        let has_grace = !self.grace.unwrap_or(usual_grace).is_zero();
        let cooperative = if attempt.is_none() { has_grace } else { cooperative };
        match (attempt, self.deadline) {
            (Some(at), deadline) if deadline.is_none_or(|deadline| at < deadline) => {
                Some(TimeLimit { at, reason: CancelReason::Timeout, cooperative })
            }
            (_, Some(at)) => Some(TimeLimit { at, reason: CancelReason::Deadline, cooperative }),
            (_, None) => None,
        }
    }
}
