//! What many calls share: places, and a rate.

use core::cell::Cell;
use core::fmt;
use core::num::NonZeroU32;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use super::time_limit::Moment;
use crate::executor::{Mark, now, sleep_until};
use crate::runner;
use crate::runner::rate::Rate;
use crate::sync::{Permit, Semaphore, Tracked};
use crate::time::{Duration, Instant, Span};

/// A number of places, each for one call at a time. Clones are the same bulkhead.
///
/// Places are handed over, first come, first served, and given back when the call has stopped: a call that ran out
/// of time holds its place until then.
///
/// ```
/// use unstuck::flow::Bulkhead;
///
/// let bulkhead = Bulkhead::new("orders", 4).unwrap().waiting(10);
/// assert_eq!(bulkhead.to_string(), "bulkhead orders, 4 at a time, 10 waiting");
/// assert!(Bulkhead::new("orders", 0).is_err());
/// ```
#[derive(Clone)]
pub struct Bulkhead {
    shared: Rc<Places>,
    most_waiting: Option<usize>,
}

struct Places {
    name: Rc<str>,
    limit: usize,
    places: Semaphore,
    waiting: Tracked<usize>,
}

impl Bulkhead {
    /// A bulkhead before which any number of calls may wait.
    ///
    /// # Errors
    ///
    /// A [`BuildError`], when `limit` is zero.
    pub fn new(name: &str, limit: usize) -> Result<Self, BuildError> {
        if limit == 0 {
            return Err(BuildError::ZeroLimit { of: format!("bulkhead {name}").into() });
        }
        let places = Semaphore::new("bulkhead", limit);
        let shared = Places { name: Rc::from(name), limit, places, waiting: Tracked::new(0) };
        Ok(Bulkhead { shared: Rc::new(shared), most_waiting: None })
    }

    /// Rejects calls while so many wait already; zero is none.
    pub fn waiting(self, most: usize) -> Self {
        Bulkhead { most_waiting: Some(most), ..self }
    }

    /// The number of places that are free.
    pub fn free(&self) -> usize {
        self.shared.places.free()
    }

    /// A place, if one is free and nobody waits for it.
    #[inline]
    pub(super) fn try_enter(&self) -> Option<Permit<'_>> {
        self.shared.places.try_acquire()
    }

    /// Waits for a place.
    pub(super) async fn enter<E>(&self, cx: &RunCx<'_>) -> Result<Permit<'_>, Failure<E>> {
        let waiting = &self.shared.waiting;
        if self.most_waiting.is_some_and(|most| waiting.get() >= most) {
            return Err(Failure::Full(self.shared.name.clone()));
        }
        waiting.update(|waiting| *waiting += 1);
        let _in_line = InLine(waiting);
        Ok(cx.unless_cancelled(self.shared.places.acquire()).await?)
    }
}

struct InLine<'a>(&'a Tracked<usize>);

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.update(|waiting| *waiting -= 1);
    }
}

impl fmt::Display for Bulkhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bulkhead {}, {} at a time", self.shared.name, self.shared.limit)?;
        self.most_waiting.map_or(Ok(()), |most| write!(f, ", {most} waiting"))
    }
}

impl fmt::Debug for Bulkhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bulkhead({}: {} of {} free)", self.shared.name, self.free(), self.shared.limit)
    }
}

/// A number of calls for each span of time, evenly refilled. Clones are the same limit.
///
/// After a quiet span that many calls may come at once; from then on one for each part of the span. Calls wait
/// first come, first served; one that is cancelled while it waits uses nothing up. The counting is that of the
/// [runner's](crate::runner::RateLimit).
///
/// ```
/// use unstuck::flow::RateLimit;
/// use unstuck::time::Duration;
///
/// assert_eq!(RateLimit::new(5, Duration::from_secs(1)).unwrap().to_string(), "rate limit 5 per 1 s");
/// assert!(RateLimit::new(0, Duration::from_secs(1)).is_err());
/// ```
#[derive(Clone)]
pub struct RateLimit {
    shared: Rc<Flow>,
}

struct Flow {
    calls: NonZeroU32,
    per: Duration,
    turn: Semaphore,
    rate: Cell<Rate>,
    mark: Mark,
}

impl RateLimit {
    /// A limit of `calls` for each span of `per`.
    ///
    /// # Errors
    ///
    /// A [`BuildError`], when either is zero, or less than a nanosecond of `per` is left for a call.
    pub fn new(calls: u32, per: Duration) -> Result<Self, BuildError> {
        let calls = NonZeroU32::new(calls).ok_or_else(|| BuildError::ZeroLimit { of: "the rate".into() })?;
        if (per / calls.get()).is_zero() {
            return Err(BuildError::NoTime { of: "the rate".into() });
        }
        let rate = Cell::new(Rate::new(runner::RateLimit::new(calls, per).burst(calls)));
        Ok(RateLimit {
            shared: Rc::new(Flow { calls, per, turn: Semaphore::new("rate limit", 1), rate, mark: Mark::new() }),
        })
    }

    /// Whether a call may be made now, before which nobody waits; if so, it is counted.
    #[inline]
    pub(super) fn try_admit(&self, now: Moment) -> bool {
        self.shared.turn.free() > 0 && self.shared.take(now.time()).is_ok()
    }

    /// Waits for its turn, and until a call may be made.
    pub(super) async fn admit(&self) {
        let _turn = self.shared.turn.acquire().await;
        while let Err(free_at) = self.shared.take(now()) {
            sleep_until(free_at).await;
        }
    }
}

impl Flow {
    /// Counts a call, or says when one may be made.
    #[inline]
    fn take(&self, now: Instant) -> Result<(), Instant> {
        self.mark.write();
        let mut rate = self.rate.get();
        let taken = rate.take(now);
        self.rate.set(rate);
        taken
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rate limit {} per {}", self.shared.calls, Span(self.shared.per))
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RateLimit({} per {})", self.shared.calls, Span(self.shared.per))
    }
}
