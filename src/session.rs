//! A bug on the table: which versions, under which schedule, at which step.
//!
//! A session is nothing but its address. Every [`Action`] changes that, the versions are run again from the start,
//! and the [`Snapshot`] is a fold over what they left behind. Going back a step replays a shorter prefix; there is no
//! undo, and nothing to get out of step with.
//!
//! ```
//! use unstuck::session::{Action, Session};
//!
//! let mut session = Session::open("#/bug/stuck-flag?step=18");
//! assert_eq!(session.snapshot().said.lead, "F began; it was skipped: the worker says it is busy.");
//! let snapshot = session.apply(&Action::Step { by: -1 }).unwrap();
//! assert_eq!(snapshot.address, "#/bug/stuck-flag?step=17");
//! ```

mod action;
mod address;
mod check;

pub use self::action::{Action, ActionError, Fields};
use self::address::Address;
use self::check::Check;
pub use self::check::CheckProgress;
use crate::bugs::{Bug, Role, Variant};
use crate::explore::NodeId;
use crate::scenario::{Ended, Run, Stage};
use crate::schedule::{Choice, MAX_CHOICES, Schedule};
use crate::snapshot::{
    self, BugTitle, ChoiceOption, Film, Look, Palette, Pane, SchedulerChoice, Sentence, Snapshot, Tone, TreeRow,
    Verdict,
};
use crate::time::Instant;

/// A bug, two of its versions, a schedule and a step.
pub struct Session {
    address: Address,
    notice: Option<String>,
    /// The colours of the bug's tasks.
    palette: Palette,
    runs: [Run; 2],
    check: Option<Check>,
    revision: u32,
}

impl Session {
    /// Every bug that can be opened, family by family.
    pub fn catalogue() -> Vec<BugTitle> {
        let mut bugs: Vec<&Bug> = Bug::ALL.iter().collect();
        bugs.sort_by_key(|bug| (bug.family, bug.number));
        bugs.into_iter().map(|bug| snapshot::title(bug, &Palette::of(bug))).collect()
    }

    /// Opens an address, or as much of it as there is.
    pub fn open(text: &str) -> Session {
        let (mut address, mut ignored) = Address::parse(text);
        let mut runs = run(&address);
        if let Some((step, choice)) = address.unfollowed(&runs) {
            ignored.push(format!("everything from step {step} on, because {choice} is not ready there"));
            address.schedule = first_choices(&address.schedule, step - 1);
            runs = run(&address);
        }
        let palette = Palette::of(address.bug);
        let mut session = Session { address, notice: None, palette, runs, check: None, revision: 0 };
        if session.address.step > session.last() {
            ignored.push(format!("the step {}, because the run has {}", session.address.step, session.last()));
            session.address.step = session.last();
        }
        session.notice = address::notice(&ignored);
        session
    }

