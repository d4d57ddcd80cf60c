//! The three pitfalls that the asyncio sample explains, and a fourth: the end of the executor itself.

use std::cell::Cell;
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::rc::Rc;

use unstuck::explore::{self, Options};
use unstuck::runner::{
    CancelAnswer, Delivery, JobId, Overflow, Shutdown, SleepTask, Submission, TaskCx, TaskError, TaskRunner, What,
    job,
};
use unstuck::scenario::Stage;
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Executor, now, sleep, spawn, yield_now};

use super::scene::check;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Answer = std::future::Ready<Result<u32, Infallible>>;

/// A job that counts its runs and gives 7.
fn counting(runs: &Rc<Cell<u32>>) -> Submission<impl FnMut(TaskCx) -> Answer + use<>> {
    let runs = runs.clone();
    job(move |_| {
        runs.set(runs.get() + 1);
        std::future::ready(Ok(7))
    })
}

fn started() -> TaskRunner {
    let runner = TaskRunner::builder().workers(2).retention(1).build().unwrap();
    runner.start();
    runner
}

#[test]
fn what_was_accepted_runs_once_whether_or_not_anybody_waits() {
    check(async {
        let (runner, runs) = (started(), Rc::new(Cell::new(0)));
        drop(runner.submit(counting(&runs))); // never awaited, which the compiler would warn of
        runner.on_idle().await;
        assert_eq!((runs.get(), runner.stats().submitted), (0, 0));
        drop(runner.submit(counting(&runs)).await.unwrap()); // accepted, and nobody waits
        runner.on_idle().await;
        assert_eq!((runs.get(), runner.stats().succeeded), (1, 1));
    });
}

#[test]
fn a_result_is_there_for_waiters_that_come_late_even_when_its_record_has_gone() {
    check(async {
        let (runner, runs) = (started(), Rc::new(Cell::new(0)));
        let early = runner.submit(counting(&runs)).await.unwrap();
        for _ in 0..10 {
            drop(runner.submit(counting(&runs)).await.unwrap());
        }
        runner.on_idle().await;
        assert_eq!(runner.records().len(), 2); // the one that is kept, and the one that has a handle
        let late = early.clone();
        assert_eq!((early.await, late.wait().await, late.wait().await), (Ok(7), Ok(7), Ok(7)));
        drop(late);
        assert_eq!(runner.get_record(JobId(1)), None);
    });
}

#[test]
fn a_cancel_is_told_to_the_record_the_numbers_the_events_and_every_waiter() {
    check(async {
        let runner = started();
        let mut events = runner.subscribe(NonZeroUsize::new(99).unwrap(), Overflow::DropNewest);
        let handle = runner.submit(SleepTask::new(ms(1_000))).await.unwrap();
        let waiter = spawn(handle.clone().into_future());
        sleep(ms(10)).await;
        assert_eq!(runner.cancel(handle.id(), CancelReason::Requested), Ok(CancelAnswer::Requested));
        handle.stopped().await;
        assert_eq!(waiter.await, Ok(Err(TaskError::Cancelled(CancelReason::Requested))));
        assert_eq!(handle.record().error.as_deref(), Some("cancelled: requested"));
        assert_eq!((runner.stats().cancelled, runner.stats().in_flight), (1, 0));
        let mut changes = Vec::new();
        while let Some(Delivery::Event(event)) = events.try_next() {
            if let What::Moved { to, .. } = event.what {
                changes.push(to.to_string());
            }
        }
        assert_eq!(changes, ["queued", "running", "stopping: requested", "cancelled: requested"]);
    });
}

#[test]
fn an_executor_that_is_dropped_settles_every_job_of_its_runners() {
    let executor = Executor::new();
    let (running, queued, retrying, runner) = executor.block_on(async {
        let runner = TaskRunner::builder().workers(1).build().unwrap();
        runner.start();
        let failing = job(|_| async { Err::<u32, _>("no") });
        let pause = unstuck::retry::Backoff::constant(ms(1_000));
        let retry = unstuck::retry::Retry::new(std::num::NonZeroU32::new(2).unwrap(), pause);
        let retrying = runner.submit(failing.retry(retry)).await.unwrap();
        yield_now().await;
        let running = runner.submit(SleepTask::new(ms(1_000))).await.unwrap();
        let queued = runner.submit(SleepTask::new(ms(1_000))).await.unwrap();
        sleep(ms(1)).await;
        (running, queued, retrying, runner)
    });
    drop(executor);
    let cancelled = "cancelled: shutdown";
    let statuses = [running.status(), queued.status(), retrying.status()].map(|status| status.to_string());
    assert_eq!(statuses, [cancelled, cancelled, cancelled]);
    assert!(runner.try_submit(SleepTask::new(ms(1))).is_err());
}

#[test]
fn a_runner_that_is_dropped_runs_what_it_accepted_and_leaves_nothing() {
    let executor = Executor::new();
    let (handle, runs) = executor.block_on(async {
        let (runner, runs) = (TaskRunner::builder().workers(1).build().unwrap(), Rc::new(Cell::new(0)));
        runner.start();
        drop(runner.submit(SleepTask::new(ms(10))).await.unwrap());
        (runner.submit(counting(&runs)).await.unwrap(), runs)
    });
    assert_eq!(runs.get(), 0);
    executor.run();
    assert_eq!((runs.get(), handle.outcome(), executor.alive(), executor.armed_timers()), (1, Some(Ok(7)), 0, 0));
}

#[test]
fn a_job_that_shuts_its_own_runner_down_is_dropped_with_it() {
    check(async {
        let runner = started();
        let own = runner.clone();
        let last = job(move |_| {
            let own = own.clone();
            async move {
                own.shutdown(Shutdown::Drain { within: ms(10) }).await;
                Ok::<_, Infallible>(())
            }
        });
        let handle = runner.submit(last).await.unwrap();
        assert_eq!(handle.await, Err(TaskError::Cancelled(CancelReason::Shutdown)));
        assert_eq!(now().to_string(), "10 ms");
    });
}

type Waiting = Pin<Box<dyn Future<Output = Result<(), Infallible>>>>;

/// A job that waits until all jobs of its runner have ended.
fn waiting_for_itself(runner: &TaskRunner) -> Submission<impl FnMut(TaskCx) -> Waiting + use<>> {
    let runner = runner.clone();
    job(move |_| -> Waiting {
        let all = runner.on_idle();
        Box::pin(async {
            all.await;
            Ok(())
        })
    })
}

#[test]
fn a_job_that_waits_for_the_end_of_all_jobs_waits_for_its_own_until_its_time_is_up() {
    check(async {
        let runner = started();
        let outcome = runner.submit(waiting_for_itself(&runner).timeout(ms(10))).await.unwrap().await;
        assert_eq!((outcome, now().to_string()), (Err(TaskError::TimedOut), "10 ms".into()));
    });
}

#[test]
fn a_search_finds_a_job_that_waits_for_its_own_end() {
    let scenario = |stage: &Stage| {
        stage.spawn("main", async {
            let runner = started();
            let _ = runner.submit(waiting_for_itself(&runner)).await.unwrap().await;
        });
    };
    let failure = explore::check(&scenario, &Options::default()).failure.unwrap();
    let stuck =
        "nothing can happen any more, and main waits for a job's result; worker-1 waits for the runner's queue";
    assert_eq!(failure.sentence, stuck);
}
