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
mod shown;

pub use self::action::{Action, ActionError, Fields};
use self::address::Address;
use self::check::Check;
pub use self::check::CheckProgress;
use crate::bugs::{Bug, Role, Variant};
use crate::explore::NodeId;
use crate::scenario::{Ended, Run, Stage};
use crate::schedule::{Choice, MAX_CHOICES, Schedule};
use crate::snapshot::{self, BugTitle, Palette, Snapshot, TreeRow};
use crate::time::{Duration, Instant};

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
    ///
    /// # Errors
    ///
    /// An [`ActionError`] with a sentence; nothing was done then.
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

    /// The runs of both panes, the buggy one first.
    pub fn runs(&self) -> &[Run; 2] {
        &self.runs
    }

    /// Begins to try every schedule of both versions, and forgets an earlier check.
    pub fn begin_check(&mut self) {
        self.check = Some(Check::new(self.address.bug, self.variants()));
    }

    /// Goes on for as long as `go_on` says so, which is asked every few schedules. At the end the least schedule
    /// that breaks a version is opened at the step where it does.
    pub fn check_while(&mut self, go_on: impl FnMut() -> bool) -> Option<CheckProgress> {
        self.check_by(|check| check.run_while(go_on))
    }

    /// The same for about so long by this clock, and tells how many schedules are tried in a second.
    pub fn check_for(&mut self, limit: Duration, clock: impl Fn() -> Instant) -> Option<CheckProgress> {
        self.check_by(|check| {
            let begun = clock();
            check.run_while(|| clock() < begun + limit);
            check.took(clock() - begun);
        })
    }

    fn check_by(&mut self, run: impl FnOnce(&mut Check)) -> Option<CheckProgress> {
        let check = self.check.as_mut().filter(|check| !check.is_done())?;
        run(check);
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
        let variant = self.address.bug.variant(value);
        let variant = variant.filter(|variant| (variant.role == Role::Fixed) == (pane == 1));
        let variant = variant.ok_or_else(|| ActionError::new(format!("This pane has no version “{value}”.")))?;
        if pane == 0 {
            self.address.lead = variant;
        }
        self.rerun();
        self.address.step = self.address.step.min(self.last());
        Ok(())
    }

    fn rerun(&mut self) {
        self.notice = None;
        self.runs = run(&self.address);
        self.revision += 1;
    }

    fn variants(&self) -> [&'static Variant; 2] {
        self.address.variants()
    }

    fn last(&self) -> u32 {
        last(&self.runs)
    }

    /// The run that the sentence is about: the buggy one, until it has come to its end.
    fn lead(&self) -> &Run {
        let [lead, other] = &self.runs;
        if self.address.step > lead.steps() { other } else { lead }
    }

    /// The decisions that led to the selected step.
    fn choices_so_far(&self) -> Vec<Choice> {
        let step = self.address.step as usize;
        match &self.address.schedule {
            Schedule::Person(choices) => choices.iter().take(step).cloned().collect(),
            _ => self.lead().choices.iter().take(step).cloned().collect(),
        }
    }
}

fn run(address: &Address) -> [Run; 2] {
    address.variants().map(|variant| Stage::run(&variant.scenario, &mut *address.schedule.scheduler()))
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
