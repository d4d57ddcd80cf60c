//! How a group stops what it owns: for which reason, and that it waits until all of it has stopped.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::rc::Rc;

use unstuck::breaker::{CircuitBreaker, Config};
use unstuck::bus::{EventBus, Overflow};
use unstuck::flow::{
    CircuitGroup, Dag, FailMode, Failure, Job, Needs, Outcome, Parallel, Pipeline, Policies, RunCx, Sequence, Task,
    Values, Workflow, first_ok, race,
};
use unstuck::retry::{Backoff, Retry, RetryBudget};
use unstuck::sync::CancelToken;
use unstuck::time::{Duration, ms};
use unstuck::trace::CancelReason;
use unstuck::{Executor, now, sleep, spawn};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Step = Job<(), u64, String>;

/// Why the polite call was asked to stop, once it has.
type Told = Rc<Cell<Option<CancelReason>>>;

/// A call that takes 7 ms to put things away when it is asked to stop; from the second on, it takes 5 ms.
fn polite(told: &Told) -> Step {
    let (told, calls) = (told.clone(), Cell::new(0));
    let call = async move |_: (), cx: &RunCx<'_>| {
        if calls.replace(calls.get() + 1) == 0 {
            let reason = cx.cancel_token().cancelled().await;
            sleep(ms(7)).await;
            told.set(Some(reason));
            return Err("stopped".to_owned());
        }
        sleep(ms(5)).await;
        Ok(10)
    };
    Task::with_cx("Polite", call).boxed()
}

fn waits() -> Step {
    let call = async |_: ()| {
        sleep(ms(10)).await;
        Ok(10)
    };
    Task::new("Waits", call).boxed()
}

fn fails() -> Step {
    let call = async |_: ()| {
        sleep(ms(10)).await;
        Err("no route".to_owned())
    };
    Task::new("Fails", call).boxed()
}

fn last(workflow: impl Workflow<Input = (), Output = Vec<u64>, Error = String> + 'static) -> Step {
    let last = Task::sync("Last", |numbers: Vec<u64>| Ok(numbers[numbers.len() - 1]));
    Pipeline::new("Steps", workflow).then(last).boxed()
}

fn needed(step: Step) -> impl Workflow<Input = Needs<(), u64>, Output = u64, Error = String> + 'static {
    Pipeline::new("Step", Task::sync("Begin", |_: Needs<(), u64>| Ok(()))).then(step)
}

fn dag(first: Step, second: Step) -> Step {
    let plan = Dag::plan("Plan").step("first", &[], needed(first)).step("second", &[], needed(second));
    let value = Task::sync("Value", |values: Values<u64>| Ok(values["second"]));
    Pipeline::new("Steps", plan.check().unwrap()).then(value).boxed()
}

fn mapped(first: Step, second: Step) -> Step {
    let two = Task::sync("Two", move |_: ()| Ok(vec![first.clone(), second.clone()]));
    let each = Task::with_cx("Each", async |step: Step, cx: &RunCx<'_>| {
        cx.child(step.name()).perform(&step, ()).await.map_err(|failure| failure.to_string())
    });
    last(Pipeline::new("Both", two).then(each.for_each()))
}

fn together(first: Step, second: Step) -> Parallel<Step> {
    Parallel::new("Together", [first, second]).unwrap()
}

/// What a group gives, why the polite call in it was asked to stop, and when all of it had ended, if it is asked to
/// stop after 10 ms or never.
fn check(
    group: impl FnOnce(Step) -> Step,
    asked: Option<CancelReason>,
) -> (Outcome<Step>, Option<CancelReason>, String) {
    let told = Told::default();
    let group = group(polite(&told));
    let executor = Executor::new();
    let ended = executor.block_on(async move {
        let token = CancelToken::new();
        let cx = RunCx::new("Group").grace(ms(50)).cancelled_by(&token);
        drop(spawn(async move {
            sleep(ms(10)).await;
            if let Some(reason) = asked {
                token.cancel(reason);
            }
        }));
        let outcome = cx.perform(&group, ()).await;
        (outcome, told.get(), now().to_string())
    });
    assert_eq!((executor.alive(), executor.armed_timers()), (0, 0));
    ended
}

#[test]
fn losers_have_stopped_for_their_reason_before_their_group_returns() {
    let groups: [fn(Step) -> Step; 3] = [
        |loser| race("Race", [waits(), loser]).unwrap().boxed(),
        |loser| first_ok("First", [loser, waits()]).unwrap().boxed(),
        |loser| loser.hedged(ms(5), 2).unwrap().boxed(),
    ];
    for group in groups {
        assert_eq!(check(group, None), (Ok(10), Some(CancelReason::LostRace), "17 ms".into()));
    }
}

#[test]
fn siblings_of_a_failure_have_stopped_before_their_group_returns() {
    let groups: [fn(Step) -> Step; 3] = [
        |sibling| last(together(sibling, fails())),
        |sibling| dag(sibling, fails()),
        |sibling| mapped(sibling, fails()),
    ];
    for group in groups {
        let no_route = Err(Failure::Failed("no route".to_owned()));
        assert_eq!(check(group, None), (no_route, Some(CancelReason::ParentEnded), "17 ms".into()));
    }
}

