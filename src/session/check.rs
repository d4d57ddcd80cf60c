//! Checking every schedule of both versions, a slice at a time.

use serde::Serialize;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

use crate::bugs::{Bug, Variant};
use crate::explore::{Branch, Exploration, NodeId, Noticed, Options, Tried};
use crate::scenario::Run;
use crate::schedule::{Choice, Schedule};
use crate::snapshot::{Tone, TreeRow, Verdict, capitalised, counted, grouped};
use crate::time::Duration;

/// How many moments of what was tried are kept: more than anybody looks at.
const KEPT_NODES: usize = 20_000;
/// A row of the tree tells at most so many steps.
const MAX_TOLD: usize = 8;

/// How far a check has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CheckProgress {
    /// Whether every schedule was tried.
    pub done: bool,
    /// Such as `Buggy: 192 of 255 schedules fail, the least in 4 steps. Fixed: 17 schedules, 0 fail so far. 95,000 a
    /// second.`, without the last if nobody measures the time, and at the end `Checked, in 476 runs.`
    pub sentence: String,
    /// How many schedules were tried, of both versions.
    pub executions: u32,
    /// Where the least failing schedule was opened, once all were tried.
    pub opened: Option<u32>,
}

/// A check of the versions in both panes: the first one, and then the other.
pub(super) struct Check {
    variants: [&'static Variant; 2],
    searches: [Exploration<'static>; 2],
    /// How long it has searched, as far as anybody measured that.
    took: Duration,
}

impl Check {
    pub(super) fn new(bug: &Bug, variants: [&'static Variant; 2]) -> Self {
        let options = Options { kept_nodes: KEPT_NODES, ..bug.search() };
        let searches = variants.map(|variant| Exploration::new(variant.scenario, options));
        Check { variants, searches, took: Duration::ZERO }
    }

    /// It has searched for so long.
    pub(super) fn took(&mut self, time: Duration) {
        self.took += time;
    }

    /// What could happen at a moment of what was tried in a pane.
    pub(super) fn branches(&self, pane: usize, node: NodeId) -> Vec<TreeRow> {
        let search = &self.searches[pane];
        search.branches(node).iter().map(|branch| row(search, branch)).collect()
    }

    pub(super) fn run_while(&mut self, mut go_on: impl FnMut() -> bool) {
        for search in &mut self.searches {
            if !search.run_while(&mut go_on).done {
                return;
            }
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.searches.iter().all(Exploration::is_done)
    }

    /// Whether it is about these versions.
    pub(super) fn is_of(&self, variants: [&'static Variant; 2]) -> bool {
        self.variants.map(|variant| variant.role) == variants.map(|variant| variant.role)
    }

    pub(super) fn progress(&self) -> CheckProgress {
        let executions: u64 = self.searches.iter().map(|search| search.progress().executions).sum();
        let told = |pane: usize| {
            let name = ["Buggy", "Fixed"][pane];
            format!("{name}: {}.", self.tell(pane))
        };
        CheckProgress {
            done: self.is_done(),
            sentence: match self.is_done() {
                // What came of it stands in the verdicts.
                true => format!("Checked, in {} runs.", grouped(executions)),
                false => format!("{} {}{}", told(0), told(1), rate(executions, self.took)),
            },
            executions: executions as u32,
            opened: None,
        }
    }

    /// The verdict of a pane, once both were checked. One that fails leads to its least failing schedule.
    pub(super) fn verdict(&self, pane: usize) -> Option<Verdict> {
        self.is_done().then(|| {
            let told = self.tell(pane);
            match self.searches[pane].report().failure {
                Some(failure) => Verdict {
                    tone: Tone::Bad,
                    text: told,
                    step: Some(failure.step),
                    schedule: Some(failure.schedule),
                },
                None => Verdict { tone: Tone::Good, text: told, step: None, schedule: None },
            }
        })
    }

    /// What else there is to know of a pane, once both were checked: what kept a search from being complete, and the
    /// lints that are not among those of `run`, which is shown.
    pub(super) fn facts(&self, pane: usize, run: &Run) -> Vec<Verdict> {
        if !self.is_done() {
            return Vec::new();
        }
        let report = self.searches[pane].report();
        let hindrance = report.hindrance.iter().map(|why| Verdict {
            tone: Tone::Quiet,
            text: format!("{}.", capitalised(run, why)),
            step: None,
            schedule: None,
        });
        let is_shown = |noticed: &Noticed| {
            run.lints().any(|(_, lint)| lint.kind().name() == noticed.lint && lint.spot() == noticed.place)
        };
        let elsewhere = report.lints.iter().filter(|noticed| !is_shown(noticed)).map(|noticed| Verdict {
            tone: Tone::Lint,
            text: format!(
                "Lint in {} schedules: {}. {}.",
                grouped(noticed.schedules),
                noticed.lint,
                capitalised(run, &noticed.sentence)
            ),
            step: Some(noticed.step),
            schedule: Some(noticed.schedule.clone()),
        });
        hindrance.chain(elsewhere).collect()
    }

    /// The least schedule that breaks the first version that breaks at all, and the step in which it does.
    pub(super) fn least_failing(&self) -> Option<(Schedule, u32)> {
        let failure = self.searches.iter().find_map(|search| search.report().failure)?;
        Some((failure.schedule.parse().ok()?, failure.step))
    }

    fn tell(&self, pane: usize) -> String {
        let search = &self.searches[pane];
        let (report, progress) = (search.report(), search.progress());
        match (&report.failure, progress.done) {
            (_, false) => {
                format!("{} schedules, {} fail so far", grouped(progress.executions), grouped(progress.failing))
            }
            (Some(failure), true) => {
                format!("{}, the least in {} steps", counted(&report), failure.steps)
            }
            (None, true) => counted(&report),
        }
    }
}

fn row(search: &Exploration<'_>, branch: &Branch) -> TreeRow {
    let label = label(&branch.choices);
    let aside = |detail: &str| TreeRow {
        node: None,
        label: label.clone(),
        detail: detail.to_owned(),
        tone: Tone::Quiet,
        goes_on: false,
        schedule: None,
        step: 0,
    };
    match branch.tried {
        Tried::Here { node, executions, failing, goes_on } => {
            let schedule = search.schedule_to(node);
            TreeRow {
                node: Some(node.0),
                detail: match (executions, failing) {
                    (1, 0) => "holds".to_owned(),
                    (1, _) => "fails".to_owned(),
                    _ => format!("{} of {} fail", grouped(failing), grouped(executions)),
                },
                tone: if failing > 0 { Tone::Bad } else { Tone::Good },
                goes_on,
                step: schedule.choices().len() as u32,
                schedule: Some(schedule.to_string()),
                label,
            }
        }
        Tried::Elsewhere => aside("only swaps steps that commute: tried elsewhere"),
        Tried::NotKept => aside("not kept: the tree is too big"),
        Tried::NotYet => aside("not tried"),
    }
}

/// Such as `A · B · time passes`.
fn label(choices: &[Choice]) -> String {
    let told = |choice: &Choice| match choice {
        Choice::Poll(name) => name.to_string(),
        Choice::PollWith(name, _) => format!("{name}, with a fault"),
        Choice::Cancel(name) => format!("{name} is cancelled"),
        Choice::Advance => "time passes".to_owned(),
    };
    let mut words: Vec<String> = choices.iter().take(MAX_TOLD).map(told).collect();
    if let Some(more) = choices.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
        words.push(format!("{more} more"));
    }
    words.join(" · ")
}

/// How many schedules a second, to two digits, so that it can be read while it changes; nothing when nobody knows.
fn rate(executions: u64, took: Duration) -> String {
    let micros = took.as_secs() * 1_000_000 + u64::from(took.subsec_micros());
    let Some(rate) = (executions * 1_000_000).checked_div(micros) else { return String::new() };
    let digit = 10_u64.pow(rate.max(1).ilog10().saturating_sub(1));
    format!(" {} a second.", grouped(rate / digit * digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::spawn;
    use crate::scenario::Stage;
    use crate::schedule::Fifo;

    fn crowd(stage: &Stage) {
        for number in 0..70 {
            stage.spawn(&format!("task-{number}"), async {
                drop(spawn(core::future::ready(())));
            });
        }
    }

    #[test]
    fn a_pane_says_why_its_version_could_not_be_tried_in_order() {
        let bug = Bug::first();
        let crowded: &'static Variant = Box::leak(Box::new(Variant { scenario: crowd, ..bug.variants[0] }));
        let mut check = Check::new(bug, [crowded; 2]);
        check.run_while(|| true);
        let facts = check.facts(0, &Stage::run(&crowd, &mut Fifo));
        assert_eq!(
            facts.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>(),
            [
                "Not tried in order: it has more than the 63 tasks that such a search can tell apart, so draw schedules, \
              or let it have fewer tasks."
            ]
        );
    }
}
