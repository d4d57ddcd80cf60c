//! What a circuit says of itself: its state, why that changed, and what it has seen.

use core::fmt;

use serde::Serialize;

use super::window::Counts;
use crate::time::{Duration, Instant, Span};

/// The state of a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Admits every call, and counts.
    Closed,
    /// Rejects every call until the open time is over.
    Open,
    /// Admits as many calls as probes are wanted, and rejects the others.
    HalfOpen,
    /// Rejects every call until somebody says otherwise.
    ForcedOpen,
    /// Admits every call and counts, but does not open.
    ForcedClosed,
    /// Admits every call, and counts nothing.
    Disabled,
}

impl State {
    /// All there are.
    pub const ALL: [State; 6] =
        [State::Closed, State::Open, State::HalfOpen, State::ForcedOpen, State::ForcedClosed, State::Disabled];
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Closed => "closed",
            State::Open => "open",
            State::HalfOpen => "half-open",
            State::ForcedOpen => "forced open",
            State::ForcedClosed => "forced closed",
            State::Disabled => "disabled",
        })
    }
}

/// What came of a call, as the circuit counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The other side works.
    Success,
    /// The other side does not work.
    Failure,
    /// It says nothing about the other side: it counts neither way, and gives a probe's place back.
    Ignore,
}

/// Why a circuit changed its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// So many calls failed in a row.
    FailuresInARow(u32),
    /// Too many of the calls in the window failed.
    FailureRate(Counts),
    /// Too many of the calls in the window were slow.
    SlowRate(Counts),
    /// The open time was over when somebody called.
    TimeOver,
    /// So many probes succeeded.
    ProbesSucceeded(u32),
    /// So many probes failed or were slow that the others could not make up for it.
    ProbesFailed(u32),
    /// Somebody forced it, disabled it or reset it.
    Told,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::FailuresInARow(1) => f.write_str("1 failure"),
            Cause::FailuresInARow(failures) => write!(f, "{failures} failures in a row"),
            Cause::FailureRate(counts) => write!(f, "{} of {} calls failed", counts.failed, counts.calls),
            Cause::SlowRate(counts) => write!(f, "{} of {} calls were slow", counts.slow, counts.calls),
            Cause::TimeOver => f.write_str("the open time was over"),
            Cause::ProbesSucceeded(1) => f.write_str("1 probe succeeded"),
            Cause::ProbesSucceeded(probes) => write!(f, "{probes} probes succeeded"),
            Cause::ProbesFailed(1) => f.write_str("1 probe failed"),
            Cause::ProbesFailed(probes) => write!(f, "{probes} probes failed"),
            Cause::Told => f.write_str("it was told so"),
        }
    }
}

/// A change of state. It begins a new generation: verdicts of calls that were admitted before change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// Why.
    pub cause: Cause,
    /// When, on the executor's clock.
    pub at: Instant,
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}: {}", self.from, self.to, self.cause)
    }
}

/// A call was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The state that rejected it.
    pub state: State,
    /// After which time a call may be admitted. None when that does not depend on time: the probes under way, or
    /// whoever forced the circuit open, decide it.
    pub retry_after: Option<Duration>,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the circuit is {}", self.state)?;
        match (self.state, self.retry_after) {
            (_, Some(after)) => write!(f, "; try again in {}", Span(after)),
            (State::HalfOpen, None) => f.write_str(", and its probes are under way"),
            (_, None) => Ok(()),
        }
    }
}

impl std::error::Error for Rejected {}

/// What a circuit has seen since it was made, in every state: also forced or disabled, when nothing of it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Calls that were let through.
    pub admitted: u64,
    /// Calls that were not.
    pub rejected: u64,
    /// Verdicts that were a success.
    pub succeeded: u64,
    /// Verdicts that were a failure.
    pub failed: u64,
    /// Successes and failures that took long enough to be slow.
    pub slow: u64,
    /// Verdicts that counted neither way, dropped permits among them.
    pub ignored: u64,
    /// Verdicts that came after the state had changed, and changed nothing.
    pub late: u64,
}

/// A circuit at one moment, for people and monitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Metrics {
    /// Its state.
    pub state: State,
    /// How it came into this state; none at the beginning.
    pub since: Option<Transition>,
    /// After which time the next call may be admitted: zero when it would be now, none when nobody can say.
    pub retry_after: Option<Duration>,
    /// The calls that count now: those of the window, or, half-open, the probes that were judged.
    pub counts: Counts,
    /// Probes that were admitted and not judged yet.
    pub probes_under_way: u32,
    /// Since it was made.
    pub totals: Totals,
}
