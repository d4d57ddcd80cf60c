//! What is to be seen of a session at its step.

use super::{Session, next_option};
use crate::bugs::Variant;
use crate::scenario::Run;
use crate::schedule::Schedule;
use crate::snapshot::{self, ChoiceOption, Chooser, Film, Look, Pane, Sentence, Snapshot, Tone, Verdict};
use crate::time::Instant;

impl Session {
    /// What is to be seen now.
    pub fn snapshot(&self) -> Snapshot {
        let step = self.address.step;
        let lead = self.lead();
        let person = matches!(self.address.schedule, Schedule::Person(_));
        let here = person && step == self.last();
        Snapshot {
            address: self.address.to_string(),
            notice: self.notice.clone(),
            step,
            last: self.last(),
            broken_by_person: self.is_broken_by_person(),
            open_ended: here && next_option(&self.runs).is_some(),
            time: format!("t = {}", time_at(lead, step)),
            said: self.tell(step),
            scheduler: self.scheduler_chooser(),
            panes: [0, 1].map(|pane| self.pane(pane)).into(),
            revision: self.revision,
        }
    }

    /// The whole run, for the timeline and the log.
    pub fn film(&self) -> Film {
        let [lead, other] = &self.runs;
        snapshot::film(self.revision, self.address.bug, &self.palette, &[lead, other])
    }

    fn pane(&self, pane: usize) -> Pane {
        let (run, step) = (&self.runs[pane], self.address.step);
        let wanted = self.address.schedule.choices().get((step as usize).wrapping_sub(1));
        let shown = snapshot::pane(&Look {
            palette: &self.palette,
            bug: self.address.bug,
            variant: self.variants()[pane],
            run,
            step: step.min(run.steps()),
            wanted: wanted.filter(|_| step <= run.steps()),
            person: step == self.last() && matches!(self.address.schedule, Schedule::Person(_)),
            keys: core::ptr::eq(run, self.chooser()),
        });
        let check = self.check.as_ref().filter(|check| check.is_of(self.variants()));
        let mut facts = shown.facts.clone();
        facts.extend(check.into_iter().flat_map(|check| check.facts(pane, run)));
        let shown = Pane { facts, ..shown };
        let verdict = match (&self.address.schedule, run.findings().first()) {
            (Schedule::Person(_), Some(broken)) => score(self.variants()[pane], broken.step),
            _ => check.and_then(|check| check.verdict(pane)),
        };
        match verdict {
            Some(verdict) => Pane { verdict, ..shown },
            None => shown,
        }
    }

    /// What the lead did, and where the fixed version did something else, that too.
    fn tell(&self, step: u32) -> Sentence {
        if step == 0 {
            return self.prologue();
        }
        let lead = self.lead();
        let fixed = &self.runs[1];
        let mut said = snapshot::tell_step(lead, step);
        let differs = step <= fixed.steps() && snapshot::deeds(lead, step) != snapshot::deeds(fixed, step);
        let other = snapshot::tell_step(fixed, step).lead;
        if differs && other != said.lead {
            said.aside = format!("Fixed: {other}");
        }
        said
    }

    /// Before the first step: what is going to be played, and what can be done about it.
    fn prologue(&self) -> Sentence {
        let broken = self.runs[0].findings().first().map(|finding| finding.step);
        let lead = match (&self.address.schedule, broken) {
            (Schedule::Person(_), _) => "You schedule: press Run beside a task, or its digit.".to_owned(),
            (_, Some(step)) => format!("Press Play, or go straight to step {step}, where it breaks."),
            (_, None) => {
                "Press Play. This schedule breaks nothing; “Check every schedule” finds one that does.".to_owned()
            }
        };
        let context = self.address.bug.writeup.context.replace('`', "");
        Sentence { lead, rest: context, ..Sentence::default() }
    }

    fn is_broken_by_person(&self) -> bool {
        let has_chosen = matches!(&self.address.schedule, Schedule::Person(choices) if !choices.is_empty());
        let broken = self.runs[0].findings().first().is_some_and(|finding| finding.step <= self.address.step);
        has_chosen && broken
    }

    /// The run whose options the digit keys mean.
    fn chooser(&self) -> &Run {
        let [lead, other] = &self.runs;
        if lead.options.is_empty() { other } else { lead }
    }

    fn scheduler_chooser(&self) -> Chooser {
        let option = |value: &str, label: &str| ChoiceOption { value: value.to_owned(), label: label.to_owned() };
        let seed = match self.address.schedule {
            Schedule::Random(seed) => seed,
            _ => 1,
        };
        let random = format!("random-{seed}");
        let mut options = vec![
            option("fifo", "First in, first out"),
            option(&random, &format!("Random, seed {seed}")),
            option("you", "You schedule"),
        ];
        let value = match &self.address.schedule {
            Schedule::Fifo => "fifo".to_owned(),
            Schedule::Random(_) => random,
            Schedule::Person(_) => "you".to_owned(),
            replay @ Schedule::Replay(choices) => {
                let value = replay.to_string();
                options.push(option(&value, &format!("Replay of {} choices", choices.len())));
                value
            }
        };
        Chooser { value, options }
    }
}

/// What to say to a person who broke a version.
fn score(variant: &Variant, step: u32) -> Option<Verdict> {
    let least: Schedule = variant.fails?.schedule.parse().ok()?;
    let least = least.choices().len() as u32;
    // The least schedule has the fewest preemptions, and that can take more steps.
    let what = if step < least { "schedule with the fewest preemptions" } else { "least schedule" };
    let text = format!("You broke it in {step} steps; the {what} takes {least}");
    Some(Verdict { tone: Tone::Bad, text, step: Some(step), schedule: None })
}

fn time_at(run: &Run, step: u32) -> Instant {
    run.trace.up_to_step(step).last().map_or(Instant::ZERO, |entry| entry.time)
}
