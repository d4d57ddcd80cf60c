//! A plain call behind policies is fenced like a task.

use std::cell::Cell;
use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config, State};
use unstuck::flow::{Bulkhead, Failure, Policies, Task, Workflow, run};
use unstuck::retry::Backoff;
use unstuck::time::{Duration, Instant, ms};
use unstuck::{Executor, now, sleep, spawn};

use super::scene::{attempts, check};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Fails the first `failures` times, each call taking so long.
async fn flaky(calls: &Cell<u32>, failures: u32, takes: Duration) -> Result<u32, &'static str> {
    calls.set(calls.get() + 1);
    let number = calls.get();
    sleep(takes).await;
    if number <= failures { Err("no route") } else { Ok(number) }
}

/// How it ended, when, and after how many calls.
type Course = (Result<u32, Failure<&'static str>>, Instant, u32);

fn as_a_call(policies: Policies, failures: u32, takes: Duration) -> Course {
    Executor::new().block_on(async move {
        let calls = Cell::new(0);
        let outcome = policies.call(async || flaky(&calls, failures, takes).await).await;
        (outcome, now(), calls.get())
    })
}

fn as_a_task(policies: Policies, failures: u32, takes: Duration) -> Course {
    Executor::new().block_on(async move {
        let calls = Rc::new(Cell::new(0));
        let made = calls.clone();
        let task = Task::new("Call", async move |_: ()| flaky(&made, failures, takes).await).with(policies);
        (run(&task).await, now(), calls.get())
    })
}

#[test]
fn it_ends_like_a_task_does_at_the_same_moment() {
    let some = |policies: Policies, limits: (Option<u64>, Option<u64>), tries: u32| {
        let policies = policies.retry(attempts(tries, Backoff::constant(ms(20))));
        let policies = limits.0.into_iter().fold(policies, |policies, limit| policies.timeout(ms(limit)));
        limits.1.into_iter().fold(policies, |policies, limit| policies.deadline(ms(limit)))
    };
    for tries in [1, 3] {
        for limits in [(None, None), (Some(50), None), (None, Some(110)), (Some(50), Some(110)), (Some(50), Some(50))]
        {
            for (failures, takes) in [(0, 0), (2, 0), (9, 0), (0, 40), (2, 40), (0, 50), (2, 60), (9, 200)] {
                let courses = [as_a_call, as_a_task].map(|course| {
                    let bulkhead = Bulkhead::new("places", 1).unwrap();
                    let policies = some(Policies::new().bulkhead(&bulkhead), limits, tries);
                    let course = course(policies, failures, ms(takes));
                    assert_eq!(bulkhead.free(), 1);
                    course
                });
                assert_eq!(courses[0], courses[1], "{limits:?}, {tries} tries, {failures} failures of {takes} ms");
            }
        }
    }
    let thrice = Policies::new().timeout(ms(50)).retry(attempts(3, Backoff::constant(ms(20))));
    let course = as_a_call(thrice, 0, ms(60));
    assert_eq!(course, (Err(Failure::TimedOut(ms(50))), Instant::ZERO + ms(190), 3));
}

#[test]
fn a_call_that_takes_too_long_is_dropped_before_its_place_is_given_on() {
    struct Guest(Bulkhead);
    impl Drop for Guest {
        fn drop(&mut self) {
            assert_eq!(self.0.free(), 0);
        }
    }
    check(async {
        let places = Bulkhead::new("places", 1).unwrap();
        let policies = Policies::new().bulkhead(&places).timeout(ms(10));
        let stuck = policies.call(async || {
            let _guest = Guest(places.clone());
            sleep(ms(1_000)).await;
            Ok::<_, String>(())
        });
        assert_eq!(stuck.await, Err(Failure::TimedOut(ms(10))));
        assert_eq!((places.free(), now().to_string()), (1, "10 ms".into()));
    });
}

#[test]
fn a_call_that_is_dropped_counts_neither_way_and_gives_its_place_back() {
    check(async {
        let breaker = CircuitBreaker::new("service", Config::consecutive_failures(1)).unwrap();
        let places = Bulkhead::new("places", 1).unwrap();
        let policies = Policies::new().circuit(&breaker).bulkhead(&places);
        let stuck = policies.call(async || {
            sleep(ms(1_000)).await;
            Err::<(), _>("no route")
        });
        assert!(unstuck::timeout(ms(10), stuck).await.is_err());
        let totals = breaker.metrics().totals;
        assert_eq!((places.free(), totals.succeeded, totals.failed, breaker.state()), (1, 0, 0, State::Closed));
    });
}

#[test]
fn a_call_that_waits_for_another_attempt_holds_no_probe_of_the_circuit() {
    check(async {
        let config = Config::consecutive_failures(1).open_for(ms(10));
        let breaker = CircuitBreaker::new("service", config).unwrap();
        breaker.admit().unwrap().failure();
        sleep(ms(10)).await;
        // The probe is let in by the circuit, and not by the bulkhead, before which nobody may wait.
        let full = Bulkhead::new("places", 1).unwrap().waiting(0);
        let taken = Policies::new().bulkhead(&full);
        let guest = spawn(async move {
            let stays = async || {
                sleep(ms(50)).await;
                Ok::<_, String>(())
            };
            taken.call(stays).await
        });
        let policies =
            Policies::new().circuit(&breaker).bulkhead(&full).retry(attempts(2, Backoff::constant(ms(100))));
        let probe = spawn(async move { policies.call(async || Ok::<_, String>(now().to_string())).await });
        sleep(ms(1)).await;
        assert!(breaker.admit().is_ok_and(|permit| {
            permit.success();
            true
        }));
        assert_eq!(probe.await.unwrap(), Ok("110 ms".into()));
        guest.await.unwrap().unwrap();
    });
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_call_that_panics_fails_and_is_not_tried_again() {
    check(async {
        let calls = Cell::new(0);
        let policies = Policies::new().retry(attempts(3, Backoff::constant(ms(1))));
        let outcome = policies.call(async || {
            calls.set(calls.get() + 1);
            if calls.get() > 0 {
                panic!("overheated");
            }
            Ok::<_, String>(())
        });
        assert_eq!(outcome.await, Err(Failure::Panicked("overheated".into())));
        assert_eq!(calls.get(), 1);
    });
}
