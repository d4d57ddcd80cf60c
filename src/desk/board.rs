//! What the view "Runner" draws: plain, display-ready data without behaviour.

use serde::Serialize;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

use crate::snapshot::{Chooser, Sentence, StateCell, TaskRow, Tone};

/// A runner at one moment, as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// How it is, in a sentence.
    pub status: Sentence,
    /// What was answered last, if that needs saying.
    pub said: Option<Sentence>,
    /// Where the records are.
    pub kept: String,
    /// What can be set.
    pub controls: Controls,
    /// The numbers worth a glance.
    pub numbers: Vec<Figure>,
    /// A lane per worker.
    pub lanes: Vec<WorkerLane>,
    /// The line of jobs, and who waits in front of it.
    pub queue: QueueView,
    /// The part of the table of records that is in view.
    pub table: TableView,
    /// The plots; none while they are those that were sent before.
    pub plots: Option<Vec<Plot>>,
    /// What a shutdown left, when there was one.
    pub report: Option<ReportView>,
    /// What the seed's example printed, once it was run.
    pub example: Option<ExampleView>,
    /// Whether anything changes by itself with time, so that another look is worth it.
    pub moves: bool,
}

/// The settings, and what can be done.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Controls {
    /// How many jobs may run at a time.
    pub workers: u32,
    /// How many jobs may stand in line.
    pub capacity: u32,
    /// What happens when the queue is full.
    pub policy: Chooser,
    /// The priority of the jobs that are submitted next.
    pub priority: Chooser,
    /// The time for one attempt of the jobs that are submitted next.
    pub timeout: Chooser,
    /// When the jobs that are submitted next are tried again.
    pub retry: Chooser,
    /// Whether starting is paused.
    pub paused: bool,
    /// Whether jobs are accepted.
    pub open: bool,
    /// Whether everything has ended, so that only a new runner would do more.
    pub over: bool,
    /// Whether anything was submitted that could be run again in virtual time.
    pub replayable: bool,
}

/// A number with its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// Such as `In line`.
    pub name: String,
    /// Such as `3 of 10`.
    pub value: String,
    /// [`Tone::Bad`] when it wants attention.
    pub tone: Tone,
}

/// What a worker did in the last seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct WorkerLane {
    /// Such as `Worker 1`.
    pub name: String,
    /// What it does now, such as `sleep 500 ms`.
    pub now: String,
    /// Picks the shape beside that.
    pub tone: Tone,
    /// Its attempts, oldest first.
    pub spans: Vec<WorkSpan>,
}

/// An attempt in a lane.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct WorkSpan {
    /// The number of the job.
    pub id: u64,
    /// Where it begins, from 0 at the left edge to 100 at the right one, which is now.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
    /// How it goes, or how it went.
    pub tone: Tone,
    /// Which of the eight task colours, from 0.
    pub colour: u8,
    /// Such as `Job 12, sleep 500 ms: succeeded`.
    pub title: String,
}

/// The line of jobs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct QueueView {
    /// Such as `3 of 10 places taken`.
    pub label: String,
    /// The part of the places that is taken, from 0 to 100.
    pub filled: f32,
    /// The first jobs in line, in the order in which they will start.
    pub first: Vec<QueuedJob>,
    /// How many more there are, such as `and 40 more`; possibly empty.
    pub more: String,
    /// Who waits for a place.
    pub blocked: Vec<String>,
    /// What is to be said where nobody is; possibly empty.
    pub empty: String,
}

/// A job in line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct QueuedJob {
    /// Its number.
    pub id: u64,
    /// Its priority, where that is not the usual one, and what it is called.
    pub name: String,
    /// Which of the eight task colours, from 0.
    pub colour: u8,
}

/// The part of the table of records that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TableView {
    /// How many records there are.
    pub total: u32,
    /// How many of them match the filter.
    pub matching: u32,
    /// Such as `10,000 records` or `12 of 10,000 records`.
    pub label: String,
    /// What is to be said where there is no row; possibly empty.
    pub empty: String,
    /// The place of the first row that is here.
    pub first: u32,
    /// The rows.
    pub rows: Vec<RecordRow>,
}

/// A row of the table of records.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RecordRow {
    /// The number of the job.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// What kind of job it is.
    pub job: String,
    /// Picks the shape beside the status.
    pub tone: Tone,
    /// Such as `failed`.
    pub status: String,
    /// How long it took until its last attempt began, such as `120 ms`.
    pub waited: String,
    /// How long that attempt ran, such as `500 ms`.
    pub ran: String,
    /// How far it has come, from 0 to 100, while it runs.
    pub progress: Option<f32>,
    /// What it gave, or why it gave nothing.
    pub result: String,
    /// What became of a request to cancel it; possibly empty.
    pub answer: String,
    /// The name of the button that cancels it.
    pub cancel: String,
    /// Whether there is still something to cancel.
    pub lives: bool,
}

/// A plot over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Plot {
    /// Such as `Queue`.
    pub title: String,
    /// Of the values: `ms`, or empty for a plain number.
    pub unit: String,
    /// What it shows now, in words, which are the key to its lines as well.
    pub said: Vec<PlotWords>,
    /// Seconds since the runner began.
    pub times: Vec<f64>,
    /// The lines.
    pub lines: Vec<PlotLine>,
}

/// Some words about a plot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PlotWords {
    /// Such as `3 in line`.
    pub text: String,
    /// The colour of the line that they tell of.
    pub colour: Option<u8>,
}

/// A line of a plot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PlotLine {
    /// Such as `in line`.
    pub name: String,
    /// Which of the eight task colours, from 0.
    pub colour: u8,
    /// A value per time.
    pub values: Vec<f64>,
}

/// What a shutdown left.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ReportView {
    /// In a sentence.
    pub sentence: Sentence,
    /// In numbers.
    pub figures: Vec<Figure>,
}

/// What the seed's example printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ExampleView {
    /// Whether it is still running.
    pub running: bool,
    /// Its lines.
    pub lines: Vec<String>,
}

/// One step of the same run in virtual time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Still {
    /// The step.
    pub step: u32,
    /// The number of steps.
    pub last: u32,
    /// The virtual time, such as `t = 350 ms`.
    pub time: String,
    /// What just happened.
    pub said: Sentence,
    /// Numbers of the runner.
    pub cells: Vec<StateCell>,
    /// A row per task.
    pub tasks: Vec<TaskRow>,
    /// Always false: the end is known.
    pub open_ended: bool,
}
