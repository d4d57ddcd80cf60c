//! Places: the limits, queues and bulkheads of others.

use unstuck::bus::{EventBus, Overflow};
use unstuck::flow::{Bulkhead, Failure, Parallel, Policies, RunCx, Task, Workflow, run};
use unstuck::retry::Backoff;
use unstuck::sync::CancelToken;
use unstuck::time::{Duration, ms};
use unstuck::trace::CancelReason;
use unstuck::{now, sleep, spawn};

use super::scene::{InFlight, lines, thrice};
use crate::scene::check;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_limit_of_two_holds_while_timed_out_jobs_are_still_stopping() {
    check(async {
        let in_flight = InFlight::default();
        let jobs = (0..10).map(|_| in_flight.slow_to_stop().with(Policies::new().timeout(ms(10))));
        let group = Parallel::new("Jobs", jobs).unwrap().limit(2).unwrap().outcomes();
        let outcomes = RunCx::new("Jobs").grace(ms(100)).perform(&group, ()).await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == Err(Failure::TimedOut(ms(10)))));
        // Five pairs, each 10 ms until it is asked and 50 ms until it has stopped.
        assert_eq!((in_flight.most.get(), now().to_string().as_str()), (2, "300 ms"));
    });
}

#[test]
fn a_bulkhead_of_two_holds_while_timed_out_calls_are_still_stopping() {
    check(async {
        let in_flight = InFlight::default();
        let fence = Policies::new().timeout(ms(10)).bulkhead(&Bulkhead::new("service", 2).unwrap());
        let jobs = (0..8).map(|_| in_flight.slow_to_stop().with(fence.clone()));
        let group = Parallel::new("Jobs", jobs).unwrap().outcomes();
        RunCx::new("Jobs").grace(ms(100)).perform(&group, ()).await.unwrap();
        assert_eq!((in_flight.most.get(), now().to_string().as_str()), (2, "240 ms"));
    });
}

#[test]
fn jobs_that_never_began_are_settled() {
    check(async {
        let bus = EventBus::new();
        let mut log = bus.subscribe(Overflow::default());
        let endless = |name: &str| Task::new(name, async |_: ()| std::future::pending::<Result<(), String>>().await);
        let group = Parallel::new("Group", [endless("A"), endless("B"), endless("C")]).unwrap().limit(1).unwrap();
        let token = CancelToken::new();
        let cx = RunCx::new("Group").reporting_to(&bus).cancelled_by(&token);
        let running = spawn(async move { cx.perform(&group, ()).await });
        sleep(ms(1)).await;
        token.cancel(CancelReason::Shutdown);
        assert_eq!(running.await.unwrap(), Err(Failure::Cancelled(CancelReason::Shutdown)));
        assert_eq!(
            lines(&mut log)[6..],
            ["A cancelled: shutdown", "B cancelled: shutdown", "C cancelled: shutdown", "Group cancelled: shutdown",]
        );
    });
}

#[test]
fn a_retry_that_waits_holds_no_place() {
    check(async {
        let bulkhead = Bulkhead::new("service", 1).unwrap();
        let fails = Task::sync("Fails", |_: ()| Err::<u32, _>("no route"));
        let patient = fails.with(thrice(Backoff::constant(Duration::from_secs(60))).bulkhead(&bulkhead));
        let waiting = spawn(async move { run(&patient).await });
        sleep(ms(1)).await;
        let other = Task::sync("Other", |_: ()| Ok::<_, &str>(42)).with(Policies::new().bulkhead(&bulkhead));
        assert_eq!((run(&other).await, now().to_string().as_str()), (Ok(42), "1 ms"));
        assert_eq!((waiting.await.unwrap(), bulkhead.free()), (Err(Failure::Failed("no route")), 1));
    });
}
