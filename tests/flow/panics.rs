//! A panic is the failure of what panicked, and of nothing else. Natively only: in wasm it ends everything.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config, State};
use unstuck::bus::{EventBus, Overflow};
use unstuck::flow::{Event, Failure, Job, Outcome, Pipeline, Policies, RunCx, Shape, Task, Workflow, race};
use unstuck::retry::{Backoff, Retry};
use unstuck::time::ms;
use unstuck::{Executor, sleep};

type Step = Job<(), u32, String>;

/// What a workflow gives, and what is heard of it.
fn check(workflow: Step) -> (Outcome<Step>, Vec<String>) {
    let bus = EventBus::<Event>::new();
    let mut log = bus.subscribe(Overflow::default());
    let cx = RunCx::new(&workflow.name()).reporting_to(&bus);
    let outcome = Executor::new().block_on(async move { cx.perform(&workflow, ()).await });
    (outcome, std::iter::from_fn(|| log.try_next()).map(|next| next.event.to_string()).collect())
}

fn panicked() -> Outcome<Step> {
    Err(Failure::Panicked("the disk is gone".into()))
}

fn slow() -> Step {
    let call = async |_: ()| {
        sleep(ms(100)).await;
        Ok(1)
    };
    Task::new("Slow", call).boxed()
}

/// Panics before there is a future to poll.
fn panics_early(_: ()) -> impl Future<Output = Result<u32, String>> {
    if true {
        panic!("the disk is gone");
    }
    async { Ok(1) }
}

/// Is no task, and panics while it runs.
struct Own;

impl Workflow for Own {
    type Input = ();
    type Output = u32;
    type Error = String;

    async fn run(&self, (): (), cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        sleep(ms(1)).await;
        panic!("the disk is gone")
    }

    fn name(&self) -> Rc<str> {
        "Own".into()
    }

    fn shape(&self) -> Shape {
        Shape::leaf("own", self.name())
    }
}

#[test]
fn a_panic_is_not_tried_again_and_opens_the_circuit() {
    let breaker = CircuitBreaker::new("service", Config::consecutive_failures(1)).unwrap();
    let calls = Rc::new(Cell::new(0));
    let counts = calls.clone();
    let panics = Task::new("Panics", async move |_: ()| {
        counts.set(counts.get() + 1);
        sleep(ms(1)).await;
        panic!("the disk is gone")
    });
    let thrice = Retry::new(NonZeroU32::new(3).unwrap(), Backoff::constant(ms(1)));
    let (outcome, _) = check(panics.with(Policies::new().circuit(&breaker).retry(thrice)).boxed());
    assert_eq!((outcome, calls.get(), breaker.state()), (panicked(), 1, State::Open));
}

#[test]
fn a_function_that_panics_before_it_waits_has_failed() {
    let at_once = Task::sync("At once", |_: ()| panic!("the disk is gone"));
    assert_eq!(check(at_once.boxed()).0, panicked());
    let early = Task::new("Early", panics_early);
    let (outcome, heard) = check(early.boxed());
    assert_eq!(
        (outcome, heard.join(", ").as_str()),
        (panicked(), "Early pending, Early running, Early failed: panicked: the disk is gone")
    );
}

#[test]
fn a_job_that_panics_fails_its_group_and_stops_the_others() {
    for panics in [Task::new("Early", panics_early).boxed(), Own.boxed()] {
        let name = panics.name();
        let (outcome, heard) = check(race("Race", [panics, slow()]).unwrap().boxed());
        assert_eq!(outcome, panicked());
        assert!(heard.iter().any(|line| line.starts_with(&format!("{name} failed: panicked"))), "{heard:?}");
        let last = &heard[heard.len() - 2..];
        assert_eq!(last, ["Slow cancelled: another one was first", "Race failed: panicked: the disk is gone"]);
    }
}

#[test]
fn who_panics_in_a_sequence_has_failed_and_what_comes_after_it_is_cancelled() {
    let after = Task::sync("After", |number: u32| Ok(number));
    let steps = Pipeline::new("Steps", Own).then(after).boxed();
    let (outcome, heard) = check(race("Race", [steps]).unwrap().boxed());
    assert_eq!(outcome, panicked());
    let last = &heard[heard.len() - 4..];
    assert_eq!(
        last,
        [
            "Own failed: panicked",
            "After cancelled: its parent ended",
            "Steps failed: panicked",
            "Race failed: panicked: the disk is gone",
        ]
    );
}
