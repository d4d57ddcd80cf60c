//! More tasks than a search in order can tell apart: it says so, and drawn schedules still find what breaks.

use std::rc::Rc;

use unstuck::explore::{Options, Strategy, check, replay};
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;
use unstuck::yield_now;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// So many tasks increment, each in two steps.
fn crowd(tasks: usize) -> impl Fn(&Stage) {
    move |stage| {
        let count = Rc::new(Tracked::new(0));
        for _ in 0..tasks {
            let count = count.clone();
            stage.spawn("task", async move {
                let seen = count.get();
                yield_now().await;
                count.set(seen + 1);
            });
        }
        stage.finally("no increment is lost", move || match count.get() {
            all if all == tasks => Ok(()),
            seen => Err(format!("{tasks} tasks incremented, and the count is {seen}")),
        });
    }
}

const SENTENCE: &str = "not tried in order: it has more than the 63 tasks that such a search can tell apart, \
                        so draw schedules, or let it have fewer tasks";

#[test]
fn a_search_in_order_says_that_it_cannot_tell_so_many_tasks_apart() {
    for strategy in [Strategy::Exhaustive, Strategy::Naive] {
        let report = check(&crowd(64), &Options::default().strategy(strategy));
        assert_eq!((report.executions, report.exhausted), (0, false));
        assert_eq!(report.hindrance.as_deref(), Some(SENTENCE));
        assert!(report.to_string().ends_with(SENTENCE), "{report}");
        let few = check(&crowd(63), &Options { shrinking: 0, ..Options::default().strategy(strategy).executions(3) });
        assert_eq!((few.executions, few.hindrance), (3, None));
    }
}

#[test]
fn a_drawn_schedule_of_so_many_tasks_fails_and_runs_again() {
    let report = check(&crowd(100), &Options::default());
    assert_eq!((report.failing_samples, report.hindrance.as_deref()), (100, Some(SENTENCE)));
    let failure = report.failure.unwrap();
    assert!(!failure.is_least);
    assert_eq!(&*replay(crowd(100), &failure.schedule).findings()[0].sentence, failure.sentence);
}
