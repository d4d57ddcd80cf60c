//! What breaks in a version of a bug, a line each.

use unstuck::bugs::{Bug, Variant};
use unstuck::explore::replay;
use unstuck::scenario::Ended;

fn version(bug: &str, variant: &str) -> &'static Variant {
    Bug::of_id(bug).unwrap().variant(variant).unwrap()
}

pub fn findings(bug: &str, variant: &str, schedule: &str) -> String {
    let run = replay(version(bug, variant).scenario, schedule);
    assert_eq!(run.ended, Ended::AtRest);
    run.findings().iter().map(|finding| format!("{finding}\n")).collect()
}

pub fn first_in_first_out(bug: &str, variant: &str) -> String {
    findings(bug, variant, "fifo")
}

/// Under the schedule that is stored with the version.
pub fn at_the_least(bug: &str, variant: &str) -> String {
    findings(bug, variant, version(bug, variant).fails.unwrap().schedule)
}
