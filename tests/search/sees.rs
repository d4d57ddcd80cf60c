//! What tasks share through the bus, the flows, the budgets, the breaker and the runner is seen by a search: it finds the one order that breaks.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config};
use unstuck::bus::{EventBus, Overflow};
use unstuck::explore::{Options, Strategy, check};
use unstuck::flow::{Parallel, RunCx, Task};
use unstuck::retry::RetryBudget;
use unstuck::runner::{SleepTask, SubmitPolicy, TaskRunner};
use unstuck::scenario::Stage;
use unstuck::time::Duration;
use unstuck::{now, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What the search of one schedule of every kind says of the scenario.
fn found(scenario: fn(&Stage)) -> Option<String> {
    let report = check(&scenario, &Options::default().strategy(Strategy::Exhaustive));
    assert!(report.exhausted);
    report.failure.map(|failure| failure.sentence)
}

/// The scenario's outcome is written to a place that no search looks at, so it has to see the order by itself.
type Outcome = Rc<RefCell<String>>;

fn outcome(stage: &Stage, good: &'static str) -> Outcome {
    let outcome = Outcome::default();
    let seen = outcome.clone();
    stage.finally("it comes to the good outcome", move || match seen.borrow().as_str() {
        outcome if outcome == good => Ok(()),
        outcome => Err(outcome.to_owned()),
    });
    outcome
}

#[test]
fn who_published_first() {
    assert_eq!(
        found(|stage| {
            let outcome = outcome(stage, "A");
            let bus = EventBus::new();
            let mut log = bus.subscribe(Overflow::DropNewest(NonZeroUsize::MIN));
            for name in ["A", "B"] {
                let bus = bus.clone();
                stage.spawn(name, async move {
                    bus.publish(name);
                });
            }
            drop(bus);
            stage.spawn("reader", async move {
                yield_now().await;
                let first = log.next().await;
                outcome.borrow_mut().push_str(first.map_or("none", |first| first.event));
            });
        })
        .as_deref(),
        Some("B")
    );
}

#[test]
fn whether_a_slow_subscriber_had_room() {
    assert_eq!(
        found(|stage| {
            let outcome = outcome(stage, "room");
            let bus = EventBus::new();
            let mut log = bus.subscribe(Overflow::Backpressure(NonZeroUsize::MIN));
            bus.publish("A");
            stage.spawn("reader", async move { assert!(log.try_next().is_some()) });
            stage.spawn("publisher", async move {
                outcome.borrow_mut().push_str(if bus.has_room() { "room" } else { "none" });
            });
        })
        .as_deref(),
        Some("none")
    );
}

#[test]
fn which_of_two_children_failed_first() {
    assert_eq!(
        found(|stage| {
            let outcome = outcome(stage, "A");
            stage.spawn("main", async move {
                let job = |name: &'static str| {
                    Task::new(name, async move |_: ()| {
                        yield_now().await;
                        Err::<(), _>(name)
                    })
                };
                let both = Parallel::new("Both", [job("A"), job("B")]).unwrap();
                let failure = RunCx::new("Both").perform(&both, ()).await.unwrap_err();
                outcome.borrow_mut().push_str(&failure.to_string());
            });
        })
        .as_deref(),
        Some("B")
    );
}

#[test]
fn who_spent_the_last_of_a_budget() {
    assert_eq!(
        found(|stage| {
            let outcome = outcome(stage, "A");
            let budget = RetryBudget::new(Duration::from_secs(1), 1, 0);
            for name in ["A", "B"] {
                let (budget, outcome) = (budget.clone(), outcome.clone());
                stage.spawn(name, async move {
                    if budget.withdraw(now()) {
                        outcome.borrow_mut().push_str(name);
                    }
                });
            }
        })
        .as_deref(),
        Some("B")
    );
}

#[test]
fn who_was_let_through_before_the_circuit_opened() {
    assert_eq!(
        found(|stage| {
            let outcome = outcome(stage, "A");
            let breaker = CircuitBreaker::new("service", Config::consecutive_failures(1)).unwrap();
            for name in ["A", "B"] {
                let (breaker, outcome) = (breaker.clone(), outcome.clone());
                stage.spawn(name, async move {
                    if let Ok(permit) = breaker.admit() {
                        outcome.borrow_mut().push_str(name);
                        permit.failure();
                    }
                });
            }
        })
        .as_deref(),
        Some("B")
    );
}

#[test]
fn who_took_the_last_place_of_a_queue() {
    assert_eq!(
        found(|stage| {
            let outcome = outcome(stage, "A");
            let runner = TaskRunner::builder().capacity(1).submit_policy(SubmitPolicy::Reject).build().unwrap();
            for name in ["A", "B"] {
                let (runner, outcome) = (runner.clone(), outcome.clone());
                stage.spawn(name, async move {
                    if runner.try_submit(SleepTask::new(Duration::ZERO)).is_ok() {
                        outcome.borrow_mut().push_str(name);
                    }
                });
            }
        })
        .as_deref(),
        Some("B")
    );
}
