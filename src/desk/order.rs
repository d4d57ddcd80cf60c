//! What a person asks of the runner.

use core::fmt;

use serde::{Deserialize, Serialize};
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Order {
    /// Submit some jobs, one after the other.
    Submit {
        /// What they do.
        work: Work,
        /// How many.
        count: u32,
    },
    /// Cancel a job.
    Cancel {
        /// Its number.
        id: u64,
    },
    /// Start no more jobs.
    Pause,
    /// Start jobs again.
    Resume,
    /// Set one of the settings.
    Set {
        /// Which.
        setting: Setting,
        /// To what, as a person typed it or chose it.
        value: String,
    },
    /// Show another part of the table.
    Look {
        /// Which.
        query: Query,
    },
    /// End the runner.
    Shutdown {
        /// How.
        how: Ending,
    },
    /// Run the seed's example beside it.
    Example,
    /// Close what was said.
    Dismiss,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Work {
    /// Sleeps, between 200 ms and 2 s.
    Sleep,
    /// Hashes two megabytes.
    Hash,
    /// Returns an error after a while, each time.
    Fail,
    /// Goes on for three seconds, whatever it is told.
    Stubborn,
}

/// What can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Setting {
    /// How many jobs may run at a time.
    Workers,
    /// How many jobs may stand in line.
    Capacity,
    /// What happens when the queue is full.
    Policy,
    /// The priority of the jobs that are submitted next.
    Priority,
    /// The time for one attempt of the jobs that are submitted next.
    Timeout,
    /// When the jobs that are submitted next are tried again.
    Retry,
}

/// How to end the runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// What was accepted may run to its end.
    Drain,
    /// What is in line is cancelled, and what runs is asked to stop.
    Cancel,
    /// Everything is dropped.
    Now,
}

/// Which records are to be seen, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Query {
    /// Words that a row must contain; possibly empty.
    pub filter: String,
    /// The statuses to show.
    pub show: Show,
    /// The column to sort by.
    pub by: RecordColumn,
    /// The largest first.
    pub descending: bool,
    /// The place of the first row in view.
    pub first: u32,
    /// How many rows are in view.
    pub count: u32,
}

/// Statuses of records, in groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Show {
    /// All of them.
    All,
    /// In line, or waiting to be tried again.
    Waiting,
    /// Running, or asked to stop.
    Running,
    /// Succeeded.
    Succeeded,
    /// Failed.
    Failed,
    /// Cancelled or evicted.
    Cancelled,
    /// Not ended when the page was left.
    Interrupted,
}

/// A column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum RecordColumn {
    /// The number of the job.
    Id,
    /// Its name.
    Name,
    /// Its status.
    Status,
    /// How long it took until its last attempt began.
    Waited,
    /// How long that attempt ran.
    Ran,
}

impl Default for Query {
    /// The newest fifty.
    fn default() -> Self {
        Query { filter: String::new(), show: Show::All, by: RecordColumn::Id, descending: true, first: 0, count: 50 }
    }
}

/// An order that cannot be followed, in a sentence. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderError(pub(super) String);

impl OrderError {
    pub(super) fn new(sentence: impl fmt::Display) -> Self {
        OrderError(sentence.to_string())
    }
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OrderError {}
