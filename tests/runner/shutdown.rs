//! The end of a runner settles everybody.

use std::convert::Infallible;
use std::future::IntoFuture;

use unstuck::runner::{JobId, Refusal, Shutdown, job};
use unstuck::time::{Duration, ms};
use unstuck::{now, spawn, yield_now};

use super::scene::{check, runner, sleeper, workers};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn shutdown_settles_jobs_in_line_and_blocked_submitters() {
    check(async {
        let runner = runner(workers(1).capacity(1));
        let running = runner.submit(sleeper(ms(1_000))).await.unwrap();
        yield_now().await;
        let queued = runner.submit(sleeper(ms(1_000))).await.unwrap();
        let blocked = spawn({
            let runner = runner.clone();
            async move { runner.submit(sleeper(ms(1_000))).await.map(|handle| handle.id()).unwrap_err().refusal }
        });
        let waiter = spawn(queued.clone().into_future());
        yield_now().await;
        let report = runner.shutdown(Shutdown::Now).await;
        assert_eq!((report.finished, report.cancelled, report.rejected), (0, vec![JobId(1), JobId(2)], 1));
        assert_eq!(blocked.await, Ok(Refusal::Closed));
        assert_eq!(waiter.await.unwrap().unwrap_err().to_string(), "the job was cancelled: shutdown");
        assert_eq!(running.await.unwrap_err().to_string(), "the job was cancelled: shutdown");
    });
}

#[test]
fn a_drain_waits_for_nothing_that_could_not_happen() {
    check(async {
        let forever = Shutdown::Drain { within: Duration::MAX };
        let paused = runner(workers(1));
        paused.pause();
        let never_started = workers(1).build().unwrap();
        for runner in [paused, never_started] {
            let handle = runner.submit(sleeper(ms(5))).await.unwrap();
            assert_eq!((runner.shutdown(forever).await.finished, handle.await.is_ok()), (1, true));
        }
        assert_eq!(now().to_string(), "10 ms");
    });
}

#[test]
fn a_submit_after_shutdown_is_refused_and_gives_the_job_back() {
    check(async {
        let runner = runner(workers(1));
        runner.shutdown(Shutdown::Now).await;
        let error = runner.submit(sleeper(ms(1))).await.unwrap_err();
        assert_eq!(error.to_string(), "the runner is closed and accepts no more jobs");
        let again = self::runner(workers(1));
        assert!(again.submit(*error.submission).await.unwrap().await.is_ok());
    });
}

#[test]
fn a_shutdown_reports_what_it_had_to_abandon() {
    check(async {
        let runner = runner(workers(1));
        let stuck = job(|_| std::future::pending::<Result<(), Infallible>>());
        let stuck = runner.submit(stuck.unstoppable()).await.unwrap();
        yield_now().await;
        let report = runner.shutdown(Shutdown::Cancel { grace: ms(10) }).await;
        assert_eq!((report.abandoned, report.cancelled), (vec![stuck.id()], vec![]));
    });
}
