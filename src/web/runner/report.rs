//! What JavaScript gets to read: mirrors of records, numbers and reports, with times in milliseconds.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::JsValue;

use crate::runner::{Progress, Quantiles, ShutdownReport, Stats, TaskRecord, TaskStatus};
use crate::time::Instant;
use crate::web::clock::milliseconds as ms;
use crate::web::refusal::refusal;

/// How far a job has come, in units of its own.
#[derive(Serialize, Tsify)]
pub struct Share {
    done: f64,
    total: f64,
}

/// What is known of a job. Times are milliseconds on the clock of the runner, which began with it.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    id: f64,
    name: String,
    kind: String,
    status: &'static str,
    /// The status with its reason, such as `failed: its time ran out`.
    detail: String,
    created: f64,
    started: Option<f64>,
    updated: f64,
    finished: Option<f64>,
    priority: u8,
    attempt: u32,
    progress: Option<Share>,
    result: Option<String>,
    error: Option<String>,
}

/// The numbers of a runner at one moment.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    queued: usize,
    running: usize,
    stopping: usize,
    retrying: usize,
    in_flight: usize,
    workers: usize,
    capacity: Option<usize>,
    blocked_submitters: usize,
    paused: bool,
    submitted: f64,
    refused: f64,
    succeeded: f64,
    failed: f64,
    timed_out: f64,
    cancelled: f64,
    evicted: f64,
    retries: f64,
    dead_letters: usize,
    records: usize,
    queue_time: Times,
    run_time: Times,
}

/// A distribution of times, in milliseconds.
#[derive(Serialize, Tsify)]
pub struct Times {
    count: f64,
    p50: f64,
    p90: f64,
    p99: f64,
    max: f64,
}

/// What became of everything that was under way at a shutdown: numbers, and the ids of jobs.
#[derive(Serialize, Tsify)]
#[tsify(type_prefix = "Shutdown")]
pub struct Report {
    finished: usize,
    cancelled: Vec<f64>,
    rejected: usize,
    abandoned: Vec<f64>,
}

/// A value on its way to JavaScript.
pub(super) fn cross<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    Ts::from_rust(value).map_err(|error| refusal("bad-value", &error.to_string()))
}

pub(super) fn at(time: Instant) -> f64 {
    ms(time - Instant::ZERO)
}

/// The first word of what a status prints, under which all its reasons fall.
pub(super) fn status_of(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Queued => "queued",
        TaskStatus::Running => "running",
        TaskStatus::Stopping(_) => "stopping",
        TaskStatus::Retrying => "retrying",
        TaskStatus::Succeeded => "succeeded",
        TaskStatus::Failed(_) => "failed",
        TaskStatus::Cancelled(_) => "cancelled",
        TaskStatus::Evicted => "evicted",
        TaskStatus::Interrupted => "interrupted",
    }
}

impl From<Progress> for Share {
    fn from(progress: Progress) -> Self {
        Share { done: progress.done as f64, total: progress.total as f64 }
    }
}

impl From<TaskRecord> for Record {
    fn from(record: TaskRecord) -> Self {
        Record {
            id: record.id.0 as f64,
            status: status_of(record.status),
            detail: record.status.to_string(),
            created: at(record.created),
            started: record.started.map(at),
            updated: at(record.updated),
            finished: record.finished.map(at),
            priority: record.priority,
            attempt: record.attempt,
            progress: record.progress.map(Share::from),
            name: record.name,
            kind: record.kind,
            result: record.result,
            error: record.error,
        }
    }
}

impl From<Stats> for Totals {
    fn from(stats: Stats) -> Self {
        Totals {
            queued: stats.queued,
            running: stats.running,
            stopping: stats.stopping,
            retrying: stats.retrying,
            in_flight: stats.in_flight,
            workers: stats.concurrency,
            capacity: stats.capacity,
            blocked_submitters: stats.blocked_submitters,
            paused: stats.paused,
            submitted: stats.submitted as f64,
            refused: stats.refused as f64,
            succeeded: stats.succeeded as f64,
            failed: stats.failed as f64,
            timed_out: stats.timed_out as f64,
            cancelled: stats.cancelled as f64,
            evicted: stats.evicted as f64,
            retries: stats.retries as f64,
            dead_letters: stats.dead_letters,
            records: stats.records,
            queue_time: Times::from(stats.queue_time),
            run_time: Times::from(stats.run_time),
        }
    }
}

impl From<Quantiles> for Times {
    fn from(times: Quantiles) -> Self {
        let Quantiles { count, p50, p90, p99, max } = times;
        Times { count: count as f64, p50: ms(p50), p90: ms(p90), p99: ms(p99), max: ms(max) }
    }
}

impl From<ShutdownReport> for Report {
    fn from(report: ShutdownReport) -> Self {
        let ids = |ids: Vec<crate::runner::JobId>| ids.into_iter().map(|id| id.0 as f64).collect();
        Report {
            finished: report.finished,
            cancelled: ids(report.cancelled),
            rejected: report.rejected,
            abandoned: ids(report.abandoned),
        }
    }
}
