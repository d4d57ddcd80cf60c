//! The states of a task, and the events that report them.

use core::fmt;
use std::rc::Rc;

use serde::Serialize;

use crate::breaker;

/// A task or a group in one run: a number that its bus gives to no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct NodeId(pub(super) u64);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a task or a group stands.
///
/// ```text
///   Pending ──▶ Running ──▶ Succeeded, Failed
///      │         │    ▲
///      │         ▼    │
///      ├──────▶ Retrying ──▶ Failed          from each of the three, too: Cancelled
///      └──▶ Failed: rejected before it ran
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Known to its owner, and not begun: it waits for its turn or a place.
    Pending,
    /// Under way.
    Running,
    /// Failed, and waits to be tried again.
    Retrying,
    /// Gave a value. This is final.
    Succeeded,
    /// Gave none. This is final.
    Failed,
    /// Was asked to stop, or its owner ended, and it has stopped. This is final.
    Cancelled,
}

impl TaskState {
    /// Whether this state is the last.
    pub fn is_final(self) -> bool {
        matches!(self, TaskState::Succeeded | TaskState::Failed | TaskState::Cancelled)
    }

    /// Every legal change of state.
    pub(super) fn may_become(self, next: TaskState) -> bool {
        match (self, next) {
            (TaskState::Pending | TaskState::Retrying, TaskState::Running) => true,
            (TaskState::Pending | TaskState::Running, TaskState::Retrying) => true,
            (TaskState::Retrying, TaskState::Retrying) => true,
            (TaskState::Running, TaskState::Succeeded) => true,
            (now, TaskState::Failed | TaskState::Cancelled) => !now.is_final(),
            _ => false,
        }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TaskState::Pending => "pending",
            TaskState::Running => "running",
            TaskState::Retrying => "retrying",
            TaskState::Succeeded => "succeeded",
            TaskState::Failed => "failed",
            TaskState::Cancelled => "cancelled",
        })
    }
}

/// What workflows publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A task or a group came into a state.
    Task(TaskEvent),
    /// A circuit that reports to this bus changed its state; see
    /// [`CircuitBreaker::report_to`](crate::breaker::CircuitBreaker::report_to).
    Circuit(breaker::Changed),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Task(event) => event.fmt(f),
            Event::Circuit(changed) => changed.fmt(f),
        }
    }
}

/// A task or a group came into a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskEvent {
    /// Which one.
    pub node: NodeId,
    /// The group that owns it; none for the whole workflow.
    pub parent: Option<NodeId>,
    /// Its name.
    pub name: Rc<str>,
    /// The state that it is in now.
    pub state: TaskState,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// Why: the error, the reason of a cancellation, when it is tried again.
    pub because: Option<Rc<str>>,
}

impl fmt::Display for TaskEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.state)?;
        if self.attempt > 1 && self.state == TaskState::Running {
            write!(f, ", attempt {}", self.attempt)?;
        }
        match &self.because {
            Some(because) => write!(f, ": {because}"),
            None => Ok(()),
        }
    }
}
