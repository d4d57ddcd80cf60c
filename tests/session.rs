//! A session is its address: whatever is done to it, the address says all of it.

use std::cell::Cell;

use unstuck::session::{Action, CheckProgress, Session};
use unstuck::snapshot::{Snapshot, Tone};
use unstuck::time::{Instant, ms};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn after(address: &str, actions: &[Action]) -> Snapshot {
    let mut session = Session::open(address);
    for action in actions {
        session.apply(action).unwrap();
    }
    session.snapshot()
}

fn step(by: i32) -> Action {
    Action::Step { by }
}

fn choose(choice: &str) -> Action {
    Action::Choose { choice: choice.to_owned() }
}

fn you() -> Action {
    Action::Schedule { value: "you".to_owned() }
}

// ---- stepping

#[test]
fn stepping_back_shows_what_was_shown_before() {
    let mut session = Session::open("");
    let last = session.snapshot().last;
    let there: Vec<Snapshot> = (0..=last).map(|to| session.apply(&Action::Go { to }).unwrap()).collect();
    for shown in there.into_iter().rev() {
        assert_eq!(session.snapshot(), shown);
        session.apply(&step(-1)).unwrap();
    }
}

#[test]
fn nothing_lies_before_the_first_step_or_behind_the_last() {
    assert_eq!(after("", &[step(-1)]).step, 0);
    let end = after("", &[Action::End]);
    assert_eq!((end.step, end.last), (57, 57));
    assert_eq!(after("", &[Action::End, step(1)]).step, 57);
    assert_eq!(after("", &[Action::Go { to: 1_000_000 }]).step, 57);
}

#[test]
fn the_findings_can_be_visited_one_by_one() {
    let next = || Action::Finding { by: 1 };
    let visited = [
        after("", &[next()]).step,
        after("", &[next(), next()]).step,
        after("", &[next(), next(), next()]).step,
        after("", &[next(), next(), Action::Finding { by: -1 }]).step,
    ];
    assert_eq!(visited, [14, 18, 19, 14]);
}

#[test]
fn the_sentence_says_what_broke_and_what_the_fixed_version_did_instead() {
    let broken = after("", &[Action::Go { to: 14 }]).said;
    let why = "A was resumed because its wait for the goodbye was over; it failed: the service said no.";
    assert_eq!((broken.lead.as_str(), broken.tone), (why, Tone::Bad));
    let refused = after("", &[Action::Go { to: 3 }]).said;
    assert_eq!(
        format!("{} {} {}", refused.lead, refused.rest, refused.aside),
        "B began; it was skipped: the worker says it is busy. It returns. Fixed: B began; it waits for the turn, held \
         by A, 1st in line."
    );
}

#[test]
fn both_panes_tell_the_same_until_the_first_difference() {
    assert_eq!(Session::open("").film().divergence, Some(3));
}

// ---- a person schedules

#[test]
fn a_person_decides_and_the_address_keeps_the_decisions() {
    let actions = [you(), choose("main"), choose("C"), choose("A")];
    let snapshot = after("", &actions);
    assert_eq!(snapshot.address, "#/bug/stuck-flag?schedule=you-main.C.A&step=3");
    assert_eq!(after(&snapshot.address, &[]).panes, snapshot.panes);
    let skipped = &snapshot.panes[0].tasks[1];
    assert_eq!((skipped.tag.name.as_str(), skipped.waits.as_str()), ("A", "was skipped: the worker says it is busy"));
}

#[test]
fn every_ready_task_has_its_button_and_key() {
    let snapshot = after("", &[you(), choose("main")]);
    let keys = |pane: usize| {
        let rows = snapshot.panes[pane].tasks.iter();
        rows.filter_map(|row| row.run.as_ref()).map(|run| (run.label.clone(), run.key)).collect::<Vec<_>>()
    };
    let labels = ["Run A", "Run B", "Run C", "Run D", "Run E"].map(str::to_owned);
    let numbered: Vec<_> = labels.iter().cloned().zip((1..).map(Some)).collect();
    assert_eq!(keys(0), numbered);
    assert_eq!(keys(1), labels.map(|label| (label, None)), "the digit keys are for one pane");
}

#[test]
fn time_is_a_button_when_nobody_is_ready() {
    let choices = "#/bug/stuck-flag?schedule=you-main.A.B.C.D.E&step=6";
    let pass = after(choices, &[]).panes[0].pass.clone().unwrap();
    assert_eq!((pass.label.as_str(), pass.key, pass.choice.as_str()), ("Let 100 ms pass", Some(1), "~"));
}

#[test]
fn stepping_on_beyond_the_end_makes_the_first_possible_choice() {
    let snapshot = after("", &[you(), step(1), step(1)]);
    assert_eq!(snapshot.address, "#/bug/stuck-flag?schedule=you-main.A&step=2");
}

