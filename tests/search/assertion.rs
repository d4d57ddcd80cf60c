//! What a failed test says: what broke, where it was decided, how to run it again, and where to see it.

use std::rc::Rc;

use unstuck::explore::{Options, assert_holds, assert_holds_within, check, replay};
use unstuck::finding::LintKind;
use unstuck::scenario::{Ended, Stage};
use unstuck::sync::{Mutex, Tracked};
use unstuck::yield_now;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn two_increments(stage: &Stage) {
    let count = Rc::new(Tracked::new(0));
    for name in ["A", "B"] {
        let count = count.clone();
        stage.spawn(name, async move {
            let seen = count.get();
            yield_now().await;
            count.set(seen + 1);
        });
    }
    stage.finally("no increment is lost", move || match count.get() {
        2 => Ok(()),
        seen => Err(format!("two tasks incremented, and the count is {seen}")),
    });
}

#[test]
#[should_panic(expected = "\
step 4 breaks “no increment is lost”: two tasks incremented, and the count is 1
  decided in step 2 by B at tests/search/assertion.rs:18
  4 steps, 1 preemption, 2 switches, no failing schedule has fewer
  run it again with `explore::replay(scenario, \"replay-A.B.B.A\")`")]
fn a_broken_promise_is_told_with_its_values_its_decisive_step_and_its_schedule() {
    assert_holds(two_increments);
}

#[test]
#[should_panic(expected = "see it at http://127.0.0.1:8017/#/bug/increments?schedule=replay-A.B.B.A&step=2")]
fn a_scenario_that_a_page_shows_has_a_link() {
    assert_holds_within(Options::default().page("http://127.0.0.1:8017/#/bug/increments"), two_increments);
}

#[test]
#[should_panic(expected = "\
step 4 breaks “every task ends”: nothing can happen any more, and A waits for right, held by B; B waits for left, \
held by A
  decided in step 2 by B at")]
fn a_deadlock_is_told_with_who_waits_for_whom() {
    assert_holds(|stage: &Stage| {
        let locks = Rc::new([Mutex::new("left", ()), Mutex::new("right", ())]);
        for (name, first) in [("A", 0), ("B", 1)] {
            let locks = locks.clone();
            stage.spawn(name, async move {
                let _one = locks[first].lock().await;
                yield_now().await;
                let _other = locks[1 - first].lock().await;
            });
        }
    });
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
#[should_panic(expected = "step 1 breaks “no task panics”: A panicked: there is no such page")]
fn a_panic_is_told_with_its_message() {
    assert_holds(|stage: &Stage| stage.spawn("A", async { panic!("there is no such page") }));
}

/// B waits for A by asking again and again, and A for B.
fn after_you(stage: &Stage) {
    let gone = Rc::new(Tracked::new([false, false]));
    for (name, own) in [("A", 0), ("B", 1)] {
        let gone = gone.clone();
        stage.spawn(name, async move {
            while !gone.with(|gone| gone[1 - own]) {
                yield_now().await;
            }
            gone.update(|gone| gone[own] = true);
        });
    }
}

#[test]
#[should_panic(expected = "\
step 2000 breaks “every run ends”: it goes on for more than 2000 steps
  decided in step 2000 by A at tests/search/assertion.rs:79
  2000 steps, 0 preemptions, 0 switches, no failing schedule has fewer
  run it again with `explore::replay(scenario, \"replay\")`")]
fn a_run_without_an_end_is_told() {
    assert_holds(after_you);
}

#[test]
fn a_run_without_an_end_has_a_short_schedule_that_replays_it() {
    let failure = check(&after_you, &Options::default()).failure.unwrap();
    let run = replay(after_you, &failure.schedule);
    assert_eq!((failure.schedule.len() < 10, run.ended), (true, Ended::TooLong), "{}", failure.schedule);
}

#[test]
#[should_panic(expected = "step 32 breaks “nobody waits by polling”: ")]
fn a_lint_that_is_denied_is_told_like_a_broken_promise() {
    let options = Options::default().deny(LintKind::SelfWakeStorm);
    assert_holds_within(options, after_you);
}

#[test]
#[should_panic(expected = "schedules hold, and there are more: say `assert_holds_within`")]
fn a_search_that_is_cut_short_is_no_proof() {
    assert_holds(|stage: &Stage| {
        let shared = Rc::new(Tracked::new(0));
        for name in ["A", "B", "C", "D", "E", "F", "G", "H", "I"] {
            let shared = shared.clone();
            stage.spawn(name, async move { shared.update(|shared| *shared += 1) });
        }
    });
}
