//! Whatever happens to a workflow, everything in it ends, once, in a legal order, and leaves nothing behind.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config};
use unstuck::bus::{EventBus, Overflow, Subscription};
use unstuck::flow::{
    Bulkhead, CircuitGroup, Dag, Event, FailMode, Failure, Job, Needs, NodeId, Parallel, Pipeline, Policies,
    RateLimit, RunCx, Sequence, Task, TaskState, Values, Workflow, first_ok, race,
};
use unstuck::retry::{Backoff, Retry};
use unstuck::sync::CancelToken;
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Executor, sleep, spawn};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WORKFLOWS: u64 = 2_000;

/// A small generator of numbers, the same on every machine (Steele, Lea, Flood, OOPSLA 2014).
#[derive(Clone)]
struct Random(Rc<Cell<u64>>);

impl Random {
    fn below(&self, end: u64) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
        let value = self.0.get();
        let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (value ^ (value >> 31)) % end
    }
}

struct World {
    random: Random,
    breaker: CircuitBreaker,
    bulkhead: Bulkhead,
    rate_limit: RateLimit,
}

type Any = Job<u64, u64, String>;

impl World {
    fn new(seed: u64) -> Self {
        let config = Config::consecutive_failures(3).open_for(ms(15));
        World {
            random: Random(Rc::new(Cell::new(seed))),
            breaker: CircuitBreaker::new("service", config).unwrap(),
            bulkhead: Bulkhead::new("service", 2).unwrap().waiting(2),
            rate_limit: RateLimit::new(3, ms(12)).unwrap(),
        }
    }

    /// A task that waits, gives way to a request to stop or not, and fails now and then.
    fn task(&self) -> Any {
        let random = self.random.clone();
        let task = Task::with_cx("task", async move |number: u64, cx: &RunCx<'_>| {
            match random.below(4) {
                0 => {}
                1 => {
                    let _ = cx.unless_cancelled(sleep(ms(random.below(30)))).await;
                    sleep(ms(random.below(3))).await;
                }
                _ => sleep(ms(random.below(20))).await,
            }
            if random.below(4) == 0 { Err("failed".to_owned()) } else { Ok(number + 1) }
        });
        task.boxed()
    }

    fn workflow(&self, depth: u64) -> Any {
        let below = || self.workflow(depth - 1);
        let some = || (0..1 + self.random.below(3)).map(|_| below()).collect::<Vec<_>>();
        match self.random.below(if depth == 0 { 1 } else { 11 }) {
            0 => self.task(),
            1 => summed(Sequence::new("sequence", below()).then(below()).then(below())),
            2 => summed(Parallel::new("parallel", some()).unwrap().limit(2).unwrap()),
            3 => summed(Parallel::new("all", some()).unwrap().fail_mode(FailMode::CollectAll)),
            4 => race("race", some()).unwrap().boxed(),
            5 => first_ok("first", some()).unwrap().boxed(),
            6 => below().or_else(below()).hedged(ms(5), 2).unwrap().boxed(),
            7 => mapped(below()),
            8 => self.dag(below(), below(), below()),
            9 => CircuitGroup::new("circuit", below(), &self.breaker).boxed(),
            _ => below().with(self.policies()).boxed(),
        }
    }

    /// The last step needs both others, of which at most one runs at a time now and then.
    fn dag(&self, left: Any, right: Any, last: Any) -> Any {
        let plan = Dag::plan("dag").step("left", &[], input(left)).step("right", &[], input(right));
        let plan = plan.step("last", &["left", "right"], input(last));
        let plan = if self.random.below(2) == 0 { plan.limit(1) } else { plan };
        let value = Task::sync("value", |values: Values<u64>| Ok(values["last"]));
        Pipeline::new("graph", plan.check().unwrap()).then(value).boxed()
    }

    fn policies(&self) -> Policies {
        let attempts = NonZeroU32::new(1 + self.random.below(3) as u32).unwrap();
        let policies = Policies::new().timeout(ms(10)).retry(Retry::new(attempts, Backoff::constant(ms(3))));
        match self.random.below(4) {
            0 => policies.circuit(&self.breaker),
            1 => policies.bulkhead(&self.bulkhead),
            2 => policies.rate_limit(&self.rate_limit),
            _ => policies.deadline(ms(25)),
        }
    }
}

fn summed(workflow: impl Workflow<Input = u64, Output = Vec<u64>, Error = String> + 'static) -> Any {
    let sum = Task::sync("sum", |numbers: Vec<u64>| Ok(numbers.iter().sum()));
    Pipeline::new("summed", workflow).then(sum).boxed()
}

/// Runs it for three inputs, two at a time.
fn mapped(workflow: Any) -> Any {
    let three = Task::sync("three", |number: u64| Ok(vec![number, number + 1, number + 2]));
    summed(Pipeline::new("mapped", three).then(workflow.for_each().limit(2).unwrap()))
}

/// Runs it as a step of a plan, which gives it the input of the whole.
fn input(workflow: Any) -> impl Workflow<Input = Needs<u64, u64>, Output = u64, Error = String> + 'static {
    Pipeline::new("step", Task::sync("input", |needs: Needs<u64, u64>| Ok(needs.input))).then(workflow)
}

