//! Futures that were dropped before anybody polled them.

use unstuck::scenario::Stage;
use unstuck::sync::{Event, Mutex, Queue, oneshot};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Elapsed, sleep, spawn_named, timeout, yield_now};

use super::noticed::{noticed, one, told};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub fn cancels_its_child_at_once(stage: &Stage) {
    stage.spawn("main", async {
        let child = spawn_named("child", async { unreachable!("nobody polls it") });
        child.cancel(CancelReason::Requested);
    });
}

#[test]
fn a_task_that_is_dropped_before_its_first_poll_was_never_polled() {
    assert_eq!(
        told(cancels_its_child_at_once),
        [(1, "child was spawned and dropped before its first poll".to_owned())]
    );
    assert_eq!(noticed(cancels_its_child_at_once), one("never polled", 1));
}

#[test]
fn a_lock_that_nobody_awaited_was_never_polled() {
    fn forgets_to_await(stage: &Stage) {
        stage.spawn("main", async {
            let names = Mutex::new("names", ());
            drop(names.lock());
        });
    }
    assert_eq!(
        told(forgets_to_await),
        [(1, "a future that waits for names was made and dropped before its first poll".to_owned())]
    );
}

#[test]
fn whatever_of_a_queue_or_an_event_nobody_awaited_was_never_polled() {
    fn forgets_to_await(stage: &Stage) {
        stage.spawn("main", async {
            let (jobs, ready) = (Queue::bounded("jobs", 1), Event::new("ready"));
            drop(jobs.put(1));
            drop(jobs.take());
            drop(ready.wait());
            jobs.put(2).await.unwrap();
            assert_eq!(jobs.take().await, Some(2));
        });
    }
    let forgotten = |name| (1, format!("a future that waits for {name} was made and dropped before its first poll"));
    assert_eq!(told(forgets_to_await), ["jobs", "jobs", "ready"].map(forgotten));
}

#[test]
fn a_sleep_or_a_receiver_that_nobody_awaited_was_never_polled() {
    fn forgets_to_await(stage: &Stage) {
        stage.spawn("main", async {
            drop(sleep(ms(10)));
            let (sender, receiver) = oneshot::channel("an answer");
            drop(receiver);
            assert_eq!(sender.send(42), Err(42));
        });
    }
    let forgotten = |name| (1, format!("a future that waits for {name} was made and dropped before its first poll"));
    assert_eq!(told(forgets_to_await), ["a moment", "an answer"].map(forgotten));
    assert_eq!(noticed(forgets_to_await), [("never polled".to_owned(), 1), ("never polled".to_owned(), 1)]);
}

#[test]
fn a_sleep_or_a_receiver_that_was_polled_was() {
    fn awaits_them(stage: &Stage) {
        stage.spawn("main", async {
            sleep(ms(0)).await;
            let (sender, receiver) = oneshot::channel("an answer");
            assert_eq!(timeout(ms(1), receiver).await, Err(Elapsed));
            assert_eq!(sender.send(42), Err(42));
        });
    }
    assert_eq!(told(awaits_them), []);
}

#[test]
fn a_time_limit_that_nobody_needed_is_no_lint() {
    fn is_in_time(stage: &Stage) {
        stage.spawn("main", async { assert_eq!(timeout(ms(10), async { 42 }).await, Ok(42)) });
    }
    assert_eq!(told(is_in_time), []);
}

#[test]
fn a_task_that_is_cancelled_after_its_first_poll_was_polled() {
    fn cancels_later(stage: &Stage) {
        stage.spawn("main", async {
            let child = spawn_named("child", async { sleep(ms(10)).await });
            yield_now().await;
            yield_now().await;
            child.cancel(CancelReason::Requested);
        });
    }
    assert_eq!(told(cancels_later), []);
    // In the schedules in which `main` has all of its turns first, the child has had none.
    assert_eq!(noticed(cancels_later), one("never polled", 1));
}
