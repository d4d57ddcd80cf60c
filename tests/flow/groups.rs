//! What each group runs when, and what it gives.

use std::cell::Cell;
use std::rc::Rc;

use unstuck::flow::{
    Dag, FailMode, Failure, Job, Needs, Outcome, Parallel, Pipeline, RunCx, Sequence, Task, Workflow, first_ok, race,
    run,
};
use unstuck::time::ms;
use unstuck::trace::{Entry, Event, Wait};
use unstuck::{Executor, now, sleep};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Step = Job<(), u64, String>;

/// Waits so long, then gives that number.
fn waits(milliseconds: u64) -> Step {
    let name = format!("Waits {milliseconds}");
    let call = async move |_: ()| {
        sleep(ms(milliseconds)).await;
        Ok(milliseconds)
    };
    Task::new(&name, call).boxed()
}

/// Waits so long, then fails.
fn fails(milliseconds: u64) -> Step {
    let name = format!("Fails {milliseconds}");
    let call = async move |_: ()| {
        sleep(ms(milliseconds)).await;
        Err(format!("failed at {milliseconds}"))
    };
    Task::new(&name, call).boxed()
}

fn add(more: u64) -> impl Workflow<Input = u64, Output = u64, Error = String> + 'static {
    Task::sync("Add", move |number: u64| Ok(number + more))
}

/// What a workflow gives, and when.
fn outcome<W>(workflow: W) -> (Outcome<W>, String)
where
    W: Workflow<Input = (), Output: 'static, Error: 'static> + 'static,
{
    Executor::new().block_on(async move { (run(&workflow).await, now().to_string()) })
}

fn failed<T>(milliseconds: u64) -> Result<T, Failure<String>> {
    Err(Failure::Failed(format!("failed at {milliseconds}")))
}

#[test]
fn parallel_results_stand_in_the_order_of_the_jobs() {
    let group = Parallel::new("Group", [waits(30), waits(10), waits(20)]).unwrap();
    assert_eq!(outcome(group), (Ok(vec![30, 10, 20]), "30 ms".into()));
}

#[test]
fn a_limit_hands_a_place_to_the_next_job_as_soon_as_it_is_free() {
    // Two places: 30 and 10 begin, then 20 at 10 ms, then 5 at 30 ms.
    let group = Parallel::new("Group", [waits(30), waits(10), waits(20), waits(5)]).unwrap().limit(2).unwrap();
    assert_eq!(outcome(group), (Ok(vec![30, 10, 20, 5]), "35 ms".into()));
}

#[test]
fn failing_fast_gives_the_first_failure_in_time() {
    let group = Parallel::new("Group", [waits(30), fails(20), fails(10)]).unwrap();
    assert_eq!(outcome(group), (failed(10), "10 ms".into()));
}

#[test]
fn collecting_all_runs_every_job_and_gives_every_failure() {
    let group = Parallel::new("Group", [fails(20), waits(30), fails(10)]).unwrap().fail_mode(FailMode::CollectAll);
    let (outcome, at) = outcome(group);
    let error = outcome.unwrap_err().to_string();
    assert_eq!((error.as_str(), at.as_str()), ("2 failed; Fails 20: failed at 20; Fails 10: failed at 10", "30 ms"));
}

#[test]
fn outcomes_are_values_and_failures_in_the_order_of_the_jobs() {
    let group = Parallel::new("Group", [fails(20), waits(30)]).unwrap().outcomes();
    assert_eq!(outcome(group), (Ok(vec![failed(20), Ok(30)]), "30 ms".into()));
}

#[test]
fn a_sequence_stops_at_the_first_failure() {
    let ran = Rc::new(Cell::new(0));
    let counts = ran.clone();
    let count = Task::sync("Count", move |number: u64| {
        counts.set(counts.get() + 1);
        Ok(number)
    });
    let no = Task::sync("No", |_: u64| Err::<u64, _>("no".to_owned()));
    let (outcome, _) = outcome(Sequence::new("Three", waits(1)).then(no).then(count));
    assert_eq!((outcome, ran.get()), (Err(Failure::Failed("no".to_owned())), 0));
}

