//! Searching the schedules of a scenario for one that breaks what must hold.
//!
//! ```
//! use std::rc::Rc;
//! use unstuck::explore::{Options, check};
//! use unstuck::scenario::Stage;
//! use unstuck::sync::Tracked;
//! use unstuck::yield_now;
//!
//! fn two_increments(stage: &Stage) {
//!     let count = Rc::new(Tracked::new(0));
//!     for name in ["A", "B"] {
//!         let count = count.clone();
//!         stage.spawn(name, async move {
//!             let seen = count.get();
//!             yield_now().await;
//!             count.set(seen + 1);
//!         });
//!     }
//!     stage.finally("no increment is lost", move || match count.get() {
//!         2 => Ok(()),
//!         seen => Err(format!("two tasks incremented, and the count is {seen}")),
//!     });
//! }
//!
//! let report = check(&two_increments, &Options::default());
//! assert!(report.exhausted);
//! assert_eq!(report.failure.unwrap().sentence, "two tasks incremented, and the count is 1");
//! ```
//!
//! # What is tried
//!
//! One execution is one schedule: the scenario is set up anew, and at every moment something is chosen of all that can
//! happen.
//!
//! | chosen | where |
//! |---|---|
//! | which ready task is polled | always; tasks whose timers are due at one instant are ready together |
//! | whether a time limit or what it limits wins, where both come in one poll | where [time may win](Stage::time_may_win) |
//! | whether a task is dropped where it waits | of tasks that [may be cancelled](Stage::may_be_cancelled) |
//! | whether a fault happens | where a task asks [`fault`](crate::fault) |
//!
//! Two schedules are of one kind when they differ only in the order of steps that commute. The exhaustive search runs
//! one of every kind: a step says what it reads and writes, and only the order of steps that conflict is tried both
//! ways. When [`Report::exhausted`] holds, nothing is left. Beyond that, [`Strategy`] has random walks.
//!
//! # What fails
//!
//! What [`Stage::always`] and [`Stage::finally`] say and does not hold, a panic that nobody hears of, tasks that wait
//! for each other or for nobody, and an execution that takes more than [`Options::steps`]. Lints are facts beside
//! that, which fail where they are [denied](Options::deny). Of all failing schedules the one with the fewest
//! preemptions, and then switches, is reported: [`Failure::schedule`] is a short text, which [`replay`] runs again.
//!
//! # What is not seen
//!
//! A step reports what it shares through [`sync`](crate::sync), the runner, the breaker, the bus and the pipelines.
//! What tasks share in a plain `Cell` or `RefCell` goes unreported, and orders of it may be left out: put it in a
//! [`Tracked`](crate::sync::Tracked), or draw schedules. Threads and the order of memory are not modelled: all tasks
//! run on one thread.

mod assert;
mod before;
mod failure;
mod noticed;
mod options;
mod plain;
mod reduced;
mod report;
mod rig;
pub mod samples;
mod shrink;
mod step;
mod tree;
mod walk;

use std::rc::Rc;

pub use self::assert::{assert_holds, assert_holds_within, replay};
#[cfg(feature = "page")]
pub(crate) use self::failure::place_before;
pub use self::noticed::Noticed;
use self::noticed::{Notes, Way};
pub use self::options::{Options, Shard, Strategy};
use self::plain::{Cost, Plain};
use self::reduced::{Outcome, Reduced};
pub use self::report::{Decisive, Failure, MergeError, Progress, Report};
use self::rig::{Rig, Verdict};
use self::shrink::Shrink;
use self::step::Step;
use self::tree::Tree;
pub use self::tree::{Branch, NodeId, Tried};
use self::walk::{Dice, Walked, Walker};
use crate::executor::MAX_NUMBERS;
use crate::scenario::Stage;

/// Searches until the search is done, and reports.
pub fn check(scenario: &dyn Fn(&Stage), options: &Options) -> Report {
    Exploration::new(scenario, *options).finish()
}

/// A search under way.
pub struct Exploration<'s> {
    rig: Rig<'s>,
    options: Options,
    phase: Phase<'s>,
    report: Report,
    /// The first schedule that was found to fail.
    found: Option<Vec<Step>>,
    /// What was noticed beside.
    notes: Notes,
    /// What was tried in order.
    tree: Tree,
}

