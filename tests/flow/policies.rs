//! Policies stand in one order, and each does what it says in it.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config, State, Verdict};
use unstuck::bus::{EventBus, Overflow};
use unstuck::flow::{
    Bulkhead, CircuitGroup, Event, FailMode, Failure, Job, Parallel, Policies, RateLimit, RunCx, Task, TaskState,
    Workflow, run,
};
use unstuck::retry::{Backoff, RetryBudget};
use unstuck::time::{Duration, ms};
use unstuck::trace::CancelReason;
use unstuck::{Executor, now, sleep, spawn};

use super::scene::{attempts, check};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Fails so often, each time after so long, then gives 42. Remembers when it was called.
#[derive(Clone, Default)]
struct Service {
    calls: Rc<RefCell<Vec<String>>>,
}

impl Service {
    fn failing(
        &self,
        times: usize,
        takes: Duration,
    ) -> impl Workflow<Input = (), Output = u32, Error = &'static str> + 'static + use<> {
        let calls = self.calls.clone();
        Task::new("Call", async move |_: ()| {
            calls.borrow_mut().push(now().to_string());
            let failed = calls.borrow().len() <= times;
            sleep(takes).await;
            if failed { Err("no route") } else { Ok(42) }
        })
    }

    fn calls(&self) -> Vec<String> {
        self.calls.borrow().clone()
    }
}

fn breaker(failures: u32) -> CircuitBreaker {
    let config = Config::consecutive_failures(failures).open_for(Duration::from_secs(10));
    CircuitBreaker::new("service", config).unwrap()
}

#[test]
fn the_order_does_not_depend_on_who_was_named_first() {
    let rate = RateLimit::new(5, Duration::from_secs(1)).unwrap();
    let bulkhead = Bulkhead::new("service", 4).unwrap();
    let retry = attempts(3, Backoff::constant(ms(1)));
    let outermost_first = Policies::new()
        .deadline(ms(900))
        .retry(retry.clone())
        .circuit(&breaker(1))
        .rate_limit(&rate)
        .bulkhead(&bulkhead)
        .timeout(ms(100));
    let innermost_first = Policies::new()
        .timeout(ms(100))
        .bulkhead(&bulkhead)
        .rate_limit(&rate)
        .circuit(&breaker(1))
        .retry(retry)
        .deadline(ms(900));
    assert_eq!(outermost_first.to_string(), innermost_first.to_string());
    let guarded = Service::default().failing(0, ms(1)).with(innermost_first);
    assert_eq!(
        format!("{guarded:?}"),
        "task Call: deadline 900 ms > retry, 3 attempts > circuit service > rate limit 5 per 1 s > \
         bulkhead service, 4 at a time > timeout 100 ms > call"
    );
    assert_eq!(guarded.shape().to_string(), format!("{guarded:?}\n"));
    let once = Policies::new().retry(attempts(1, Backoff::constant(ms(1)))).timeout(ms(5));
    assert_eq!(format!("{once:?}"), "Policies(retry, 1 attempt > timeout 5 ms > call)");
}

#[test]
fn a_timeout_bounds_each_attempt_and_not_the_retries() {
    check(async {
        let service = Service::default();
        let policies = Policies::new().timeout(ms(100)).retry(attempts(3, Backoff::constant(ms(50))));
        let outcome = run(&service.failing(0, ms(500)).with(policies)).await;
        assert_eq!(outcome, Err(Failure::TimedOut(ms(100))));
        assert_eq!(
            (service.calls(), now().to_string().as_str()),
            (vec!["0 ms".into(), "150 ms".into(), "300 ms".into()], "400 ms")
        );
    });
}

#[test]
fn a_deadline_bounds_all_attempts_and_what_waits_between_them() {
    check(async {
        let service = Service::default();
        let policies =
            Policies::new().deadline(ms(250)).timeout(ms(100)).retry(attempts(9, Backoff::constant(ms(50))));
        let outcome = run(&service.failing(0, ms(500)).with(policies)).await;
        // The second attempt ends at 250 ms at the latest: its own limit and the deadline meet, and the deadline is
        // told apart by who asked first.
        assert_eq!((outcome, service.calls().len()), (Err(Failure::TimedOut(ms(100))), 2));
        assert_eq!(now().to_string(), "250 ms");
    });
}

#[test]
fn a_deadline_that_passes_during_an_attempt_is_told_apart_from_its_timeout() {
    check(async {
        let service = Service::default();
        let policies =
            Policies::new().deadline(ms(120)).timeout(ms(100)).retry(attempts(9, Backoff::constant(ms(1))));
        let outcome = run(&service.failing(0, ms(500)).with(policies)).await;
        assert_eq!((outcome, now().to_string().as_str()), (Err(Failure::DeadlinePassed), "120 ms"));
    });
}

#[test]
fn nobody_waits_for_a_retry_that_the_deadline_would_cut_off() {
    check(async {
        let service = Service::default();
        let policies = Policies::new().deadline(ms(500)).retry(attempts(9, Backoff::constant(ms(800))));
        let outcome = run(&service.failing(9, ms(1)).with(policies)).await;
        assert_eq!((outcome, now().to_string().as_str()), (Err(Failure::Failed("no route")), "1 ms"));
    });
}

