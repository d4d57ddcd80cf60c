//! What is told of a job, and of input that makes no sense.

use std::convert::Infallible;
use std::num::NonZeroU32;
use std::rc::Rc;

use unstuck::Executor;
use unstuck::runner::{BuildError, Builder, HashTask, JobId, RateLimit, SubmitPolicy, TaskError, UnknownJob, job};
use unstuck::time::{Duration, ms};
use unstuck::trace::CancelReason::Requested;

use super::scene::{check, runner, sleeper, workers};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
fn as_many_records_are_kept_as_are_asked_for() {
    fn kept(builder: Builder) -> usize {
        Executor::new().block_on(async move {
            let runner = runner(builder);
            for _ in 0..1_100 {
                runner.submit(job(|_| async { Ok::<_, Infallible>(()) })).await.unwrap().await.unwrap();
            }
            runner.records().len()
        })
    }
    let asked = [workers(1), workers(1).retention(3), workers(1).retention(0), workers(1).retain_all()];
    assert_eq!(asked.map(kept), [1_000, 3, 0, 1_100]);
}

#[test]
fn results_and_errors_keep_their_types() {
    #[derive(Clone, Debug, PartialEq)]
    struct Page {
        links: Vec<u32>,
    }
    #[derive(Debug, PartialEq)]
    enum Unreachable {
        Status(u16),
    }
    impl std::fmt::Display for Unreachable {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let Unreachable::Status(status) = self;
            write!(f, "the server said {status}")
        }
    }
    check(async {
        let runner = runner(workers(1));
        let fetch = |status| {
            job(move |_| async move {
                if status == 200 { Ok(Page { links: vec![1, 2] }) } else { Err(Unreachable::Status(status)) }
            })
        };
        assert_eq!(runner.submit(fetch(200)).await.unwrap().await, Ok(Page { links: vec![1, 2] }));
        let failed = runner.submit(fetch(503)).await.unwrap();
        assert_eq!(failed.wait().await, Err(TaskError::Failed(Rc::new(Unreachable::Status(503)))));
        // As text they are in the record.
        assert_eq!(failed.record().error.unwrap(), "the server said 503");
    });
}

#[test]
fn a_queue_of_no_places_is_refused_and_not_taken_for_one_without_a_bound() {
    check(async {
        let reject = || workers(1).submit_policy(SubmitPolicy::Reject);
        assert_eq!(reject().capacity(0).build().unwrap_err(), BuildError::NoCapacity);
        // One without a bound has to be asked for by name, and then never is full.
        let runner = reject().unbounded().build().unwrap();
        for _ in 0..1_000 {
            assert!(runner.try_submit(sleeper(ms(1))).is_ok());
        }
        assert_eq!((runner.stats().queued, runner.stats().capacity), (1_000, None));
    });
}

#[test]
fn a_rate_limit_of_no_time_is_refused_and_not_taken_for_no_limit() {
    check(async {
        let thousand = NonZeroU32::new(1_000).unwrap();
        let error = |span| workers(1).rate_limit(RateLimit::new(thousand, span)).build().map(drop).unwrap_err();
        assert_eq!(error(Duration::ZERO), BuildError::NoRateInterval);
        let sentence = "a rate limit needs a span of time, of at least a nanosecond for each start";
        assert_eq!(error(Duration::from_nanos(999)).to_string(), sentence);
        assert!(workers(1).rate_limit(RateLimit::new(thousand, Duration::from_nanos(1_000))).build().is_ok());
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
