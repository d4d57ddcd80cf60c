//! What happens when the queue is full, and in which order jobs start.

use std::cell::RefCell;
use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;

use unstuck::runner::{
    Factory, IfDuplicate, JobId, RateLimit, Refusal, Submission, SubmitPolicy, TaskError, TaskRunner, TaskStatus, job,
};
use unstuck::time::{Duration, ms};
use unstuck::{now, sleep, spawn, timeout, yield_now};

use super::scene::{check, runner};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Log = Rc<RefCell<Vec<String>>>;

/// A job of ten milliseconds that notes when it starts.
fn noted(log: &Log, name: &str) -> Submission<impl Factory<Output = (), Error = String> + use<>> {
    let (log, name) = (log.clone(), name.to_owned());
    job(move |_| {
        log.borrow_mut().push(name.clone());
        async {
            sleep(ms(10)).await;
            Ok::<_, String>(())
        }
    })
}

fn one_by_one(policy: SubmitPolicy) -> (TaskRunner, Log) {
    (runner(TaskRunner::builder().workers(1).capacity(2).submit_policy(policy)), Log::default())
}

/// Submits A, which runs, and B and C, which fill the queue.
async fn fill(runner: &TaskRunner, log: &Log) {
    for name in ["A", "B", "C"] {
        drop(runner.submit(noted(log, name)).await.unwrap());
        yield_now().await;
    }
}

async fn order(runner: &TaskRunner, log: &Log) -> String {
    runner.on_idle().await;
    log.borrow().join(" ")
}

#[test]
fn reject_gives_the_job_back() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::Reject);
        fill(&runner, &log).await;
        let error = runner.submit(noted(&log, "D")).await.unwrap_err();
        assert_eq!(error.to_string(), "the queue is full");
        sleep(ms(11)).await;
        drop(runner.submit(*error.submission).await.unwrap());
        assert_eq!(order(&runner, &log).await, "A B C D");
    });
}

#[test]
fn blocked_submitters_come_in_the_order_in_which_they_came() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::Wait);
        fill(&runner, &log).await;
        for name in ["D", "E", "F"] {
            let (runner, log) = (runner.clone(), log.clone());
            drop(spawn(async move { drop(runner.submit(noted(&log, name)).await.unwrap()) }));
            yield_now().await;
        }
        // A place comes free at 10 ms, and a newcomer at that moment finds it taken.
        sleep(ms(10)).await;
        assert_eq!(runner.try_submit(noted(&log, "barger")).unwrap_err().refusal, Refusal::Full);
        assert_eq!(order(&runner, &log).await, "A B C D E F");
    });
}

#[test]
fn a_submitter_that_is_never_polled_again_keeps_no_place_from_others() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::Wait);
        fill(&runner, &log).await;
        let mut sluggish = Box::pin(runner.submit(noted(&log, "D")));
        assert!(timeout(ms(1), &mut sluggish).await.is_err());
        sleep(ms(100)).await;
        assert_eq!(*log.borrow(), ["A", "B", "C", "D"]);
        assert_eq!(sluggish.await.unwrap().status(), TaskStatus::Succeeded);
    });
}

#[test]
fn dropping_a_submission_that_waits_withdraws_the_job() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::Wait);
        fill(&runner, &log).await;
        assert!(timeout(ms(5), runner.submit(noted(&log, "D"))).await.is_err());
        assert_eq!(order(&runner, &log).await, "A B C");
        assert_eq!(runner.stats().submitted, 3);
    });
}

#[test]
fn who_waits_too_long_for_a_place_gets_the_job_back() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::WaitTimeout(ms(4)));
        fill(&runner, &log).await;
        let error = runner.submit(noted(&log, "D")).await.unwrap_err();
        assert_eq!(
            (error.to_string(), now().to_string()),
            ("no place in the queue came free in time".into(), "4 ms".into())
        );
        sleep(ms(10)).await;
        drop(runner.submit(*error.submission).await.unwrap());
        assert_eq!(order(&runner, &log).await, "A B C D");
    });
}

#[test]
fn drop_oldest_evicts_whoever_waited_longest() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::DropOldest);
        fill(&runner, &log).await;
        drop(runner.submit(noted(&log, "D")).await.unwrap());
        assert_eq!(runner.get_record(JobId(2)).unwrap().error.unwrap(), "had to make room in a full queue");
        assert_eq!(order(&runner, &log).await, "A C D");
    });
}

#[test]
fn drop_lowest_priority_evicts_the_youngest_of_the_lowest_which_may_be_the_newcomer() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::DropLowestPriority);
        fill(&runner, &log).await;
        assert_eq!(runner.submit(noted(&log, "D")).await.unwrap_err().refusal, Refusal::Full);
        let evicted = runner.handle::<(), String>(JobId(3)).unwrap();
        drop(runner.submit(noted(&log, "E").priority(200)).await.unwrap());
        assert_eq!(evicted.await, Err(TaskError::Evicted));
        assert_eq!(order(&runner, &log).await, "A E B");
    });
}

#[test]
fn priorities_can_be_changed_in_line_and_equals_keep_their_order() {
    check(async {
        let (runner, log) = (runner(TaskRunner::builder().workers(1)), Log::default());
        for (name, priority) in [("A", 9), ("B", 1), ("C", 2), ("D", 1), ("E", 2)] {
            drop(runner.submit(noted(&log, name).priority(priority)).await.unwrap());
        }
        yield_now().await;
        // B joins the twos, where it stands before C and E, who came later.
        assert_eq!(runner.set_priority(JobId(2), 2), Ok(true));
        assert_eq!(runner.set_priority(JobId(1), 2), Ok(false));
        assert_eq!(order(&runner, &log).await, "A B C E D");
    });
}

