//! What other breakers get wrong, and what a circuit promises, each as a fact.

use std::cell::Cell;
use std::rc::Rc;

use unstuck::breaker::{CallError, CircuitBreaker, Config, State, Verdict};
use unstuck::bus::{EventBus, Overflow};
use unstuck::time::{Duration, ms};
use unstuck::trace::CancelReason;
use unstuck::{Executor, now, sleep, spawn};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TEN_SECONDS: Duration = Duration::from_secs(10);

fn opens_after(failures: u32) -> Config {
    Config::consecutive_failures(failures).open_for(TEN_SECONDS)
}

fn breaker(config: Config) -> CircuitBreaker {
    CircuitBreaker::new("service", config).unwrap()
}

fn fail(breaker: &CircuitBreaker, times: usize) {
    (0..times).for_each(|_| breaker.admit().unwrap().failure());
}

/// Runs a scenario to its end on a virtual clock.
fn check<F: Future<Output = ()> + 'static>(scenario: F) {
    Executor::new().block_on(scenario);
}

#[test]
fn twenty_concurrent_half_open_calls_admit_exactly_as_many_as_probes_are_wanted() {
    for probes in [1, 3, 20, 50] {
        check(async move {
            let breaker = breaker(opens_after(1).probes(probes));
            fail(&breaker, 1);
            sleep(TEN_SECONDS).await;
            let made = Rc::new(Cell::new(0));
            let calls: Vec<_> = (0..20)
                .map(|_| {
                    let (breaker, made) = (breaker.clone(), made.clone());
                    spawn(async move {
                        let call = async {
                            made.set(made.get() + 1);
                            sleep(ms(100)).await;
                            Ok::<_, ()>(())
                        };
                        breaker.call(call).await.is_ok()
                    })
                })
                .collect();
            let mut succeeded = 0;
            for call in calls {
                succeeded += u32::from(call.await.unwrap());
            }
            assert_eq!((made.get(), succeeded), (probes.min(20), probes.min(20)));
        });
    }
}

#[test]
fn a_late_success_never_closes() {
    check(async {
        let breaker = breaker(opens_after(2));
        let late_for_open = breaker.admit().unwrap();
        let late_for_half_open = breaker.admit().unwrap();
        fail(&breaker, 2);
        late_for_open.success();
        assert_eq!(breaker.state(), State::Open);
        sleep(TEN_SECONDS).await;
        let probe = breaker.admit().unwrap();
        late_for_half_open.success();
        assert_eq!((breaker.state(), breaker.metrics().probes_under_way), (State::HalfOpen, 1));
        probe.failure();
        assert_eq!((breaker.state(), breaker.metrics().totals.late), (State::Open, 2));
    });
}

#[test]
fn a_late_failure_never_opens() {
    check(async {
        let breaker = breaker(opens_after(1));
        let late = breaker.admit().unwrap();
        breaker.reset();
        late.failure();
        assert_eq!((breaker.state(), breaker.metrics().counts.failed), (State::Closed, 0));
    });
}

#[test]
fn an_ignored_error_neither_closes_nor_counts() {
    check(async {
        let breaker = breaker(opens_after(2).probes(2));
        let mistake = |_: &Result<(), &str>| Verdict::Ignore;
        fail(&breaker, 1);
        let result = breaker.call_judged(async { Err::<(), _>("not found") }, mistake).await;
        assert_eq!(result, Err(CallError::Failed("not found")));
        assert_eq!(breaker.metrics().counts.failed, 1); // neither forgotten nor added to
        fail(&breaker, 1);
        sleep(TEN_SECONDS).await;
        let _ = breaker.call_judged(async { Err("not found") }, mistake).await;
        let metrics = breaker.metrics();
        assert_eq!((metrics.state, metrics.counts.calls, metrics.totals.ignored), (State::HalfOpen, 0, 2));
    });
}

