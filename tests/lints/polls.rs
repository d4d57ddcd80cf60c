//! Polls that wake their own task for nothing, and polls that do too much.

use std::rc::Rc;

use unstuck::explore::{Options, check};
use unstuck::finding::Rules;
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;
use unstuck::yield_now;

use super::noticed::{noticed, one, told};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub fn gives_way(stage: &Stage, times: u32) {
    stage.spawn("A", async move {
        for _ in 0..times {
            yield_now().await;
        }
    });
}

#[test]
fn a_task_that_wakes_itself_again_and_again_and_changes_nothing_is_a_storm() {
    assert_eq!(told(|stage| gives_way(stage, 31)), []);
    assert_eq!(
        told(|stage| gives_way(stage, 40)),
        [(32, "A woke itself in 32 polls in a row and changed nothing".to_owned())]
    );
    assert_eq!(noticed(|stage| gives_way(stage, 40)), one("self-wake storm", 1));
}

#[test]
fn how_many_polls_are_a_storm_can_be_said() {
    let rules = Rules { self_wakes: 3, ..Rules::default() };
    let report = check(&|stage: &Stage| gives_way(stage, 3), &Options { lints: rules, ..Options::default() });
    assert_eq!(report.lints[0].step, 3);
}

#[test]
fn a_task_that_changes_something_in_every_poll_is_no_storm() {
    fn counts(stage: &Stage) {
        let count = Rc::new(Tracked::new(0));
        stage.spawn("A", async move {
            for _ in 0..100 {
                count.update(|count| *count += 1);
                yield_now().await;
            }
        });
    }
    assert_eq!(told(counts), []);
    assert_eq!(noticed(counts), []);
}

fn looks(stage: &Stage, times: u32) {
    let count = Tracked::new(0);
    stage.spawn("A", async move { (0..times).for_each(|_| assert_eq!(count.get(), 0)) });
}

#[test]
fn a_poll_that_does_too_much_is_over_its_budget() {
    assert_eq!(told(|stage| looks(stage, 1_000)), []);
    let over = "one poll of A made 1001 operations on what tasks share, and may make 1000".to_owned();
    assert_eq!(told(|stage| looks(stage, 1_001)), [(1, over)]);
    assert_eq!(noticed(|stage| looks(stage, 1_001)), one("poll over budget", 1));
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn a_host_measures_polls_that_have_a_budget_of_time() {
    use unstuck::Executor;
    use unstuck::executor::host::thread;
    use unstuck::time::ms;
    use unstuck::trace::{Cost, Lint};

    let executor = Executor::new();
    executor.watch(Rules { time: Some(ms(5)), ..Rules::default() });
    let main = executor.spawn(async {
        yield_now().await;
        std::thread::sleep(ms(20));
    });
    thread::run(&executor, main).unwrap();
    let lints = executor.take_lints();
    let [Lint::PollOverBudget { cost: Cost::Time { taken, .. }, .. }] = lints[..] else { panic!("{lints:?}") };
    assert!(taken >= ms(20));
}
