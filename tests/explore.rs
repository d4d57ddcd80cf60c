//! How many kinds of schedules there are, and that each is tried once.
//!
//! The counts were found independently, as canonical forms of all interleavings.

use unstuck::explore::{Options, Strategy, check, samples};
use unstuck::scenario::Stage;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Executions, those given up half-way, and whether nothing is left.
fn every_kind(scenario: &dyn Fn(&Stage)) -> (u64, u64, bool) {
    let options = Options::default().strategy(Strategy::Exhaustive).executions(u64::MAX);
    let report = check(scenario, &options);
    (report.executions, report.blocked, report.exhausted)
}

#[test]
fn each_kind_of_schedule_of_busy_workers_is_tried_once() {
    let fixed = [2, 3, 4, 5].map(|workers| every_kind(&samples::busy(workers, true)));
    assert_eq!(fixed, [4, 21, 148, 1_185].map(|kinds| (kinds, 0, true)));
    let buggy = [3, 4].map(|workers| every_kind(&samples::busy(workers, false)));
    assert_eq!(buggy, [255, 14_548].map(|kinds| (kinds, 0, true)));
}

#[test]
fn only_three_of_all_schedules_of_the_needle_differ() {
    // B looks before the flag is up, while it is up, or after it came down.
    assert_eq!(every_kind(&samples::needle), (3, 0, true));
}

#[test]
fn tasks_that_share_one_step_differ_in_the_order_of_that_step() {
    // n! orders of the last steps; the order of all the others does not matter.
    let kinds = [2, 3, 4, 5].map(|tasks| every_kind(&samples::disjoint(tasks)));
    assert_eq!(kinds, [2, 6, 24, 120].map(|kinds| (kinds, 0, true)));
}