#[test]
fn a_lane_runs_so_many_of_its_jobs_and_holds_up_no_others() {
    check(async {
        let (runner, log) = (runner(TaskRunner::builder().workers(3).lane_limit(1)), Log::default());
        for name in ["x1", "x2", "x3", "y1"] {
            drop(runner.submit(noted(&log, name).lane(&name[..1])).await.unwrap());
        }
        drop(runner.submit(noted(&log, "z")).await.unwrap());
        sleep(ms(5)).await;
        assert_eq!(*log.borrow(), ["x1", "y1", "z"]);
        assert_eq!(order(&runner, &log).await, "x1 y1 z x2 x3");
    });
}

#[test]
fn a_rate_limit_spreads_the_starts_and_saves_up_a_burst() {
    check(async {
        let limit =
            RateLimit::new(NonZeroU32::new(10).unwrap(), Duration::from_secs(1)).burst(NonZeroU32::new(2).unwrap());
        let runner = runner(TaskRunner::builder().workers(8).rate_limit(limit));
        let starts = Rc::new(RefCell::new(Vec::new()));
        for _ in 0..4 {
            let starts = starts.clone();
            let note = job(move |_| {
                starts.borrow_mut().push(now().to_string());
                async { Ok::<_, String>(()) }
            });
            drop(runner.submit(note).await.unwrap());
        }
        runner.on_idle().await;
        assert_eq!(*starts.borrow(), ["0 ms", "0 ms", "100 ms", "200 ms"]);
    });
}

#[test]
fn a_job_of_the_same_key_joins_the_one_in_flight_or_is_refused() {
    check(async {
        let (runner, log) = (runner(TaskRunner::builder().workers(1)), Log::default());
        let first = runner.submit(noted(&log, "A").key("k", IfDuplicate::Join)).await.unwrap();
        let joined = runner.submit(noted(&log, "B").key("k", IfDuplicate::Join)).await.unwrap();
        assert_eq!(first.id(), joined.id());
        let refused = runner.submit(noted(&log, "C").key("k", IfDuplicate::Reject)).await.unwrap_err();
        assert_eq!(refused.to_string(), "a job of the same key is in flight: #1");
        let other = job(|_| async { Ok::<_, String>(1) }).key("k", IfDuplicate::Join);
        assert_eq!(runner.submit(other).await.unwrap_err().refusal, Refusal::DuplicateKey(JobId(1)));
        joined.await.unwrap();
        // What has ended is not in flight any more.
        drop(runner.submit(noted(&log, "D").key("k", IfDuplicate::Reject)).await.unwrap());
        assert_eq!(order(&runner, &log).await, "A D");
    });
}

#[test]
fn a_paused_runner_accepts_and_starts_nothing() {
    check(async {
        let (runner, log) = (runner(TaskRunner::builder().workers(2)), Log::default());
        runner.pause();
        drop(runner.submit(noted(&log, "A")).await.unwrap());
        sleep(ms(100)).await;
        assert_eq!((log.borrow().len(), runner.stats().queued, runner.stats().paused), (0, 1, true));
        runner.resume();
        runner.on_empty().await;
        assert_eq!(order(&runner, &log).await, "A");
    });
}

#[test]
fn a_larger_queue_takes_in_who_waits_and_a_smaller_one_evicts_nobody() {
    check(async {
        let (runner, log) = one_by_one(SubmitPolicy::Wait);
        fill(&runner, &log).await;
        let waiting: Vec<_> = ["D", "E"]
            .map(|name| {
                let (runner, job) = (runner.clone(), noted(&log, name));
                spawn(async move { runner.submit(job).await.unwrap().id() })
            })
            .into();
        yield_now().await;
        assert_eq!(runner.stats().blocked_submitters, 2);
        runner.set_capacity(NonZeroUsize::new(3));
        assert_eq!((runner.stats().queued, runner.stats().blocked_submitters), (3, 1));
        runner.set_capacity(NonZeroUsize::new(1));
        assert_eq!((runner.stats().queued, runner.stats().blocked_submitters), (3, 1));
        runner.set_submit_policy(SubmitPolicy::Reject);
        assert_eq!(runner.submit(noted(&log, "F")).await.unwrap_err().refusal, Refusal::Full);
        assert_eq!(runner.in_line(2), [JobId(2), JobId(3)]);
        for handle in waiting {
            handle.await.unwrap();
        }
        assert_eq!(order(&runner, &log).await, "A B C D E");
    });
}

#[test]
fn an_attempt_knows_its_worker_and_numbers_are_used_again() {
    check(async {
        let runner = runner(TaskRunner::builder().workers(2));
        let numbered = || job(|cx| async move { (sleep(ms(10)).await, Ok::<_, String>(cx.worker())).1 });
        let first = [runner.submit(numbered()).await.unwrap(), runner.submit(numbered()).await.unwrap()];
        let third = runner.submit(numbered()).await.unwrap();
        let workers = [first[0].wait().await.unwrap(), first[1].wait().await.unwrap(), third.wait().await.unwrap()];
        assert_eq!(workers, [Some(0), Some(1), Some(0)]);
    });
}
