//! The boundary of the npm package, in a browser: the tests are functions in `javascript/runner.js`.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, Promise, Reflect};
use unstuck::web::TaskRunner;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Declares the functions of the module, each of which is given the class and promises a text.
macro_rules! tests {
    ($($name:ident => $expected:expr;)*) => {
        #[wasm_bindgen(module = "/tests/javascript/runner.js")]
        extern "C" {
            $(fn $name(class: &Function) -> Promise;)*
        }

        mod contract {
            use super::*;
            $(#[wasm_bindgen_test::wasm_bindgen_test]
            async fn $name() {
                let told = JsFuture::from(super::$name(&class())).await;
                assert_eq!(told.map_err(|error| format!("{error:?}")), Ok(JsValue::from($expected)));
            })*
        }
    };
}

/// The class as JavaScript has it.
fn class() -> Function {
    let runner = JsValue::from(TaskRunner::new(JsValue::UNDEFINED).unwrap());
    Reflect::get(&runner, &JsValue::from("constructor")).unwrap().unchecked_into()
}

tests! {
    bad_options_are_errors_with_a_sentence => "\
no-workers: a runner needs at least one worker
no-capacity: a queue needs at least one place; for one without a bound say `unbounded`
no-lane-limit: a lane needs room for at least one job
no-rate-interval: a rate limit needs a span of time, of at least a nanosecond for each start
bad-option: workers must be a whole number from 0 to 4294967295, not 1.5
bad-option: workers must be a whole number from 0 to 4294967295, not -1
bad-option: workers must be a whole number from 0 to 4294967295, not “4”
bad-option: timeout must be a number of milliseconds from 0 up, not NaN
bad-option: timeout must be a number of milliseconds from 0 up, not -1
bad-option: timeout must be a number of milliseconds from 0 up, not Infinity
bad-option: timeout must be a number of milliseconds from 0 up, not 1e+300
bad-option: policy must be “wait”, “reject”, “drop-oldest”, “drop-lowest-priority”, or a number of milliseconds to wait
bad-option: retry needs a number of attempts
bad-option: attempts must be at least 1, since the first one counts
bad-option: there is no option “worker”; these are known: workers, capacity, policy, timeout, grace, retry, rateLimit, laneLimit, retention
bad-option: options must be an object";

    bad_jobs_are_errors_and_leave_nothing_behind => "\
not-a-function: a job is a function; it is called once for every attempt
not-a-function: a job is a function; it is called once for every attempt
not-a-function: a job is a function; it is called once for every attempt
bad-option: priority must be a whole number from 0 to 255
bad-option: deadline must be a number of milliseconds from 0 up, not NaN
bad-option: an id is a whole number, not -1
bad-option: name must be a string
bad-option: options must be an object
unknown-job: the runner knows no job #7
bad-option: an id is a whole number, not object
bad-option: an id is a whole number, not 0.5
no-workers: a runner needs at least one worker
bad-option: workers must be a whole number from 0 to 4294967295, not NaN
bad-option: a shutdown drains, cancels, or happens now: say one of the three
bad-option: cancel must be a number of milliseconds from 0 up, not -1
0 0 0 still works";

    null_counts_as_left_out => "4 64 1  no progress";

    a_duplicate_id_is_refused_and_the_first_job_goes_on => "\
duplicate-id: there is a job #7 already
1 succeeded 1";

    a_submit_after_close_is_refused_and_what_was_accepted_ends => "\
closed: the runner is closed and accepts no more jobs
closed: the runner is closed and accepts no more jobs
1,2 {\"finished\":2,\"cancelled\":[],\"rejected\":1,\"abandoned\":[]}";

    what_a_function_throws_reaches_every_waiter => "true, 2, failed: an error, no such thing, 2";

    a_timeout_aborts_the_signal_and_keeps_the_slot_until_the_promise_settles => "\
timed-out: the time for the attempt ran out
the job was asked to stop: its time ran out
failed queued 1, then next";

    cancelling_answers_what_it_did => "\
requested removed-from-queue already-finished
cancelled: the job was cancelled: requested
cancelled: the job was cancelled: requested";

    progress_comes_back_and_a_callback_that_throws_hurts_no_job => "1/3 2/3 3/3, mine, done, 3";

    a_pause_holds_jobs_back_and_resize_lets_more_run => "queued queued running running succeeded succeeded";

    shutdown_reports_what_became_of_everything => "\
{\"finished\":0,\"cancelled\":[2],\"rejected\":1,\"abandoned\":[1]}
closed: the runner is closed and accepts no more jobs
cancelled cancelled";
}
