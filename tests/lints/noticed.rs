//! What is noticed of a scenario.

use unstuck::explore::{Options, Report, Strategy, check};
use unstuck::scenario::{Run, Stage};
use unstuck::schedule::Fifo;

pub fn search(scenario: fn(&Stage)) -> Report {
    check(&scenario, &Options::default().strategy(Strategy::Exhaustive))
}

/// What a search notices of a scenario: the kinds of lint, and how many schedules show each.
pub fn noticed(scenario: fn(&Stage)) -> Vec<(String, u64)> {
    search(scenario).lints.into_iter().map(|noticed| (noticed.lint, noticed.schedules)).collect()
}

/// What one run notices, first in, first out: the step, and the sentence without what to do about it.
pub fn told(scenario: fn(&Stage)) -> Vec<(u32, String)> {
    let run = Stage::run(&scenario, &mut Fifo);
    run.lints().map(|(step, _)| step).zip(sentences(&run)).collect()
}

pub fn sentences(run: &Run) -> Vec<String> {
    let name = |task| run.names.get(task).unwrap().clone();
    let first = |told: String| told.split([':', ';']).next().unwrap_or_default().to_owned();
    run.lints().map(|(_, lint)| first(lint.tell(name))).collect()
}

pub fn one(lint: &str, schedules: u64) -> Vec<(String, u64)> {
    vec![(lint.to_owned(), schedules)]
}