/// Every node's states, in order. An owner comes to its end after everything that it owns.
fn histories(log: &mut Subscription<Event>) -> BTreeMap<NodeId, Vec<TaskState>> {
    let mut histories = BTreeMap::<_, Vec<_>>::new();
    while let Some(next) = log.try_next() {
        assert_eq!(next.missed, 0);
        if let Event::Task(task) = next.event {
            let owner = task.parent.and_then(|parent| histories.get(&parent)?.last().copied());
            assert!(owner.is_none_or(|state: TaskState| !state.is_final()), "{task} outlives its owner");
            histories.entry(task.node).or_default().push(task.state);
        }
    }
    histories
}

/// Pending first, one final state last, and in between attempts and the waits between them.
fn is_legal(history: &[TaskState]) -> bool {
    use TaskState::*;
    let steps = history.windows(2).all(|pair| {
        matches!(
            (pair[0], pair[1]),
            (Pending, Running | Retrying | Failed | Cancelled)
                | (Running, Retrying | Succeeded | Failed | Cancelled)
                | (Retrying, Running | Retrying | Failed | Cancelled)
        )
    });
    history.first() == Some(&Pending) && history.last().is_some_and(|last| last.is_final()) && steps
}

/// Runs a random workflow, and ends it by `end` after some time if it still runs.
fn check(seed: u64, end: fn(CancelToken, unstuck::JoinHandle<Result<u64, Failure<String>>>)) {
    let world = World::new(seed);
    let bus = EventBus::new();
    let mut log = bus.subscribe(Overflow::Backpressure(std::num::NonZeroUsize::MAX));
    let workflow = world.workflow(4);
    let token = CancelToken::new();
    let grace = ms(world.random.below(3));
    let cx = RunCx::new("whole").reporting_to(&bus).cancelled_by(&token).grace(grace);
    let executor = Executor::new();
    let running = executor.spawn(async move { cx.perform(&workflow, 0).await });
    let after = ms(world.random.below(40));
    executor.block_on(async move {
        sleep(after).await;
        end(token, running);
        drop(spawn(async {})); // whatever ends now must bear a task that comes after it
    });
    executor.run();
    for (node, history) in histories(&mut log) {
        assert!(is_legal(&history), "workflow {seed}, node {node}: {history:?}");
    }
    assert_eq!((executor.alive(), executor.armed_timers()), (0, 0), "workflow {seed}");
    assert_eq!((world.bulkhead.free(), world.breaker.metrics().probes_under_way), (2, 0), "workflow {seed}");
}

#[test]
fn a_workflow_that_runs_to_its_end_settles_everything() {
    (0..WORKFLOWS).for_each(|seed| check(seed, |_, running| drop(running)));
}

#[test]
fn a_workflow_that_is_asked_to_stop_settles_everything() {
    (0..WORKFLOWS).for_each(|seed| {
        check(seed, |token, running| {
            token.cancel(CancelReason::Requested);
            drop(running);
        });
    });
}

#[test]
fn a_workflow_that_is_dropped_settles_everything_at_once() {
    (0..WORKFLOWS).for_each(|seed| {
        check(seed, |_, running| {
            running.cancel(CancelReason::Shutdown);
        });
    });
}

#[test]
fn all_six_states_are_reported_in_order_with_their_reasons() {
    let bus = EventBus::new();
    let mut log = bus.subscribe(Overflow::default());
    let flaky = Task::with_cx("Flaky", async |_: (), cx: &RunCx<'_>| match cx.attempt() {
        1 => Err("no route".to_owned()),
        _ => Ok(()),
    });
    let twice = Retry::new(NonZeroU32::new(2).unwrap(), Backoff::constant(ms(10)));
    let slow = Task::new("Slow", async |_: ()| {
        sleep(ms(1000)).await;
        Ok(())
    });
    let fails = Task::new("Fails", async |_: ()| {
        sleep(ms(20)).await;
        Err("no disk".to_owned())
    });
    let jobs = [flaky.with(Policies::new().retry(twice)).boxed(), slow.boxed(), fails.boxed()];
    let group = Parallel::new("Group", jobs).unwrap();
    let cx = RunCx::new("Group").reporting_to(&bus);
    let outcome = Executor::new().block_on(async move { cx.perform(&group, ()).await });
    assert_eq!(outcome, Err(Failure::Failed("no disk".to_owned())));
    let lines: Vec<_> =
        std::iter::from_fn(|| log.try_next()).map(|next| format!("{} {}", next.time, next.event)).collect();
    assert_eq!(
        lines,
        [
            "0 ms Group pending",
            "0 ms Group running",
            "0 ms Flaky pending",
            "0 ms Slow pending",
            "0 ms Fails pending",
            "0 ms Flaky running",
            "0 ms Flaky retrying: no route; again in 10 ms",
            "0 ms Slow running",
            "0 ms Fails running",
            "10 ms Flaky running, attempt 2",
            "10 ms Flaky succeeded",
            "20 ms Fails failed: no disk",
            "20 ms Slow cancelled: its parent ended",
            "20 ms Group failed: no disk",
        ]
    );
}
