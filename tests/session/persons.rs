//! A person decides who runs next.

use unstuck::session::{Action, Session};

use super::drive::{after, choose, step, you};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
