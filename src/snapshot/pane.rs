//! One version of the bug at one step.

use std::rc::Rc;

use super::moment::{Moment, Standing, TaskState};
use super::palette::Palette;
use super::waits::Detail;
use super::words::capitalised;
use super::{ChoiceOption, Chooser, LineMark, Pane, RunButton, StateCell, TaskRow, Tone, Verdict};
use crate::bugs::{Bug, Role, Variant};
use crate::finding::{self, Lint};
use crate::scenario::{Ended, Run};
use crate::schedule::Choice;
use crate::time::{Instant, Span};
use crate::trace::{Event, Place, list};

/// What a pane is drawn from.
pub(crate) struct Look<'a> {
    pub(crate) palette: &'a Palette,
    pub(crate) bug: &'static Bug,
    pub(crate) variant: &'static Variant,
    pub(crate) run: &'a Run,
    pub(crate) step: u32,
    /// What the schedule asked for in this step.
    pub(crate) wanted: Option<&'a Choice>,
    /// Whether a person chooses the next step, here and now.
    pub(crate) person: bool,
    /// Whether the digit keys are for this pane.
    pub(crate) keys: bool,
}

pub(crate) fn pane(look: &Look<'_>) -> Pane {
    let moment = Moment::after(look.run, look.step);
    Pane {
        role: if look.variant.role == Role::Fixed { "Fixed" } else { "Buggy" }.to_owned(),
        variant: variants(look),
        file: look.variant.file.to_owned(),
        marks: marks(look, &moment),
        cells: cells_of(&moment, look.step),
        tasks: rows(look, &moment),
        verdict: verdict(look.run),
        facts: facts(look.run),
        aside: aside(look),
        pass: pass(look, &moment),
    }
}

fn variants(look: &Look<'_>) -> Chooser {
    let fixed = look.variant.role == Role::Fixed;
    let same_pane = look.bug.variants.iter().filter(|variant| (variant.role == Role::Fixed) == fixed);
    let option = |variant: &Variant| ChoiceOption {
        value: variant.role.id().to_owned(),
        label: variant.role.title().to_owned(),
    };
    Chooser { value: look.variant.role.id().to_owned(), options: same_pane.map(option).collect() }
}

fn marks(look: &Look<'_>, moment: &Moment<'_>) -> Vec<LineMark> {
    let broken = look.run.trace.of_step(look.step).iter().any(|entry| matches!(entry.event, Event::Broken { .. }));
    let mut lines: Vec<(u32, Vec<&TaskState>)> = Vec::new();
    for task in &moment.tasks {
        // Whoever ended is shown once more in the step of its end.
        if let Some(line) = line_of(look.variant, task)
            && (!task.has_ended() || acts(look, task))
        {
            let place = lines.partition_point(|(other, _)| *other < line);
            if lines.get(place).is_none_or(|(other, _)| *other != line) {
                lines.insert(place, (line, Vec::new()));
            }
            lines[place].1.push(task);
        }
    }
    let mark = |(line, tasks): (u32, Vec<&TaskState>)| LineMark {
        line,
        tone: match (tasks.iter().any(|task| acts(look, task)), broken) {
            (true, true) => Tone::Bad,
            (true, false) => Tone::Running,
            (false, _) => Tone::Waiting,
        },
        note: note(moment, &tasks),
        tasks: tasks.iter().map(|task| look.palette.tag(&moment.name(task.id))).collect(),
    };
    lines.into_iter().map(mark).collect()
}

fn acts(look: &Look<'_>, task: &TaskState) -> bool {
    look.step > 0 && task.acted == look.step
}

/// Where a task is in the version. While it is in code that is not shown it stays at the line that it came from; what it
/// does in the scenario is at no line of the version.
fn line_of(variant: &Variant, task: &TaskState) -> Option<u32> {
    let in_version = |place: &Place| line_in(variant.file, place);
    let (folder, _) = variant.file.split_once('/').unwrap_or((variant.file, ""));
    let scenario = format!("{folder}.rs");
    let is_own = |place: &&Place| in_version(place).is_some() || line_in(&scenario, place).is_some();
    let waits = task.places.iter().find_map(in_version);
    waits.or_else(|| task.trail.iter().rev().find(is_own).and_then(in_version))
}

fn line_in(file: &str, place: &Place) -> Option<u32> {
    let of_place = place.file().replace('\\', "/");
    of_place.strip_suffix(file)?.ends_with('/').then(|| place.line())
}

/// Why the tasks of one line are there: in full for one, and for several what the first of them waits for.
fn note(moment: &Moment<'_>, tasks: &[&TaskState]) -> String {
    let first = tasks[0];
    let why = moment.waits_for(first, Detail::Left);
    let names: Vec<String> = tasks.iter().map(|task| moment.name(task.id).to_string()).collect();
    match (&names[..], &first.standing) {
        ([name], Standing::Blocked { .. }) => format!("{name} waits for {why}"),
        (names, Standing::Blocked { .. }) => {
            format!("{} wait for {}", list(names), of_several(why.split(';').next().unwrap_or(&why)))
        }
        ([name], Standing::Ended(_)) if why.is_empty() => format!("{name} returned"),
        ([name], Standing::Ended(_)) => format!("{name} {why}"),
        ([name], Standing::New | Standing::Ready { .. }) => format!("{name} is ready: {why}"),
        (names, _) => format!("{} are here; {}: {why}", list(names), names[0]),
    }
}