    /// Does what a person asks for, and shows what is to be seen then.
    pub fn apply(&mut self, action: &Action) -> Result<Snapshot, ActionError> {
        match action {
            Action::Open { address } => self.reopen(address),
            Action::Step { by } => self.step(*by),
            Action::Go { to } => self.go(*to),
            Action::Finding { by } => self.go_to_finding(*by),
            Action::End => self.go(self.last()),
            Action::Reset => self.reset(),
            Action::Schedule { value } => self.schedule(value)?,
            Action::Choose { choice } => self.choose(choice)?,
            Action::Variant { pane, value } => self.show_variant(*pane, value)?,
        }
        Ok(self.snapshot())
    }

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
            open_ended: here && self.next_option().is_some(),
            time: format!("t = {}", time_at(lead, step)),
            said: self.tell(step),
            scheduler: self.scheduler_choice(),
            panes: [0, 1].map(|pane| self.pane(pane)).into(),
            revision: self.revision,
        }
    }

    /// The whole run, for the timeline and the log.
    pub fn film(&self) -> Film {
        let [lead, other] = &self.runs;
        snapshot::film(self.revision, self.address.bug, &self.palette, &[lead, other])
    }

    /// The runs of both panes, the buggy one first.
    pub fn runs(&self) -> &[Run; 2] {
        &self.runs
    }

    // ---- checking every schedule

    /// Begins to try every schedule of both versions, and forgets an earlier check.
    pub fn begin_check(&mut self) {
        self.check = Some(Check::new(self.address.bug, self.variants()));
    }

    /// Goes on for as long as `go_on` says so, which is asked every few schedules. At the end the least schedule
    /// that breaks a version is opened at the step where it does.
    pub fn check_while(&mut self, go_on: impl FnMut() -> bool) -> Option<CheckProgress> {
        let check = self.check.as_mut().filter(|check| !check.is_done())?;
        check.run_while(go_on);
        let mut progress = check.progress();
        if let Some((schedule, step)) = check.least_failing().filter(|_| progress.done) {
            (self.address.schedule, self.address.step) = (schedule, step);
            self.rerun();
            progress.opened = Some(step);
        }
        Some(progress)
    }

    /// What could happen at a moment of what the check tried in a pane, and what came of it; the first moment is 0.
    /// Nothing when there was no check of these versions.
    pub fn branches(&self, pane: usize, node: u32) -> Vec<TreeRow> {
        let check = self.check.as_ref().filter(|check| check.is_of(self.variants()));
        check.filter(|_| pane < 2).map_or_else(Vec::new, |check| check.branches(pane, NodeId(node)))
    }

    /// Forgets the check.
    pub fn cancel_check(&mut self) {
        self.check = None;
    }

    // ---- actions

    fn reopen(&mut self, address: &str) {
        let revision = self.revision + 1;
        *self = Session { revision, ..Session::open(address) };
    }

    fn step(&mut self, by: i32) {
        let beyond = by > 0 && self.address.step == self.last();
        match (&mut self.address.schedule, beyond.then(|| next_option(&self.runs)).flatten()) {
            (Schedule::Person(choices), Some(first)) if choices.len() < MAX_CHOICES => {
                choices.push(first);
                self.address.step += 1;
                self.rerun();
            }
            _ => self.go(self.address.step.saturating_add_signed(by)),
        }
    }

    fn go(&mut self, to: u32) {
        self.notice = None;
        self.address.step = to.min(self.last());
    }

    fn go_to_finding(&mut self, by: i32) {
        let here = self.address.step;
        let steps = || self.runs.iter().flat_map(Run::findings).map(|finding| finding.step);
        let found = match by < 0 {
            true => steps().filter(|step| *step < here).max(),
            false => steps().filter(|step| *step > here).min(),
        };
        if let Some(step) = found {
            self.go(step);
        }
    }

    fn reset(&mut self) {
        if let Schedule::Person(choices) = &mut self.address.schedule {
            choices.clear();
            self.rerun();
        }
        self.go(0);
    }

    fn schedule(&mut self, value: &str) -> Result<(), ActionError> {
        let schedule: Schedule = value.parse().map_err(ActionError::new)?;
        self.address.schedule = match schedule {
            // A person goes on from where they are.
            Schedule::Person(choices) if choices.is_empty() => Schedule::Person(self.choices_so_far()),
            schedule => {
                self.address.step = 0;
                schedule
            }
        };
        self.rerun();
        self.address.step = self.address.step.min(self.last());
        Ok(())
    }

    fn choose(&mut self, choice: &str) -> Result<(), ActionError> {
        let choice: Choice = choice.parse().map_err(ActionError::new)?;
        let mut choices = self.choices_so_far();
        if choices.len() >= MAX_CHOICES {
            return Err(ActionError::new(format!("A schedule holds at most {MAX_CHOICES} choices.")));
        }
        choices.push(choice);
        let address =
            Address { step: choices.len() as u32, schedule: Schedule::Person(choices), ..self.address.clone() };
        let runs = run(&address);
        if let Some((_, choice)) = address.unfollowed(&runs) {
            return Err(ActionError::new(format!("{choice} is not ready in this step.")));
        }
        (self.address, self.runs, self.notice) = (address, runs, None);
        self.revision += 1;
        Ok(())
    }

    fn show_variant(&mut self, pane: u32, value: &str) -> Result<(), ActionError> {
        let bug = self.address.bug;
        let variant = bug.variant(value).filter(|variant| (variant.role == Role::Fixed) == (pane == 1));
        let variant = variant.ok_or_else(|| ActionError::new(format!("This pane has no version “{value}”.")))?;
        match pane {
            0 => self.address.lead = variant,
            _ => self.address.fixed = variant,
        }
        self.rerun();
        self.address.step = self.address.step.min(self.last());
        Ok(())
    }

    // ---- derived

    fn rerun(&mut self) {
        self.notice = None;
        self.runs = run(&self.address);
        self.revision += 1;
    }

    fn variants(&self) -> [&'static Variant; 2] {
        [self.address.lead, self.address.fixed]
    }

    fn last(&self) -> u32 {
        last(&self.runs)
    }

    /// The run that the sentence is about: the buggy one, until it has come to its end.
    fn lead(&self) -> &Run {
        let [lead, other] = &self.runs;
        if self.address.step > lead.steps() { other } else { lead }
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
            (_, None) => "Press Play. Under this schedule nothing breaks; others do.".to_owned(),
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

    fn next_option(&self) -> Option<Choice> {
        next_option(&self.runs)
    }

    /// The decisions that led to the selected step.
    fn choices_so_far(&self) -> Vec<Choice> {
        let step = self.address.step as usize;
        match &self.address.schedule {
            Schedule::Person(choices) => choices.iter().take(step).cloned().collect(),
            _ => self.lead().choices.iter().take(step).cloned().collect(),
        }
    }

    fn scheduler_choice(&self) -> SchedulerChoice {
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
        SchedulerChoice { value, options }
    }
}

fn run(address: &Address) -> [Run; 2] {
    [address.lead, address.fixed].map(|variant| Stage::run(&variant.scenario, &mut *address.schedule.scheduler()))
}

/// What to say to a person who broke a version.
fn score(variant: &Variant, step: u32) -> Option<Verdict> {
    let least: Schedule = variant.fails?.schedule.parse().ok()?;
    let text = format!("You broke it in {step} steps; the least schedule takes {}", least.choices().len());
    Some(Verdict { tone: Tone::Bad, text, step: Some(step), schedule: None })
}

fn last(runs: &[Run; 2]) -> u32 {
    runs.iter().map(Run::steps).max().unwrap_or(0)
}

/// The first thing that could happen next, in the buggy version if it can go on.
fn next_option(runs: &[Run; 2]) -> Option<Choice> {
    let stopped = runs.iter().filter(|run| run.ended == Ended::Stopped);
    stopped.flat_map(|run| run.options.first()).next().cloned()
}

fn first_choices(schedule: &Schedule, count: u32) -> Schedule {
    let first = |choices: &[Choice]| choices.iter().take(count as usize).cloned().collect();
    match schedule {
        Schedule::Person(choices) => Schedule::Person(first(choices)),
        Schedule::Replay(choices) => Schedule::Replay(first(choices)),
        other => other.clone(),
    }
}

fn time_at(run: &Run, step: u32) -> Instant {
    run.trace.up_to_step(step).last().map_or(Instant::ZERO, |entry| entry.time)
}
