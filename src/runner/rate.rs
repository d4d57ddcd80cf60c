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
    /// `starts` per `span`, evenly spread unless a [burst](RateLimit::burst) is allowed. A span that leaves less than a
    /// nanosecond for each start is refused when the runner is built.
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
    /// In nanoseconds, as all that is counted here: it is asked before every call.
    interval: u64,
    /// How far that moment may lie ahead.
    spared: u64,
    full_at: u64,
}

impl Rate {
    pub(crate) fn new(limit: RateLimit) -> Self {
        let interval = u64::try_from(limit.interval.as_nanos()).unwrap_or(u64::MAX);
        Rate { interval, spared: interval.saturating_mul(u64::from(limit.burst.get() - 1)), full_at: 0 }
    }

    /// Takes a token, or says when there will be one.
    #[inline]
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Instant> {
        let now = now.as_nanos();
        let owed = self.full_at.saturating_sub(now);
        if owed > self.spared {
            return Err(Instant::from_nanos(now.saturating_add(owed - self.spared)));
        }
        self.full_at = self.full_at.max(now).saturating_add(self.interval);
        Ok(())
    }
}