/// What several tasks wait for, where each by itself would wait for `its bytes to be sent`.
fn of_several(why: &str) -> String {
    let words: Vec<&str> = why.split(' ').map(|word| if word == "its" { "their" } else { word }).collect();
    words.join(" ")
}

/// The time, the state and the tasks of a run that is no version of a bug.
pub(crate) fn still(run: &Run, step: u32, palette: &Palette) -> (Instant, Vec<StateCell>, Vec<TaskRow>) {
    let moment = Moment::after(run, step);
    let tasks = moment.tasks.iter().map(|task| row(&moment, task, palette, None)).collect();
    (moment.time, cells_of(&moment, step), tasks)
}

/// The state that a bug is about, after a step of a run.
pub(crate) fn cells(run: &Run, step: u32) -> Vec<StateCell> {
    cells_of(&Moment::after(run, step), step)
}

fn cells_of(moment: &Moment<'_>, step: u32) -> Vec<StateCell> {
    let cell = |value: &super::moment::Value| StateCell {
        name: value.name.to_owned(),
        value: value.value.to_string(),
        changed: step > 0 && value.changed == step,
        tone: Tone::Quiet,
    };
    moment.values.iter().map(cell).collect()
}

fn rows(look: &Look<'_>, moment: &Moment<'_>) -> Vec<TaskRow> {
    let button = |name: Rc<str>| run_button(look, &Choice::Poll(name.clone()), format!("Run {name}"));
    let row = |task: &TaskState| row(moment, task, look.palette, button(moment.name(task.id)));
    moment.tasks.iter().map(row).collect()
}

fn row(moment: &Moment<'_>, task: &TaskState, palette: &Palette, run: Option<RunButton>) -> TaskRow {
    let (tone, state) = task.state();
    TaskRow {
        tag: palette.tag(&moment.name(task.id)),
        tone,
        state: state.to_owned(),
        waits: moment.waits_for(task, Detail::LeftAndUntil),
        polls: task.polls,
        run,
    }
}

fn pass(look: &Look<'_>, moment: &Moment<'_>) -> Option<RunButton> {
    let next = moment.tasks.iter().filter_map(TaskState::wakes_at).min()?;
    run_button(look, &Choice::Advance, format!("Let {} pass", Span(next - moment.time)))
}

/// The button that makes `choice`, if a person may make it now.
fn run_button(look: &Look<'_>, choice: &Choice, label: String) -> Option<RunButton> {
    let place = look.run.options.iter().position(|option| option == choice).filter(|_| look.person)?;
    let key = u8::try_from(place + 1).ok().filter(|key| look.keys && *key <= 9);
    Some(RunButton { label, key, choice: choice.to_string() })
}

fn verdict(run: &Run) -> Verdict {
    let steps = run.steps();
    match (run.findings().first(), run.ended) {
        (Some(finding), _) => Verdict {
            tone: Tone::Bad,
            text: format!("Step {} breaks “{}”", finding.step, finding.invariant),
            step: Some(finding.step),
            schedule: None,
        },
        (None, Ended::AtRest) => {
            Verdict { tone: Tone::Good, text: format!("{steps} steps, nothing broke"), step: None, schedule: None }
        }
        (None, Ended::Stopped) => {
            Verdict { tone: Tone::Quiet, text: "Nothing broke so far".to_owned(), step: None, schedule: None }
        }
        (None, Ended::TooLong) => {
            Verdict { tone: Tone::Bad, text: format!("Not at rest after {steps} steps"), step: None, schedule: None }
        }
    }
}

/// The lints of the run, at their steps.
fn facts(run: &Run) -> Vec<Verdict> {
    let fact = |(step, lint): (u32, &Lint)| Verdict {
        tone: Tone::Lint,
        text: format!(
            "Lint in step {step}: {}. {}.",
            lint.kind(),
            capitalised(run, &finding::tell(lint, &run.names))
        ),
        step: Some(step),
        schedule: None,
    };
    run.lints().map(fact).collect()
}

fn aside(look: &Look<'_>) -> Option<String> {
    let made = look.run.choices.get((look.step as usize).checked_sub(1)?)?;
    let wanted = look.wanted.filter(|wanted| *wanted != made)?;
    let wanted = match wanted {
        Choice::Poll(name) => format!("{name} is not ready here"),
        Choice::PollWith(name, _) => format!("{name} is not asked that here"),
        Choice::Cancel(name) => format!("{name} cannot be cancelled here"),
        Choice::Advance => "time does not pass here while a task is ready".to_owned(),
    };
    Some(match made {
        Choice::Poll(name) | Choice::PollWith(name, _) => format!("{wanted}; {name} ran instead"),
        Choice::Cancel(name) => format!("{wanted}; {name} was cancelled instead"),
        Choice::Advance => format!("{wanted}; time passed instead"),
    })
}
