//! Trying again: when, how often, at whose expense, and what is left when it was in vain.

use std::cell::{Cell, RefCell};
use std::num::NonZeroU32;
use std::rc::Rc;

use unstuck::retry::{Backoff, Retry, RetryBudget};
use unstuck::runner::{Failure, JobId, SleepTask, TaskCx, TaskError, TaskRunner, TaskStatus, job};
use unstuck::time::{Duration, ms};
use unstuck::{now, sleep};

use super::scene::{check, runner};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn times(attempts: u32, backoff: Backoff) -> Retry {
    Retry::new(NonZeroU32::new(attempts).unwrap(), backoff)
}

#[test]
fn attempts_follow_the_backoff_and_hold_no_slot_in_between() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1));
        let starts = Rc::new(RefCell::new(Vec::new()));
        let noted = starts.clone();
        let failing = job(move |_| {
            noted.borrow_mut().push(now().to_string());
            async { Err::<(), _>("no") }
        });
        let handle = runner.submit(failing.retry(times(4, Backoff::exponential(ms(100))))).await.unwrap();
        sleep(ms(1)).await;
        assert_eq!((handle.status(), runner.stats().in_flight), (TaskStatus::Retrying, 0));
        assert!(runner.submit(SleepTask::new(ms(1))).await.unwrap().await.is_ok());
        assert_eq!(handle.wait().await, Err(TaskError::Failed(Rc::new("no"))));
        assert_eq!(*starts.borrow(), ["0 ms", "100 ms", "300 ms", "700 ms"]);
        let history: Vec<_> = handle.history().iter().map(|change| change.to.to_string()).collect();
        let round = ["queued", "running", "retrying"];
        assert_eq!(
            history,
            [round, round, round]
                .concat()
                .into_iter()
                .chain(["queued", "running", "failed: an error"])
                .collect::<Vec<_>>()
        );
    });
}

#[test]
fn a_timed_out_attempt_is_tried_again() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1).retry(times(3, Backoff::constant(ms(1)))));
        let slow_once = job(|cx: TaskCx| async move {
            sleep(ms(if cx.attempt() == 1 { 50 } else { 5 })).await;
            Ok::<_, String>(cx.attempt())
        });
        assert_eq!(runner.submit(slow_once.timeout(ms(10))).await.unwrap().await, Ok(2));
    });
}

#[test]
#[cfg(not(target_arch = "wasm32"))] // where a panic is the end of everything
fn a_panic_is_not_tried_again() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1).retry(times(3, Backoff::constant(ms(1)))));
        let runs = Rc::new(Cell::new(0));
        let counted = runs.clone();
        let panics = job(move |_| {
            counted.set(counted.get() + 1);
            async { if true { panic!("oh") } else { Ok::<(), String>(()) } }
        });
        assert!(runner.submit(panics).await.unwrap().await.is_err());
        assert_eq!(runs.get(), 1);
    });
}

#[test]
fn only_errors_that_are_worth_it_are_retried() {
    check(async {
        let runner = runner(TaskRunner::builder());
        let failing = job(|cx: TaskCx| async move { Err::<(), _>(cx.attempt()) });
        let handle = runner.submit(failing.attempts(9).retry_if(|attempt| *attempt < 3)).await.unwrap();
        assert_eq!(handle.await, Err(TaskError::Failed(Rc::new(3))));
        assert_eq!(runner.dead_letters(), []); // it was not exhausted
    });
}

#[test]
fn a_budget_is_shared_by_all_who_retry() {
    check(async {
        let budget = RetryBudget::new(Duration::from_secs(10), 0, 20);
        let runner = runner(TaskRunner::builder().retry(times(5, Backoff::constant(ms(1))).budget(budget)));
        for _ in 0..10 {
            let failing = job(|_| async { Err::<(), _>("down") });
            assert!(runner.submit(failing).await.unwrap().await.is_err());
        }
        assert_eq!(runner.stats().retries, 2); // 20 % of ten
    });
}

