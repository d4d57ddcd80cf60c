//! The least failing schedule, told from its trace.

use std::rc::Rc;

use super::{Broken, Decisive, Lack, NoReport, Told};
use crate::bugs::{Bug, Variant};
use crate::explore::{place_before, replay};
use crate::finding::{self, Finding};
use crate::scenario::Run;
use crate::schedule::{Choice, Schedule};
use crate::snapshot::{self, Sentence, Tone};
use crate::trace::{Event, TaskId};

/// The run of the schedule that is stored with a version that fails.
pub(super) struct Tale {
    bug: &'static Bug,
    variant: &'static Variant,
    schedule: &'static str,
    run: Run,
    /// What broke first.
    finding: Finding,
}

impl Tale {
    pub(super) fn of(bug: &'static Bug, variant: &'static Variant) -> Result<Tale, NoReport> {
        let no_report = |because| NoReport { bug: bug.id, version: variant.role.title(), because };
        let schedule = variant.fails.ok_or_else(|| no_report(Lack::NoSchedule))?.schedule;
        schedule.parse::<Schedule>().map_err(|error| no_report(Lack::Unreadable(error)))?;
        let run = replay(variant.scenario, schedule);
        match run.findings().into_iter().next() {
            Some(finding) => Ok(Tale { bug, variant, schedule, run, finding }),
            None => Err(no_report(Lack::BreaksNothing { schedule })),
        }
    }

    /// The step that breaks.
    pub(super) fn step(&self) -> u32 {
        self.finding.step
    }

    /// The address of a moment of it.
    pub(super) fn address(&self, step: u32) -> String {
        format!("#/bug/{}?schedule={}&step={step}", self.bug.id, self.schedule)
    }

    pub(super) fn broken(&self) -> Broken {
        Broken {
            invariant: self.finding.invariant.to_owned(),
            sentence: self.finding.sentence.to_string(),
            step: self.finding.step,
            cells: snapshot::cells(&self.run, self.step()),
        }
    }

    /// Every step up to the one that breaks.
    pub(super) fn story(&self) -> Vec<Told> {
        let decisive = self.decisive_step();
        (1..=self.step())
            .map(|step| {
                let Sentence { lead, rest, tone, .. } = snapshot::tell_step(&self.run, step);
                Told {
                    step,
                    text: format!("{lead} {rest}").trim_end().to_owned(),
                    tone: if tone == Tone::Quiet && step == decisive { Tone::Running } else { tone },
                    address: self.address(step),
                }
            })
            .collect()
    }

    /// The step that decides it, with its line in the source of the version.
    pub(super) fn decisive(&self, source: &str) -> Decisive {
        let step = self.decisive_step();
        let place = self.place(step);
        let line = place.as_ref().filter(|(file, _)| *file == self.variant.file);
        Decisive {
            step,
            sentence: self.why(step),
            line: line.and_then(|(_, number)| {
                let line = source.lines().nth((*number as usize).checked_sub(1)?)?;
                Some(line.trim().to_owned())
            }),
            place: place.map(|(file, number)| format!("{file}:{number}")),
        }
    }

    /// Who waits for whom when nothing can happen any more.
    pub(super) fn waits(&self) -> Vec<String> {
        let stuck = self.run.findings().iter().any(|finding| finding.invariant == finding::EVERY_TASK_ENDS);
        if stuck { finding::waits(&self.run.trace, &self.run.names) } else { Vec::new() }
    }

    fn decisive_step(&self) -> u32 {
        (1..=self.step()).rev().find(|step| self.is_preemption(*step)).unwrap_or(self.step())
    }

    fn is_preemption(&self, step: u32) -> bool {
        match self.choice(step) {
            Some(Choice::Cancel(_) | Choice::PollWith(..)) => true,
            Some(choice) => self.left(step).is_some_and(|left| !choice.is_like(&Choice::Poll(left))),
            None => false,
        }
    }

    /// The task that acted before a step and could have gone on in it.
    fn left(&self, step: u32) -> Option<Rc<str>> {
        let (Choice::Poll(name) | Choice::PollWith(name, _)) = self.choice(step.checked_sub(1)?)? else {
            return None;
        };
        let id = |task: &TaskId| self.run.names.get(*task) == Some(name);
        let acted = self.run.trace.of_step(step - 1);
        let again = acted.iter().any(|entry| matches!(&entry.event, Event::Woken { task, .. } if id(task)));
        let ended = acted.iter().any(|entry| matches!(&entry.event, Event::Ended { task, .. } if id(task)));
        (again && !ended).then(|| name.clone())
    }

    fn choice(&self, step: u32) -> Option<&Choice> {
        self.run.choices.get((step as usize).checked_sub(1)?)
    }

    fn why(&self, step: u32) -> String {
        match (self.choice(step), self.left(step)) {
            (Some(Choice::Cancel(name)), _) => format!("{name} is cancelled where it waits."),
            (Some(Choice::PollWith(name, _)), _) => format!("{name} meets a fault."),
            (Some(Choice::Poll(name)), Some(left)) if *name != left => {
                format!("{name} runs, though {left} could have gone on.")
            }
            _ => "It is the one that breaks, and no task is interrupted on the way to it.".to_owned(),
        }
    }

    /// Where the task of a step goes on from: the file below `src/bugs` or elsewhere, and the line.
    fn place(&self, step: u32) -> Option<(String, u32)> {
        let place = place_before(&self.run, step)?;
        let file = place.file().replace('\\', "/");
        let file = file.strip_prefix("src/bugs/").unwrap_or(&file).to_owned();
        Some((file, place.line()))
    }
}
