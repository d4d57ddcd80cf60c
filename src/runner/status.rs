//! The one state machine of a job, and what it can end in.

use core::fmt;
use core::str::FromStr;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::trace::CancelReason;

/// Where a job is in its life. Terminal is terminal: what has ended never runs again.
///
/// ```text
///             start                      ask to stop
///   Queued ─────────▶ Running ───────────────────────▶ Stopping
///    │ ▲                │ │                              │  │
///    │ └── Retrying ◀───┘ └──────────┬───────────────────┘  └▶ Retrying, when an attempt's time ran out
///    ▼         │                     ▼
///  Cancelled, Failed(deadline), Evicted     Succeeded, Failed, Cancelled
/// ```
///
/// It prints and parses: `"failed: its time ran out".parse()` gives back the status that printed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum TaskStatus {
    /// Accepted, and in line.
    Queued,
    /// An attempt is under way.
    Running,
    /// An attempt is under way and was asked to stop, for this reason. It keeps its slot.
    Stopping(CancelReason),
    /// An attempt failed, and the next waits for its time. It holds no slot.
    Retrying,
    /// It returned `Ok`.
    Succeeded,
    /// It did not return `Ok`, and will not be tried again.
    Failed(Failure),
    /// It was stopped, for this reason, before it returned `Ok`.
    Cancelled(CancelReason),
    /// It was in line, and had to make room in a full queue.
    Evicted,
    /// The program ended before the job did; nobody knows how far it had come.
    Interrupted,
}

/// Why a job failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It returned an error of its own.
    Error,
    /// It panicked.
    Panic,
    /// The time for an attempt ran out.
    Timeout,
    /// The time for all of it, waiting included, ran out.
    Deadline,
}

/// What happens to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Start,
    AskToStop(CancelReason),
    WaitToRetry,
    Requeue,
    Succeed,
    Fail(Failure),
    Cancel(CancelReason),
    Evict,
    Interrupt,
}

impl TaskStatus {
    /// The only place that says what may follow what.
    ///
    /// # Panics
    ///
    /// When `step` cannot happen to a job of this status.
    #[inline(always)]
    pub(super) fn after(self, step: Step) -> TaskStatus {
        use TaskStatus::*;
        match (self, step) {
            (Queued, Step::Start) => Running,
            (Queued | Retrying, Step::Fail(Failure::Deadline)) => Failed(Failure::Deadline),
            (Queued | Retrying, Step::Evict) => Evicted,
            (Retrying, Step::Requeue) => Queued,
            (Running, Step::AskToStop(reason)) => Stopping(reason),
            (Running | Stopping(CancelReason::Timeout), Step::WaitToRetry) => Retrying,
            (Running | Stopping(_), Step::Succeed) => Succeeded,
            (Running | Stopping(_), Step::Fail(failure)) => Failed(failure),
            (Queued | Retrying | Running | Stopping(_), Step::Cancel(reason)) => Cancelled(reason),
            (Queued | Retrying | Running | Stopping(_), Step::Interrupt) => Interrupted,
            (status, step) => unreachable!("a job that is {status} cannot {step:?}"),
        }
    }

    /// Whether the job has ended.
    pub fn is_terminal(self) -> bool {
        use TaskStatus::*;
        matches!(self, Succeeded | Failed(_) | Cancelled(_) | Evicted | Interrupted)
    }

    /// Whether it has ended with a value, an error or a panic of its own.
    #[inline]
    pub(super) fn left_an_outcome(self) -> bool {
        matches!(self, TaskStatus::Succeeded | TaskStatus::Failed(Failure::Error | Failure::Panic))
    }

    /// Whether an attempt is under way.
    pub fn is_running(self) -> bool {
        matches!(self, TaskStatus::Running | TaskStatus::Stopping(_))
    }
}

const REASONS: [CancelReason; 6] = [
    CancelReason::Requested,
    CancelReason::Timeout,
    CancelReason::Deadline,
    CancelReason::Shutdown,
    CancelReason::ParentEnded,
    CancelReason::LostRace,
];
const FAILURES: [Failure; 4] = [Failure::Error, Failure::Panic, Failure::Timeout, Failure::Deadline];

impl fmt::Display for TaskStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskStatus::Queued => f.write_str("queued"),
            TaskStatus::Running => f.write_str("running"),
            TaskStatus::Stopping(reason) => write!(f, "stopping: {reason}"),
            TaskStatus::Retrying => f.write_str("retrying"),
            TaskStatus::Succeeded => f.write_str("succeeded"),
            TaskStatus::Failed(failure) => write!(f, "failed: {failure}"),
            TaskStatus::Cancelled(reason) => write!(f, "cancelled: {reason}"),
            TaskStatus::Evicted => f.write_str("evicted"),
            TaskStatus::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Failure::Error => "an error",
            Failure::Panic => "a panic",
            Failure::Timeout => "its time ran out",
            Failure::Deadline => "its deadline passed",
        })
    }
}

