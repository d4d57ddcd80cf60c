//! The report of a bug, in the template of an investigation: what a person wrote, and what a machine found out.
//!
//! The machine's part is never written by hand: the least failing schedule told step by step, the step that decides
//! it with its line, what broke with the values that were seen, who waits for whom, what a search of every version
//! came to, and the difference of the sources.
//!
//! ```
//! use unstuck::bugs::Bug;
//! use unstuck::report::Inquiry;
//!
//! let mut inquiry = Inquiry::new(Bug::of_id("stuck-flag").unwrap())?;
//! inquiry.run_while(|| true);
//! let report = inquiry.report();
//! assert_eq!(report.searched[0].schedules, "165 of 165 schedules fail");
//! assert!(report.markdown("https://example.org/").starts_with("# Stuck busy flag\n"));
//! # Ok::<(), unstuck::report::NoReport>(())
//! ```

mod difference;
mod markdown;
mod tale;

use core::fmt;

use serde::Serialize;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

use crate::bugs::{Bug, Texts, Variant};
use crate::explore::Exploration;
use crate::schedule::ScheduleError;
use crate::snapshot::{self, BugTitle, Palette, StateCell, Tone};

/// The searches that a report tells of: one of each version of a bug.
pub struct Inquiry {
    bug: &'static Bug,
    tale: tale::Tale,
    texts: Texts,
    searches: Vec<(&'static Variant, Exploration<'static>)>,
}

/// Why there is no report of a bug: the schedule that is stored with its first version does not show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoReport {
    bug: &'static str,
    version: &'static str,
    because: Lack,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Lack {
    NoSchedule,
    Unreadable(ScheduleError),
    BreaksNothing { schedule: &'static str },
}

impl fmt::Display for NoReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoReport { bug, version, because } = self;
        match because {
            Lack::NoSchedule => write!(f, "No failing schedule is stored with the version “{version}”")?,
            Lack::Unreadable(error) => {
                write!(f, "The schedule that is stored with the version “{version}” cannot be read: {error}")?;
            }
            Lack::BreaksNothing { schedule } => {
                write!(f, "The schedule that is stored with the version “{version}”, {schedule}, breaks nothing")?;
            }
        }
        write!(f, ". Run `cargo xtask bugs {bug}`, and store the schedule that it prints.")
    }
}

impl std::error::Error for NoReport {}

/// All that there is to say about a bug. Words of the source stand in `backticks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BugReport {
    /// The bug.
    pub bug: BugTitle,
    /// What was happening when it was discovered.
    pub context: String,
    /// What its user sees, a line each.
    pub symptoms: Vec<String>,
    /// What broke in the least failing schedule.
    pub breaks: Broken,
    /// The words in which it was reported.
    pub request: String,
    /// The same request as an engineer would put it.
    pub refined: String,
    /// How to go about it, a step each.
    pub approach: Vec<String>,
    /// What the search of each version came to.
    pub searched: Vec<Searched>,
    /// Whether all searches are done.
    pub done: bool,
    /// What is actually wrong.
    pub root_cause: String,
    /// The least failing schedule, a step each.
    pub story: Vec<Told>,
    /// The step that decides it.
    pub decisive: Decisive,
    /// Who waits for whom for ever, a line each, if anybody does.
    pub waits: Vec<String>,
    /// What was done about it.
    pub fix: String,
    /// From the source of the buggy version to that of the fixed one.
    pub difference: Vec<DifferenceLine>,
    /// The two files, such as `stuck_flag/buggy.rs`.
    pub files: [String; 2],
    /// What to remember, a line each.
    pub lessons: Vec<String>,
    /// The address of the step that breaks in the least failing schedule, such as `#/bug/stuck-flag?schedule=…`.
    pub address: String,
}

/// What should hold and does not, and the values that were seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Broken {
    /// What should hold, such as `an idle worker accepts work`.
    pub invariant: String,
    /// Why it does not, with the values that it saw.
    pub sentence: String,
    /// The step after which that was seen.
    pub step: u32,
    /// The state that the bug is about, as it was then.
    pub cells: Vec<StateCell>,
}

/// A step of the least failing schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// The number of the step.
    pub step: u32,
    /// What happened.
    pub text: String,
    /// [`Tone::Bad`] where something broke, [`Tone::Running`] for the decisive step.
    pub tone: Tone,
    /// The address of this moment.
    pub address: String,
}

