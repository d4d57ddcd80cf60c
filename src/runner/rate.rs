//! A token bucket over the starts of jobs.

use core::num::NonZeroU32;

use crate::time::{Duration, Instant};

/// At most so many starts per span of time, of which a burst may come at once.
///
/// ```
/// use std::num::NonZeroU32;
/// use unstuck::runner::RateLimit;
/// use unstuck::time::Duration;
///
/// // Ten a second; after a quiet time five of them at once.
/// let limit = RateLimit::new(NonZeroU32::new(10).unwrap(), Duration::from_secs(1)).burst(NonZeroU32::new(5).unwrap());
/// assert_eq!(limit.interval(), Duration::from_millis(100));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    interval: Duration,
    burst: NonZeroU32,
}

impl RateLimit {
    /// `starts` per `span`, evenly spread unless a [burst](RateLimit::burst) is allowed.
    pub fn new(starts: NonZeroU32, span: Duration) -> Self {
        RateLimit { interval: span / starts.get(), burst: NonZeroU32::MIN }
    }

    /// How many starts may be saved up.
    pub fn burst(mut self, burst: NonZeroU32) -> Self {
        self.burst = burst;
        self
    }

    /// The time in which one start is earned.
    pub fn interval(&self) -> Duration {
        self.interval
    }
}

/// The bucket, as the moment at which it will be full again: the generic cell rate algorithm (ITU-T I.371).
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    limit: RateLimit,
    full_at: Instant,
}

impl Rate {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Rate { limit, full_at: Instant::ZERO }
    }

    /// Takes a token, or says when there will be one.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Instant> {
        let RateLimit { interval, burst } = self.limit;
        let spared = interval * (burst.get() - 1);
        let owed = self.full_at - now;
        if owed > spared {
            return Err(now + (owed - spared));
        }
        self.full_at = self.full_at.max(now) + interval;
        Ok(())
    }
}
