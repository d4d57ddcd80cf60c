//! A failing schedule in words: it is run once more, recording.

use super::report::{Decisive, Failure};
use super::rig::Rig;
use super::shrink::Least;
use super::step::Step;
use crate::finding::Finding;
use crate::scenario::{Run, Stage};
use crate::schedule::{Choice, Replay, Schedule, Scheduler};
use crate::trace::{Event, Place, TaskId};

/// The failure of a schedule as it was found.
pub(super) fn found(rig: &Rig, path: &[Step], max_steps: u32) -> Failure {
    tell(rig, path, None, max_steps)
}

/// The failure of the least schedule that fails.
pub(super) fn least(rig: &Rig, least: &Least, max_steps: u32) -> Failure {
    let failure = tell(rig, &least.path, least.last_preemption, max_steps);
    Failure {
        preemptions: least.cost.preemptions,
        switches: least.cost.switches,
        is_least: least.is_proven,
        ..failure
    }
}

fn again(rig: &Rig, path: &[Step]) -> (Vec<Choice>, Run) {
    let choices = rig.in_words(path);
    let run = Stage::run(rig.scenario(), &mut Replay::new(&choices));
    (choices, run)
}

fn tell(rig: &Rig, path: &[Step], decisive: Option<u32>, max_steps: u32) -> Failure {
    let (mut choices, run) = again(rig, path);
    let steps = choices.len() as u32;
    let endless = || Finding {
        step: steps,
        invariant: "every run ends",
        sentence: format!("it goes on for more than {max_steps} steps").into(),
    };
    let broken = run.findings().into_iter().next();
    let is_endless = broken.is_none();
    let finding = broken.unwrap_or_else(endless);
    choices.truncate(finding.step as usize);
    let switches = choices.windows(2).filter(|pair| !pair[0].is_like(&pair[1])).count() as u32;
    if is_endless {
        choices.truncate(enough_for_no_end(rig, &choices, max_steps));
    }
    let step = decisive.unwrap_or(finding.step);
    let choice = step.checked_sub(1).and_then(|before| run.choices.get(before as usize));
    Failure {
        invariant: finding.invariant.to_owned(),
        sentence: finding.sentence.to_string(),
        step: finding.step,
        steps: finding.step,
        preemptions: 0,
        switches,
        is_least: false,
        decisive: Decisive {
            step,
            choice: choice.map_or_else(String::new, Choice::to_string),
            place: place_before(&run, step).map(|place| format!("{}:{}", place.file(), place.line())),
        },
        schedule: Schedule::Replay(choices).to_string(),
    }
}

/// How many of the choices, of a run without an end, need to be written down: a replay goes on first in, first out, and
/// mostly finds no end either.
fn enough_for_no_end(rig: &Rig, choices: &[Choice], max_steps: u32) -> usize {
    let lengths = core::iter::once(0).chain(core::iter::successors(Some(1), |length| Some(length * 2)));
    let has_no_end = |length: &usize| {
        let mut scheduler = Bounded { replay: Replay::new(&choices[..*length]), most: max_steps, is_reached: false };
        Stage::run(rig.scenario(), &mut scheduler);
        scheduler.is_reached
    };
    lengths.take_while(|length| *length < choices.len()).find(has_no_end).unwrap_or(choices.len())
}

/// A replay that stops after so many steps.
struct Bounded<'a> {
    replay: Replay<'a>,
    most: u32,
    is_reached: bool,
}

impl Scheduler for Bounded<'_> {
    fn choose(&mut self, step: u32, options: &[Choice]) -> Option<usize> {
        self.is_reached = step > self.most;
        if self.is_reached { None } else { self.replay.choose(step, options) }
    }

    fn answers(&mut self, step: u32) -> &[u32] {
        self.replay.answers(step)
    }
}

/// Where the task of a step goes on from: where it waited last, or where it was spawned.
pub(crate) fn place_before(run: &Run, step: u32) -> Option<Place> {
    let acts = |event: &Event| match event {
        Event::Polled { task } | Event::Ended { task, .. } => Some(*task),
        _ => None,
    };
    let task: TaskId = run.trace.of_step(step).iter().find_map(|entry| acts(&entry.event))?;
    let before = run.trace.up_to_step(step.checked_sub(1)?);
    before.iter().rev().find_map(|entry| match entry.event {
        Event::Waits { task: waiting, at, .. } if waiting == task => Some(at),
        Event::Spawned { task: spawned, at, .. } if spawned == task => Some(at),
        _ => None,
    })
}
