//! What a view needs to draw one moment of a session: plain, display-ready data without behaviour.
//!
//! The page is a function of these values. Labels, sentences, colours and the list of what can be done
//! are decided in Rust and tested there; a view may branch on a [`Tone`], never on a reason.
//!
//! A session answers every action with a [`Snapshot`]. What changes only with the
//! schedule, the whole run with its lanes and its log, is a [`Film`] with a `revision`: the boundary sends it
//! again only when the revision changed.

mod count;
mod film;
mod moment;
mod palette;
mod pane;
mod waits;
mod words;

use serde::Serialize;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

pub(crate) use count::{counted, grouped};
pub(crate) use film::{deeds, film, film_of_run, title};
pub(crate) use palette::Palette;
pub(crate) use pane::{Look, cells, pane, still};
pub(crate) use words::{capitalised, tell_step};

/// One moment of a session: what the page shows at the selected step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The canonical address of exactly this moment, such as `#/bug/stuck-flag?step=17`.
    pub address: String,
    /// One sentence on what in the requested address was ignored, and what is shown instead.
    pub notice: Option<String>,
    /// The selected step: 0 is before the first step, `last` is the end of what was recorded.
    pub step: u32,
    /// The number of steps of the longer pane.
    pub last: u32,
    /// Whether a person's own choices broke the first version, at this step or before it.
    pub broken_by_person: bool,
    /// Whether a step beyond `last` can be made, which is so while a person schedules.
    pub open_ended: bool,
    /// The virtual time of the lead pane, such as `t = 350 ms`.
    pub time: String,
    /// What just happened.
    pub said: Sentence,
    /// Who chooses the next task.
    pub scheduler: Chooser,
    /// Buggy (or its half-fix) first, fixed second.
    pub panes: Vec<Pane>,
    /// The run that the current film belongs to; ask for the film again when it changed.
    pub revision: u32,
}

/// A sentence in parts: the headline, why, and what else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Sentence {
    /// The headline, such as `F was refused.`
    pub lead: String,
    /// The explanation, possibly empty.
    pub rest: String,
    /// What the fixed version did instead, such as `Fixed: B began; it …`, possibly empty.
    pub aside: String,
    /// [`Tone::Bad`] when an invariant broke at this step.
    pub tone: Tone,
}

/// A combobox: what is chosen, and what there is to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Chooser {
    /// The `value` of the selected option.
    pub value: String,
    /// The options, in the order to show.
    pub options: Vec<ChoiceOption>,
}

/// An option of a [`Chooser`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ChoiceOption {
    /// What to send back.
    pub value: String,
    /// What to show.
    pub label: String,
}

/// One version of the bug at the selected step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Pane {
    /// The name of the region: `Buggy` or `Fixed`.
    pub role: String,
    /// The id of the variant that is shown, and the variants that this pane can show instead.
    pub variant: Chooser,
    /// The file that runs, such as `stuck_flag/buggy.rs`.
    pub file: String,
    /// Where the tasks are in the source.
    pub marks: Vec<LineMark>,
    /// The state that the bug is about.
    pub cells: Vec<StateCell>,
    /// A row per task.
    pub tasks: Vec<TaskRow>,
    /// The short verdict in the header.
    pub verdict: Verdict,
    /// What is to be known beside the verdict: lints, and why a check could not be complete. Each is led to like a
    /// verdict.
    pub facts: Vec<Verdict>,
    /// A sentence when this version could not follow the shared schedule at this step.
    pub aside: Option<String>,
    /// The button that lets time pass, while a person schedules and no task is ready.
    pub pass: Option<RunButton>,
}

/// What stands at one line of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LineMark {
    /// The line in the file, from 1.
    pub line: u32,
    /// The tasks that stand at this line.
    pub tasks: Vec<TaskTag>,
    /// [`Tone::Bad`] for the decisive line, [`Tone::Running`] for the line that ran in this step,
    /// [`Tone::Waiting`] otherwise.
    pub tone: Tone,
    /// Why they are there, such as `A waits: service, 140 ms left`; possibly empty.
    pub note: String,
}

/// A task's name and colour, as drawn in its marker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TaskTag {
    /// The full name.
    pub name: String,
    /// At most three letters.
    pub short: String,
    /// Which of the eight task colours, from 0; tasks of the same name have the same colour in both panes.
    pub colour: u8,
}

/// A named value of the scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct StateCell {
    /// Such as `is_processing`.
    pub name: String,
    /// Such as `true`.
    pub value: String,
    /// Whether this step changed it.
    pub changed: bool,
    /// [`Tone::Bad`] when the value is part of a finding.
    pub tone: Tone,
}

/// A row of the table "Tasks".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TaskRow {
    /// The task.
    pub tag: TaskTag,
    /// Picks the shape and colour beside the state.
    pub tone: Tone,
    /// Such as `sleeping`.
    pub state: String,
    /// What it waits for, or how it ended, such as `turn, held by A; 2nd in line`.
    pub waits: String,
    /// How often it was polled.
    pub polls: u32,
    /// The button that polls it next, while a person schedules and the task is ready.
    pub run: Option<RunButton>,
}

/// A button "Run F" with its digit key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RunButton {
    /// Such as `Run F`.
    pub label: String,
    /// The digit key, 1 to 9, or none beyond the ninth.
    pub key: Option<u8>,
    /// What to send back to make this choice.
    pub choice: String,
}

/// The short verdict of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// [`Tone::Bad`], [`Tone::Good`], or [`Tone::Quiet`] while nothing can be said.
    pub tone: Tone,
    /// Such as `Step 17: an idle worker refused F`.
    pub text: String,
    /// The step to go to, if the verdict is about one.
    pub step: Option<u32>,
    /// The schedule that the step is in, if it is another one than is shown.
    pub schedule: Option<String>,
}

