//! Going from step to step, and what is said there.

use unstuck::session::{Action, Session};
use unstuck::snapshot::{Snapshot, Tone};

use super::drive::{after, step};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