#[test]
fn an_error_of_the_call_is_not_mistaken_for_the_timeout() {
    check(async {
        let own = Task::new("Own", async |_: ()| {
            unstuck::timeout(ms(10), std::future::pending::<()>()).await.map_err(|elapsed| elapsed.to_string())
        });
        let outcome = run(&own.with(Policies::new().timeout(ms(100)))).await;
        assert_eq!(outcome, Err(Failure::Failed("the time ran out".to_owned())));
    });
}

#[test]
fn a_value_that_is_there_in_spite_of_the_timeout_is_not_thrown_away() {
    check(async {
        let late = Task::with_cx("Late", async |_: (), cx: &RunCx<'_>| {
            let reason = cx.cancel_token().cancelled().await;
            Ok::<_, String>(reason)
        });
        let late = late.with(Policies::new().timeout(ms(10)));
        let outcome = RunCx::new("Late").grace(ms(1)).perform(&late, ()).await;
        assert_eq!(outcome, Ok(CancelReason::Timeout));
    });
}

#[test]
fn each_attempt_asks_the_circuit_anew_and_waits_until_that_admits_it() {
    check(async {
        let (service, breaker) = (Service::default(), breaker(2));
        let policies = Policies::new().circuit(&breaker).retry(attempts(4, Backoff::constant(ms(100))));
        let outcome = run(&service.failing(2, ms(0)).with(policies)).await;
        // Two failures open it at 100 ms. The third attempt is rejected at 200 ms, which says to come back in 9.9 s.
        assert_eq!((outcome, service.calls()), (Ok(42), vec!["0 ms".into(), "100 ms".into(), "10.1 s".into()]));
        assert_eq!((breaker.state(), breaker.metrics().totals.rejected), (State::Closed, 1));
    });
}

#[test]
fn an_attempt_that_was_rejected_says_once_when_the_next_one_is() {
    check(async {
        let (bus, breaker) = (EventBus::new(), breaker(1));
        let mut retries = bus.subscribe_where(Overflow::default(), |event| match event {
            Event::Task(task) => task.state == TaskState::Retrying,
            Event::Circuit(_) => false,
        });
        breaker.admit().unwrap().failure();
        let policies = Policies::new().circuit(&breaker).retry(attempts(2, Backoff::constant(ms(1))));
        let call = Service::default().failing(0, ms(0)).with(policies);
        assert_eq!(RunCx::new("Call").reporting_to(&bus).perform(&call, ()).await, Ok(42));
        let line = retries.try_next().unwrap().event.to_string();
        assert_eq!(line, "Call retrying: the circuit is open; again in 10 s");
    });
}

/// What becomes of a circuit that opens after one failure, when a group behind it fails like this.
fn circuit_after(fail: impl FnOnce() -> Job<(), Vec<u32>, &'static str>) -> State {
    let breaker = breaker(1);
    let group = CircuitGroup::new("Group", fail(), &breaker);
    let outcome = Executor::new().block_on(async move { run(&group).await });
    assert!(outcome.is_err());
    breaker.state()
}

#[test]
fn a_circuit_counts_what_speaks_against_the_other_side_and_ignores_the_rest() {
    let slow = || Service::default().failing(0, ms(500));
    let fails = || Service::default().failing(9, ms(0));
    let of = |call| Parallel::new("Calls", [call]).unwrap();
    let fenced = |policies| of(slow().with(policies).boxed()).boxed();
    assert_eq!(circuit_after(|| of(fails().boxed()).boxed()), State::Open);
    assert_eq!(circuit_after(|| of(fails().boxed()).fail_mode(FailMode::CollectAll).boxed()), State::Open);
    assert_eq!(circuit_after(|| fenced(Policies::new().timeout(ms(100)))), State::Open);
    assert_eq!(circuit_after(|| fenced(Policies::new().deadline(ms(100)))), State::Closed);
    let forced = breaker(1);
    forced.force_open();
    assert_eq!(circuit_after(|| fenced(Policies::new().circuit(&forced))), State::Closed);
    let full = Policies::new().bulkhead(&Bulkhead::new("full", 1).unwrap().waiting(0));
    let both = || Parallel::new("Both", [slow(), slow()].map(|call| call.with(full.clone()))).unwrap();
    assert_eq!(circuit_after(|| both().boxed()), State::Closed);
}

#[test]
fn a_verdict_and_a_retry_can_depend_on_the_failure() {
    check(async {
        let breaker = breaker(1);
        let not_found = Task::sync("Find", |_: ()| Err::<u32, _>("not found"));
        let guarded = not_found
            .with(Policies::new().circuit(&breaker).retry(attempts(5, Backoff::constant(ms(100)))))
            .judged_by(|failure| match failure {
                Failure::Failed("not found") => Verdict::Success,
                _ => Verdict::Failure,
            })
            .retry_if(|failure| *failure != Failure::Failed("not found"));
        assert_eq!(run(&guarded).await, Err(Failure::Failed("not found")));
        assert_eq!((breaker.metrics().totals.succeeded, now().to_string().as_str()), (1, "0 ms"));
    });
}

