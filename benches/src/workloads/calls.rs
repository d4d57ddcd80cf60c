//! `policies` and `breaker`: what it costs to fence a call that is done at
//! once.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::num::NonZeroU32;
use std::time::Duration;

use failsafe::CircuitBreaker as _;
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_resilience_circuitbreaker::CircuitBreakerLayer;
use unstuck::breaker::{CircuitBreaker, Config};
use unstuck::flow::{Bulkhead, Policies, RateLimit, Task, Workflow, run_with};
use unstuck::retry::{Backoff, Retry, RetryBudget};

use super::race;
use crate::latch::arrive;
use crate::peers::floor::Fence;
use crate::peers::{Floor, Ours, TokioPausedSpawn};

pub const CALLS: u64 = 200_000;

const ATTEMPTS: NonZeroU32 = NonZeroU32::new(3).unwrap();
const AT_A_TIME: usize = 8;
const LIMIT: Duration = Duration::from_secs(1);
/// After so many failures in a row a circuit opens.
const FAILURES: u32 = 5;
const OPEN_FOR: Duration = Duration::from_secs(10);

/// All our policies: deadline, retry with a budget, circuit, rate limit,
/// bulkhead, timeout.
pub fn through_all_policies() -> Duration {
    let circuit = CircuitBreaker::new("calls", Config::consecutive_failures(FAILURES).open_for(OPEN_FOR));
    let rate = RateLimit::new(1_000_000, LIMIT).expect("it is not zero");
    let budget = RetryBudget::new(10 * LIMIT, 10, 20);
    let policies = same_policies(Retry::new(ATTEMPTS, Backoff::exponential(LIMIT)).budget(budget));
    through(policies.deadline(10 * LIMIT).circuit(&circuit.expect("the settings make sense")).rate_limit(&rate))
}

/// Those that tower has: retry, bulkhead, timeout.
pub fn through_the_same_policies() -> Duration {
    through(same_policies(Retry::new(ATTEMPTS, Backoff::exponential(LIMIT))))
}

fn same_policies(retry: Retry) -> Policies {
    let bulkhead = Bulkhead::new("calls", AT_A_TIME).expect("it is not zero");
    Policies::new().retry(retry).bulkhead(&bulkhead).timeout(LIMIT)
}

fn through(policies: Policies) -> Duration {
    race::<Ours, _>(1, |_| async move {
        let policies = black_box(policies);
        for number in 0..CALLS {
            let call = black_box(number);
            assert_eq!(policies.call(async || Ok::<_, Infallible>(call)).await.expect("nothing fails"), number);
        }
        arrive();
    })
}

/// The same as a task that can be named, heard and stopped.
pub fn through_a_task() -> Duration {
    race::<Ours, _>(1, |_| async {
        let policies = same_policies(Retry::new(ATTEMPTS, Backoff::exponential(LIMIT)));
        let call = Task::new("call", async |number: u64| Ok::<_, Infallible>(number)).with(policies);
        for number in 0..CALLS {
            assert_eq!(run_with(&call, black_box(number)).await.expect("nothing fails"), number);
        }
        arrive();
    })
}

/// Tries a failed call again, so many times.
#[derive(Clone)]
pub struct Attempts(pub u8);

impl<E> tower::retry::Policy<u64, u64, E> for Attempts {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut u64, result: &mut Result<u64, E>) -> Option<Ready<()>> {
        if result.is_ok() || self.0 == 0 {
            return None;
        }
        self.0 -= 1;
        Some(ready(()))
    }

    fn clone_request(&mut self, number: &u64) -> Option<u64> {
        Some(*number)
    }
}

/// tower's retry, concurrency limit and timeout, on tokio.
pub fn through_tower() -> Duration {
    race::<TokioPausedSpawn, _>(1, |_| async {
        let mut service = ServiceBuilder::new()
            .retry(Attempts(3))
            .concurrency_limit(AT_A_TIME)
            .timeout(LIMIT)
            .service_fn(async |number: u64| Ok::<_, Infallible>(number));
        for number in 0..CALLS {
            let ready = service.ready().await.expect("nothing fails");
            assert_eq!(ready.call(black_box(number)).await.expect("nothing fails"), number);
        }
        arrive();
    })
}

/// Retry, places and a time limit by hand.
pub fn through_the_floor() -> Duration {
    race::<Floor, _>(1, |_| async {
        let fence = Fence {
            attempts: Some(ATTEMPTS.get()),
            places: Some(Cell::new(AT_A_TIME)),
            milliseconds: Some(LIMIT.as_millis() as u64),
        };
        let fence = black_box(fence);
        for number in 0..CALLS {
            let outcome = fence.call(black_box(number), async |number| Ok::<u64, Infallible>(number)).await;
            assert_eq!(outcome.expect("nobody waits").expect("nothing fails"), number);
        }
        arrive();
    })
}

/// A call that our breaker admits, and its success.
pub fn through_our_breaker() -> Duration {
    race::<Ours, _>(1, |_| async {
        let circuit = CircuitBreaker::new("calls", Config::consecutive_failures(FAILURES).open_for(OPEN_FOR));
        let circuit = circuit.expect("the settings make sense");
        for number in 0..CALLS {
            assert_eq!(circuit.call(async { Ok::<_, Infallible>(black_box(number)) }).await, Ok(number));
        }
        arrive();
    })
}

/// failsafe's calls are not futures, which spares it something.
pub fn through_failsafe() -> Duration {
    race::<Ours, _>(1, |_| async {
        let policy = failsafe::failure_policy::consecutive_failures(FAILURES, failsafe::backoff::constant(OPEN_FOR));
        let circuit = failsafe::Config::new().failure_policy(policy).build();
        for number in 0..CALLS {
            assert_eq!(circuit.call(|| Ok::<_, Infallible>(black_box(number))).ok(), Some(number));
        }
        arrive();
    })
}

pub fn through_tower_resilience() -> Duration {
    race::<TokioPausedSpawn, _>(1, |_| async {
        let layer = CircuitBreakerLayer::builder()
            .consecutive_failures(FAILURES as usize)
            .wait_duration_in_open(OPEN_FOR)
            .build()
            .expect("the settings make sense");
        let service = tower::service_fn(async |number: u64| Ok::<_, Infallible>(black_box(number)));
        let mut service = layer.layer_fn(service);
        for number in 0..CALLS {
            let ready = service.ready().await.expect("nothing fails");
            assert_eq!(ready.call(number).await.expect("nothing fails"), number);
        }
        arrive();
    })
}
