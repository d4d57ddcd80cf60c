//! Why a workflow gave no value, and why one cannot be built.

use core::fmt;
use std::rc::Rc;

use crate::breaker;
use crate::time::{Duration, Span};
use crate::trace::CancelReason;

/// Why a workflow gave no value, judged by who ended it and never by the type of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// The call's own error.
    Failed(E),
    /// The call panicked, with this message. Natively only: a panic ends a wasm instance.
    Panicked(Rc<str>),
    /// An attempt was cancelled because it took longer than this.
    TimedOut(Duration),
    /// It was cancelled because the time for all of it, retries included, was over.
    DeadlinePassed,
    /// It was asked to stop, or its owner ended.
    Cancelled(CancelReason),
    /// The circuit did not admit the call.
    Rejected(breaker::Rejected),
    /// As many as may wait for a place of this bulkhead wait already.
    Full(Rc<str>),
    /// Several jobs of a group failed: their names and failures, in the order of the jobs.
    Several(Vec<(Rc<str>, Failure<E>)>),
}

impl<E> Failure<E> {
    /// After which time another attempt makes sense, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Failure::Rejected(rejected) => rejected.retry_after,
            _ => None,
        }
    }
}

impl<E: fmt::Display> Failure<E> {
    /// What went wrong, and when it is tried again: a circuit that says so, too, is not repeated.
    pub(super) fn and_again_in(&self, delay: Duration) -> String {
        match self {
            Failure::Rejected(rejected) => {
                format!("{}; again in {}", breaker::Rejected { retry_after: None, ..*rejected }, Span(delay))
            }
            failure => format!("{failure}; again in {}", Span(delay)),
        }
    }
}

impl<E> From<CancelReason> for Failure<E> {
    fn from(reason: CancelReason) -> Self {
        Failure::Cancelled(reason)
    }
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Failed(error) => error.fmt(f),
            Failure::Panicked(message) => write!(f, "panicked: {message}"),
            Failure::TimedOut(limit) => write!(f, "took longer than {}", Span(*limit)),
            Failure::DeadlinePassed => f.write_str("the deadline passed"),
            Failure::Cancelled(reason) => write!(f, "cancelled: {reason}"),
            Failure::Rejected(rejected) => rejected.fmt(f),
            Failure::Full(bulkhead) => write!(f, "bulkhead {bulkhead} is full, and so is the line before it"),
            Failure::Several(failures) => {
                write!(f, "{} failed", failures.len())?;
                failures.iter().try_for_each(|(name, failure)| write!(f, "; {name}: {failure}"))
            }
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Failure<E> {}

/// Why a workflow or a policy cannot be built. Nothing has run by then.
#[expect(missing_docs, reason = "the variant's sentence names its fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// A group without jobs has no result.
    EmptyGroup { group: Rc<str> },
    /// A limit of zero would let nothing run; no limit is another thing, and is said by leaving it out.
    ZeroLimit { of: Rc<str> },
    /// A span of time is zero.
    NoTime { of: Rc<str> },
    /// A step needs one that is not there.
    UnknownStep { step: Rc<str>, needs: Rc<str> },
    /// Two steps have the same name.
    SameName { step: Rc<str> },
    /// Steps need each other, in this order, in a circle.
    Cycle { steps: Vec<Rc<str>> },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::EmptyGroup { group } => write!(f, "{group} has no jobs"),
            BuildError::ZeroLimit { of } => {
                write!(f, "the limit of {of} must be at least 1; leave it out if there is none")
            }
            BuildError::NoTime { of } => write!(f, "the time of {of} must be longer than none"),
            BuildError::UnknownStep { step, needs } => write!(f, "{step} needs {needs}, which is not a step"),
            BuildError::SameName { step } => write!(f, "two steps are called {step}"),
            BuildError::Cycle { steps } => write!(f, "steps need each other in a circle: {}", steps.join(" → ")),
        }
    }
}

impl std::error::Error for BuildError {}
