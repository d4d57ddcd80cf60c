//! Circuit breakers, those of the library and of others, in front of workflows.

use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config, State};
use unstuck::flow::{CircuitGroup, Failure, Parallel, RunCx, Task, run};
use unstuck::sync::CancelToken;
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{sleep, spawn};

use super::scene::InFlight;
use crate::scene::check;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn twenty_concurrent_runs_of_a_half_open_group_make_exactly_the_wanted_probes() {
    check(async {
        let config = Config::consecutive_failures(1).open_for(ms(100)).probes(3);
        let breaker = CircuitBreaker::new("service", config).unwrap();
        breaker.admit().unwrap().failure();
        sleep(ms(100)).await;
        let in_flight = InFlight::default();
        let counts = in_flight.clone();
        let call = Task::new("Call", async move |_: ()| {
            let _flying = counts.enter();
            sleep(ms(10)).await;
            Ok::<_, String>(())
        });
        let group = Rc::new(CircuitGroup::new("Group", call, &breaker));
        let jobs = (0..20).map(|_| {
            let group = group.clone();
            Task::new("Run", async move |_: ()| run(&*group).await)
        });
        let outcomes = run(&Parallel::new("Runs", jobs).unwrap().outcomes()).await.unwrap();
        let succeeded = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!((succeeded, in_flight.most.get(), breaker.state()), (3, 3, State::Closed));
    });
}

#[test]
fn a_probe_that_is_cancelled_does_not_close_the_circuit() {
    check(async {
        let config = Config::consecutive_failures(1).open_for(ms(100));
        let breaker = CircuitBreaker::new("service", config).unwrap();
        breaker.admit().unwrap().failure();
        sleep(ms(100)).await;
        let endless = Task::new("Endless", async |_: ()| std::future::pending::<Result<(), String>>().await);
        let group = CircuitGroup::new("Group", endless, &breaker);
        let token = CancelToken::new();
        let cx = RunCx::new("Group").cancelled_by(&token);
        let probe = spawn(async move { cx.perform(&group, ()).await });
        sleep(ms(1)).await;
        token.cancel(CancelReason::Requested);
        assert_eq!(probe.await.unwrap(), Err(Failure::Cancelled(CancelReason::Requested)));
        assert_eq!((breaker.state(), breaker.metrics().probes_under_way), (State::HalfOpen, 0));
    });
}

#[test]
fn a_success_that_comes_after_the_circuit_opened_does_not_close_it() {
    check(async {
        let breaker = CircuitBreaker::new("service", Config::consecutive_failures(1)).unwrap();
        let slow = Task::new("Slow", async |_: ()| {
            sleep(ms(50)).await;
            Ok::<_, String>(())
        });
        let slow = CircuitGroup::new("Slow", slow, &breaker);
        let stale = spawn(async move { run(&slow).await });
        sleep(ms(1)).await;
        breaker.admit().unwrap().failure();
        assert_eq!((stale.await.unwrap(), breaker.state()), (Ok(()), State::Open));
    });
}
