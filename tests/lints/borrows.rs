//! Borrows of a tracked value that are held over an await.

use std::rc::Rc;

use unstuck::scenario::Stage;
use unstuck::sync::Tracked;
use unstuck::yield_now;

use super::noticed::{noticed, one, told};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub fn borrows_over_an_await(stage: &Stage) {
    let jobs = Rc::new(Tracked::new(vec![1]));
    let held = jobs.clone();
    stage.spawn("A", async move {
        let seen = held.borrow().unwrap();
        yield_now().await;
        assert_eq!(*seen, [1]);
    });
    stage.spawn("B", async move {
        if let Ok(mut jobs) = jobs.borrow_mut() {
            jobs.pop();
            jobs.push(1);
        }
    });
}

#[test]
fn a_borrow_that_is_held_while_its_task_gives_way_is_noticed() {
    assert_eq!(told(borrows_over_an_await), [(1, "A gave way while it held a borrow of a cell".to_owned())]);
    // B before A, between its two steps, and after it; A before and after B leave no other trace.
    assert_eq!(noticed(borrows_over_an_await), one("borrow over an await", 3));
}

#[test]
fn a_borrow_that_ends_before_the_await_is_none() {
    fn ends_it(stage: &Stage) {
        let jobs = Tracked::new(vec![1]);
        stage.spawn("A", async move {
            jobs.borrow_mut().unwrap().push(2);
            yield_now().await;
        });
    }
    assert_eq!(told(ends_it), []);
}

#[test]
fn a_conflict_names_both_places() {
    let cell = Tracked::new(0);
    let (held, line) = (cell.borrow_mut().unwrap(), line!());
    let conflict = cell.borrow().map(drop).unwrap_err();
    assert_eq!(
        conflict.to_string(),
        format!(
            "the cell cannot be borrowed at {file}:{}: it is borrowed since {file}:{line}; end that borrow first",
            line + 1,
            file = file!()
        )
    );
    drop(held);
    assert_eq!(*cell.borrow().unwrap(), 0);
}
