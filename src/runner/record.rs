//! What is known of a job: plain data, which can be stored and shown.

use core::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::slot::Slot;
use super::status::{Failure, TaskStatus};
use super::wishes::Label;
use crate::time::Instant;

/// The number of a job, in the order of submission unless the submission named one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobId(pub u64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// How far a job has come, in units of its own, such as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is done.
    pub done: u64,
    /// What there is to do.
    pub total: u64,
}

impl Progress {
    /// The part that is done, from 0 to 1. Nothing to do is done.
    pub fn fraction(self) -> f64 {
        if self.total == 0 { 1.0 } else { (self.done as f64 / self.total as f64).min(1.0) }
    }
}

/// A change of status, and when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The time on the executor's clock.
    pub at: Instant,
    /// The status from then on.
    pub to: TaskStatus,
}

/// What is known of a job at one moment.
///
/// Times are on the clock of the executor that ran the job; those of a record that was stored by an earlier run of
/// the program are on that run's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// The number of the job.
    pub id: JobId,
    /// What it is called.
    pub name: String,
    /// What kind of job it is.
    pub kind: String,
    /// Where it is in its life.
    pub status: TaskStatus,
    /// When it was accepted.
    #[serde(with = "nanos")]
    pub created: Instant,
    /// When its last attempt began.
    #[serde(with = "maybe_nanos")]
    pub started: Option<Instant>,
    /// When anything of this last changed.
    #[serde(with = "nanos")]
    pub updated: Instant,
    /// When it ended.
    #[serde(with = "maybe_nanos")]
    pub finished: Option<Instant>,
    /// Its priority; higher goes first.
    pub priority: u8,
    /// The number of attempts that began.
    pub attempt: u32,
    /// How far it has come, if it says so.
    pub progress: Option<Progress>,
    /// What it gave, if it succeeded and shows that.
    pub result: Option<String>,
    /// Why it gave nothing.
    pub error: Option<String>,
}

impl Slot {
    pub(super) fn record(&self) -> TaskRecord {
        let text = self.rare.as_ref().and_then(|rare| rare.text.clone());
        let (result, error) = match self.status {
            TaskStatus::Succeeded => (text.map(|text| text.to_string()), None),
            status => (None, error_text(status, text)),
        };
        TaskRecord {
            id: self.id,
            name: Label::name(self.label.as_deref()).to_owned(),
            kind: Label::kind(self.label.as_deref()).to_owned(),
            status: self.status,
            created: self.created,
            started: self.started(),
            updated: self.updated,
            finished: self.finished(),
            priority: self.priority,
            attempt: self.attempt,
            progress: self.rare.as_ref().and_then(|rare| rare.progress),
            result,
            error,
        }
    }
}

fn error_text(status: TaskStatus, text: Option<Rc<str>>) -> Option<String> {
    match status {
        TaskStatus::Failed(Failure::Error) => text.map(|text| text.to_string()),
        TaskStatus::Failed(Failure::Panic) => Some(format!("panicked: {}", text.as_deref().unwrap_or(""))),
        TaskStatus::Failed(failure) => Some(failure.to_string()),
        TaskStatus::Cancelled(reason) => Some(format!("cancelled: {reason}")),
        TaskStatus::Evicted => Some("had to make room in a full queue".to_owned()),
        TaskStatus::Interrupted => Some("the program ended before the job did".to_owned()),
        _ => None,
    }
}

mod nanos {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::time::Instant;

    pub(super) fn serialize<S: Serializer>(time: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(time.as_nanos())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        u64::deserialize(deserializer).map(Instant::from_nanos)
    }
}

mod maybe_nanos {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::time::Instant;

    pub(super) fn serialize<S: Serializer>(time: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
        time.map(Instant::as_nanos).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
        Option::<u64>::deserialize(deserializer).map(|nanos| nanos.map(Instant::from_nanos))
    }
}
