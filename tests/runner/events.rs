//! What can be seen of a runner: events, progress, numbers.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::rc::Rc;

use unstuck::runner::{
    Delivery, Events, HashTask, Overflow, Shutdown, SleepTask, Submission, SubmitPolicy, TaskCx, TaskRunner, What,
    job,
};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{sleep, spawn, yield_now};

use super::scene::{check, runner};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn room(events: usize) -> NonZeroUsize {
    NonZeroUsize::new(events).unwrap()
}

async fn run_jobs(runner: &TaskRunner, jobs: usize) {
    for _ in 0..jobs {
        runner.submit(job(|_| async { Ok::<_, String>(()) })).await.unwrap().await.unwrap();
    }
}

fn pulled(events: &mut Events) -> Vec<String> {
    let line = |delivery| match delivery {
        Delivery::Missed(missed) => format!("missed {missed}"),
        Delivery::Event(event) => match event.what {
            What::Moved { job, to, .. } => format!("{} {job} {to}", event.number),
            other => format!("{} {other:?}", event.number),
        },
    };
    std::iter::from_fn(|| events.try_next()).map(line).collect()
}

#[test]
fn every_subscriber_sees_every_change_in_order() {
    check(async {
        let runner = runner(TaskRunner::builder());
        let (mut first, mut second) =
            (runner.subscribe(room(9), Overflow::DropNewest), runner.subscribe(room(9), Overflow::DropOldest));
        runner.pause();
        runner.resume();
        run_jobs(&runner, 1).await;
        let log = pulled(&mut first);
        assert_eq!(log, ["0 Paused", "1 Resumed", "2 #1 queued", "3 #1 running", "4 #1 succeeded"]);
        assert_eq!(pulled(&mut second), log);
    });
}

#[test]
fn a_slow_subscriber_is_told_what_it_missed() {
    check(async {
        let runner = runner(TaskRunner::builder());
        let (mut newest, mut oldest) =
            (runner.subscribe(room(2), Overflow::DropNewest), runner.subscribe(room(2), Overflow::DropOldest));
        run_jobs(&runner, 2).await;
        assert_eq!(pulled(&mut newest), ["0 #1 queued", "1 #1 running", "missed 4"]);
        assert_eq!(pulled(&mut oldest), ["missed 4", "4 #2 running", "5 #2 succeeded"]);
    });
}

#[test]
fn a_subscriber_with_backpressure_misses_nothing_and_holds_up_the_start_of_jobs() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1));
        let mut events = runner.subscribe(room(3), Overflow::Backpressure);
        for _ in 0..2 {
            drop(runner.submit(SleepTask::new(ms(1))).await.unwrap());
        }
        sleep(ms(100)).await;
        assert_eq!(runner.stats().queued, 1); // the third event was the start of the first job
        assert_eq!(pulled(&mut events).len(), 4);
        sleep(ms(100)).await;
        assert_eq!(pulled(&mut events), ["4 #2 running", "5 #2 succeeded"]);
    });
}

#[test]
fn a_dropped_subscription_holds_up_nobody() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1));
        let events = runner.subscribe(room(1), Overflow::Backpressure);
        let handle = runner.submit(SleepTask::new(ms(1))).await.unwrap();
        sleep(ms(10)).await;
        assert_eq!(runner.stats().queued, 1);
        drop(events);
        assert!(handle.await.is_ok());
    });
}

#[test]
fn the_events_end_with_the_runner() {
    check(async {
        let runner = runner(TaskRunner::builder());
        let mut events = runner.subscribe(room(100), Overflow::DropOldest);
        let count = spawn(async move {
            let mut count = 0;
            while events.next().await.is_some() {
                count += 1;
            }
            count
        });
        run_jobs(&runner, 3).await;
        runner.shutdown(Shutdown::Now).await;
        assert_eq!(count.await, Ok(10)); // three for each job, and the closing
    });
}