#[test]
fn a_deadline_covers_queueing_every_attempt_and_the_pauses() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1));
        let busy = runner.submit(SleepTask::new(ms(100))).await.unwrap();
        let in_line = runner.submit(SleepTask::new(ms(1))).await.unwrap();
        let late = runner.submit(job(|_| async { Ok::<_, String>(()) }).deadline(ms(50))).await.unwrap();
        assert_eq!(late.wait().await, Err(TaskError::DeadlinePassed));
        assert_eq!((now().to_string(), late.record().attempt), ("50 ms".into(), 0));
        busy.await.unwrap();
        in_line.await.unwrap();
        let slow = job(|_| async {
            sleep(ms(30)).await;
            Err::<(), _>("no")
        });
        let slow = slow.deadline(ms(100)).retry(times(9, Backoff::constant(ms(10))));
        let handle = runner.submit(slow).await.unwrap();
        // Attempts at 0 and 40 fail at 30 and 70; the one at 80 has no time to end.
        assert_eq!(handle.wait().await, Err(TaskError::DeadlinePassed));
        assert_eq!((handle.record().attempt, now().to_string()), (3, "201 ms".into()));
        assert_eq!(handle.status(), TaskStatus::Failed(Failure::Deadline));
    });
}

#[test]
fn a_deadline_passes_in_line_for_another_attempt_as_well() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1));
        let failing = job(|_| async { Err::<(), _>("no") });
        let failing = failing.deadline(ms(100)).retry(times(2, Backoff::constant(ms(10))));
        let handle = runner.submit(failing).await.unwrap();
        let busy = runner.submit(SleepTask::new(ms(1_000))).await.unwrap();
        // From 10 ms on it is in line behind a job that runs until a second is over.
        assert_eq!(handle.wait().await, Err(TaskError::DeadlinePassed));
        assert_eq!((now().to_string(), handle.record().attempt), ("100 ms".into(), 1));
        busy.await.unwrap();
    });
}

#[test]
fn a_retry_that_would_come_too_late_for_the_deadline_is_not_waited_for() {
    check(async {
        let runner = runner(TaskRunner::builder());
        let failing = job(|_| async { Err::<(), _>("no") });
        let failing = failing.deadline(ms(100)).retry(times(9, Backoff::constant(ms(200))));
        let handle = runner.submit(failing).await.unwrap();
        assert_eq!(handle.await, Err(TaskError::Failed(Rc::new("no"))));
        assert_eq!(now().to_string(), "0 ms");
    });
}

#[test]
fn a_retry_that_the_deadline_forbids_costs_the_budget_nothing() {
    check(async {
        let budget = RetryBudget::new(Duration::from_secs(10), 0, 100);
        let runner = runner(TaskRunner::builder().retry(times(5, Backoff::constant(ms(100))).budget(budget.clone())));
        let failing = job(|_| async { Err::<(), _>("no") }).deadline(ms(50));
        assert!(runner.submit(failing).await.unwrap().await.is_err());
        assert_eq!(budget.balance(now()), 1); // what the one job has earned
    });
}

#[test]
fn what_is_exhausted_can_be_submitted_again() {
    check(async {
        let runner = runner(TaskRunner::builder());
        let healthy = Rc::new(Cell::new(false));
        let sick = healthy.clone();
        let work = job(move |_| {
            let answer = if sick.get() { Ok("fine") } else { Err("sick") };
            async move { answer }
        });
        let first = runner.submit(work.attempts(2).name("work")).await.unwrap();
        assert!(first.wait().await.is_err());
        assert_eq!(runner.dead_letters(), [JobId(1)]);
        healthy.set(true);
        let second = runner.resubmit(JobId(1)).unwrap();
        let typed = runner.handle::<&str, &str>(second).unwrap();
        assert!(runner.handle::<u8, &str>(second).is_none());
        assert_eq!(runner.wait(second).await.unwrap().status, TaskStatus::Succeeded);
        assert_eq!(typed.await, Ok("fine"));
        // What it gave went with its last handle; its record stays.
        assert!(runner.handle::<&str, &str>(second).is_none());
        assert_eq!(runner.get_record(second).unwrap().name, "work");
        // The first life keeps its end.
        assert_eq!(first.outcome(), Some(Err(TaskError::Failed(Rc::new("sick")))));
        let error = runner.resubmit(JobId(1)).unwrap_err();
        assert_eq!(
            (runner.dead_letters(), error.to_string()),
            (vec![], "there is no job #1 in the dead-letter list".into())
        );
    });
}