/// ```text
///  Sampling ──▶ Reduced ──▶ Shrinking ──▶ Done
///              (or Plain)
/// ```
enum Phase<'s> {
    Sampling { walker: Walker, next: u64, last: u64 },
    Reduced(Reduced),
    Plain(Plain),
    Shrinking(Box<Shrink<'s>>),
    Done,
}

/// How many executions are run between two looks at the clock.
const EXECUTIONS_PER_LOOK: u32 = 16;

impl<'s> Exploration<'s> {
    /// A search that has not begun.
    pub fn new(scenario: impl Fn(&Stage) + 's, options: Options) -> Self {
        let last = options.executions;
        let phase = match options.strategy {
            Strategy::Portfolio { samples } => {
                Phase::Sampling { walker: Walker::Random, next: 0, last: samples.min(last) }
            }
            Strategy::Random => Phase::Sampling { walker: Walker::Random, next: 0, last },
            Strategy::Pct { depth } => Phase::Sampling { walker: Walker::pct(depth), next: 0, last },
            Strategy::Urw => Phase::Sampling { walker: Walker::Urw(walk::Urw::default()), next: 0, last },
            Strategy::Exhaustive => Phase::Reduced(Reduced::new(options.shard)),
            Strategy::Naive if options.shard.has(0) => Phase::Plain(Plain::new(Cost::ANY)),
            Strategy::Naive => Phase::Done,
        };
        let rules = options.lints;
        let rig = Rig::new(Rc::new(move |stage: &Stage| {
            stage.lint_by(rules);
            scenario(stage);
        }));
        // A search without reduction is not shared: nothing is left for the other parts to do.
        let exhausted = matches!(phase, Phase::Done);
        Exploration {
            rig,
            options,
            phase,
            report: Report { exhausted, ..Report::of(&options) },
            found: None,
            notes: Notes::default(),
            tree: Tree::new(options.kept_nodes),
        }
    }

    /// Goes on for as long as `go_on` says so, which is asked every few executions.
    pub fn run_while(&mut self, mut go_on: impl FnMut() -> bool) -> Progress {
        while !self.is_done() {
            for _ in 0..EXECUTIONS_PER_LOOK {
                self.run_one();
            }
            if !go_on() {
                break;
            }
        }
        self.progress()
    }