/// A row of the tree "What was tried": what can happen at a moment, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TreeRow {
    /// The moment to ask for what follows; none when it was not tried here.
    pub node: Option<u32>,
    /// What happens, such as `A · B · time passes`.
    pub label: String,
    /// What came of it, such as `4 of 8 fail`.
    pub detail: String,
    /// [`Tone::Bad`] when a schedule that goes on here fails, [`Tone::Good`] when none does.
    pub tone: Tone,
    /// Whether there are rows below it.
    pub goes_on: bool,
    /// The schedule that leads there.
    pub schedule: Option<String>,
    /// The number of its steps.
    pub step: u32,
}

/// How something is to be drawn; a shape and a colour, never a reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// Nothing special.
    #[default]
    Quiet,
    /// Being polled in this step: a filled bar.
    Running,
    /// Could be polled: a hatched bar.
    Ready,
    /// Waits for time: a thin line.
    Sleeping,
    /// Waits for somebody: a dotted line.
    Waiting,
    /// Ended well: a tick.
    Done,
    /// Ended with an error: a cross.
    Failed,
    /// Cancelled, or dropped without an answer: a broken circle.
    Dropped,
    /// A lint: a fact that breaks nothing, and mostly means trouble.
    Lint,
    /// A finding.
    Bad,
    /// A verdict without findings.
    Good,
}

/// The whole run of both panes: what the timeline and the log draw.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Film {
    /// Which run this is.
    pub revision: u32,
    /// The bug that was run.
    pub bug: BugTitle,
    /// The time axis: one column per step, shared by both panes.
    pub columns: Vec<Column>,
    /// The lanes, those of the first pane first.
    pub lanes: Vec<Lane>,
    /// Who woke whom.
    pub arrows: Vec<Arrow>,
    /// The first step at which the panes differ.
    pub divergence: Option<u32>,
    /// Where an invariant broke, in order of steps.
    pub findings: Vec<FindingTick>,
    /// The event log of both panes, in order of steps.
    pub log: Vec<LogLine>,
}

/// What the catalogue says of a bug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BugTitle {
    /// The id in the address, such as `stuck-flag`.
    pub id: String,
    /// Such as `Stuck busy flag`.
    pub title: String,
    /// What goes wrong, in one sentence.
    pub sentence: String,
    /// The family in the catalogue, such as `Flags and state`.
    pub family: String,
    /// The module of the page that has it, such as `flags`.
    pub module: String,
    /// Where it was seen, the first place first.
    pub origins: Vec<OriginTitle>,
    /// The versions, such as `as found, half-fix, fixed`.
    pub versions: String,
    /// The least failing schedule of the buggy version, a mark per step.
    pub least: Vec<LeastStep>,
}

/// Where a bug was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OriginTitle {
    /// Such as `apalis-dev/apalis#219`.
    pub text: String,
    /// Where to read on, if it is public.
    pub link: Option<String>,
}

/// A step of a schedule as a small mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LeastStep {
    /// The colour of the task that acts; none when time passes.
    pub colour: Option<u8>,
    /// Whether the task is cancelled rather than polled, or meets a fault.
    pub forced: bool,
}

/// One step on the time axis. Abscissas count in units; a poll is one unit wide.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// The left edge, in units.
    pub x: f32,
    /// The width, in units.
    pub width: f32,
    /// The time that passed in this step, for each pane in which it did.
    pub passed: Vec<Passed>,
}

/// A stretch of time in one pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Passed {
    /// The index in [`Snapshot::panes`].
    pub pane: u32,
    /// How long it was, such as `600 ms`.
    pub label: String,
    /// Whether it was folded, because it is longer than it is wide: draw a zig-zag.
    pub folded: bool,
}

/// A task's row in the timeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Lane {
    /// The index in [`Snapshot::panes`].
    pub pane: u32,
    /// The task.
    pub tag: TaskTag,
    /// What it did, without gaps from its birth to its end.
    pub spans: Vec<Span>,
    /// How it ended, if it did.
    pub end: Option<LaneEnd>,
}

/// A stretch of a lane.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Abscissa of the start, in units.
    pub from: f32,
    /// Abscissa of the end, in units.
    pub to: f32,
    /// [`Tone::Running`], [`Tone::Ready`], [`Tone::Sleeping`] or [`Tone::Waiting`].
    pub tone: Tone,
}

/// The mark at the end of a lane.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LaneEnd {
    /// Abscissa, in units.
    pub at: f32,
    /// [`Tone::Done`], [`Tone::Failed`] or [`Tone::Dropped`].
    pub tone: Tone,
}

/// One task woke another.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Arrow {
    /// Abscissa, in units.
    pub at: f32,
    /// Index into [`Film::lanes`].
    pub from: u32,
    /// Index into [`Film::lanes`].
    pub to: u32,
}

/// A tick on the slider "Step".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FindingTick {
    /// The step.
    pub step: u32,
    /// The index in [`Snapshot::panes`].
    pub pane: u32,
    /// What broke, with the values it saw.
    pub sentence: String,
}

/// A line of the log "Events".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// The number of the event in its pane.
    pub number: u32,
    /// The step that it belongs to: shown once the playhead is there.
    pub step: u32,
    /// The index in [`Snapshot::panes`].
    pub pane: u32,
    /// Virtual time in milliseconds, such as `350`.
    pub time: String,
    /// Whose event it is; none for the clock.
    pub tag: Option<TaskTag>,
    /// Such as `woken by A`.
    pub text: String,
    /// [`Tone::Bad`] for a finding.
    pub tone: Tone,
}