#[test]
fn a_group_that_is_asked_to_stop_hands_the_reason_on_and_waits_for_its_children() {
    let groups: [fn(Step) -> Step; 14] = [
        |child| child,
        |child| last(Sequence::new("Sequence", child)),
        |child| Pipeline::new("Pipeline", child).then(Task::sync("Never", |number: u64| Ok(number))).boxed(),
        |child| last(together(child, waits())),
        |child| last(together(child, waits()).limit(1).unwrap()),
        |child| last(together(child, waits()).fail_mode(FailMode::CollectAll)),
        |child| {
            Pipeline::new("All", together(child, waits()).outcomes()).then(Task::sync("Never", |_| Ok(0))).boxed()
        },
        |child| race("Race", [child]).unwrap().boxed(),
        |child| first_ok("First", [child, fails()]).unwrap().boxed(),
        |child| child.hedged(ms(20), 2).unwrap().boxed(),
        |child| child.or_else(waits()).boxed(),
        |child| dag(child, waits()),
        |child| {
            let breaker = CircuitBreaker::new("service", Config::consecutive_failures(1)).unwrap();
            CircuitGroup::new("Circuit", child, &breaker).boxed()
        },
        |child| child.with(Policies::new().timeout(ms(40)).deadline(ms(60))).boxed(),
    ];
    let stopped = Err(Failure::Cancelled(CancelReason::Shutdown));
    for (nth, group) in groups.into_iter().enumerate() {
        let expected = (stopped.clone(), Some(CancelReason::Shutdown), "17 ms".into());
        assert_eq!(check(group, Some(CancelReason::Shutdown)), expected, "group {nth}");
    }
}

#[test]
fn outcomes_of_jobs_of_which_some_never_began_are_not_given() {
    let outcome = Executor::new().block_on(async {
        let token = CancelToken::new();
        let in_spite = Task::with_cx("In spite", async |_: (), cx: &RunCx<'_>| {
            cx.cancel_token().cancelled().await;
            Ok::<_, String>(1)
        });
        let group = Parallel::new("Group", [in_spite.boxed(), Task::sync("Never", |_: ()| Ok(2)).boxed()]).unwrap();
        let group = group.limit(1).unwrap().outcomes();
        let cx = RunCx::new("Group").grace(ms(5)).cancelled_by(&token);
        drop(spawn(async move {
            sleep(ms(1)).await;
            token.cancel(CancelReason::Requested);
        }));
        cx.perform(&group, ()).await
    });
    assert_eq!(outcome, Err(Failure::Cancelled(CancelReason::Requested)));
}

#[test]
fn nothing_is_heard_of_the_other_workflow_when_the_first_was_cancelled() {
    let lines: Vec<_> = Executor::new().block_on(async {
        let (bus, token) = (EventBus::new(), CancelToken::new());
        let mut log = bus.subscribe(Overflow::default());
        let either = waits().or_else(fails());
        let cx = RunCx::new("Either").reporting_to(&bus).cancelled_by(&token);
        drop(spawn(async move {
            sleep(ms(1)).await;
            token.cancel(CancelReason::Requested);
        }));
        cx.perform(&either, ()).await.unwrap_err();
        std::iter::from_fn(|| log.try_next()).map(|next| next.event.to_string()).collect()
    });
    assert_eq!(lines[3..], ["Waits running", "Waits cancelled: requested", "Either cancelled: requested"]);
}

#[test]
fn no_other_attempt_is_announced_to_who_asked_to_stop() {
    let (outcome, lines, left) = Executor::new().block_on(async {
        let (bus, token, told) = (EventBus::new(), CancelToken::new(), Told::default());
        let mut log = bus.subscribe(Overflow::default());
        let budget = RetryBudget::new(Duration::from_secs(10), 0, 100);
        let thrice = Retry::new(NonZeroU32::new(3).unwrap(), Backoff::constant(ms(1))).budget(budget.clone());
        // Its time is up at 5 ms, it has stopped at 12 ms, and at 10 ms somebody asks for the end.
        let fenced = polite(&told).with(Policies::new().timeout(ms(5)).retry(thrice));
        let cx = RunCx::new("Polite").reporting_to(&bus).cancelled_by(&token).grace(ms(50));
        drop(spawn(async move {
            sleep(ms(10)).await;
            token.cancel(CancelReason::Requested);
        }));
        let outcome = cx.perform(&fenced, ()).await;
        let lines: Vec<_> = std::iter::from_fn(|| log.try_next()).map(|next| next.to_string()).collect();
        (outcome, lines, budget.balance(now()))
    });
    assert_eq!((outcome, left), (Err(Failure::Cancelled(CancelReason::Requested)), 1));
    assert_eq!(lines[2..], ["2 12 ms: Polite cancelled: requested"]);
}

#[test]
fn a_task_knows_until_when_it_has_time() {
    let until = |policies: fn(Step) -> Step| {
        let until = Rc::new(Cell::new(None));
        let seen = until.clone();
        let asks = Task::with_cx("Asks", async move |_: (), cx: &RunCx<'_>| {
            seen.set(cx.deadline());
            Ok(0)
        });
        let group = policies(last(Parallel::new("Group", [asks]).unwrap()));
        let _ = Executor::new().block_on(async move { unstuck::flow::run(&group).await });
        until.get().map(|until| until.to_string())
    };
    assert_eq!(until(|step| step), None);
    assert_eq!(
        until(|step| step.with(Policies::new().timeout(ms(20)).deadline(ms(50))).boxed()),
        Some("20 ms".into())
    );
    let outer =
        until(|step| step.with(Policies::new().timeout(ms(20))).with(Policies::new().deadline(ms(10))).boxed());
    assert_eq!(outer, Some("10 ms".into()));
}
