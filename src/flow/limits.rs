//! What many calls share: places, and a rate.

use core::cell::Cell;
use core::fmt;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use crate::executor::{now, sleep_until};
use crate::sync::{Permit, Semaphore};
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
    waiting: Cell<usize>,
}

impl Bulkhead {
    /// A bulkhead before which any number of calls may wait; an error when `limit` is zero.
    pub fn new(name: &str, limit: usize) -> Result<Self, BuildError> {
        if limit == 0 {
            return Err(BuildError::ZeroLimit { of: format!("bulkhead {name}").into() });
        }
        let places = Semaphore::new("bulkhead", limit);
        let shared = Places { name: Rc::from(name), limit, places, waiting: Cell::new(0) };
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
    pub(super) fn try_enter(&self) -> Option<Permit<'_>> {
        self.shared.places.try_acquire()
    }

    /// Waits for a place.
    pub(super) async fn enter<E>(&self, cx: &RunCx) -> Result<Permit<'_>, Failure<E>> {
        let waiting = &self.shared.waiting;
        if self.most_waiting.is_some_and(|most| waiting.get() >= most) {
            return Err(Failure::Full(self.shared.name.clone()));
        }
        waiting.set(waiting.get() + 1);
        let _in_line = InLine(waiting);
        Ok(cx.unless_cancelled(self.shared.places.acquire()).await?)
    }
}

struct InLine<'a>(&'a Cell<usize>);

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
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
/// first come, first served; one that is cancelled while it waits uses nothing up. The counting is the generic cell
/// rate algorithm (ITU-T I.371).
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
    shared: Rc<Rate>,
}

struct Rate {
    calls: u32,
    per: Duration,
    turn: Semaphore,
    /// When as much would have flowed in as was used, at the even rate.
    even: Cell<Instant>,
}

impl RateLimit {
    /// A limit of `calls` for each span of `per`; an error when either is zero.
    pub fn new(calls: u32, per: Duration) -> Result<Self, BuildError> {
        if calls == 0 {
            return Err(BuildError::ZeroLimit { of: "the rate".into() });
        }
        if (per / calls).is_zero() {
            return Err(BuildError::NoTime { of: "the rate".into() });
        }
        let (turn, even) = (Semaphore::new("rate limit", 1), Cell::new(Instant::ZERO));
        Ok(RateLimit { shared: Rc::new(Rate { calls, per, turn, even }) })
    }

    /// Whether a call may be made now, before which nobody waits; if so, it is counted.
    pub(super) fn try_admit(&self) -> bool {
        let Some(_turn) = self.shared.turn.try_acquire() else { return false };
        let is_free = self.shared.free_at() <= now();
        if is_free {
            self.shared.count();
        }
        is_free
    }

    /// Waits for its turn, and until a call may be made.
    pub(super) async fn admit(&self) {
        let _turn = self.shared.turn.acquire().await;
        let free_at = self.shared.free_at();
        if free_at > now() {
            sleep_until(free_at).await;
        }
        self.shared.count();
    }
}

impl Rate {
    fn interval(&self) -> Duration {
        self.per / self.calls
    }

    /// When the next call may be made: one interval after the moment at which the whole burst was used up.
    fn free_at(&self) -> Instant {
        let next = self.even.get().max(now()) + self.interval();
        let burst = (self.interval() * self.calls).as_nanos() as u64;
        Instant::from_nanos(next.as_nanos().saturating_sub(burst))
    }

    fn count(&self) {
        self.even.set(self.even.get().max(now()) + self.interval());
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