#[test]
fn progress_is_a_stream_that_ends_with_the_job() {
    check(async {
        let runner = runner(TaskRunner::builder());
        let steps = job(|cx: TaskCx| async move {
            for done in 1..=3 {
                sleep(ms(10)).await;
                cx.progress(done, 3);
            }
            Ok::<_, String>(())
        });
        let handle = runner.submit(steps).await.unwrap();
        let mut progress = handle.progress();
        let mut seen = Vec::new();
        while let Some(step) = progress.next().await {
            seen.push((step.done, step.total));
        }
        assert_eq!(seen, [(1, 3), (2, 3), (3, 3)]);
    });
}

#[test]
fn numbers_belong_to_one_moment() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1));
        let handles = [runner.submit(SleepTask::new(ms(10))).await, runner.submit(SleepTask::new(ms(30))).await];
        sleep(ms(5)).await;
        let stats = runner.stats();
        assert_eq!((stats.queued, stats.running, stats.in_flight, stats.submitted), (1, 1, 1, 2));
        for handle in handles {
            handle.unwrap().await.unwrap();
        }
        let stats = runner.stats();
        assert_eq!((stats.succeeded, stats.records, stats.queue_time.count), (2, 2, 2));
        let percent = |time: unstuck::time::Duration| (time.as_micros() + 50) / 100;
        assert_eq!([stats.queue_time.max, stats.run_time.p50, stats.run_time.max].map(percent), [100, 100, 300]);
    });
}

#[test]
fn every_way_to_fail_or_to_be_refused_is_counted() {
    check(async {
        let runner =
            runner(TaskRunner::builder().workers(1).capacity(1).submit_policy(SubmitPolicy::WaitTimeout(ms(1))));
        let own = job(|_| async { Err::<String, _>("no") });
        assert!(runner.submit(own).await.unwrap().await.is_err());
        let slow = || Submission::of(SleepTask::new(ms(50)));
        assert!(runner.submit(slow().timeout(ms(10))).await.unwrap().await.is_err());
        assert!(runner.submit(slow().deadline(ms(10))).await.unwrap().await.is_err());
        let running = runner.submit(slow()).await.unwrap();
        yield_now().await;
        let in_line = runner.submit(slow()).await.unwrap();
        assert!(runner.submit(slow()).await.is_err()); // waits for a place in vain
        assert!(runner.try_submit(slow()).is_err()); // does not wait
        in_line.cancel(CancelReason::Requested);
        running.await.unwrap();
        runner.close();
        assert!(runner.submit(slow()).await.is_err()); // comes too late
        let stats = runner.stats();
        assert_eq!((stats.submitted, stats.succeeded, stats.cancelled, stats.refused), (5, 1, 1, 3));
        assert_eq!((stats.failed, stats.timed_out), (3, 2));
    });
}

#[test]
fn a_large_input_is_hashed_in_slices_with_a_turn_for_others_in_between() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(1));
        let turns = Rc::new(Cell::new(0));
        let counted = turns.clone();
        let others = spawn(async move {
            loop {
                counted.set(counted.get() + 1);
                yield_now().await;
            }
        });
        let handle = runner.submit(HashTask::new(vec![0_u8; 4 << 20])).await.unwrap();
        let hash = handle.wait().await.unwrap();
        // 4 MiB in slices of 256 KiB are 16 slices, each in a turn of its own.
        assert!((16..=20).contains(&turns.get()), "{} turns", turns.get());
        assert_eq!(&hash[..16], "bb9f8df61474d25e");
        assert_eq!(handle.record().progress.unwrap().done, 4 << 20);
        others.cancel(CancelReason::Requested);
    });
}

#[test]
fn a_million_jobs_leave_a_thousand_records_and_no_more() {
    check(async {
        let jobs = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
        let runner = runner(TaskRunner::builder().retention(1_000));
        for _ in 0..jobs {
            drop(runner.submit(job(|_| async { Ok::<_, String>(()) })).await.unwrap());
        }
        runner.on_idle().await;
        assert_eq!((runner.records().len(), runner.stats().succeeded), (1_000, jobs));
    });
}
