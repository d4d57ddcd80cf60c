//! Limits of time around a call: none, no time at all, and several that are over at one moment.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::rc::Rc;

use unstuck::flow::{Bulkhead, Failure, Policies, RunCx, Task, Workflow, run};
use unstuck::retry::{Backoff, Retry};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Executor, now, sleep};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Ended = (Result<&'static str, Failure<String>>, String);

/// How a call that takes so long ends behind `policies`, and when.
fn check(milliseconds: Option<u64>, policies: Policies, expected: Ended) {
    let ended = Executor::new().block_on(async move {
        let call = Task::new("Call", async move |_: ()| {
            if let Some(milliseconds) = milliseconds {
                sleep(ms(milliseconds)).await;
            }
            Ok("done")
        });
        let outcome = run(&call.with(policies)).await;
        (outcome, now().to_string())
    });
    assert_eq!(ended, expected);
}

fn timeout(milliseconds: u64) -> Policies {
    Policies::new().timeout(ms(milliseconds))
}

#[test]
fn a_call_that_need_not_wait_needs_no_time() {
    check(None, timeout(0), (Ok("done"), "0 ms".into()));
    check(None, Policies::new().deadline(ms(0)), (Ok("done"), "0 ms".into()));
    check(None, timeout(0).deadline(ms(0)), (Ok("done"), "0 ms".into()));
}

#[test]
fn a_call_that_waits_has_none_to_lose() {
    check(Some(1), timeout(0), (Err(Failure::TimedOut(ms(0))), "0 ms".into()));
    check(Some(1), Policies::new().deadline(ms(0)), (Err(Failure::DeadlinePassed), "0 ms".into()));
}

#[test]
fn a_value_at_the_last_moment_is_in_time() {
    check(Some(10), timeout(10), (Ok("done"), "10 ms".into()));
    check(Some(10), timeout(10).deadline(ms(10)), (Ok("done"), "10 ms".into()));
}

#[test]
fn of_two_limits_of_one_moment_the_inner_one_is_over_first() {
    check(Some(11), timeout(10).deadline(ms(10)), (Err(Failure::TimedOut(ms(10))), "10 ms".into()));
    check(Some(11), timeout(10).deadline(ms(11)), (Err(Failure::TimedOut(ms(10))), "10 ms".into()));
    check(Some(11), timeout(11).deadline(ms(10)), (Err(Failure::DeadlinePassed), "10 ms".into()));
}

#[test]
fn a_limit_is_over_for_what_stands_inside_of_another() {
    let ended = Executor::new().block_on(async {
        let slow = Task::new("Slow", async |_: ()| {
            sleep(ms(100)).await;
            Ok::<_, String>(())
        });
        let outcome = run(&slow.with(timeout(50)).with(timeout(20)).with(timeout(90))).await;
        (outcome, now().to_string())
    });
    assert_eq!(ended, (Err(Failure::TimedOut(ms(20))), "20 ms".into()));
}

#[test]
fn nothing_is_tried_again_when_the_deadline_passed_while_an_attempt_was_stopping() {
    let ended = Executor::new().block_on(async {
        let calls = Rc::new(Cell::new(0));
        let made = calls.clone();
        let polite = Task::with_cx("Polite", async move |_: (), cx: &RunCx<'_>| {
            made.set(made.get() + 1);
            cx.cancel_token().cancelled().await;
            sleep(ms(15)).await;
            Err::<(), _>("stopped".to_owned())
        });
        // Asked to stop at 10 ms, it has stopped at 25 ms.
        let thrice = Retry::new(NonZeroU32::new(3).unwrap(), Backoff::constant(ms(1)));
        let fenced = polite.with(timeout(10).deadline(ms(20)).retry(thrice));
        let outcome = RunCx::new("Polite").grace(ms(50)).perform(&fenced, ()).await;
        (outcome, now().to_string(), calls.get())
    });
    assert_eq!(ended, (Err(Failure::DeadlinePassed), "25 ms".into(), 1));
}

#[test]
fn the_deadline_is_over_for_a_call_that_waits_for_its_place() {
    let ended = Executor::new().block_on(async {
        let bulkhead = Bulkhead::new("one", 1).unwrap();
        let slow = |milliseconds| {
            Task::new("Slow", async move |_: ()| {
                sleep(ms(milliseconds)).await;
                Ok::<_, String>(())
            })
        };
        let first = slow(100).with(Policies::new().bulkhead(&bulkhead));
        let first = unstuck::spawn(async move { run(&first).await });
        unstuck::yield_now().await;
        let second = slow(1).with(Policies::new().bulkhead(&bulkhead).timeout(ms(10)).deadline(ms(30)));
        let second = (run(&second).await, now().to_string());
        (first.await.unwrap(), second, bulkhead.free())
    });
    assert_eq!(ended, (Ok(()), (Err(Failure::DeadlinePassed), "30 ms".into()), 1));
}

#[test]
fn whoever_is_asked_to_stop_by_a_limit_around_it_hears_why() {
    let reason = Executor::new().block_on(async {
        let polite = Task::with_cx("Polite", async |_: (), cx| Ok::<_, String>(cx.cancel_token().cancelled().await));
        let fenced = polite.with(timeout(50)).with(Policies::new().deadline(ms(20)));
        RunCx::new("Polite").grace(ms(1)).perform(&fenced, ()).await
    });
    assert_eq!(reason, Ok(CancelReason::Deadline));
}
