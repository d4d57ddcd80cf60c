//! What a search came to: the verdict with its numbers.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::noticed::Noticed;
use super::options::Options;

/// How far a search has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whether there is nothing left to do.
    pub done: bool,
    /// How many schedules were run.
    pub executions: u64,
    /// How many of them fail.
    pub failing: u64,
    /// Whether a failing schedule was found and is being shrunk.
    pub shrinking: bool,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How schedules were chosen, such as `exhaustive`.
    pub strategy: String,
    /// The seed of what was drawn.
    pub seed: u64,
    /// The most executions that were allowed.
    pub bound: u64,
    /// How many schedules were drawn.
    pub samples: u64,
    /// How many of them fail.
    pub failing_samples: u64,
    /// How many schedules were tried in order, each to its end; in an exhaustive search, each of another kind.
    pub executions: u64,
    /// How many of them fail.
    pub failing: u64,
    /// How many schedules were given up because all that could still happen had been seen.
    pub blocked: u64,
    /// How many steps were made, those left out that were only repeated.
    pub steps: u64,
    /// Whether every schedule was tried, or one of each kind; of a part of a shared search, those of that part.
    pub exhausted: bool,
    /// Which parts of a shared search this tells of, counted from 0, in order.
    #[serde(default = "the_whole")]
    pub parts: Vec<u64>,
    /// How many parts there are.
    #[serde(default = "one_part")]
    pub of: u64,
    /// Why a search in order could not be made, whatever the bound.
    #[serde(default)]
    pub hindrance: Option<String>,
    /// The least schedule that fails, if any does.
    pub failure: Option<Failure>,
    /// What was noticed beside, each kind of lint once for a place in the source, in the order of their names.
    #[serde(default)]
    pub lints: Vec<Noticed>,
}

fn the_whole() -> Vec<u64> {
    vec![0]
}

fn one_part() -> u64 {
    1
}

/// A schedule that fails, and what breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What should hold, such as `a job is claimed at most once`.
    pub invariant: String,
    /// Why it does not, with the values that were seen.
    pub sentence: String,
    /// The step after which it was seen; 0 is before the first.
    pub step: u32,
    /// The schedule up to that step, such as `replay-A.B.A.B`.
    pub schedule: String,
    /// The number of its steps.
    pub steps: u32,
    /// How often it leaves a task that could have gone on, cancels one, or lets a fault happen.
    pub preemptions: u32,
    /// How often it turns from one task to another.
    pub switches: u32,
    /// Whether no schedule with fewer preemptions fails, nor one with as many and fewer switches.
    pub is_least: bool,
    /// Where it was decided.
    pub decisive: Decisive,
}

/// The step that decides a failing schedule: the last that leaves a task which could have gone on, cancels one or
/// meets a fault; when there is none, the one after which something was seen to be broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decisive {
    /// The step.
    pub step: u32,
    /// What happens in it, such as `A` or `!A`.
    pub choice: String,
    /// Where the task goes on from, such as `src/worker.rs:12`; none for the clock.
    pub place: Option<String>,
}

impl Report {
    /// What is known before anything was tried.
    pub(super) fn of(options: &Options) -> Report {
        Report {
            strategy: options.strategy.name().to_owned(),
            seed: options.seed,
            bound: options.executions,
            samples: 0,
            failing_samples: 0,
            executions: 0,
            failing: 0,
            blocked: 0,
            steps: 0,
            exhausted: false,
            parts: vec![options.shard.index],
            of: options.shard.of,
            hindrance: None,
            failure: None,
            lints: Vec::new(),
        }
    }

    /// Whether no schedule failed.
    pub fn holds(&self) -> bool {
        self.failure.is_none()
    }

    /// Whether it tells of all parts of the search.
    pub fn is_whole(&self) -> bool {
        self.parts.len() as u64 == self.of
    }

    /// Adds what another part of the same search came to.
    ///
    /// # Errors
    ///
    /// A [`MergeError`], when it is no such part; then nothing is added.
    pub fn merge(&mut self, other: Report) -> Result<(), MergeError> {
        self.check_merge(&other)?;
        self.parts.extend(&other.parts);
        self.parts.sort_unstable();
        self.samples += other.samples;
        self.failing_samples += other.failing_samples;
        self.executions += other.executions;
        self.failing += other.failing;
        self.blocked += other.blocked;
        self.steps += other.steps;
        self.exhausted &= other.exhausted;
        self.hindrance = self.hindrance.take().or(other.hindrance);
        let cost =
            |failure: &Failure| (failure.preemptions, failure.switches, failure.steps, failure.schedule.clone());
        self.failure = match (self.failure.take(), other.failure) {
            (Some(ours), Some(theirs)) => Some(if cost(&theirs) < cost(&ours) { theirs } else { ours }),
            (ours, theirs) => ours.or(theirs),
        };
        for theirs in other.lints {
            match self.lints.iter_mut().find(|ours| ours.lint == theirs.lint && ours.place == theirs.place) {
                Some(ours) => ours.schedules += theirs.schedules,
                None => self.lints.push(theirs),
            }
        }
        self.lints.sort_by(|one, other| (&one.lint, &one.place).cmp(&(&other.lint, &other.place)));
        Ok(())
    }

