//! The examples of the pipeline library that this crate's `flow` grew from, on a clock that does not wait.
//!
//! `cargo run --example flow` prints what happens when, the same each time.

use std::cell::Cell;
use std::fmt::Write;
use std::num::NonZeroU32;

use unstuck::breaker::{CircuitBreaker, Config};
use unstuck::bus::{EventBus, Overflow, Subscription};
use unstuck::flow::{CircuitGroup, Event, Parallel, Pipeline, Policies, RunCx, Sequence, Task, TaskState, Workflow};
use unstuck::retry::{Backoff, Retry};
use unstuck::time::{Duration, ms};
use unstuck::{Executor, sleep};

fn main() {
    print!("{}", output());
}

/// Runs all examples, each on its own executor.
pub fn output() -> String {
    type Example = fn(&Executor) -> String;
    let examples: [(&str, Example); 6] = [
        ("Parallel with a limit", parallel_with_a_limit),
        ("Nested sequence", nested_sequence),
        ("Flaky task", flaky_task),
        ("Circuit demo", circuit_demo),
        ("Mixed pipeline", mixed_pipeline),
        ("Event log", event_log),
    ];
    examples.iter().map(|(title, example)| format!("{title}\n{}\n", example(&Executor::new()))).collect()
}

// ---- the tasks

async fn fetch_data(id: u32) -> Result<String, String> {
    sleep(ms(500)).await;
    Ok(format!("data_{id}"))
}

fn fetch(name: &str, id: u32) -> impl Workflow<Input = (), Output = String, Error = String> + 'static {
    Task::new(name, async move |_: ()| fetch_data(id).await)
}

fn process(name: &str) -> impl Workflow<Input = String, Output = String, Error = String> + 'static {
    Task::sync(name, |data: String| Ok(data.to_uppercase()))
}

fn save(name: &str) -> impl Workflow<Input = String, Output = String, Error = String> + 'static {
    Task::sync(name, |data: String| Ok(format!("saved {data}")))
}

// ---- running, and listening

/// Runs a workflow to its end, and gives its outcome and the log of its events.
fn watched<W>(executor: &Executor, workflow: W, bus: &EventBus<Event>) -> (Result<W::Output, String>, String)
where
    W: Workflow<Input = (), Output: 'static> + 'static,
{
    let mut log = bus.subscribe(Overflow::default());
    let cx = RunCx::new(&workflow.name()).reporting_to(bus);
    let outcome =
        executor.block_on(async move { cx.perform(&workflow, ()).await.map_err(|error| error.to_string()) });
    (outcome, lines(&mut log))
}

fn lines(log: &mut Subscription<Event>) -> String {
    let mut lines = String::new();
    while let Some(next) = log.try_next() {
        writeln!(lines, "  {:>7}  {}", next.time.to_string(), next.event).expect("a string takes every line");
    }
    lines
}

// ---- the examples

fn parallel_with_a_limit(executor: &Executor) -> String {
    let jobs = [fetch("Fetch10", 10), fetch("Fetch20", 20), fetch("Fetch30", 30)];
    let parallel = Parallel::new("SimpleParallel", jobs).and_then(|parallel| parallel.limit(2)).expect("three jobs");
    let (outcome, log) = watched(executor, parallel, &EventBus::new());
    format!("{log}  {outcome:?}\n")
}

fn nested_sequence(executor: &Executor) -> String {
    let inner = Sequence::new("Inner", fetch("Fetch1", 1)).then(process("Process1")).then(save("Save1"));
    let last = Task::sync("Last", |results: Vec<String>| Ok(results[results.len() - 1].clone()));
    let nested = Pipeline::new("NestedPipeline", inner).then(last);
    let shape = nested.shape();
    let (outcome, _) = watched(executor, nested, &EventBus::new());
    format!("{shape}  {outcome:?}\n")
}

fn flaky_task(executor: &Executor) -> String {
    let calls = Cell::new(0);
    let flaky = Task::sync("Flaky", move |_: ()| {
        calls.set(calls.get() + 1);
        if calls.get() < 3 { Err(format!("call {} failed", calls.get())) } else { Ok(calls.get()) }
    });
    let thrice = Retry::new(NonZeroU32::MIN.saturating_add(2), Backoff::exponential(ms(100)));
    let (outcome, log) = watched(executor, flaky.with(Policies::new().retry(thrice)), &EventBus::new());
    format!("{log}  {outcome:?}\n")
}

fn circuit_demo(executor: &Executor) -> String {
    let config = Config::consecutive_failures(2).open_for(Duration::from_secs(10));
    let breaker = CircuitBreaker::new("orders", config).expect("two failures, ten seconds");
    let bus = EventBus::new();
    breaker.report_to(bus.publisher(Event::Circuit));
    let mut log = bus.subscribe_where(Overflow::default(), |event| matches!(event, Event::Circuit(_)));
    let calls = Cell::new(0);
    let fetch = Task::sync("Fetch2", move |_: ()| {
        calls.set(calls.get() + 1);
        if calls.get() <= 2 { Err("no route".to_owned()) } else { Ok("data_2".to_owned()) }
    });
    let demo = CircuitGroup::new("CircuitDemo", Sequence::new("Load", fetch).then(process("Process2")), &breaker);
    let outcomes = executor.block_on(async move {
        let mut outcomes = String::new();
        for pause in [0, 1, 1, 4, 5] {
            sleep(Duration::from_secs(pause)).await;
            let outcome = RunCx::new("CircuitDemo").perform(&demo, ()).await.map_err(|error| error.to_string());
            outcomes += &format!("  {outcome:?}\n");
        }
        outcomes
    });
    outcomes + &lines(&mut log)
}

fn mixed_pipeline(executor: &Executor) -> String {
    let load = |id| Sequence::new(&format!("Load{id}"), fetch("Fetch", id)).then(process("Process"));
    let all = Parallel::new("All", [load(1), load(2)]).expect("two jobs");
    let join = Task::sync("Join", |loaded: Vec<Vec<String>>| Ok(loaded.concat().join(" ")));
    let mixed = Pipeline::new("Mixed", all).then(join).then(save("Save"));
    let (outcome, _) = watched(executor, mixed, &EventBus::new());
    format!("  {outcome:?}\n")
}

fn event_log(executor: &Executor) -> String {
    let bus = EventBus::new();
    let mut ends = bus.subscribe_where(
        Overflow::default(),
        |event| matches!(event, Event::Task(task) if task.state == TaskState::Succeeded),
    );
    let (_, all) = watched(executor, Sequence::new("Log", fetch("Fetch3", 3)).then(save("Save3")), &bus);
    format!("{all}  only what succeeded:\n{}", lines(&mut ends))
}