#[test]
fn deciding_in_the_middle_forgets_what_came_after() {
    let snapshot = after("#/bug/stuck-flag?step=4", &[choose("E")]);
    assert_eq!(snapshot.address, "#/bug/stuck-flag?schedule=you-main.A.B.C.E&step=5");
}

#[test]
fn what_cannot_happen_cannot_be_chosen_and_nothing_changes() {
    let mut session = Session::open("");
    session.apply(&you()).unwrap();
    let before = session.snapshot();
    let error = session.apply(&choose("F")).unwrap_err();
    assert_eq!(error.to_string(), "F is not ready in this step.");
    assert_eq!(session.snapshot(), before);
}

#[test]
fn a_version_that_cannot_follow_says_what_it_did_instead() {
    // In the buggy version B has returned; in the fixed one it gets the turn.
    let choices = "main.A.B.C.D.E.~.A.~.A.~.E.~.A.main";
    let snapshot = after(&format!("#/bug/stuck-flag?schedule=you-{choices}&step=15"), &[]);
    let asides = snapshot.panes.iter().map(|pane| pane.aside.clone());
    assert_eq!(asides.collect::<Vec<_>>(), [None, None]);
    let snapshot = after(&format!("#/bug/stuck-flag?schedule=you-{choices}.B&step=16"), &[]);
    let asides = snapshot.panes.iter().map(|pane| pane.aside.as_deref().unwrap_or("-"));
    assert_eq!(asides.collect::<Vec<_>>(), ["B is not ready here; time passed instead", "-"]);
}

#[test]
fn a_reset_forgets_a_persons_choices() {
    let snapshot = after("", &[you(), step(1), step(1), Action::Reset]);
    assert_eq!(snapshot.address, "#/bug/stuck-flag?schedule=you");
}

// ---- addresses

#[test]
fn the_address_restores_version_schedule_and_step() {
    let address = "#/bug/stuck-flag?variant=half-fix&schedule=random-7&step=12";
    let snapshot = after(address, &[]);
    assert_eq!((snapshot.address.as_str(), snapshot.notice), (address, None));
    assert_eq!(snapshot.panes[0].file, "stuck_flag/half_fixed.rs");
}

/// The notice and the address that a broken address leads to.
fn opened(address: &str) -> (String, String) {
    let snapshot = after(address, &[]);
    (snapshot.notice.unwrap_or_default(), snapshot.address)
}

#[test]
fn a_broken_address_opens_what_it_can_and_says_what_it_ignored() {
    let plain = "#/bug/stuck-flag";
    let ignored = |what: &str| format!("Ignored in the address: {what}.");
    let cases = [
        ("#/bug/nobody", ignored("the bug “nobody”, which is not in the catalogue"), plain),
        ("#/bug/%3Cb%3Ex", ignored("the bug “<b>x”, which is not in the catalogue"), plain),
        ("nonsense", ignored("the bug “nonsense”, which is not in the catalogue"), plain),
        (
            "#/bug/stuck-flag?step=-1&step=x",
            ignored("the step “-1”, which is not a whole number; the step “x”, which is not a whole number"),
            plain,
        ),
        (
            "#/bug/stuck-flag?step=1000000",
            ignored("the step 1000000, because the run has 57"),
            "#/bug/stuck-flag?step=57",
        ),
        ("#/bug/stuck-flag?variant=perfect", ignored("the version “perfect”, which this bug does not have"), plain),
        (
            "#/bug/stuck-flag?schedule=random-x",
            ignored("the schedule “random-x”, because a random schedule needs a whole number as its seed"),
            plain,
        ),
        (
            "#/bug/stuck-flag?schedule=you-main.F.A&step=3",
            ignored("everything from step 2 on, because F is not ready there; the step 3, because the run has 1"),
            "#/bug/stuck-flag?schedule=you-main&step=1",
        ),
    ];
    for (address, notice, shown) in cases {
        assert_eq!(opened(address), (notice, shown.to_owned()), "{address}");
    }
}

#[test]
fn two_megabytes_of_address_are_ignored_at_once() {
    let (notice, address) = opened(&format!("#/bug/stuck-flag?schedule=you-{}", "A.".repeat(1_000_000)));
    assert_eq!(address, "#/bug/stuck-flag");
    assert_eq!(notice, "Ignored in the address: all of its 2000030 bytes, because at most 100000 are read.");
}

#[test]
fn no_text_of_up_to_three_signs_breaks_an_address() {
    let signs = ["#", "/", "?", "&", "=", "%", "~", ".", "-", "bug", "step", "schedule", "you", "🦀"];
    for first in signs {
        for second in signs {
            for third in signs {
                after(&format!("#/bug/stuck-flag?{first}{second}{third}"), &[]);
                after(&format!("{first}{second}{third}"), &[]);
            }
        }
    }
}

// ---- checking every schedule

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
