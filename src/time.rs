//! Time as the executor knows it: nanoseconds since it was made.
//!
//! The core never asks the system for the time. A host tells it (see [`crate::executor::host`]), or nobody
//! does and the clock is virtual: it jumps to the next deadline when no task can run.

pub use core::time::Duration;

use core::fmt;
use core::ops::{Add, AddAssign, Sub};

use serde::Serialize;

/// A moment on an executor's clock, in nanoseconds since that executor was made.
///
/// Arithmetic saturates: [`Instant::FAR_FUTURE`], about 584 years, is where time ends.
///
/// ```
/// use unstuck::time::{Instant, ms};
///
/// let start = Instant::ZERO;
/// let later = start + ms(350);
/// assert_eq!(later - start, ms(350));
/// assert_eq!(later.to_string(), "350 ms");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Instant(u64);

impl Instant {
    /// The moment at which the executor was made.
    pub const ZERO: Instant = Instant(0);
    /// The last moment there is.
    pub const FAR_FUTURE: Instant = Instant(u64::MAX);

    /// The moment `nanos` nanoseconds after the executor was made.
    pub const fn from_nanos(nanos: u64) -> Self {
        Instant(nanos)
    }

    /// The nanoseconds since the executor was made.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The moment `nanos` nanoseconds after this one, for limits that are kept as a number rather than a [`Duration`].
    ///
    /// ```
    /// use unstuck::time::{Instant, ms};
    ///
    /// assert_eq!(Instant::ZERO.plus_nanos(350_000_000), Instant::ZERO + ms(350));
    /// ```
    #[inline]
    #[must_use]
    pub const fn plus_nanos(self, nanos: u64) -> Self {
        Instant(self.0.saturating_add(nanos))
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;
    #[inline]
    fn add(self, duration: Duration) -> Instant {
        self.plus_nanos(nanos(duration))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub for Instant {
    type Output = Duration;
    /// The time from `earlier` to `self`, zero when `earlier` is later.
    fn sub(self, earlier: Instant) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(*self - Instant::ZERO).fmt(f)
    }
}

/// A duration as people read it: `350 ms`, `1.5 s`, `2 min`.
///
/// ```
/// use unstuck::time::{Duration, Span};
///
/// assert_eq!(Span(Duration::from_micros(1_500)).to_string(), "1.5 ms");
/// assert_eq!(Span(Duration::from_millis(61_500)).to_string(), "61.5 s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = match nanos(self.0) {
            0 => (1, "ms"),
            1..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "µs"),
            1_000_000..1_000_000_000 => (1_000_000, "ms"),
            1_000_000_000..120_000_000_000 => (1_000_000_000, "s"),
            _ => (60_000_000_000, "min"),
        };
        let value = nanos(self.0);
        let (whole, tenths) = (value / unit, value % unit * 10 / unit);
        match tenths {
            0 => write!(f, "{whole} {name}"),
            tenths => write!(f, "{whole}.{tenths} {name}"),
        }
    }
}

/// A duration of whole milliseconds.
pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The nanoseconds of a duration, or as many as there are before the end of time.
#[inline]
pub(crate) fn nanos(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}
