//! How many kinds of schedules there are, and that each is tried once.
//!
//! The counts were found independently, as canonical forms of all interleavings.

use unstuck::explore::{Options, Report, Shard, Strategy, check, replay, samples};
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

#[test]
fn shards_share_the_kinds_of_schedules_and_merge_into_the_whole() {
    let part = |index| {
        let options = Options { shard: Shard { index, of: 4 }, ..Options::default().strategy(Strategy::Exhaustive) };
        check(&samples::busy(5, true), &options)
    };
    let merged = (0..4).map(part).reduce(|mut whole: Report, part| {
        whole.merge(part);
        whole
    });
    let merged = merged.unwrap();
    assert_eq!((merged.executions, merged.failing, merged.exhausted), (1_185, 0, true));
}

#[test]
fn two_hundred_seeds_shrink_to_one_schedule() {
    let schedules = (0..200).map(|seed| {
        let options = Options { stop_at_first: true, ..Options::default().seed(seed).executions(10_000) };
        check(&samples::busy(4, false), &options).failure.unwrap().schedule
    });
    let different: std::collections::BTreeSet<String> = schedules.collect();
    assert_eq!(different.into_iter().collect::<Vec<_>>(), ["replay-A.B.B.A"]);
}

#[test]
fn no_schedule_with_fewer_preemptions_fails() {
    // With one preemption, whoever looked first is the only one who is between the look and the claim.
    let failure = check(&samples::busy(5, false), &Options::default()).failure.unwrap();
    assert_eq!((failure.preemptions, failure.switches, failure.is_least), (2, 2, true));
    let run = replay(samples::busy(5, false), &failure.schedule);
    assert_eq!(&*run.findings()[0].sentence, "job 2 was claimed 2 times");
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
