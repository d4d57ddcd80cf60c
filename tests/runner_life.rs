//! A job's life: submitting, waiting, cancelling, and what every waiter is told.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::IntoFuture;
use std::rc::Rc;

use unstuck::runner::{
    Builder, CancelAnswer, Failure, HashTask, JobId, Refusal, Shutdown, SleepTask, SubmitPolicy, TaskCx, TaskError,
    TaskRunner, TaskStatus, UnknownJob, job,
};
use unstuck::time::{Duration, Instant, ms};
use unstuck::trace::CancelReason::{ParentEnded, Requested};
use unstuck::trace::{Entry, Event};
use unstuck::{Elapsed, Executor, now, sleep, spawn, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn runner(builder: Builder) -> TaskRunner {
    let runner = builder.build().unwrap();
    runner.start();
    runner
}

fn workers(workers: usize) -> Builder {
    TaskRunner::builder().workers(workers)
}

fn check<F: Future<Output = ()> + 'static>(scene: F) {
    Executor::new().block_on(scene);
}

fn sleeper(time: Duration) -> SleepTask {
    SleepTask::new(time)
}

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
fn workers_come_when_they_are_needed_stay_and_leave_at_the_end() {
    check(async {
        let runner = runner(workers(2));
        let mut seen = vec![runner.stats().workers];
        let handles = [runner.try_submit(sleeper(ms(5))).unwrap(), runner.try_submit(sleeper(ms(5))).unwrap()];
        seen.push(runner.stats().workers);
        for handle in handles {
            handle.cancel(Requested);
            let _ = handle.await;
            seen.push(runner.stats().workers);
        }
        runner.shutdown(Shutdown::Now).await;
        seen.push(runner.stats().workers);
        assert_eq!(seen, [0, 2, 2, 2, 0]);
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
fn a_handle_is_awaited_any_number_of_times_by_any_number_of_waiters() {
    check(async {
        let runner = runner(workers(1));
        let handle = runner.submit(sleeper(ms(10))).await.unwrap();
        let waiters: Vec<_> = (0..3).map(|_| spawn(handle.clone().into_future())).collect();
        for waiter in waiters {
            assert_eq!(waiter.await.unwrap().unwrap(), "slept for 10 ms");
        }
        assert_eq!((&handle).await.unwrap(), "slept for 10 ms");
        assert_eq!(handle.await.unwrap(), "slept for 10 ms");
    });
}

#[test]
fn an_impatient_waiter_cancels_nothing_and_loses_nothing() {
    check(async {
        let runner = runner(workers(1));
        let handle = runner.submit(sleeper(ms(100))).await.unwrap();
        let patient = spawn(handle.clone().into_future());
        assert_eq!(handle.wait_timeout(ms(10)).await, Err(Elapsed));
        assert!(timeout(ms(10), handle.wait()).await.is_err());
        assert_eq!(patient.await.unwrap().unwrap(), "slept for 100 ms");
        assert_eq!(handle.outcome().unwrap().unwrap(), "slept for 100 ms");
    });
}

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
fn a_job_of_a_full_pool_submits_to_it_and_waits_without_a_deadlock() {
    check(async {
        let runner = runner(workers(1).capacity(1));
        // Each level submits two of the next and waits for both: 1 + 2 + 4 + 8 jobs through one slot.
        fn tree(
            depth: u32,
        ) -> impl Fn(TaskCx) -> std::pin::Pin<Box<dyn Future<Output = Result<u32, String>>>> + Clone {
            move |cx| {
                Box::pin(async move {
                    let mut leaves = if depth == 0 { 1 } else { 0 };
                    for _ in 0..if depth == 0 { 0 } else { 2 } {
                        let child = cx.submit(job(tree(depth - 1))).await.map_err(|error| error.to_string())?;
                        leaves += child.await.map_err(|error| error.to_string())?;
                    }
                    Ok(leaves)
                })
            }
        }
        assert_eq!(runner.submit(job(tree(3))).await.unwrap().await, Ok(8));
        assert_eq!(runner.stats().lent, 0);
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
#[cfg(not(target_arch = "wasm32"))] // where a panic is the end of everything
fn a_panic_ends_its_job_and_not_its_worker() {
    check(async {
        let runner = runner(workers(1));
        let handle = runner.submit(job(|_| async { if true { panic!("oh") } else { Ok::<(), Infallible>(()) } }));
        assert_eq!(handle.await.unwrap().await, Err(TaskError::Panicked("oh".into())));
        let factory = job(|_| -> std::future::Ready<Result<(), Infallible>> { panic!("ah") });
        assert_eq!(runner.submit(factory).await.unwrap().await, Err(TaskError::Panicked("ah".into())));
        assert!(runner.submit(sleeper(ms(1))).await.unwrap().await.is_ok());
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
fn a_record_tells_the_whole_life() {
    check(async {
        let runner = runner(workers(1));
        let handle = runner.submit(HashTask::new("abc")).await.unwrap();
        handle.wait().await.unwrap();
        let record = handle.record();
        assert_eq!((record.name.as_str(), record.kind.as_str(), record.attempt), ("hash 3 bytes", "hash", 1));
        assert_eq!(record.progress.unwrap().fraction(), 1.0);
        assert_eq!(record.result.unwrap(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let history: Vec<_> = handle.history().iter().map(|change| change.to.to_string()).collect();
        assert_eq!(history, ["queued", "running", "succeeded"]);
    });
}

#[test]
fn bad_input_is_a_sentence() {
    check(async {
        let error = |builder: Builder| builder.build().unwrap_err().to_string();
        assert_eq!(error(workers(0)), "a runner needs at least one worker");
        let sentence = "a queue needs at least one place; for one without a bound say `unbounded`";
        assert_eq!(error(workers(1).capacity(0)), sentence);
        let runner = runner(workers(1).submit_policy(SubmitPolicy::Reject));
        let five = job(|_| async { Ok::<_, Infallible>(5) });
        runner.submit(five.id(JobId(5))).await.unwrap().await.unwrap();
        let twice = runner.submit(job(|_| async { Ok::<_, Infallible>(6) }).id(JobId(5))).await;
        assert_eq!(twice.unwrap_err().to_string(), "there is a job #5 already");
        assert_eq!(runner.cancel(JobId(77), Requested), Err(UnknownJob(JobId(77))));
        assert_eq!(runner.wait(JobId(77)).await.unwrap_err().to_string(), "the runner knows no job #77");
        assert_eq!(runner.stats().submitted, 1);
    });
}

#[test]
fn an_idle_runner_causes_no_wake_up_in_an_hour() {
    let executor = Executor::recording();
    let _open = executor.block_on(async {
        let runner = runner(workers(8).timeout(ms(100)));
        for _ in 0..10 {
            runner.submit(sleeper(ms(1))).await.unwrap().await.unwrap();
        }
        sleep(Duration::from_secs(3_600)).await;
        runner
    });
    let idle = |entry: &&Entry| entry.time > Instant::ZERO + ms(10) && matches!(entry.event, Event::Polled { .. });
    let polls = executor.trace(|trace| trace.entries().iter().filter(idle).count());
    assert_eq!(polls, 1); // of the task that slept for that hour
}
