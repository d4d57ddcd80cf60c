//! The circuit breaker under our own search: one schedule of every kind, with calls dropped at every await.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::breaker::{Changed, CircuitBreaker, Config, State, Verdict};
use unstuck::bus::{EventBus, Overflow, Subscription};
use unstuck::explore::assert_holds;
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;
use unstuck::time::Duration;
use unstuck::{fault, sleep, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NAMES: [&str; 3] = ["A", "B", "C"];
const OPEN_FOR: Duration = Duration::from_secs(10);

/// A circuit that opens after so many failures in a row, and what it says of its changes.
fn circuit(failures: u32, probes: u32) -> (CircuitBreaker, Rc<RefCell<Subscription<Changed>>>) {
    let config = Config::consecutive_failures(failures).open_for(OPEN_FOR).probes(probes);
    let breaker = CircuitBreaker::new("service", config).unwrap();
    let bus = EventBus::new();
    let changes = bus.subscribe(Overflow::default());
    breaker.report_to(bus.publisher(|changed| changed));
    (breaker, Rc::new(RefCell::new(changes)))
}

/// An open circuit that wants so many probes.
fn open_circuit(probes: u32) -> (CircuitBreaker, Rc<RefCell<Subscription<Changed>>>) {
    let (breaker, changes) = circuit(1, probes);
    breaker.admit().unwrap().failure();
    (breaker, changes)
}

/// The states that it came to, in order, such as `open, half-open, closed`.
fn states(changes: &RefCell<Subscription<Changed>>) -> String {
    let mut changes = changes.borrow_mut();
    let states = core::iter::from_fn(|| changes.try_next()).map(|change| change.event.transition.to.to_string());
    states.collect::<Vec<_>>().join(", ")
}

fn is_one_of(changes: &RefCell<Subscription<Changed>>, expected: &[&str]) -> Result<(), String> {
    match states(changes) {
        states if expected.contains(&states.as_str()) => Ok(()),
        states => Err(format!("the circuit became {states}")),
    }
}

#[test]
fn a_half_open_circuit_has_no_more_probes_than_it_wants_whoever_is_dropped_and_where() {
    let report = assert_holds(|stage: &Stage| {
        let (breaker, _) = open_circuit(2);
        let admitted = Rc::new(Tracked::new(0));
        for name in NAMES {
            stage.may_be_cancelled(name);
            let (breaker, admitted) = (breaker.clone(), admitted.clone());
            stage.spawn(name, async move {
                sleep(OPEN_FOR).await;
                let call = async {
                    admitted.update(|admitted| *admitted += 1);
                    yield_now().await;
                    Ok::<_, ()>(())
                };
                let _ = breaker.call(call).await;
            });
        }
        let watched = breaker.clone();
        stage.always("at most two probes are under way", move || match watched.metrics() {
            metrics if metrics.state == State::HalfOpen && metrics.probes_under_way > 2 => {
                Err(format!("{} probes are under way", metrics.probes_under_way))
            }
            _ => Ok(()),
        });
        stage.finally("every place of a probe was given back", move || {
            let metrics = breaker.metrics();
            let rested = metrics.probes_under_way == 0 && metrics.totals.admitted == admitted.get() + 1;
            // Whoever was dropped before its turn never called, and then the circuit has not noticed the time.
            match (rested, metrics.state, breaker.admit().is_ok() || metrics.state == State::Open) {
                (true, _, true) => Ok(()),
                _ => Err(format!("{} was left after {metrics:?}", admitted.get())),
            }
        });
    });
    assert!(report.executions > 100, "{report}");
}

#[test]
fn a_probe_that_is_dropped_makes_room_for_another() {
    assert_holds(|stage: &Stage| {
        let (breaker, changes) = open_circuit(1);
        stage.may_be_cancelled("dropped");
        let first = breaker.clone();
        stage.spawn("dropped", async move {
            sleep(OPEN_FOR).await;
            let call = async {
                sleep(OPEN_FOR).await;
                Ok::<_, ()>(())
            };
            let _ = first.call(call).await;
        });
        stage.spawn("patient", async move {
            sleep(OPEN_FOR * 3).await;
            let _ = breaker.call(async { Ok::<_, ()>(()) }).await;
        });
        stage.finally("whoever comes later finds it closed, or closes it", move || {
            is_one_of(&changes, &["open, half-open, closed"])
        });
    });
}

#[test]
fn a_verdict_of_an_earlier_state_changes_nothing() {
    assert_holds(|stage: &Stage| {
        let (breaker, changes) = circuit(1, 1);
        let early = breaker.admit().unwrap();
        breaker.admit().unwrap().failure();
        let verdict = Rc::new(Tracked::new(None));
        stage.spawn("late", async move {
            sleep(OPEN_FOR).await;
            early.judge([Verdict::Success, Verdict::Failure, Verdict::Ignore][fault(3) as usize]);
        });
        let (probe, says) = (breaker.clone(), verdict.clone());
        stage.spawn("probe", async move {
            sleep(OPEN_FOR).await;
            let permit = probe.admit().unwrap();
            yield_now().await;
            says.set(Some(fault(2)));
            permit.judge([Verdict::Success, Verdict::Failure][says.get().unwrap_or(0) as usize]);
        });
        stage.finally("only the probe decides", move || {
            let expected = if verdict.get() == Some(0) { "open, half-open, closed" } else { "open, half-open, open" };
            is_one_of(&changes, &[expected])?;
            match breaker.metrics().totals.late {
                1 => Ok(()),
                late => Err(format!("{late} verdicts were late")),
            }
        });
    });
}

#[test]
fn failures_at_one_moment_open_it_once() {
    assert_holds(|stage: &Stage| {
        let (breaker, changes) = circuit(2, 1);
        for name in NAMES {
            let breaker = breaker.clone();
            stage.spawn(name, async move {
                let call = async {
                    yield_now().await;
                    Err::<(), _>("no")
                };
                let _ = breaker.call(call).await;
            });
        }
        stage.finally("it opened once", move || {
            is_one_of(&changes, &["open"])?;
            let totals = breaker.metrics().totals;
            // The third was admitted, and comes too late; or it was not admitted any more.
            match (totals.admitted, totals.rejected, totals.late) {
                (3, 0, 1) | (2, 1, 0) => Ok(()),
                other => Err(format!("admitted, rejected, late: {other:?}")),
            }
        });
    });
}