/// The step that decides a failing schedule: the last that leaves a task which could have gone on, cancels one or
/// meets a fault; when there is none, the one after which something was seen to be broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Decisive {
    /// The number of the step.
    pub step: u32,
    /// Why it is the one, in a sentence.
    pub sentence: String,
    /// Where its task goes on from, such as `stuck_flag/buggy.rs:24`; none for the clock.
    pub place: Option<String>,
    /// The line that stands there, if it is one of the version.
    pub line: Option<String>,
}

/// What the search of a version came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Searched {
    /// The version, such as `as found`.
    pub version: String,
    /// Such as `165 of 165 schedules fail`, or how far it has come.
    pub schedules: String,
    /// Such as `fails: the least takes 14 steps`.
    pub outcome: String,
    /// Such as `one of each kind was tried`.
    pub extent: String,
    /// [`Tone::Bad`] when it fails, [`Tone::Good`] when it holds, [`Tone::Quiet`] before that is known.
    pub tone: Tone,
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DifferenceLine {
    /// What became of it.
    pub fate: Fate,
    /// The line.
    pub text: String,
}

/// What becomes of a line from one source to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// It stays.
    Kept,
    /// It goes.
    Removed,
    /// It comes.
    Added,
    /// Lines that stay were left out here.
    Skipped,
}

impl Inquiry {
    /// A report of which nothing was searched yet.
    ///
    /// # Errors
    ///
    /// When the schedule that is stored with the bug's first version does not break it.
    #[cfg(feature = "texts")]
    pub fn new(bug: &'static Bug) -> Result<Inquiry, NoReport> {
        Inquiry::with(bug, Texts::of(bug))
    }

    /// The same with texts that were kept apart from the bug.
    ///
    /// # Errors
    ///
    /// When the schedule that is stored with the bug's first version does not break it.
    pub fn with(bug: &'static Bug, texts: Texts) -> Result<Inquiry, NoReport> {
        let [buggy, _] = bug.ends();
        let tale = tale::Tale::of(bug, buggy)?;
        let search = |variant: &'static Variant| (variant, Exploration::new(variant.scenario, bug.search()));
        Ok(Inquiry { bug, tale, texts, searches: bug.variants.iter().map(search).collect() })
    }

    /// Searches on for as long as `go_on` says so, which is asked every few schedules; whether all is done.
    pub fn run_while(&mut self, mut go_on: impl FnMut() -> bool) -> bool {
        self.searches.iter_mut().all(|(_, search)| search.run_while(&mut go_on).done)
    }

    /// What is known by now. The searches are the only part that takes time.
    pub fn report(&self) -> BugReport {
        let (bug, tale, texts) = (self.bug, &self.tale, self.texts.clone());
        let [buggy, fixed] = bug.ends();
        let sources = [buggy, fixed].map(|variant| self.texts.of_file(variant.file));
        BugReport {
            bug: snapshot::title(bug, &Palette::of(bug)),
            context: texts.context,
            symptoms: texts.symptoms,
            breaks: tale.broken(),
            request: texts.request,
            refined: texts.refined,
            approach: texts.approach,
            searched: self.searches.iter().map(|(variant, search)| searched(variant, search)).collect(),
            done: self.searches.iter().all(|(_, search)| search.is_done()),
            root_cause: texts.root_cause,
            story: tale.story(),
            decisive: tale.decisive(sources[0]),
            waits: tale.waits(),
            fix: texts.fix,
            difference: difference::between(sources[0], sources[1]),
            files: [buggy, fixed].map(|variant| variant.file.to_owned()),
            lessons: texts.lessons,
            address: tale.address(tale.step()),
        }
    }
}

fn searched(variant: &Variant, search: &Exploration<'_>) -> Searched {
    let (report, progress) = (search.report(), search.progress());
    let (outcome, tone) = match (&report.failure, progress.done) {
        (_, false) => ("not known yet".to_owned(), Tone::Quiet),
        (None, true) => ("holds".to_owned(), Tone::Good),
        (Some(failure), true) => (format!("fails: the least takes {} steps", failure.steps), Tone::Bad),
    };
    let extent = match (progress.done, report.exhausted) {
        (false, _) => format!("of at most {}", snapshot::grouped(report.bound)),
        (true, true) => "one of each kind was tried".to_owned(),
        (true, false) => format!("the bound is {}", snapshot::grouped(report.bound)),
    };
    let schedules = match progress.done {
        true => snapshot::counted(&report),
        false => format!("{} schedules so far", snapshot::grouped(progress.executions)),
    };
    Searched { version: variant.role.title().to_owned(), schedules, outcome, extent, tone }
}
