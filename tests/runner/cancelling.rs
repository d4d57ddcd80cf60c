//! Cancelling is a request, and stopping a fact.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::rc::Rc;

use unstuck::runner::{CancelAnswer, JobId, TaskCx, TaskError, TaskStatus, job};
use unstuck::time::ms;
use unstuck::trace::CancelReason::{ParentEnded, Requested};
use unstuck::{now, sleep, yield_now};

use super::scene::{check, runner, sleeper, workers};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn cancelling_many_running_jobs_leaves_every_worker_alive() {
    check(async {
        let runner = runner(workers(2));
        for _ in 0..10 {
            let handle = runner.submit(sleeper(ms(1_000))).await.unwrap();
            yield_now().await;
            yield_now().await;
            assert_eq!(handle.cancel(Requested), CancelAnswer::Requested);
            assert_eq!(handle.wait().await, Err(TaskError::Cancelled(Requested)));
        }
        let handle = runner.submit(sleeper(ms(5))).await.unwrap();
        assert_eq!(handle.await.unwrap(), "slept for 5 ms");
    });
}

#[test]
fn a_cancelled_job_that_was_in_line_never_runs() {
    check(async {
        let runner = runner(workers(1));
        let ran = Rc::new(Cell::new(false));
        let first = runner.submit(sleeper(ms(10))).await.unwrap();
        let mark = ran.clone();
        let second = job(move |_| {
            mark.set(true);
            async { Ok::<_, Infallible>(()) }
        });
        let second = runner.submit(second).await.unwrap();
        assert_eq!(runner.cancel(second.id(), Requested), Ok(CancelAnswer::RemovedFromQueue));
        assert_eq!(second.wait().await, Err(TaskError::Cancelled(Requested)));
        first.await.unwrap();
        runner.on_idle().await;
        assert!(!ran.get());
        assert_eq!(runner.cancel(second.id(), Requested), Ok(CancelAnswer::AlreadyFinished));
        assert_eq!(second.status(), TaskStatus::Cancelled(Requested));
    });
}

#[test]
fn a_job_that_finishes_although_it_was_asked_to_stop_has_succeeded() {
    check(async {
        let runner = runner(workers(1).grace(ms(50)));
        let polite = job(|cx: TaskCx| async move {
            let reason = cx.cancel_token().cancelled().await;
            sleep(ms(20)).await;
            Ok::<_, Infallible>(reason)
        });
        let handle = runner.submit(polite).await.unwrap();
        yield_now().await;
        yield_now().await;
        assert_eq!(handle.cancel(Requested), CancelAnswer::Requested);
        assert_eq!(handle.status(), TaskStatus::Stopping(Requested));
        assert_eq!(handle.await, Ok(Requested));
    });
}

#[test]
fn children_are_stopped_when_their_parent_ends_and_it_waits_for_them() {
    check(async {
        let runner = runner(workers(2));
        let child = Rc::new(RefCell::new(None));
        let seen = child.clone();
        let parent = job(move |cx: TaskCx| {
            let seen = seen.clone();
            async move {
                let child = job(|cx: TaskCx| async move {
                    let _reason = cx.cancel_token().cancelled().await;
                    sleep(ms(20)).await;
                    Err::<(), _>("stopped")
                });
                *seen.borrow_mut() = cx.try_submit(child.grace(ms(50))).ok();
                sleep(ms(10)).await;
                Ok::<_, Infallible>("done")
            }
        });
        assert_eq!(runner.submit(parent).await.unwrap().await, Ok("done"));
        assert_eq!(now().to_string(), "30 ms");
        let child = child.take().unwrap();
        assert_eq!(child.outcome(), Some(Err(TaskError::Cancelled(ParentEnded))));
    });
}

#[test]
fn a_dropped_handle_detaches_and_one_that_says_so_cancels() {
    check(async {
        let runner = runner(workers(2));
        let detached = runner.submit(sleeper(ms(10))).await.unwrap();
        let owned = runner.submit(sleeper(ms(10))).await.unwrap().cancel_on_drop();
        let ids = [detached.id(), owned.id()];
        drop((detached, owned));
        let statuses = |ids: [JobId; 2]| ids.map(|id| runner.get_record(id).unwrap().status.to_string());
        runner.on_idle().await;
        assert_eq!(statuses(ids), ["succeeded", "cancelled: requested"]);
    });
}

#[test]
fn a_token_that_is_asked_for_after_the_request_is_cancelled_already() {
    check(async {
        let runner = runner(workers(1).grace(ms(10)));
        let late = job(|cx: TaskCx| async move {
            sleep(ms(5)).await; // meanwhile it is asked to stop
            Ok::<_, Infallible>(cx.cancel_token().cancelled().await)
        });
        let handle = runner.submit(late).await.unwrap();
        sleep(ms(1)).await;
        handle.cancel(Requested);
        assert_eq!(handle.await, Ok(Requested));
    });
}
