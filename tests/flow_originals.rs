//! What the pipeline library that this grew from, and its peers of today, get wrong.

use std::cell::{Cell, RefCell};
use std::num::NonZeroU32;
use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config, State};
use unstuck::bus::{EventBus, Overflow, Subscription};
use unstuck::flow::{
    Bulkhead, CircuitGroup, Event, Failure, Parallel, Policies, RunCx, Sequence, Task, Workflow, run,
};
use unstuck::retry::{Backoff, Retry};
use unstuck::sync::CancelToken;
use unstuck::time::{Duration, ms};
use unstuck::trace::CancelReason;
use unstuck::{Executor, now, sleep, spawn};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn check<F: Future<Output = ()> + 'static>(scenario: F) {
    Executor::new().block_on(scenario);
}

fn thrice(backoff: Backoff) -> Policies {
    Policies::new().retry(Retry::new(NonZeroU32::new(3).unwrap(), backoff))
}

fn lines(log: &mut Subscription<Event>) -> Vec<String> {
    std::iter::from_fn(|| log.try_next()).map(|next| next.event.to_string()).collect()
}

/// Counts the calls that are being made, and remembers the most.
#[derive(Clone, Default)]
struct InFlight {
    now: Rc<Cell<usize>>,
    most: Rc<Cell<usize>>,
}

struct Flying(InFlight);

impl InFlight {
    fn enter(&self) -> Flying {
        self.now.set(self.now.get() + 1);
        self.most.set(self.most.get().max(self.now.get()));
        Flying(self.clone())
    }

    /// A call that takes an hour, and 50 ms to stop when it is asked to.
    fn slow_to_stop(&self) -> impl Workflow<Input = (), Output = (), Error = String> + 'static {
        let in_flight = self.clone();
        Task::with_cx("Slow", async move |_: (), cx: &RunCx<'_>| {
            let _flying = in_flight.enter();
            cx.cancel_token().cancelled().await;
            sleep(ms(50)).await;
            Err("stopped".to_owned())
        })
    }
}

impl Drop for Flying {
    fn drop(&mut self) {
        self.0.now.set(self.0.now.get() - 1);
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_subscriber_that_fails_makes_no_task_fail() {
    check(async {
        let bus = EventBus::<Event>::new();
        let mut log = bus.subscribe(Overflow::default());
        let broken = spawn(async move {
            log.next().await;
            panic!("the subscriber is broken")
        });
        let _broken_filter = bus.subscribe_where(Overflow::default(), |_| panic!("so is the filter"));
        let task = Task::new("Task", async |_: ()| {
            sleep(ms(1)).await;
            Ok::<_, String>(42)
        });
        let outcome = RunCx::new("Task").reporting_to(&bus).perform(&task, ()).await;
        assert_eq!((outcome, broken.await.is_err()), (Ok(42), true));
    });
}

#[test]
fn a_task_that_receives_an_input_is_retried_too() {
    check(async {
        let calls = Cell::new(0);
        let flaky = Task::sync("Flaky", move |input: u32| {
            calls.set(calls.get() + 1);
            if calls.get() < 3 { Err("not yet") } else { Ok(input + 1) }
        });
        let first = Task::sync("First", |_: ()| Ok(41));
        let sequence = Sequence::new("Both", first).then(flaky.with(thrice(Backoff::constant(ms(1)))));
        assert_eq!(run(&sequence).await, Ok(vec![41, 42]));
    });
}

#[test]
fn a_sequence_gives_the_list_of_results_that_it_promises() {
    check(async {
        let step = |add: u32| Task::sync("Add", move |number: u32| Ok::<_, String>(number + add));
        let sequence = Sequence::new("Three", step(1)).then(step(10)).then(step(100));
        assert_eq!(RunCx::new("Three").perform(&sequence, 0).await, Ok(vec![1, 11, 111]));
    });
}

#[test]
fn cancelled_siblings_do_not_stay_running() {
    check(async {
        let bus = EventBus::new();
        let mut log = bus.subscribe(Overflow::default());
        let slow = Task::new("Slow", async |_: ()| {
            sleep(ms(1000)).await;
            Ok::<_, String>(())
        });
        let fails = Task::new("Fails", async |_: ()| {
            sleep(ms(10)).await;
            Err("no route".to_owned())
        });
        let jobs = [slow.boxed(), fails.boxed(), Task::sync("Waits", |_: ()| Ok(())).boxed()];
        let group = Parallel::new("Group", jobs).unwrap().limit(2).unwrap();
        let outcome = RunCx::new("Group").reporting_to(&bus).perform(&group, ()).await;
        assert_eq!((outcome, now().to_string().as_str()), (Err(Failure::Failed("no route".to_owned())), "10 ms"));
        assert_eq!(
            lines(&mut log)[7..],
            [
                "Fails failed: no route",
                "Waits cancelled: its parent ended",
                "Slow cancelled: its parent ended",
                "Group failed: no route",
            ]
        );
    });
}

#[test]
fn no_subscriber_sees_an_end_before_its_beginning() {
    check(async {
        let bus = EventBus::<Event>::new();
        let logs: Vec<_> = (0..3).map(|_| Rc::new(RefCell::new(Vec::new()))).collect();
        // Three subscribers at paces of their own, the last of which has room for one event only.
        let readers: Vec<_> = (logs.iter().zip([0, 7, 40]))
            .map(|(log, pace)| {
                let room = if pace == 40 {
                    Overflow::Backpressure(std::num::NonZeroUsize::MIN)
                } else {
                    Overflow::default()
                };
                let (mut events, log) = (bus.subscribe(room), log.clone());
                spawn(async move {
                    while let Some(next) = events.next().await {
                        log.borrow_mut().push(next.event.to_string());
                        sleep(ms(pace)).await;
                    }
                })
            })
            .collect();
        let task = |name: &str| Task::sync(name, |_: ()| Ok::<_, String>(()));
        let group = Parallel::new("Group", [task("A"), task("B")]).unwrap();
        RunCx::new("Group").reporting_to(&bus).perform(&group, ()).await.unwrap();
        drop(bus);
        for reader in readers {
            reader.await.unwrap();
        }
        let expected = [
            "Group pending",
            "Group running",
            "A pending",
            "B pending",
            "A running",
            "A succeeded",
            "B running",
            "B succeeded",
            "Group succeeded",
        ];
        for log in &logs {
            assert_eq!(*log.borrow(), expected);
        }
    });
}

#[test]
fn a_limit_of_zero_is_not_unlimited() {
    let task = Task::sync("Task", |_: ()| Ok::<_, String>(()));
    let error = Parallel::new("Group", [task]).unwrap().limit(0).err().unwrap();
    assert_eq!(error.to_string(), "the limit of Group must be at least 1; leave it out if there is none");
}

// ---- its circuit breaker, and those of others, in front of workflows

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

// ---- queues and bulkheads of others

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