#[test]
fn a_pipeline_gives_the_last_value_and_lets_types_change() {
    let pipeline = Pipeline::new("Three", waits(7))
        .then(Task::sync("Text", |number: u64| Ok(number.to_string())))
        .then(Task::sync("Length", |text: String| Ok(text.len())));
    assert_eq!(outcome(pipeline), (Ok(1), "7 ms".into()));
}

#[test]
fn a_race_ends_with_the_first_that_finishes_even_if_that_failed() {
    assert_eq!(outcome(race("Race", [waits(30), fails(10)]).unwrap()), (failed(10), "10 ms".into()));
    assert_eq!(outcome(race("Race", [waits(5), fails(10)]).unwrap()), (Ok(5), "5 ms".into()));
}

#[test]
fn first_ok_waits_for_a_success_and_names_all_failures() {
    assert_eq!(outcome(first_ok("First", [waits(30), fails(10)]).unwrap()), (Ok(30), "30 ms".into()));
    let (none, at) = outcome(first_ok("First", [fails(30), fails(10)]).unwrap());
    let error = none.unwrap_err().to_string();
    assert_eq!((error.as_str(), at.as_str()), ("2 failed; Fails 30: failed at 30; Fails 10: failed at 10", "30 ms"));
}

#[test]
fn a_hedge_begins_the_next_run_after_its_time_or_after_a_failure() {
    // Of three runs, the first is slow, the second fails at once, the third takes 20 ms.
    let calls = Cell::new(0);
    let call = Task::new("Call", async move |_: ()| {
        calls.set(calls.get() + 1);
        match calls.get() {
            1 => sleep(ms(1000)).await,
            2 => return Err("no route".to_owned()),
            _ => sleep(ms(20)).await,
        }
        Ok(42)
    });
    assert_eq!(outcome(call.hedged(ms(100), 3).unwrap()), (Ok(42), "120 ms".into()));
    assert_eq!(outcome(fails(10).hedged(ms(100), 3).unwrap()), (failed(10), "30 ms".into()));
}

#[test]
fn a_fallback_runs_only_after_a_failure() {
    assert_eq!(outcome(waits(10).or_else(waits(20))), (Ok(10), "10 ms".into()));
    assert_eq!(outcome(fails(10).or_else(waits(20))), (Ok(20), "30 ms".into()));
    assert_eq!(outcome(fails(10).or_else(fails(20)).or_else(waits(3))), (Ok(3), "33 ms".into()));
}

#[test]
fn a_map_runs_one_workflow_for_each_input_in_order() {
    let each = Task::new("Waits", async |milliseconds: u64| {
        sleep(ms(milliseconds)).await;
        if milliseconds == 13 { Err("13".to_owned()) } else { Ok(milliseconds * 2) }
    });
    let map = Rc::new(each.for_each().limit(2).unwrap());
    Executor::new().block_on(async move {
        assert_eq!(RunCx::new("Map").perform(&*map, vec![30, 10, 20]).await, Ok(vec![60, 20, 40]));
        assert_eq!(RunCx::new("Map").perform(&*map, vec![]).await, Ok(vec![]));
        assert_eq!(RunCx::new("Map").perform(&*map, vec![50, 13, 20]).await, Err(Failure::Failed("13".into())));
        assert_eq!(now().to_string(), "43 ms"); // 30 ms, nothing, 13 ms
    });
}

#[test]
fn steps_of_a_dag_begin_as_soon_as_what_they_need_is_there() {
    let step = |milliseconds: u64, needs: &'static [&'static str]| {
        Task::new("Step", async move |values: Needs<(), u64>| {
            let begun = (now() - unstuck::time::Instant::ZERO).as_millis() as u64;
            sleep(ms(milliseconds)).await;
            assert!(needs.iter().all(|need| values[need] < u64::MAX));
            Ok::<_, String>(begun)
        })
    };
    let dag = Dag::plan("Build")
        .step("link", &["compile", "assets"], step(5, &["compile", "assets"]))
        .step("fetch", &[], step(10, &[]))
        .step("compile", &["fetch"], step(30, &["fetch"]))
        .step("assets", &["fetch"], step(20, &["fetch"]))
        .step("docs", &[], step(1, &[]))
        .check()
        .unwrap();
    let (begun, at) = outcome(dag);
    let begun = begun.unwrap();
    let begun: Vec<_> = begun.iter().map(|(name, at)| format!("{name} {at}")).collect();
    assert_eq!(begun, ["assets 10", "compile 10", "docs 0", "fetch 0", "link 40"]);
    assert_eq!(at, "45 ms");
}

