//! What the view *Flow* draws: plain, display-ready data without behaviour.
//!
//! Labels, sentences, tones and the list of what can be done are decided in Rust and tested there; a view may branch
//! on a [`Tone`], a [`Join`] or a place, never on a reason. In TypeScript the names begin with `Flow`.

use serde::Serialize;
#[cfg(all(target_arch = "wasm32", feature = "flow"))]
use tsify::Tsify;

/// One moment of a demo.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The canonical address of this moment, such as `#/flow?demo=parallel&seed=1`.
    pub address: String,
    /// One sentence on what of the requested address was ignored.
    pub notice: Option<String>,
    /// The demo that is shown.
    pub demo: DemoTitle,
    /// Whether time is virtual or real.
    pub clock: ClockChoice,
    /// What all chance is drawn from.
    pub seed: u32,
    /// What can be turned.
    pub sliders: Vec<Slider>,
    /// The selected step; 0 is before anything happened.
    pub step: u32,
    /// The number of steps so far.
    pub last: u32,
    /// The time on the executor's clock, such as `t = 1.2 s`.
    pub time: String,
    /// What just happened.
    pub said: Sentence,
    /// Whether a host drives it right now, so that there is more to see soon.
    pub live: bool,
    /// Whether it can be begun, on a host's clock.
    pub can_run: bool,
    /// Whether it can be asked to stop.
    pub can_stop: bool,
    /// The pipeline, box within box.
    pub pipeline: Block,
    /// Its circuit, if it has one.
    pub circuit: Option<CircuitPicture>,
    /// The run that the current film belongs to; ask for the film again when it changed.
    pub revision: u32,
}

/// What the list of demos says of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct DemoTitle {
    /// The name in the address, such as `parallel`.
    pub id: String,
    /// Such as `Parallel with a limit`.
    pub title: String,
    /// What there is to see, in one sentence.
    pub sentence: String,
    /// Under which heading it stands.
    pub family: String,
    /// What its log is filtered by at first.
    pub filter: String,
}

/// Whose time it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub enum ClockChoice {
    /// Time jumps to the next deadline; the run can be stepped both ways.
    #[default]
    Virtual,
    /// The host's clock tells the time.
    Real,
}

/// Something to turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Slider {
    /// What to send back.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Its value.
    pub value: u32,
    /// The value with its unit.
    pub text: String,
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// How far apart two values are.
    pub step: u32,
}

/// A sentence in two parts: the headline, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Sentence {
    /// The headline, such as `Fetch10 failed.`
    pub lead: String,
    /// The explanation, possibly empty.
    pub rest: String,
    /// How it is meant.
    pub tone: Tone,
}

/// What the shape and the colour of a mark are chosen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// Nothing special.
    #[default]
    Quiet,
    /// Not known to anybody yet.
    Idle,
    /// Known, and not begun.
    Pending,
    /// Under way.
    Running,
    /// Failed, and to be tried again.
    Retrying,
    /// Gave a value.
    Succeeded,
    /// Gave none.
    Failed,
    /// Was asked to stop, and has stopped.
    Cancelled,
    /// A call that was slow.
    Slow,
    /// A call that was not admitted.
    Rejected,
    /// A call that counts neither way.
    Ignored,
}

/// A task or a group: a box.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Its name, such as `Fetch10`.
    pub name: String,
    /// What it is, such as `parallel, 2 at a time`; empty for a task.
    pub kind: String,
    /// The state that it is in.
    pub tone: Tone,
    /// The same in words, such as `running, attempt 2`.
    pub state: String,
    /// Why, if there is more to say.
    pub why: String,
    /// How long it has been at it, such as `320 ms`; empty before it began.
    pub time: String,
    /// Its policies, the outermost first.
    pub policies: Vec<String>,
    /// How much of it is done, from 0 to 1.
    pub fill: f64,
    /// How the boxes within belong together.
    pub join: Join,
    /// The boxes within.
    pub blocks: Vec<Block>,
    /// In a plan, where it stands.
    pub place: Option<Place>,
    /// In a plan, what leads from box to box.
    pub arrows: Vec<Arrow>,
}

/// How the boxes of a group belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub enum Join {
    /// One after the other: an arrow between them.
    Then,
    /// The second instead of the first: an `or` between them.
    Or,
    /// Side by side.
    Beside,
    /// By arrows of their own, each at its place.
    Plan,
}

/// Where a box of a plan stands, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The number of steps that have to be done before it, one after the other.
    pub column: u32,
    /// Its number among those.
    pub row: u32,
}

/// A value goes from one box of a plan to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Arrow {
    /// Index into [`Block::blocks`].
    pub from: u32,
    /// Index into [`Block::blocks`].
    pub to: u32,
    /// Whether the value is there.
    pub done: bool,
}

/// A circuit breaker at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct CircuitPicture {
    /// In which state it is and what that means, in one sentence.
    pub sentence: String,
    /// The place of the current state.
    pub place: CircuitPlace,
    /// The state as it is called, such as `half-open`.
    pub state: String,
    /// Whether it is where it is because a person said so.
    pub forced: bool,
    /// What opens it.
    pub opens: String,
    /// How long it waits then.
    pub waits: String,
    /// What closes it.
    pub closes: String,
    /// What opens it again.
    pub reopens: String,
    /// The time until a call may be a probe, while it is open.
    pub countdown: Option<Countdown>,
    /// The places of probes, while it is half-open.
    pub probes: Vec<Probe>,
    /// What came of the last calls, the newest last.
    pub ticks: Vec<Tick>,
    /// What of them counts now, in words.
    pub counts: String,
    /// What it has seen since it was made.
    pub numbers: Vec<CircuitNumber>,
    /// What a person can do to it.
    pub acts: Vec<ActButton>,
}

/// Where in the diagram a state stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub enum CircuitPlace {
    /// Calls go through.
    Closed,
    /// Calls are rejected.
    Open,
    /// Probes go through.
    HalfOpen,
    /// What a person said, whatever the calls do.
    ByHand,
}

/// How much of a time is left.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Countdown {
    /// Such as `6.2 s`.
    pub label: String,
    /// From 1 at the beginning to 0.
    pub part: f64,
}

/// A place of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// [`Tone::Idle`] when it is free, [`Tone::Running`] when it is reserved, or what came of it.
    pub tone: Tone,
    /// The same in a word.
    pub label: String,
}

/// A call, as the circuit saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Tick {
    /// What came of it.
    pub tone: Tone,
    /// The same in words, with the time.
    pub label: String,
}

/// A number of calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct CircuitNumber {
    /// What is counted, such as `rejected`.
    pub label: String,
    /// How many.
    pub value: String,
}

/// Something that a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct ActButton {
    /// What to send back.
    pub act: String,
    /// Such as `Force open`.
    pub label: String,
    /// Whether it would change anything.
    pub enabled: bool,
}

/// The whole run so far: what the log draws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct Film {
    /// Which run this is.
    pub revision: u32,
    /// The log of the bus, in order.
    pub log: Vec<LogLine>,
}

/// A line of the log "Events".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// The number of the line.
    pub number: u32,
    /// The step that it belongs to.
    pub step: u32,
    /// When, such as `1.2 s`.
    pub time: String,
    /// How it is meant.
    pub tone: Tone,
    /// Whose event it is.
    pub name: String,
    /// What happened, such as `running, attempt 2`.
    pub text: String,
}
