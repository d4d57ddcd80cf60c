//! What breaks in the bugs of workers, claims and cancellations, and when: first in, first out, unless a schedule is
//! given.

use super::told::{at_the_least, findings};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn three_polls_read_idle_before_the_first_has_written_busy() {
    assert_eq!(
        findings("check-await-set", "buggy", "fifo"),
        "step 14: the worker holds 2 jobs at once: job-1, job-2 (a worker holds at most one job)\n"
    );
}

#[test]
fn a_flag_that_is_set_when_the_job_has_come_holds_until_a_poll_looks_just_before() {
    assert_eq!(findings("check-await-set", "half-fix", "fifo"), "");
    assert_eq!(
        at_the_least("check-await-set", "half-fix"),
        "step 8: the worker holds 2 jobs at once: job-1, job-2 (a worker holds at most one job)\n"
    );
}

#[test]
fn a_job_that_a_busy_worker_lets_go_of_stays_active_for_ever() {
    assert_eq!(
        findings("dropped-claim", "buggy", "fifo"),
        "step 11: the server counts job-2 as active, and nobody works on it (every active job is being worked on)\n\
         step 21: complete_job will never be sent for job-2 (every job is completed)\n"
    );
}

#[test]
fn not_to_ask_while_busy_does_not_take_back_a_question_that_is_on_its_way() {
    assert_eq!(findings("dropped-claim", "half-fix", "fifo"), "");
    assert_eq!(
        at_the_least("dropped-claim", "half-fix"),
        "step 9: the server counts job-2 as active, and nobody works on it (every active job is being worked on)\n\
         step 20: complete_job will never be sent for job-2 (every job is completed)\n"
    );
}

#[test]
fn two_cancels_leave_a_pool_of_two_without_a_worker() {
    assert_eq!(
        findings("lost-worker", "buggy", "fifo"),
        "step 6: cancelling a job has cost a worker: 1 of 2 left (cancelling a job costs no worker)\n\
         step 11: job-3 was accepted, and there are 0 workers to do it (every job that was accepted is answered)\n\
         step 11: nothing can happen any more, and client waits for its result (every task ends)\n"
    );
}

#[test]
fn a_worker_that_never_raises_a_cancellation_again_survives_the_shutdown() {
    assert_eq!(
        findings("lost-worker", "half-fix", "fifo"),
        "step 21: the runner was shut down, and 1 of its workers still waits for jobs \
         (a runner that was shut down has no workers)\n\
         step 21: nothing can happen any more, and client waits for worker-2 to end; worker-2 waits for a job \
         (every task ends)\n"
    );
}

#[test]
fn a_confirmed_cancel_marks_the_record_and_the_queue_still_holds_the_job() {
    assert_eq!(
        findings("cancelled-and-run", "buggy", "fifo"),
        "step 9: the client was told that job-2 is cancelled, and job-2 is running (a cancelled job never runs)\n"
    );
}

#[test]
fn a_look_at_the_record_before_the_connection_is_open_is_too_early() {
    assert_eq!(findings("cancelled-and-run", "half-fix", "fifo"), "");
    assert_eq!(
        at_the_least("cancelled-and-run", "half-fix"),
        "step 9: the client was told that job-2 is cancelled, and job-2 is running (a cancelled job never runs)\n"
    );
}

#[test]
fn a_timeout_around_a_shared_job_cancels_it_for_everybody() {
    assert_eq!(
        findings("impatient-waiter", "buggy", "fifo"),
        "step 8: patient has time left, and a cancellation instead of a result \
         (a timeout is only the waiter's own)\n"
    );
}

#[test]
fn the_last_waiter_does_not_know_who_is_about_to_come() {
    assert_eq!(findings("impatient-waiter", "half-fix", "fifo"), "");
    assert_eq!(
        at_the_least("impatient-waiter", "half-fix"),
        "step 7: patient has time left, and a cancellation instead of a result \
         (a timeout is only the waiter's own)\n"
    );
}

#[test]
fn a_shutdown_that_tells_the_workers_forgets_the_queue_and_who_waits_in_front_of_it() {
    assert_eq!(
        findings("stranding-shutdown", "buggy", "fifo"),
        "step 13: the runner is shut down, and client-2 and client-3 will never be told \
         (after the shutdown nobody waits)\n\
         step 13: nothing can happen any more, and client-2 waits for its result; client-3 waits for a place in the \
         queue (every task ends)\n"
    );
}

#[test]
fn a_place_that_comes_free_in_a_shutdown_invites_one_more_job_in() {
    assert_eq!(findings("stranding-shutdown", "half-fix", "fifo"), "");
    assert_eq!(
        at_the_least("stranding-shutdown", "half-fix"),
        "step 15: the runner is shut down, and client-3 will never be told (after the shutdown nobody waits)\n\
         step 15: nothing can happen any more, and client-3 waits for its result (every task ends)\n"
    );
}

#[test]
fn a_loop_of_timers_dies_on_the_path_that_sets_none() {
    assert_eq!(
        findings("poll-loop", "buggy", "fifo"),
        "step 11: the poller is started, no poll is under way, and no timer is set for one \
         (while it is started, somebody polls)\n"
    );
}

#[test]
fn a_guard_that_sets_the_timer_on_every_path_does_so_after_the_stop() {
    assert_eq!(findings("poll-loop", "half-fix", "fifo"), "");
    assert_eq!(
        at_the_least("poll-loop", "half-fix"),
        "step 17: the poller was stopped, and the timer is set for its next poll (after the stop no timer is set)\n\
         step 22: the poller was stopped, and the timer is set for its next poll (after the stop no timer is set)\n"
    );
}

#[test]
fn a_job_that_catches_its_own_cancellation_outlives_the_grace_period() {
    assert_eq!(
        findings("stubborn-task", "buggy", "fifo"),
        "step 10: the job was cancelled 200 ms ago, and still runs (a cancelled job is gone after the grace period)\n"
    );
}

#[test]
fn to_stop_waiting_for_a_job_does_not_stop_the_job() {
    assert_eq!(
        findings("stubborn-task", "half-fix", "fifo"),
        "step 9: the shutdown has returned, and the job still sends pages \
         (when the shutdown has returned, no job runs)\n\
         step 10: a page was sent to the archive after it was closed (nobody writes to a closed archive)\n\
         step 11: the job was cancelled 200 ms ago, and still runs (a cancelled job is gone after the grace period)\n"
    );
}
