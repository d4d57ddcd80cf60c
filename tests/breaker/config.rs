//! Settings that make no sense are refused with a sentence, before anything runs.

use unstuck::breaker::{Config, Machine};
use unstuck::time::{Duration, ms};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(config: Config, sentence: &str) {
    assert_eq!(Machine::new(config).unwrap_err().to_string(), sentence);
}

#[test]
fn zero_is_neither_never_nor_always() {
    check(Config::consecutive_failures(0), "the number of failures in a row must be at least 1");
    check(Config::last_calls(0), "the number of calls in the window must be at least 1");
    check(Config::last_calls(5).min_calls(0), "the minimum of calls must be at least 1");
    check(Config::consecutive_failures(1).probes(0), "the number of probes must be at least 1");
    check(Config::consecutive_failures(1).open_for(ms(0)), "the open time must be longer than no time");
    check(Config::last_time(Duration::ZERO), "the span of the window must be longer than no time");
}

#[test]
fn a_rate_is_above_0_and_at_most_1() {
    check(Config::last_calls(5).failure_rate(0.0), "the failure rate must be above 0 and at most 1, not 0");
    check(Config::last_calls(5).failure_rate(1.5), "the failure rate must be above 0 and at most 1, not 1.5");
    check(Config::last_calls(5).failure_rate(f64::NAN), "the failure rate must be above 0 and at most 1, not NaN");
    check(Config::last_calls(5).success_rate(-0.1), "the success rate must be above 0 and at most 1, not -0.1");
    let slow = Config::last_calls(5).slow_calls(ms(1), 60.0);
    check(slow, "the slow-call rate must be above 0 and at most 1, not 60");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    check(Config::last_calls(5).min_calls(6), "a window of 5 calls never holds the minimum of 6");
    let shrinking = Config::last_calls(5).growing(0.5, ms(60_000));
    check(shrinking, "the open time must grow by a factor of at least 1, not 0.5");
    let short = Config::last_calls(5).open_for(ms(20_000)).growing(2.0, ms(5_000));
    check(short, "the longest open time, 5 s, must not be shorter than the first, 20 s");
}

#[test]
fn a_rate_has_a_window() {
    let in_a_row = || Config::consecutive_failures(5);
    let needs = |setting: &str| format!("the {setting} needs a window of calls or of time, not failures in a row");
    check(in_a_row().failure_rate(0.5), &needs("failure rate"));
    check(in_a_row().min_calls(10), &needs("minimum of calls"));
    check(in_a_row().slow_calls(ms(1), 0.5), &needs("slow-call rate"));
}
