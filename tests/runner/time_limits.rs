//! A job whose time is over, and the slot that it has.

use std::cell::Cell;
use std::convert::Infallible;
use std::rc::Rc;

use unstuck::runner::{Failure, Shutdown, Submission, TaskCx, TaskError, TaskStatus, job};
use unstuck::time::ms;
use unstuck::{Elapsed, now, sleep, timeout, yield_now};

use super::scene::{check, runner, sleeper, workers};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_timeout_error_of_the_job_itself_is_its_own_error() {
    check(async {
        let runner = runner(workers(1).timeout(ms(100)));
        let own = runner.submit(job(|_| async { timeout(ms(1), sleep(ms(2))).await })).await.unwrap();
        let limit = runner.submit(job(|_| async { timeout(ms(500), sleep(ms(501))).await })).await.unwrap();
        assert_eq!(own.wait().await, Err(TaskError::Failed(Rc::new(Elapsed))));
        assert_eq!(own.status(), TaskStatus::Failed(Failure::Error));
        assert_eq!(limit.wait().await, Err(TaskError::TimedOut));
        assert_eq!(limit.status(), TaskStatus::Failed(Failure::Timeout));
    });
}

#[test]
fn a_job_without_a_limit_is_not_held_to_that_of_the_runner() {
    check(async {
        let runner = runner(workers(2).timeout(ms(100)));
        let limited = runner.submit(sleeper(ms(101))).await.unwrap();
        let free = runner.submit(Submission::of(sleeper(ms(101))).no_timeout()).await.unwrap();
        assert_eq!(limited.await, Err(TaskError::TimedOut));
        assert_eq!(free.await, Ok("slept for 101 ms".to_owned()));
    });
}

#[test]
fn a_job_that_ignores_cancellation_defeats_neither_timeout_nor_shutdown() {
    check(async {
        let stubborn = || {
            job(|cx: TaskCx| async move {
                loop {
                    let _ignored = cx.cancel_token().cancelled().await;
                    sleep(ms(1_000_000)).await;
                }
                #[expect(unreachable_code)]
                Ok::<(), Infallible>(())
            })
        };
        let runner = runner(workers(2));
        let timed = runner.submit(stubborn().cooperative_timeout(ms(10), ms(5))).await.unwrap();
        assert_eq!(timed.await, Err(TaskError::TimedOut));
        assert_eq!(now().to_string(), "15 ms");
        let shut = runner.submit(stubborn()).await.unwrap();
        yield_now().await;
        runner.shutdown(Shutdown::Cancel { grace: ms(7) }).await;
        assert_eq!(now().to_string(), "22 ms");
        assert!(shut.await.is_err());
    });
}

#[test]
fn a_timed_out_job_keeps_its_slot_until_its_code_is_gone() {
    check(async {
        let runner = runner(workers(2));
        let most = Rc::new(Cell::new((0, 0)));
        let handles: Vec<_> = {
            let mut handles = Vec::new();
            for _ in 0..6 {
                let most = most.clone();
                let lingering = job(move |cx: TaskCx| {
                    let most = most.clone();
                    async move {
                        most.set((most.get().0 + 1, most.get().1.max(most.get().0 + 1)));
                        let _reason = cx.cancel_token().cancelled().await;
                        sleep(ms(20)).await; // tidies up
                        most.set((most.get().0 - 1, most.get().1));
                        Err::<(), _>("stopped")
                    }
                });
                handles.push(runner.submit(lingering.cooperative_timeout(ms(10), ms(50))).await.unwrap());
            }
            handles
        };
        for handle in &handles {
            assert_eq!(handle.wait().await, Err(TaskError::TimedOut));
        }
        assert_eq!(most.get(), (0, 2));
        assert_eq!(now().to_string(), "90 ms"); // three pairs of 10 ms and 20 ms
    });
}

#[test]
fn what_cannot_be_stopped_tells_its_waiters_in_time_and_keeps_its_slot() {
    check(async {
        let runner = runner(workers(1));
        let promise = job(|_| async {
            sleep(ms(100)).await;
            Ok::<_, Infallible>(1)
        });
        let stuck = runner.submit(promise.timeout(ms(10)).unstoppable()).await.unwrap();
        let next = runner.submit(sleeper(ms(5))).await.unwrap();
        assert_eq!(stuck.wait().await, Err(TaskError::TimedOut));
        assert_eq!((now().to_string(), runner.stats().in_flight), ("10 ms".into(), 1));
        stuck.stopped().await;
        assert_eq!(now().to_string(), "100 ms");
        next.await.unwrap();
        assert_eq!(now().to_string(), "105 ms");
    });
}
