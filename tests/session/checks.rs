//! Trying every schedule of both versions, and the verdicts.

use std::cell::Cell;

use unstuck::session::{Action, CheckProgress, Session};
use unstuck::snapshot::Tone;
use unstuck::time::{Instant, ms};

use super::drive::{after, you};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Checks in slices of one look, and counts them.
fn check(session: &mut Session) -> (CheckProgress, u32) {
    session.begin_check();
    let mut slices = 0;
    loop {
        slices += 1;
        let progress = session.check_while(|| false).unwrap();
        if progress.done {
            return (progress, slices);
        }
    }
}

#[test]
fn a_check_tries_every_kind_of_schedule_and_opens_the_least_that_fails() {
    let mut session = Session::open("");
    let (progress, slices) = check(&mut session);
    let snapshot = session.snapshot();
    // 120 = 5!: the orders in which A to E submit their jobs.
    let verdicts: Vec<&str> = snapshot.panes.iter().map(|pane| pane.verdict.text.as_str()).collect();
    let expected = ["165 of 165 schedules fail, the least in 14 steps", "120 of 120 schedules, 0 fail"];
    assert_eq!(verdicts, expected);
    // 485 = 165 + 120, and 100 of each version at random before that. The verdicts say the rest.
    assert_eq!((progress.sentence.as_str(), progress.opened), ("Checked, in 485 runs.", Some(14)));
    let least = "#/bug/stuck-flag?schedule=replay-main.A.B.C.D.E.~.A.~.A.~.E.~.A&step=14";
    assert_eq!(snapshot.address, least);
    assert!(slices > 1, "a check can be stopped between slices");
}

#[test]
fn a_check_tells_how_many_schedules_it_tries_in_a_second() {
    let mut session = Session::open("");
    session.begin_check();
    let clock = Cell::new(Instant::ZERO);
    // Each look at the clock is a millisecond after the last: one between two looks of the search, and one at the end.
    let told = session.check_for(ms(2), || {
        clock.set(clock.get() + ms(1));
        clock.get()
    });
    // 32 schedules in 3 ms.
    let expected = "Buggy: 32 schedules, 32 fail so far. Fixed: 0 schedules, 0 fail so far. 10,000 a second.";
    assert_eq!(told.unwrap().sentence, expected);
}

#[test]
fn a_check_that_is_cancelled_leaves_no_verdict() {
    let mut session = Session::open("");
    let before = session.snapshot();
    session.begin_check();
    session.check_while(|| false);
    session.cancel_check();
    assert_eq!((session.check_while(|| true), session.snapshot()), (None, before));
}

#[test]
fn a_verdict_of_a_check_is_not_shown_for_another_version() {
    let mut session = Session::open("");
    check(&mut session);
    let half_fix = Action::Variant { pane: 0, value: "half-fix".to_owned() };
    let snapshot = session.apply(&half_fix).unwrap();
    assert_eq!(snapshot.panes[0].verdict.text, "Step 14 breaks “nobody uses a closed connection”");
    check(&mut session);
    assert_eq!(session.snapshot().panes[0].verdict.tone, Tone::Bad);
}

#[test]
fn whoever_breaks_a_version_is_told_what_the_least_schedule_takes() {
    let broken = after("#/bug/stuck-flag?step=14", &[you()]);
    assert_eq!(broken.panes[0].verdict.text, "You broke it in 14 steps; the least schedule takes 14");
    assert_eq!(broken.panes[1].verdict.text, "Nothing broke so far");
}

#[test]
fn whoever_needs_fewer_steps_than_the_least_schedule_is_told_what_that_is_least_in() {
    let chosen = "#/bug/stubborn-task?schedule=you-boss.worker-1.~.worker-1.~.boss.worker-1.~.worker-1.~&step=10";
    let told = "You broke it in 10 steps; the schedule with the fewest preemptions takes 11";
    assert_eq!(Session::open(chosen).snapshot().panes[0].verdict.text, told);
}

#[test]
fn the_verdict_of_a_check_leads_to_the_least_schedule_that_fails() {
    let mut session = Session::open("");
    check(&mut session);
    let verdict = session.apply(&Action::Schedule { value: "fifo".to_owned() }).unwrap().panes[0].verdict.clone();
    let least = "replay-main.A.B.C.D.E.~.A.~.A.~.E.~.A";
    assert_eq!((verdict.step, verdict.schedule.as_deref()), (Some(14), Some(least)));
}

#[test]
fn a_pane_tells_the_lints_of_its_run_and_where_they_are() {
    let snapshot = Session::open("#/bug/never-polled").snapshot();
    let facts: Vec<_> = snapshot.panes.iter().map(|pane| pane.facts.clone()).collect();
    let told: Vec<_> = facts[0].iter().map(|fact| (fact.tone, fact.step, fact.text.as_str())).collect();
    assert_eq!(
        told,
        [(
            Tone::Lint,
            Some(4),
            "Lint in step 4: never polled. A future that waits for hash-A was made and dropped before its first poll: \
             await it."
        )]
    );
    assert_eq!(facts[1], []);
}