    fn check_merge(&self, other: &Report) -> Result<(), MergeError> {
        let asked = |report: &Report| (report.strategy.clone(), report.seed, report.bound, report.of);
        if asked(self) != asked(other) {
            return Err(MergeError::OtherSearch { ours: self.asked(), theirs: other.asked() });
        }
        match self.parts.iter().find(|part| other.parts.contains(part)) {
            Some(part) => Err(MergeError::SamePart { part: part + 1, of: self.of }),
            None => Ok(()),
        }
    }

    /// What the search was asked for.
    fn asked(&self) -> String {
        format!("{} in {} parts, at most {}, seed {}", self.strategy, self.of, self.bound, self.seed)
    }
}

impl Failure {
    /// Where it can be seen, on a page that shows the scenario at this address, such as `#/bug/stuck-flag`.
    pub fn link(&self, page: &str) -> String {
        let mark = if page.contains('?') { '&' } else { '?' };
        format!("{page}{mark}schedule={}&step={}", self.schedule, self.decisive.step)
    }

    /// Where it was decided and what it takes, on two lines.
    pub(super) fn decision(&self) -> String {
        let Decisive { step, choice, place } = &self.decisive;
        let place = place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
        let least = if self.is_least { "no failing schedule has fewer" } else { "not proven to be the fewest" };
        format!(
            "  decided in step {step} by {choice}{place}\n  {}, {}, {}, {least}",
            some(self.steps, "step"),
            some(self.preemptions, "preemption"),
            some(self.switches, "switch")
        )
    }
}

/// Two reports that are no parts of one search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// They were asked for different things.
    OtherSearch {
        /// What was asked for in the one, such as `exhaustive in 4 parts, at most 100000, seed 1`.
        ours: String,
        /// And in the other.
        theirs: String,
    },
    /// Both tell of one part, counted from 1.
    SamePart {
        /// Which part.
        part: u64,
        /// Of how many.
        of: u64,
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeError::OtherSearch { ours, theirs } => {
                write!(f, "these are parts of different searches, “{ours}” and “{theirs}”: merge parts of one search")
            }
            MergeError::SamePart { part, of } => {
                write!(f, "part {part}/{of} is there twice, and would count twice: name each part once")
            }
        }
    }
}

impl std::error::Error for MergeError {}

/// Such as `fails: 192 of 255 schedules fail, one of each kind tried`, and on the lines below what breaks and what was noticed.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds() { "holds" } else { "fails" };
        let (failing, tried) = match self.exhausted {
            true => (self.failing, self.executions),
            false => (self.failing + self.failing_samples, self.executions + self.samples),
        };
        let extent = match (self.exhausted, self.strategy.as_str()) {
            (true, "naive") => "all tried".to_owned(),
            (true, _) => "one of each kind tried".to_owned(),
            (false, _) => format!("of at most {}, seed {}", self.bound, self.seed),
        };
        write!(f, "{verdict}: {failing} of {tried} schedules fail, {extent}")?;
        if !self.is_whole() {
            let parts: Vec<String> = self.parts.iter().map(|part| (part + 1).to_string()).collect();
            write!(f, ", in part {} of {}", parts.join(", "), self.of)?;
        }
        if let Some(hindrance) = &self.hindrance {
            write!(f, "\n  {hindrance}")?;
        }
        if let Some(failure) = &self.failure {
            write!(f, "\n{failure}")?;
        }
        self.lints.iter().try_for_each(|noticed| write!(f, "\n{noticed}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  step {}: {} ({})", self.step, self.sentence, self.invariant)?;
        write!(f, "{}\n  {}", self.decision(), self.schedule)
    }
}

/// Such as `1 step` or `2 switches`.
fn some(count: u32, what: &str) -> String {
    let plural = match what {
        _ if count == 1 => "",
        "switch" => "es",
        _ => "s",
    };
    format!("{count} {what}{plural}")
}