#[test]
fn a_cancelled_probe_gives_its_place_back_and_does_not_close() {
    check(async {
        let breaker = breaker(opens_after(1));
        fail(&breaker, 1);
        sleep(TEN_SECONDS).await;
        let inner = breaker.clone();
        let probe = spawn(async move { inner.call(std::future::pending::<Result<(), ()>>()).await });
        sleep(ms(1)).await;
        assert_eq!(breaker.admit().err().unwrap().retry_after, None); // its place is taken
        probe.cancel(CancelReason::Timeout);
        assert_eq!((breaker.state(), breaker.metrics().probes_under_way), (State::HalfOpen, 0));
        breaker.admit().unwrap().success();
        assert_eq!(breaker.state(), State::Closed);
    });
}

#[test]
fn ten_seconds_are_ten_seconds_in_every_time_zone() {
    // There is no wall clock to be wrong about: an executor that starts later, or has run for a day, counts the same.
    for started in [0, 5 * 3600, 24 * 3600] {
        check(async move {
            sleep(Duration::from_secs(started)).await;
            let breaker = breaker(opens_after(1));
            fail(&breaker, 1);
            let opened = now();
            let rejected = breaker.admit().err().unwrap();
            assert_eq!(rejected.to_string(), "the circuit is open; try again in 10 s");
            sleep(TEN_SECONDS - ms(1)).await;
            assert_eq!(breaker.admit().err().unwrap().retry_after, Some(ms(1)));
            sleep(ms(1)).await;
            assert!(breaker.admit().is_ok() && now() - opened == TEN_SECONDS);
        });
    }
}

#[test]
fn the_call_that_opens_the_circuit_returns_its_own_error() {
    check(async {
        let breaker = breaker(opens_after(1));
        let result = breaker.call(async { Err::<(), _>("no route") }).await;
        assert_eq!((result, breaker.state()), (Err(CallError::Failed("no route")), State::Open));
    });
}

#[test]
fn a_rejected_call_is_not_polled() {
    check(async {
        let breaker = breaker(opens_after(1));
        breaker.force_open();
        let rejected = breaker.call(async { unreachable!() as Result<(), &str> }).await.unwrap_err();
        assert_eq!(rejected.to_string(), "the circuit is forced open");
    });
}

#[test]
fn the_open_time_grows_while_probes_fail_and_starts_anew_after_a_success() {
    check(async {
        let breaker = breaker(opens_after(1).growing(2.0, Duration::from_secs(35)));
        let mut open_times = Vec::new();
        for probe_succeeds in [false, false, false, true, false] {
            fail(&breaker, usize::from(breaker.state() == State::Closed));
            let open_time = breaker.admit().err().unwrap().retry_after.unwrap();
            open_times.push(open_time.as_secs());
            sleep(open_time).await;
            let probe = breaker.admit().unwrap();
            probe.judge(if probe_succeeds { Verdict::Success } else { Verdict::Failure });
        }
        assert_eq!(open_times, [10, 20, 35, 35, 10]);
    });
}

#[test]
fn probes_decide_as_soon_as_there_is_no_doubt() {
    check(async {
        // 3 of 5 must succeed: the third success closes, the third failure opens.
        for (verdicts, after) in [("ssfs", State::Closed), ("fsff", State::Open), ("sfsf", State::HalfOpen)] {
            let breaker = breaker(opens_after(1).probes(5).success_rate(0.6));
            fail(&breaker, 1);
            sleep(TEN_SECONDS).await;
            for verdict in verdicts.chars() {
                let probe = breaker.admit().unwrap();
                probe.judge(if verdict == 's' { Verdict::Success } else { Verdict::Failure });
            }
            assert_eq!(breaker.state(), after, "{verdicts}");
        }
    });
}

#[test]
fn a_rate_counts_only_with_enough_calls_and_opens_exactly_at_the_threshold() {
    check(async {
        let breaker = breaker(Config::last_calls(30).failure_rate(0.1).min_calls(30));
        fail(&breaker, 3);
        (0..26).for_each(|_| breaker.admit().unwrap().success());
        assert_eq!(breaker.state(), State::Closed); // 3 of 29: too few to say
        breaker.admit().unwrap().success();
        let metrics = breaker.metrics();
        assert_eq!(metrics.since.unwrap().to_string(), "closed → open: 3 of 30 calls failed");
    });
}

