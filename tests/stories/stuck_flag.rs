//! The stuck busy flag, version by version.

use super::told;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn findings(variant: &str, schedule: &str) -> String {
    told::findings("stuck-flag", variant, schedule)
}

#[test]
fn after_a_failure_the_buggy_worker_is_busy_with_nobody_and_refuses_f() {
    assert_eq!(
        findings("buggy", "fifo"),
        "step 14: A has left and nobody is served, but is_processing stays true (the busy flag tells the truth)\n\
         step 18: the worker is idle, and refused F: is_processing is still up from a job that has left (an idle worker accepts work)\n\
         step 19: no answer will ever come for A, B, C, D, E, F (every submitted task is answered)\n"
    );
}

#[test]
fn the_half_fix_closes_the_line_under_the_next_request() {
    assert_eq!(
        findings("half-fix", "fifo"),
        "step 14: the line was closed while E's request was on it (nobody uses a closed connection)\n\
         step 30: no answer will ever come for A, B, C, D (every submitted task is answered)\n"
    );
}

#[test]
fn the_fixed_worker_answers_everybody_under_a_thousand_random_schedules() {
    assert_eq!(findings("fixed", "fifo"), "");
    for seed in 0..1_000 {
        assert_eq!(findings("fixed", &format!("random-{seed}")), "", "random-{seed}");
    }
}

#[test]
fn no_schedule_of_a_thousand_saves_the_buggy_worker_or_the_half_fix() {
    for seed in 0..1_000 {
        for variant in ["buggy", "half-fix"] {
            assert_ne!(findings(variant, &format!("random-{seed}")), "", "{variant} under random-{seed}");
        }
    }
}
