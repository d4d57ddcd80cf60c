//! How a call is fenced, in the only order in which that works.

use core::fmt;

use super::limits::{Bulkhead, RateLimit};
use crate::breaker::CircuitBreaker;
use crate::retry::Retry;
use crate::time::{Duration, Span, nanos};

/// The fences of a call.
///
/// Whatever the order in which they are named, they stand in one order, outermost first: deadline, retry, circuit,
/// rate limit, bulkhead, timeout per attempt, call; a fallback ([`Workflow::or_else`](super::Workflow::or_else))
/// stands around them. So each attempt asks the circuit anew, no place of a bulkhead is held while a retry waits,
/// waiting for a place does not count against the attempt's time, and the deadline bounds all of it.
///
/// A [`Bulkhead`], a [`RateLimit`], a [`CircuitBreaker`] and a budget are shared by everything that they are given
/// to; deadline, retries and timeout count for each run alone.
///
/// ```
/// use std::num::NonZeroU32;
/// use unstuck::breaker::{CircuitBreaker, Config};
/// use unstuck::flow::{Bulkhead, Policies};
/// use unstuck::retry::{Backoff, Retry};
/// use unstuck::time::{Duration, ms};
///
/// let thrice = Retry::new(NonZeroU32::new(3).unwrap(), Backoff::exponential(ms(100)));
/// let policies = Policies::new()
///     .timeout(ms(200))
///     .retry(thrice)
///     .circuit(&CircuitBreaker::new("orders", Config::consecutive_failures(5)).unwrap())
///     .bulkhead(&Bulkhead::new("orders", 4).unwrap())
///     .deadline(Duration::from_secs(2));
/// assert_eq!(
///     policies.to_string(),
///     "deadline 2 s > retry, 3 attempts > circuit orders > bulkhead orders, 4 at a time > timeout 200 ms > call"
/// );
/// ```
#[derive(Clone, Default)]
pub struct Policies {
    /// In nanoseconds, like the timeout: they are added to the clock at every run.
    pub(super) deadline: Option<u64>,
    pub(super) retry: Option<Retry>,
    pub(super) circuit: Option<CircuitBreaker>,
    pub(super) rate_limit: Option<RateLimit>,
    pub(super) bulkhead: Option<Bulkhead>,
    pub(super) timeout: Option<u64>,
}

impl Policies {
    /// No fence at all.
    pub fn new() -> Self {
        Policies::default()
    }

    /// Bounds the time for all of it, waiting and retries included.
    pub fn deadline(self, after: Duration) -> Self {
        Policies { deadline: Some(nanos(after)), ..self }
    }

    /// Tries again when an attempt fails.
    pub fn retry(self, retry: Retry) -> Self {
        Policies { retry: Some(retry), ..self }
    }

    /// Asks a circuit breaker before each attempt, and tells it what came of that.
    pub fn circuit(self, circuit: &CircuitBreaker) -> Self {
        Policies { circuit: Some(circuit.clone()), ..self }
    }

    /// Waits until the rate of attempts allows one more.
    pub fn rate_limit(self, limit: &RateLimit) -> Self {
        Policies { rate_limit: Some(limit.clone()), ..self }
    }

    /// Waits for one of a number of places, and holds it during the attempt.
    pub fn bulkhead(self, bulkhead: &Bulkhead) -> Self {
        Policies { bulkhead: Some(bulkhead.clone()), ..self }
    }

    /// Bounds the time of each attempt.
    pub fn timeout(self, limit: Duration) -> Self {
        Policies { timeout: Some(nanos(limit)), ..self }
    }

    /// One sentence part for each, the outermost first.
    pub fn in_order(&self) -> Vec<String> {
        let span = |nanos| Span(Duration::from_nanos(nanos));
        [
            self.deadline.map(|after| format!("deadline {}", span(after))),
            self.retry.as_ref().map(|retry| match retry.attempts().get() {
                1 => "retry, 1 attempt".to_owned(),
                attempts => format!("retry, {attempts} attempts"),
            }),
            self.circuit.as_ref().map(|circuit| format!("circuit {}", circuit.name())),
            self.rate_limit.as_ref().map(RateLimit::to_string),
            self.bulkhead.as_ref().map(Bulkhead::to_string),
            self.timeout.map(|limit| format!("timeout {}", span(limit))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl fmt::Display for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_order().iter().try_for_each(|policy| write!(f, "{policy} > "))?;
        f.write_str("call")
    }
}

impl fmt::Debug for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Policies({self})")
    }
}
