//! Workers come, stay, survive and sleep.

use std::num::NonZeroUsize;

use unstuck::runner::{Shutdown, TaskCx, TaskRunner, job};
use unstuck::time::{Duration, Instant, ms};
use unstuck::trace::CancelReason::Requested;
use unstuck::trace::{Entry, Event};
use unstuck::{Executor, sleep};

use super::scene::{check, runner, sleeper, workers};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
fn workers_beyond_a_smaller_limit_leave_when_their_jobs_have_ended() {
    check(async {
        let runner = runner(workers(3));
        for _ in 0..3 {
            drop(runner.submit(sleeper(ms(10))).await.unwrap());
        }
        sleep(ms(1)).await;
        runner.set_concurrency(NonZeroUsize::MIN);
        let waits = runner.submit(sleeper(ms(10))).await.unwrap();
        let seen = |runner: &TaskRunner| (runner.stats().workers, runner.stats().in_flight);
        let mut workers = vec![seen(&runner)];
        sleep(ms(10)).await;
        workers.push(seen(&runner));
        waits.await.unwrap();
        workers.push(seen(&runner));
        // What runs goes on, and the fourth has to wait until one slot is free of all three.
        assert_eq!(workers, [(3, 3), (1, 1), (1, 0)]);
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
#[cfg(not(target_arch = "wasm32"))] // where a panic is the end of everything
fn a_panic_ends_its_job_and_not_its_worker() {
    use std::convert::Infallible;
    use unstuck::runner::TaskError;

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
