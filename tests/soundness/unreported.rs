//! A change that its object does not report is caught by the comparison with the search that leaves out nothing.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::explore::{Options, Strategy, check};
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;

use super::drawn::Outcomes;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Two tasks that share what the search cannot see, if `is_tracked` is false.
fn race(stage: &Stage, is_tracked: bool, outcomes: &Outcomes) {
    let (plain, tracked) = (Rc::new(RefCell::new(0)), Rc::new(Tracked::new(0)));
    for (name, value) in [("A", 1), ("B", 2)] {
        let (plain, tracked) = (plain.clone(), tracked.clone());
        stage.spawn(name, async move {
            if is_tracked {
                tracked.set(value);
            }
            plain.replace(value);
        });
    }
    let outcomes = outcomes.clone();
    stage.finally("this was an end", move || {
        outcomes.borrow_mut().insert(plain.borrow().to_string());
        Ok(())
    });
}

#[test]
fn a_change_that_is_not_reported_is_caught_by_the_comparison() {
    let ends = |is_tracked, strategy| {
        let outcomes = Outcomes::default();
        check(&|stage: &Stage| race(stage, is_tracked, &outcomes), &Options::default().strategy(strategy));
        outcomes.take().len()
    };
    assert_eq!([ends(true, Strategy::Naive), ends(true, Strategy::Exhaustive)], [2, 2]);
    assert_eq!([ends(false, Strategy::Naive), ends(false, Strategy::Exhaustive)], [2, 1]);
}
