//! What was noticed in the schedules of a search, beside what broke.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::rig::Rig;
use super::step::Step;
use crate::finding::{Lint, LintKind, tell};
use crate::scenario::Stage;
use crate::schedule::{Replay, Schedule};
use crate::trace::Place;

/// A lint that a search came across: a fact that breaks nothing, unless it was [denied](super::Options::deny).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// The kind of lint, such as `lost waker`.
    pub lint: String,
    /// What happened, and what to do about it.
    pub sentence: String,
    /// Where in the source to look, such as `src/worker.rs:12`.
    pub place: String,
    /// How many of the schedules that the verdict counts show it.
    pub schedules: u64,
    /// A schedule that shows it, such as `replay-A.B`.
    pub schedule: String,
    /// The step of that schedule in which it was noticed; 0 is before the first.
    pub step: u32,
}

/// Such as `lost waker: A waits, and …`, and on the next line where and in which schedule.
impl fmt::Display for Noticed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Noticed { lint, sentence, place, schedules, schedule, step } = self;
        write!(f, "  {lint}: {sentence}\n    at {place}, in {schedules} schedules; step {step} of {schedule}")
    }
}

/// What was noticed so far, each kind once for a place in the source.
#[derive(Default)]
pub(super) struct Notes(Vec<Seen>);

struct Seen {
    kind: LintKind,
    place: Place,
    samples: u64,
    executions: u64,
    /// The first execution that showed it.
    path: Vec<Step>,
}

/// How an execution came about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Drawn,
    InOrder,
}

impl Notes {
    /// Notes what the execution that has just ended showed; true when some of it is new, and then its path is to be
    /// [given](Notes::came_by).
    pub(super) fn note(&mut self, rig: &Rig, way: Way) -> bool {
        let mut is_new = false;
        for lint in rig.lints() {
            let (kind, place) = (lint.kind(), lint.place());
            let known = self.0.iter().position(|seen| seen.kind == kind && seen.place == place);
            let number = known.unwrap_or_else(|| {
                self.0.push(Seen { kind, place, samples: 0, executions: 0, path: Vec::new() });
                self.0.len() - 1
            });
            is_new |= known.is_none();
            match way {
                Way::Drawn => self.0[number].samples += 1,
                Way::InOrder => self.0[number].executions += 1,
            }
        }
        is_new
    }

    /// How the execution came about that showed something new.
    pub(super) fn came_by(&mut self, path: &[Step]) {
        for seen in self.0.iter_mut().filter(|seen| seen.path.is_empty()) {
            seen.path = path.to_vec();
        }
    }

    /// What was tried in order is tried again.
    pub(super) fn restart(&mut self) {
        self.0.iter_mut().for_each(|seen| seen.executions = 0);
    }

    /// The same in words: each is run once more, recording. In an exhausted search the drawn schedules do not count.
    pub(super) fn tell(&self, rig: &Rig, exhausted: bool) -> Vec<Noticed> {
        let mut told: Vec<Noticed> = self.0.iter().filter_map(|seen| seen.tell(rig, exhausted)).collect();
        told.sort_by(|one, other| (&one.lint, &one.place).cmp(&(&other.lint, &other.place)));
        told
    }
}

impl Seen {
    fn tell(&self, rig: &Rig, exhausted: bool) -> Option<Noticed> {
        let mut choices = rig.in_words(&self.path);
        let run = Stage::run(rig.scenario(), &mut Replay::new(&choices));
        let is_meant = |(_, lint): &(u32, &Lint)| lint.kind() == self.kind && lint.place() == self.place;
        let (step, lint) = run.lints().find(is_meant)?;
        choices.truncate(step as usize);
        Some(Noticed {
            lint: self.kind.name().to_owned(),
            sentence: tell(lint, &run.names),
            place: format!("{}:{}", self.place.file(), self.place.line()),
            schedules: if exhausted { self.executions } else { self.executions + self.samples },
            schedule: Schedule::Replay(choices).to_string(),
            step,
        })
    }
}