/// The text is not that of a [`TaskStatus`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoStatus(pub String);

impl fmt::Display for NoStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not the status of a job", self.0)
    }
}

impl std::error::Error for NoStatus {}

impl FromStr for TaskStatus {
    type Err = NoStatus;

    fn from_str(text: &str) -> Result<Self, NoStatus> {
        use TaskStatus::*;
        [Queued, Running, Retrying, Succeeded, Evicted, Interrupted]
            .into_iter()
            .chain(REASONS.into_iter().flat_map(|reason| [Stopping(reason), Cancelled(reason)]))
            .chain(FAILURES.into_iter().map(Failed))
            .find(|status| status.to_string() == text)
            .ok_or_else(|| NoStatus(text.to_owned()))
    }
}

impl TryFrom<String> for TaskStatus {
    type Error = NoStatus;
    fn try_from(text: String) -> Result<Self, NoStatus> {
        text.parse()
    }
}

impl From<TaskStatus> for String {
    fn from(status: TaskStatus) -> String {
        status.to_string()
    }
}

/// Why a job gave no value. The job's own error is shared, so that every waiter gets it.
#[derive(Debug, PartialEq, Eq)]
pub enum TaskError<E> {
    /// The job returned this error.
    Failed(Rc<E>),
    /// The job panicked, with this message. Natively only: a panic ends a wasm instance.
    Panicked(Rc<str>),
    /// The time for its last attempt ran out.
    TimedOut,
    /// The time for all of it, waiting included, ran out.
    DeadlinePassed,
    /// It was stopped before it returned `Ok`.
    Cancelled(CancelReason),
    /// It had to make room in a full queue before it could begin.
    Evicted,
}

impl<E> TaskError<E> {
    /// What a status says by itself; none for a job that lives, succeeded, or said more.
    pub(super) fn of_status(status: TaskStatus) -> Option<Self> {
        match status {
            TaskStatus::Failed(Failure::Timeout) => Some(TaskError::TimedOut),
            TaskStatus::Failed(Failure::Deadline) => Some(TaskError::DeadlinePassed),
            TaskStatus::Cancelled(reason) => Some(TaskError::Cancelled(reason)),
            TaskStatus::Evicted => Some(TaskError::Evicted),
            _ => None,
        }
    }
}

impl TaskError<()> {
    /// The same error of a job whose own errors are of another type.
    ///
    /// # Panics
    ///
    /// When it is the job's own error.
    pub(super) fn of_any<E>(self) -> TaskError<E> {
        match self {
            TaskError::Panicked(message) => TaskError::Panicked(message),
            TaskError::TimedOut => TaskError::TimedOut,
            TaskError::DeadlinePassed => TaskError::DeadlinePassed,
            TaskError::Cancelled(reason) => TaskError::Cancelled(reason),
            TaskError::Evicted => TaskError::Evicted,
            TaskError::Failed(_) => unreachable!("a job's own error lies in its box"),
        }
    }
}

impl<E> Clone for TaskError<E> {
    fn clone(&self) -> Self {
        match self {
            TaskError::Failed(error) => TaskError::Failed(error.clone()),
            TaskError::Panicked(message) => TaskError::Panicked(message.clone()),
            TaskError::TimedOut => TaskError::TimedOut,
            TaskError::DeadlinePassed => TaskError::DeadlinePassed,
            TaskError::Cancelled(reason) => TaskError::Cancelled(*reason),
            TaskError::Evicted => TaskError::Evicted,
        }
    }
}

impl<E: fmt::Display> fmt::Display for TaskError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskError::Failed(error) => error.fmt(f),
            TaskError::Panicked(message) => write!(f, "the job panicked: {message}"),
            TaskError::TimedOut => f.write_str("the time for the attempt ran out"),
            TaskError::DeadlinePassed => f.write_str("the deadline of the job passed"),
            TaskError::Cancelled(reason) => write!(f, "the job was cancelled: {reason}"),
            TaskError::Evicted => f.write_str("the job had to make room in a full queue"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for TaskError<E> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_parses_from_what_it_prints() {
        for text in ["queued", "stopping: shutdown", "failed: a panic", "cancelled: its parent ended", "interrupted"]
        {
            assert_eq!(text.parse::<TaskStatus>().unwrap().to_string(), text);
        }
        assert_eq!("done".parse::<TaskStatus>().unwrap_err().to_string(), "\"done\" is not the status of a job");
    }
}
