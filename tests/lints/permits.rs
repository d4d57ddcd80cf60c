//! A permit is missed at the end exactly if a task took it and nobody gave it back.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::explore::{Options, Report, Strategy, check};
use unstuck::scenario::Stage;
use unstuck::schedule::{Choice, Scheduler};
use unstuck::sync::{Permit, Semaphore};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn search(scenario: impl Fn(&Stage)) -> Report {
    check(&scenario, &Options::default().strategy(Strategy::Exhaustive))
}

const HOLDS: &str = "holds: 0 of 1 schedules fail, one of each kind tried";

/// Where a permit lies that lives longer than the task which took it.
type Left = Rc<RefCell<Option<Permit<'static>>>>;

fn semaphore() -> &'static Semaphore {
    Box::leak(Box::new(Semaphore::new("places", 1)))
}

/// A takes a permit, and leaves it.
fn leaves_it(stage: &Stage, left: &Left) {
    let (places, left) = (semaphore(), left.clone());
    stage.spawn("A", async move { assert!(left.replace(places.try_acquire()).is_none()) });
}

#[test]
fn a_permit_that_is_not_returned_breaks_a_check_and_says_where_it_was_taken() {
    let report = search(|stage| {
        let places = Semaphore::new("places", 1);
        stage.spawn("A", async move { core::mem::forget(places.acquire().await) });
    });
    let noticed = &report.lints[0];
    assert_eq!((noticed.lint.as_str(), noticed.schedules), ("permit not returned", 1));
    let failure = report.failure.unwrap();
    assert_eq!(failure.invariant, "every permit is returned");
    assert_eq!(failure.sentence, format!("A has ended and never gave back places, taken at {}", noticed.place));
}

#[test]
fn a_permit_that_is_dropped_by_nobody_s_task_is_returned() {
    let report = search(|stage| {
        let left = Left::default();
        leaves_it(stage, &left);
        stage.always("nobody keeps a permit for long", move || {
            left.take();
            Ok(())
        });
    });
    assert_eq!(report.to_string(), HOLDS);
}

#[test]
fn a_permit_that_is_dropped_while_no_executor_runs_is_returned() {
    /// First in, first out; drops what was left before it chooses.
    struct Tidy(Left);

    impl Scheduler for Tidy {
        fn choose(&mut self, _step: u32, _options: &[Choice]) -> Option<usize> {
            self.0.take();
            Some(0)
        }
    }

    let findings = |tidy: bool| {
        let left = Left::default();
        let set = |stage: &Stage| {
            leaves_it(stage, &left);
            stage.spawn("B", unstuck::yield_now());
        };
        let mut tidies = Tidy(if tidy { left.clone() } else { Left::default() });
        Stage::run(&set, &mut tidies).findings().len()
    };
    assert_eq!([false, true].map(findings), [1, 0]);
}

#[test]
fn a_permit_that_nobody_s_task_took_is_not_missed() {
    let report = search(|stage| {
        let permit = semaphore().try_acquire();
        stage.spawn("A", async move { drop(permit) });
    });
    assert_eq!(report.to_string(), HOLDS);
}
