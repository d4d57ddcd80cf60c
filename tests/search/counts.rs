//! How many kinds of schedules there are, and that each is tried once.
//!
//! The counts were found independently, as canonical forms of all interleavings.

use unstuck::explore::{Options, Report, Shard, Strategy, check, samples};
use unstuck::scenario::Stage;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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

/// One part of a shared search.
fn part(index: u64, of: u64) -> Report {
    let options = Options { shard: Shard { index, of }, ..Options::default().strategy(Strategy::Exhaustive) };
    check(&samples::busy(5, true), &options)
}

#[test]
fn shards_share_the_kinds_of_schedules_and_merge_into_the_whole() {
    let merged = (0..4).map(|index| part(index, 4)).reduce(|mut whole: Report, part| {
        whole.merge(part).unwrap();
        whole
    });
    let merged = merged.unwrap();
    assert_eq!((merged.executions, merged.failing, merged.exhausted), (1_185, 0, true));
}

#[test]
fn a_report_says_which_parts_are_missing() {
    let mut merged = part(2, 3);
    merged.merge(part(0, 3)).unwrap();
    assert!(!merged.is_whole());
    let told = merged.to_string();
    assert!(told.ends_with(" schedules fail, one of each kind tried, in part 1, 3 of 3"), "{told}");
}

#[test]
fn a_part_counts_once_and_only_with_parts_of_its_own_search() {
    let mut merged = part(0, 3);
    let before = merged.clone();
    let refused = [part(0, 3), part(1, 4)].map(|other| merged.merge(other).unwrap_err().to_string());
    assert_eq!(
        refused,
        [
            "part 1/3 is there twice, and would count twice: name each part once",
            "these are parts of different searches, “exhaustive in 3 parts, at most 100000, seed 1” and “exhaustive in 4 \
             parts, at most 100000, seed 1”: merge parts of one search"
        ]
    );
    assert_eq!(merged, before);
}

#[test]
fn a_search_without_reduction_is_done_by_its_first_part() {
    let naive = |index| {
        let options = Options { shard: Shard { index, of: 2 }, ..Options::default().strategy(Strategy::Naive) };
        check(&samples::busy(2, true), &options)
    };
    let mut merged = naive(0);
    let all = (merged.executions, true);
    merged.merge(naive(1)).unwrap();
    assert_eq!((merged.executions, merged.exhausted), all);
}

#[test]
fn every_strategy_finds_the_two_workers_with_one_job() {
    let all = [
        Strategy::Portfolio { samples: 10 },
        Strategy::Exhaustive,
        Strategy::Naive,
        Strategy::Random,
        Strategy::Pct { depth: 3 },
        Strategy::Urw,
    ];
    for strategy in all {
        let report = check(&samples::busy(3, false), &Options::default().strategy(strategy).executions(1_000));
        assert!(!report.holds(), "{strategy:?}");
        let report = check(&samples::busy(3, true), &Options::default().strategy(strategy).executions(1_000));
        assert!(report.holds(), "{strategy:?}");
    }
}

#[test]
fn a_walk_that_weighs_tasks_by_what_they_have_left_finds_the_needle_in_six_executions_at_the_median() {
    let executions_until_found = |seed| {
        let options = Options { stop_at_first: true, shrinking: 0, ..Options::default().strategy(Strategy::Urw) };
        check(&samples::needle, &options.seed(seed)).samples
    };
    let mut counts: Vec<u64> = (1..=201).map(executions_until_found).collect();
    counts.sort_unstable();
    assert_eq!(counts[100], 6);
}