#[test]
fn a_step_of_a_dag_gets_the_values_that_it_named_and_waits_for_a_place() {
    let step = |needs: Needs<(), String>| async move {
        sleep(ms(10)).await;
        let values: Vec<_> = needs.values.iter().map(|(name, value)| format!("{name} of {value}")).collect();
        Ok::<_, String>(format!("{} [{}]", now(), values.join(", ")))
    };
    let plan = |limit| {
        let dag =
            Dag::plan("Two").limit(limit).step("a", &[], Task::new("A", step)).step("b", &[], Task::new("B", step));
        dag.step("c", &["b"], Task::new("C", step)).check().unwrap()
    };
    let (values, at) = outcome(plan(1));
    assert_eq!((values.unwrap()["c"].as_str(), at.as_str()), ("30 ms [b of 20 ms []]", "30 ms"));
    let (values, at) = outcome(plan(2));
    assert_eq!((values.unwrap()["c"].as_str(), at.as_str()), ("20 ms [b of 10 ms []]", "20 ms"));
}

#[test]
fn a_failed_step_of_a_dag_ends_the_whole() {
    let ok = Task::new("Ok", async |_: Needs<(), u64>| {
        sleep(ms(100)).await;
        Ok(1)
    });
    let no = Task::sync("No", |_: Needs<(), u64>| Err("no".to_owned()));
    let never = Task::sync("Never", |_: Needs<(), u64>| -> Result<u64, String> { unreachable!() });
    let dag = Dag::plan("Dag").step("ok", &[], ok).step("no", &[], no).step("never", &["no"], never).check().unwrap();
    let (outcome, at) = outcome(dag);
    assert_eq!((outcome.unwrap_err(), at.as_str()), (Failure::Failed("no".to_owned()), "0 ms"));
}

#[test]
fn everything_nests_in_everything() {
    let chain = || Sequence::new("Chain", waits(10)).then(add(1)).then(add(2));
    let last = |list: Vec<u64>| Ok(list[list.len() - 1]);
    let inner =
        race("Race", [Pipeline::new("Fast", chain()).then(Task::sync("Last", last)).boxed(), waits(50)]).unwrap();
    let hedged = inner.or_else(waits(1)).hedged(ms(5), 2).unwrap();
    let group = Parallel::new("Group", [hedged.boxed(), fails(1).or_else(waits(2)).boxed()]).unwrap();
    let whole = Pipeline::new("Whole", group).then(add(100).for_each());
    let shape = whole.shape().to_string();
    assert_eq!(outcome(whole), (Ok(vec![113, 102]), "10 ms".into()));
    assert_eq!(
        shape,
        "\
pipeline Whole
  parallel Group
    hedge Race or Waits 1, again after 5 ms, 2 at most
      fallback Race or Waits 1
        race Race
          pipeline Fast
            sequence Chain
              task Waits 10
              task Add
              task Add
            task Last
          task Waits 50
        task Waits 1
    fallback Fails 1 or Waits 2
      task Fails 1
      task Waits 2
  map each Add
    task Add
"
    );
}

#[test]
fn a_trace_says_what_a_child_really_waits_for_and_that_its_group_waits_for_it() {
    let executor = Executor::recording();
    drop(executor.spawn_named("main", async {
        let nap = Task::new("nap", async |_: ()| {
            sleep(ms(100)).labelled("its nap").await;
            Ok::<_, String>(())
        });
        run(&Parallel::new("Naps", [nap]).unwrap()).await.unwrap();
    }));
    executor.run();
    let waits = executor.take_trace().entries().iter().filter_map(wait_in).collect::<Vec<_>>();
    assert_eq!(waits, ["its children", "its nap"]);
}

fn wait_in(entry: &Entry) -> Option<&'static str> {
    match &entry.event {
        Event::Waits { on: Wait::Object { name, .. }, .. } => Some(name),
        Event::Waits { on: Wait::Time { label, .. }, .. } => *label,
        _ => None,
    }
}
