//! Our own runner under our own search: two workers and three jobs, one schedule of every kind.
//!
//! What is played, and what must hold, stands in `play.rs`; here stands what is tried of it.

mod play;

use unstuck::explore::{Options, Strategy, assert_holds_within};
use unstuck::scenario::Stage;

use play::Verb::{self, *};
use play::Work::{self, *};
use play::{CANCEL, DRAIN, NOW, Play, set};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Tries one schedule of every kind.
fn every_kind(play: Play<'_>) {
    let options = Options::default().strategy(Strategy::Exhaustive).executions(u64::MAX);
    let report = assert_holds_within(options, |stage: &Stage| set(stage, &play));
    println!("{report}");
    assert!(report.exhausted && report.executions > 10, "{report}");
}

#[test]
fn whoever_runs_first_every_job_ends_and_tells_its_waiter() {
    every_kind(Play::of([Yields; 3], &[]));
    every_kind(Play::of([Yields, Sleeps, TakesAllItsTime], &[]));
}

#[test]
fn a_job_that_is_cancelled_at_any_moment_ends_once() {
    every_kind(Play::of([Yields; 3], &[Cancel(1)]));
    every_kind(Play::of([Yields, Sleeps, Yields], &[Cancel(1)]));
}

#[test]
fn a_result_a_time_limit_and_a_request_at_one_instant_end_a_job_once() {
    every_kind(Play::of([TakesAllItsTime, Tidies, TakesAllItsTime], &[Cancel(0)]));
    every_kind(Play::of([TakesAllItsTime, Tidies, TakesAllItsTime], &[Cancel(2)]));
    every_kind(Play { time_may_win: true, ..Play::of([TakesAllItsTime, Tidies, TakesAllItsTime], &[Cancel(2)]) });
}

#[test]
fn a_job_that_is_tried_again_keeps_no_place_and_loses_none() {
    every_kind(Play::of([FailsOnce { again_after: 0 }, Yields, Yields], &[]));
    every_kind(Play::of([FailsOnce { again_after: 1 }, Sleeps, Yields], &[Cancel(0)]));
}

#[test]
fn a_pause_holds_nobody_up_for_longer_than_it_lasts() {
    every_kind(Play::of([Yields, Sleeps, Yields], &[PauseAndResume]));
}

#[test]
fn a_runner_that_is_made_smaller_or_larger_starts_no_more_than_it_may() {
    every_kind(Play::of([Yields; 3], &[Resize(1)]));
    every_kind(Play::of([Yields, Sleeps, Sleeps], &[Resize(1), Resize(2)]));
}

#[test]
fn a_shutdown_at_any_moment_settles_everybody_within_its_time() {
    every_kind(Play::of([Sleeps, Yields, Yields], &[ShutDown(NOW)]));
    every_kind(Play::of([Tidies, Yields, FailsOnce { again_after: 1 }], &[ShutDown(CANCEL)]));
    every_kind(Play::of([Yields, Sleeps, Yields], &[ShutDown(DRAIN)]));
}

#[test]
fn a_shutdown_at_once_is_not_softened_by_a_gentler_one() {
    every_kind(Play::of([Tidies, Yields, Sleeps], &[ShutDown(NOW), ShutDown(CANCEL)]));
}

#[test]
fn submitters_before_a_full_queue_are_settled_too() {
    every_kind(Play { places: 1, ..Play::of([Yields, Sleeps, Yields], &[ShutDown(CANCEL)]) });
    every_kind(Play { places: 1, ..Play::of([Sleeps, Sleeps, Yields], &[Resize(1)]) });
}

#[test]
fn whoever_waits_is_told_even_when_a_worker_is_dropped_from_under_its_job() {
    every_kind(Play { dropped: Some("worker-1"), ..Play::of([Yields; 3], &[]) });
}

/// A job that ends as its time runs out, one that is tried again, and one that has to be asked to stop.
const ALL_SORTS: [Work; 3] = [TakesAllItsTime, FailsOnce { again_after: 1 }, Tidies];

#[test]
fn a_timeout_and_a_retry_beside_any_verb_hold_under_every_schedule() {
    for verb in [Cancel(1), Resize(1), ShutDown(CANCEL), ShutDown(NOW)] {
        every_kind(Play::of(ALL_SORTS, &[verb]));
        every_kind(Play { places: 2, ..Play::of(ALL_SORTS, &[verb]) });
    }
}

#[test]
fn a_timeout_and_a_retry_beside_two_verbs_hold_under_every_schedule() {
    for verbs in [[Cancel(1), Resize(1)], [Cancel(2), Resize(1)], [Resize(1), ShutDown(CANCEL)]] {
        every_kind(Play::of(ALL_SORTS, &verbs));
    }
}

const PAIRS: [Verb; 8] =
    [Cancel(0), Cancel(1), Cancel(2), PauseAndResume, Resize(1), ShutDown(CANCEL), ShutDown(DRAIN), ShutDown(NOW)];

#[test]
#[ignore = "takes a minute; in a release build"]
fn a_timeout_and_a_retry_beside_every_pair_of_verbs_hold_under_every_schedule() {
    for (nth, one) in PAIRS.into_iter().enumerate() {
        for other in &PAIRS[nth + 1..] {
            every_kind(Play::of(ALL_SORTS, &[one, *other]));
        }
    }
}

/// Everything that can be done to a runner, in one scenario.
const ALL_AT_ONCE: [Verb; 4] = [Cancel(1), PauseAndResume, Resize(1), ShutDown(CANCEL)];

/// The same, and what else goes together in one scenario.
const CROWDS: [&[Verb]; 3] =
    [&ALL_AT_ONCE, &[Cancel(0), Resize(1), ShutDown(CANCEL)], &[Cancel(1), PauseAndResume, ShutDown(DRAIN)]];

#[test]
#[ignore = "takes a minute; in a release build"]
fn all_verbs_at_once_hold_under_every_schedule() {
    for verbs in CROWDS {
        every_kind(Play::of(ALL_SORTS, verbs));
    }
}

/// With a submitter before a full queue.
fn before_a_full_queue(verbs: &'static [Verb]) -> Play<'static> {
    Play { places: 2, ..Play::of(ALL_SORTS, verbs) }
}

#[test]
#[ignore = "takes three minutes; in a release build"]
fn all_verbs_at_once_before_a_full_queue_hold_under_every_schedule() {
    for verbs in CROWDS {
        every_kind(before_a_full_queue(verbs));
    }
}

#[test]
fn all_verbs_at_once_before_a_full_queue_hold_in_the_first_schedules() {
    for verbs in CROWDS {
        let options = Options::default().executions(2_000);
        assert_holds_within(options, |stage: &Stage| set(stage, &before_a_full_queue(verbs)));
    }
}
