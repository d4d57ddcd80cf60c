//! The bugs of breakers, retries and pipelines, version by version: what breaks under which schedule, with its values.

use unstuck::session::Session;

use super::told::{at_the_least, first_in_first_out};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn every_caller_who_waited_for_the_break_to_end_is_a_probe() {
    assert_eq!(
        first_in_first_out("half-open-stampede", "buggy"),
        "step 17: 2 callers ask a service that is down: caller-1, caller-2 (one probe at a time)\n"
    );
}

#[test]
fn an_answer_from_before_the_outage_closes_the_half_fixed_circuit_in_one_order_only() {
    assert_eq!(first_in_first_out("half-open-stampede", "half-fix"), "");
    assert_eq!(
        at_the_least("half-open-stampede", "half-fix"),
        "step 16: the service is down, and an answer to a question from before the break has closed the circuit \
         (only a probe closes the circuit)\n\
         step 17: 2 callers ask a service that is down: caller-3, caller-1 (one probe at a time)\n"
    );
    assert_eq!(first_in_first_out("half-open-stampede", "fixed"), "");
}

#[test]
fn children_of_a_failed_group_write_into_the_folder_that_was_removed() {
    assert_eq!(
        first_in_first_out("orphans", "buggy"),
        "step 7: the group has failed and returned; still at work: upload-2, upload-3 (a group ends after its \
         children)\n\
         step 9: the folder was removed, and now it is there again: removed, with part 2 (nobody writes to a removed \
         folder)\n"
    );
}

#[test]
fn children_that_were_cancelled_run_for_ever_in_the_records() {
    assert_eq!(
        first_in_first_out("orphans", "half-fix"),
        "step 7: nothing runs any more, and in the records upload-2 is running and upload-3 is running (every child \
         has a final state)\n"
    );
    assert_eq!(first_in_first_out("orphans", "fixed"), "");
}

#[test]
fn the_two_groups_do_the_same_until_one_of_them_returns_early() {
    assert_eq!(Session::open("#/bug/orphans").film().divergence, Some(7));
}

#[test]
fn a_child_that_its_group_stopped_says_so() {
    let said = Session::open("#/bug/orphans?step=8").snapshot().said;
    assert_eq!(
        (&*said.rest, &*said.aside),
        (
            "Now upload-2 can go on.",
            "Fixed: upload-2 was resumed because main woke it from waiting for its bytes to be sent; it stopped: its \
             parent ended."
        )
    );
}

#[test]
fn a_full_mailbox_fails_the_task_that_it_was_to_hear_of() {
    assert_eq!(
        first_in_first_out("observer", "buggy"),
        "step 4: fetch did its work, and failed because a mailbox is full (a subscriber changes no outcome)\n\
         step 6: there were 4 events, and the log has 2 lines (the log has every event)\n"
    );
}

#[test]
fn a_task_for_each_event_keeps_their_order_only_first_in_first_out() {
    assert_eq!(first_in_first_out("observer", "half-fix"), "");
    assert_eq!(
        at_the_least("observer", "half-fix"),
        "step 4: the log says: render started, fetch started (the log is in order)\n"
    );
    assert_eq!(first_in_first_out("observer", "fixed"), "");
}

#[test]
fn a_call_with_an_input_goes_past_the_retry_policy() {
    assert_eq!(
        first_in_first_out("retries", "buggy"),
        "step 6: get-7 gave up after 1 of 3 attempts (a failing call is tried three times)\n\
         step 11: nobody served get-7, get-8 (every client is served)\n"
    );
}

#[test]
fn equal_delays_bring_everybody_back_at_once_until_all_attempts_are_used_up() {
    assert_eq!(
        first_in_first_out("retries", "half-fix"),
        "step 11: 3 retries came at the same time, and the service fell over (retries do not topple the service)\n\
         step 23: nobody served list, get-7, get-8 (every client is served)\n"
    );
    assert_eq!(first_in_first_out("retries", "fixed"), "");
}