    /// Whether there is nothing left to do.
    pub fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done)
    }

    /// How far the search has come.
    pub fn progress(&self) -> Progress {
        let report = &self.report;
        Progress {
            done: self.is_done(),
            executions: report.samples + report.executions,
            failing: report.failing_samples + report.failing,
            shrinking: matches!(self.phase, Phase::Shrinking(_)),
        }
    }

    /// What is known so far.
    pub fn report(&self) -> Report {
        self.report.clone()
    }

    fn run_one(&mut self) {
        let more = match &mut self.phase {
            Phase::Sampling { next, last, .. } if *next == *last => false,
            Phase::Sampling { .. } => self.sample(),
            Phase::Reduced(_) => self.try_kind(),
            Phase::Plain(_) => self.try_plain(),
            Phase::Shrinking(shrink) => !shrink.try_next(self.options.steps),
            Phase::Done => return,
        };
        let found_enough = self.options.stop_at_first && self.found.is_some();
        if !more || found_enough && !matches!(self.phase, Phase::Shrinking(_)) {
            self.enter_next_phase();
        }
    }

    fn enter_next_phase(&mut self) {
        let searching_on = !(self.options.stop_at_first && self.found.is_some());
        let phase = core::mem::replace(&mut self.phase, Phase::Done);
        self.phase = match (phase, self.options.strategy) {
            (Phase::Sampling { .. }, Strategy::Portfolio { .. }) if searching_on => {
                Phase::Reduced(Reduced::new(self.options.shard))
            }
            (Phase::Sampling { .. } | Phase::Reduced(_) | Phase::Plain(_), _) if self.found.is_some() => {
                self.report.failure =
                    self.found.as_ref().map(|path| failure::found(&self.rig, path, self.options.steps));
                Phase::Shrinking(Box::new(Shrink::new(self.rig.fresh(), self.options.shrinking)))
            }
            (Phase::Shrinking(shrink), _) => {
                let (rig, least) = shrink.into_least();
                if let Some(least) = least {
                    self.report.failure = Some(failure::least(&rig, &least, self.options.steps));
                }
                Phase::Done
            }
            _ => Phase::Done,
        };
        if self.is_done() {
            self.report.lints = self.notes.tell(&self.rig, self.report.exhausted);
        }
    }

    /// Runs one drawn schedule; whether there are more.
    fn sample(&mut self) -> bool {
        let Exploration { rig, options, phase: Phase::Sampling { walker, next, .. }, report, found, notes, .. } =
            self
        else {
            return false;
        };
        let nth = *next;
        *next += 1;
        if !options.shard.has(nth) {
            return true;
        }
        let before = (!matches!(walker, Walker::Random)).then(|| walker.clone());
        let walk = |rig: &mut Rig, walker: &mut Walker| walker.walk(rig, Dice::new(options.seed, nth), options.steps);
        let Walked { verdict, steps } = rig.inside(|rig| walk(rig, walker));
        rig.learned();
        report.samples += 1;
        report.steps += u64::from(steps);
        let fails = verdict != Some(Verdict::Holds);
        report.failing_samples += u64::from(fails);
        let shows_new = rig.has_lints() && notes.note(rig, Way::Drawn);
        if shows_new || fails && found.is_none() {
            rig.remember();
            rig.inside(|rig| walk(rig, &mut before.unwrap_or(Walker::Random)));
            let path = rig.remembered();
            notes.came_by(&path);
            if fails {
                found.get_or_insert(path);
            }
        }
        true
    }

    /// Runs one schedule of another kind; whether there are more.
    fn try_kind(&mut self) -> bool {
        let Exploration { rig, options, phase: Phase::Reduced(search), report, found, notes, tree } = self else {
            return false;
        };
        let tried = rig.inside(|rig| search.try_next(rig, options.steps));
        if rig.learned() {
            // What was left out so far may rest on steps that were not known to conflict.
            (report.executions, report.failing, report.blocked, report.steps) = (0, 0, 0, 0);
            search.restart();
            notes.restart();
            tree.clear();
            return true;
        }
        report.steps += search.steps() as u64;
        let fails = matches!(tried, Outcome::Complete(Verdict::Fails) | Outcome::TooLong);
        let is_complete = fails || tried == Outcome::Complete(Verdict::Holds);
        if options.kept_nodes > 0 && is_complete {
            tree.add(search.choices(), fails);
        }
        if is_complete && rig.has_lints() && notes.note(rig, Way::InOrder) {
            notes.came_by(&search.path());
        }
        match tried {
            Outcome::TooManyTasks => {
                report.hindrance = Some(too_many_tasks());
                return false;
            }
            Outcome::Elsewhere => {}
            Outcome::Blocked => report.blocked += 1,
            Outcome::Complete(Verdict::Holds) => report.executions += 1,
            Outcome::Complete(Verdict::Fails) | Outcome::TooLong => {
                report.executions += 1;
                report.failing += 1;
                found.get_or_insert_with(|| search.path());
            }
        }
        report.exhausted = !search.step_back();
        !report.exhausted && report.executions + report.blocked < options.executions
    }

    /// Runs the next of all schedules; whether there are more.
    fn try_plain(&mut self) -> bool {
        let Exploration { rig, options, phase: Phase::Plain(search), report, found, notes, .. } = self else {
            return false;
        };
        let verdict = rig.inside(|rig| search.try_next(rig, options.steps, false));
        rig.learned();
        if search.is_crowded {
            report.hindrance = Some(too_many_tasks());
            return false;
        }
        report.executions += 1;
        report.steps += search.steps() as u64;
        if rig.has_lints() && notes.note(rig, Way::InOrder) {
            notes.came_by(&search.path());
        }
        if verdict != Some(Verdict::Holds) {
            report.failing += 1;
            found.get_or_insert_with(|| search.path());
        }
        report.exhausted = !search.step_back();
        !report.exhausted && report.executions < options.executions
    }
}

fn too_many_tasks() -> String {
    let most = MAX_NUMBERS - 1;
    format!(
        "not tried in order: it has more than the {most} tasks that such a search can tell apart, so draw schedules, \
         or let it have fewer tasks"
    )
}
