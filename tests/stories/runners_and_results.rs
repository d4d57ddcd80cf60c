//! The bugs of pools, time limits and results, version by version: what breaks under which schedule, with its values.

use super::told::{at_the_least, first_in_first_out};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn two_reports_at_once_hold_both_workers_and_wait_for_charts_that_need_one() {
    assert_eq!(first_in_first_out("waits-for-itself", "buggy"), "");
    assert_eq!(
        at_the_least("waits-for-itself", "buggy"),
        "step 11: 2 jobs stand in line for a worker, and every worker waits for one of them (whoever stands in line \
         has a turn)\n\
         step 11: nothing can happen any more, and customer-1, customer-2, worker-1 and worker-2 wait for a job's result \
         (every task ends)\n"
    );
}

#[test]
fn a_time_limit_frees_the_workers_and_loses_the_charts() {
    assert_eq!(first_in_first_out("waits-for-itself", "half-fix"), "");
    assert_eq!(
        at_the_least("waits-for-itself", "half-fix"),
        "step 14: report 1 was delivered without chart 1 (a report has its chart)\n"
    );
}

#[test]
fn a_job_s_own_time_limit_is_taken_for_the_runner_s() {
    assert_eq!(
        first_in_first_out("whose-timeout", "buggy"),
        "step 6: report may take 1 s, and is booked as out of time after 50 ms (a job times out by its own limit)\n"
    );
}

#[test]
fn the_time_limit_of_one_job_is_taken_for_that_of_the_job_that_waits_for_it() {
    assert_eq!(
        first_in_first_out("whose-timeout", "half-fix"),
        "step 10: album may take 1 s, and is booked as out of time after 100 ms (a job times out by its own limit)\n"
    );
    assert_eq!(first_in_first_out("whose-timeout", "fixed"), "");
}

#[test]
fn whoever_asks_after_the_first_reader_is_told_that_there_is_no_such_job() {
    assert_eq!(first_in_first_out("removed-result", "buggy"), "");
    assert_eq!(
        at_the_least("removed-result", "buggy"),
        "step 7: bob asks for the result of a job that is done, and there is no such job (everybody gets the result)\n"
    );
}

#[test]
fn a_result_that_is_never_removed_outlives_everybody_who_could_ask() {
    assert_eq!(
        first_in_first_out("removed-result", "half-fix"),
        "step 7: everybody has read the result and left, and the runner keeps it for ever (what nobody can ask for is \
         gone)\n"
    );
    assert_eq!(first_in_first_out("removed-result", "fixed"), "");
}

#[test]
fn an_async_function_that_a_thread_calls_has_computed_nothing() {
    assert_eq!(
        first_in_first_out("never-polled", "buggy"),
        "step 4: hash-A was made, and dropped before anybody polled it (every future is polled)\n\
         step 4: job-A is done, and hash-A is missing (done means computed)\n"
    );
}

#[test]
fn a_future_that_is_spawned_is_not_awaited() {
    assert_eq!(
        first_in_first_out("never-polled", "half-fix"),
        "step 4: job-A is done, and hash-A is missing (done means computed)\n"
    );
    assert_eq!(first_in_first_out("never-polled", "fixed"), "");
}