#[test]
fn a_budget_that_is_used_up_ends_the_retries_of_all_who_share_it() {
    check(async {
        let budget = RetryBudget::new(Duration::from_secs(10), 0, 100);
        let retry = attempts(3, Backoff::constant(ms(1))).budget(budget);
        let (first, second) = (Service::default(), Service::default());
        let _ = run(&first.failing(9, ms(0)).with(Policies::new().retry(retry.clone()))).await;
        let _ = run(&second.failing(9, ms(0)).with(Policies::new().retry(retry))).await;
        // Each call earns one retry, though two were allowed.
        assert_eq!((first.calls().len(), second.calls().len()), (2, 2));
    });
}

#[test]
fn a_retry_that_the_deadline_forbids_costs_the_budget_nothing() {
    check(async {
        let budget = RetryBudget::new(Duration::from_secs(10), 0, 100);
        let retry = attempts(3, Backoff::constant(ms(100))).budget(budget.clone());
        let policies = Policies::new().deadline(ms(50)).retry(retry);
        let _ = run(&Service::default().failing(9, ms(0)).with(policies)).await;
        assert_eq!(budget.balance(now()), 1); // what the one call has earned
    });
}

#[test]
fn a_rate_limit_lets_a_burst_through_and_then_an_even_flow() {
    check(async {
        let service = Service::default();
        let rate = Policies::new().rate_limit(&RateLimit::new(2, ms(100)).unwrap());
        let jobs = (0..5).map(|_| service.failing(0, ms(0)).with(rate.clone()));
        run(&Parallel::new("Jobs", jobs).unwrap()).await.unwrap();
        assert_eq!(service.calls(), ["0 ms", "0 ms", "50 ms", "100 ms", "150 ms"]);
    });
}

#[test]
fn a_call_that_is_cancelled_before_its_turn_uses_no_rate_up() {
    check(async {
        let service = Service::default();
        let rate = RateLimit::new(1, ms(100)).unwrap();
        let limited = || service.failing(0, ms(0)).with(Policies::new().rate_limit(&rate));
        run(&limited()).await.unwrap();
        let impatient = limited().with(Policies::new().deadline(ms(30)));
        assert_eq!(run(&impatient).await, Err(Failure::DeadlinePassed));
        run(&limited()).await.unwrap();
        assert_eq!(service.calls(), ["0 ms", "100 ms"]);
    });
}

#[test]
fn a_call_that_the_circuit_rejects_uses_no_rate_up() {
    check(async {
        let (service, breaker) = (Service::default(), breaker(1));
        let policies = Policies::new().rate_limit(&RateLimit::new(1, ms(100)).unwrap()).circuit(&breaker);
        let call = service.failing(0, ms(0)).with(policies);
        breaker.force_open();
        assert!(matches!(run(&call).await, Err(Failure::Rejected(_))));
        breaker.reset();
        assert_eq!((run(&call).await, service.calls()), (Ok(42), vec!["0 ms".into()]));
    });
}

#[test]
fn a_call_that_waits_for_the_rate_holds_no_place_and_a_probe_of_the_circuit() {
    check(async {
        let (service, breaker, bulkhead) = (Service::default(), breaker(1), Bulkhead::new("service", 1).unwrap());
        let rate = RateLimit::new(1, ms(100)).unwrap();
        let call =
            service.failing(0, ms(0)).with(Policies::new().bulkhead(&bulkhead).rate_limit(&rate).circuit(&breaker));
        run(&call).await.unwrap();
        breaker.admit().unwrap().failure();
        sleep(Duration::from_secs(10)).await;
        run(&service.failing(0, ms(0)).with(Policies::new().rate_limit(&rate))).await.unwrap();
        let waits = spawn(async move { run(&call).await });
        sleep(ms(50)).await;
        assert_eq!((bulkhead.free(), breaker.metrics().probes_under_way), (1, 1));
        assert_eq!((waits.await.unwrap(), breaker.state()), (Ok(42), State::Closed));
        assert_eq!(service.calls(), ["0 ms", "10 s", "10.1 s"]);
    });
}

#[test]
fn a_full_bulkhead_rejects_and_a_circuit_does_not_mind() {
    check(async {
        let (service, breaker) = (Service::default(), breaker(1));
        let bulkhead = Bulkhead::new("service", 1).unwrap().waiting(1);
        let policies = Policies::new().bulkhead(&bulkhead).circuit(&breaker);
        let jobs = (0..3).map(|_| service.failing(0, ms(10)).with(policies.clone()));
        let outcomes = run(&Parallel::new("Jobs", jobs).unwrap().outcomes()).await.unwrap();
        assert_eq!(outcomes, [Ok(42), Ok(42), Err(Failure::Full("service".into()))]);
        assert_eq!((service.calls(), breaker.state()), (vec!["0 ms".into(), "10 ms".into()], State::Closed));
    });
}
