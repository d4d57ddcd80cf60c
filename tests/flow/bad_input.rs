//! What cannot work is refused with a sentence, before anything runs.

use unstuck::flow::{BuildError, Bulkhead, Dag, DagPlan, Needs, Parallel, RateLimit, Task, Workflow, first_ok, race};
use unstuck::time::{Duration, ms};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn task() -> impl Workflow<Input = (), Output = u32, Error = String> + 'static {
    Task::sync("Task", |_: ()| -> Result<u32, String> { unreachable!("nothing runs") })
}

fn check<T>(built: Result<T, BuildError>, sentence: &str) {
    assert_eq!(built.err().map(|error| error.to_string()).as_deref(), Some(sentence));
}

fn steps(steps: &[(&str, &[&str])]) -> DagPlan<(), u32, String> {
    let step = || Task::sync("Step", |_: Needs<(), u32>| -> Result<u32, String> { unreachable!("nothing runs") });
    steps.iter().fold(Dag::plan("Plan"), |plan, (name, needs)| plan.step(name, needs, step()))
}

#[test]
fn a_limit_is_at_least_one() {
    let sentence = |of: &str| format!("the limit of {of} must be at least 1; leave it out if there is none");
    check(Parallel::new("Group", [task()]).and_then(|group| group.limit(0)), &sentence("Group"));
    check(task().for_each().limit(0), &sentence("each Task"));
    check(task().hedged(ms(1), 0), &sentence("Task"));
    check(Bulkhead::new("service", 0), &sentence("bulkhead service"));
    check(RateLimit::new(0, ms(1)), &sentence("the rate"));
    check(steps(&[("a", &[])]).limit(0).check(), &sentence("Plan"));
}

#[test]
fn a_group_has_jobs() {
    check(Parallel::new("Group", [(); 0].map(|()| task())), "Group has no jobs");
    check(race("Race", [(); 0].map(|()| task())), "Race has no jobs");
    check(first_ok("First", [(); 0].map(|()| task())), "First has no jobs");
    check(steps(&[]).check(), "Plan has no jobs");
}

#[test]
fn a_plan_names_what_is_there_once_and_without_a_circle() {
    check(steps(&[("a", &["b"])]).check(), "a needs b, which is not a step");
    check(steps(&[("a", &[]), ("a", &[])]).check(), "two steps are called a");
    check(steps(&[("a", &["a"])]).check(), "steps need each other in a circle: a → a");
    let circle = steps(&[("start", &[]), ("end", &["c"]), ("a", &["start", "c"]), ("b", &["a"]), ("c", &["b"])]);
    check(circle.check(), "steps need each other in a circle: c → b → a → c");
}

#[test]
fn a_span_of_time_is_longer_than_none() {
    check(RateLimit::new(5, Duration::ZERO), "the time of the rate must be longer than none");
}