#[test]
fn calls_leave_a_window_of_time() {
    check(async {
        let breaker = breaker(Config::last_time(TEN_SECONDS).min_calls(4));
        fail(&breaker, 3);
        sleep(ms(9_999)).await;
        assert_eq!(breaker.metrics().counts.failed, 3);
        sleep(ms(1)).await;
        assert_eq!(breaker.metrics().counts.failed, 0);
        fail(&breaker, 3);
        assert_eq!(breaker.state(), State::Closed); // three of the last ten seconds, not six
    });
}

#[test]
fn slow_calls_open_the_circuit_though_they_succeed() {
    check(async {
        let breaker = breaker(Config::last_calls(4).slow_calls(ms(100), 0.5));
        for takes in [100, 101, 100, 101] {
            assert_eq!(breaker.state(), State::Closed);
            let call = async {
                sleep(ms(takes)).await;
                Ok::<_, ()>(())
            };
            breaker.call(call).await.unwrap();
        }
        let since = breaker.metrics().since.unwrap();
        assert_eq!(since.to_string(), "closed → open: 2 of 4 calls were slow");
    });
}

#[test]
fn forced_and_disabled_circuits_follow_nobody_but_the_one_who_said_so() {
    check(async {
        let breaker = breaker(opens_after(1));
        breaker.force_closed();
        fail(&breaker, 3);
        assert_eq!((breaker.state(), breaker.metrics().counts.failed), (State::ForcedClosed, 3));
        breaker.disable();
        fail(&breaker, 3);
        assert_eq!((breaker.state(), breaker.metrics().counts.failed), (State::Disabled, 0));
        breaker.force_open();
        sleep(2 * TEN_SECONDS).await;
        assert_eq!(breaker.admit().err().unwrap().retry_after, None);
        breaker.reset();
        assert!(breaker.admit().is_ok());
    });
}

#[test]
fn every_change_is_published_in_order_with_its_cause_and_time() {
    check(async {
        let bus = EventBus::new();
        let mut log = bus.subscribe(Overflow::default());
        let breaker = breaker(opens_after(2));
        breaker.report_to(bus.publisher(|changed: unstuck::breaker::Changed| changed));
        fail(&breaker, 2);
        sleep(TEN_SECONDS).await;
        breaker.admit().unwrap().failure();
        sleep(TEN_SECONDS).await;
        breaker.admit().unwrap().success();
        breaker.force_open();
        let lines: Vec<_> = std::iter::from_fn(|| log.try_next()).map(|next| next.to_string()).collect();
        assert_eq!(
            lines,
            [
                "0 0 ms: circuit service: closed → open: 2 failures in a row",
                "1 10 s: circuit service: open → half-open: the open time was over",
                "2 10 s: circuit service: half-open → open: 1 probe failed",
                "3 20 s: circuit service: open → half-open: the open time was over",
                "4 20 s: circuit service: half-open → closed: 1 probe succeeded",
                "5 20 s: circuit service: closed → forced open: it was told so",
            ]
        );
    });
}

#[test]
fn a_permit_that_is_dropped_counts_neither_way() {
    check(async {
        let breaker = breaker(opens_after(2));
        fail(&breaker, 1);
        drop(breaker.admit().unwrap());
        let metrics = breaker.metrics();
        assert_eq!((metrics.counts.failed, metrics.totals.succeeded, metrics.totals.ignored), (1, 0, 1));
        fail(&breaker, 1);
        assert_eq!(breaker.state(), State::Open);
    });
}

#[test]
fn a_listener_may_look_at_the_circuit_and_even_change_it() {
    let (bus, breaker) = (EventBus::new(), breaker(opens_after(1)));
    breaker.report_to(bus.publisher(|changed: unstuck::breaker::Changed| changed.transition.to));
    let (seen, watched) = (Rc::new(Cell::new(None)), breaker.clone());
    let look = seen.clone();
    let _listener = bus.subscribe_where(Overflow::default(), move |to| {
        look.set(Some((*to, watched.state())));
        if *to == State::Open {
            watched.force_closed();
        }
        false
    });
    fail(&breaker, 1);
    assert_eq!(seen.get(), Some((State::ForcedClosed, State::ForcedClosed)));
}
