//! What is done to a demo and to its address.

use unstuck::demo::{Action, Session, Snapshot, Tone};

use super::shown::{all, at, go, open, tone};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn stopping_cancels_the_children_and_awaits_them() {
    let (mut session, running) = at("#/flow?demo=parallel", "Fetch20 runs");
    assert!(running.can_stop);
    let stopped = session.apply(&Action::Act { value: "stop".to_owned() }).unwrap();
    assert_eq!((stopped.said.lead.as_str(), stopped.can_stop), ("You stop it.", false));
    assert_eq!(tone(&stopped, "Fetch10"), Tone::Running); // asked, and not yet stopped
    let end = session.apply(&Action::End).unwrap();
    assert_eq!(end.said.rest, "It gave no value: cancelled: requested.");
    assert!(all(&end.pipeline).iter().all(|block| block.tone == Tone::Cancelled));
    assert_eq!(end.time, "t = 40 ms"); // the time that letting go takes
}

#[test]
fn an_act_forgets_those_that_came_after_its_step() {
    let (mut session, first) = at("#/flow?demo=circuit", "The circuit opens");
    session.apply(&Action::Act { value: "close".to_owned() }).unwrap();
    go(&mut session, first.step - 4);
    let stopped = session.apply(&Action::Act { value: "stop".to_owned() }).unwrap();
    assert!(stopped.address.contains("acts=") && !stopped.address.contains("close"), "{}", stopped.address);
}

#[test]
fn an_address_restores_everything() {
    let (mut session, _) = at("#/flow?demo=circuit&seed=7&failures=70&fail_max=3", "The circuit opens");
    session.apply(&Action::Act { value: "close".to_owned() }).unwrap();
    let shown = session.apply(&Action::Step { by: 3 }).unwrap();
    let (_, again) = open(&shown.address);
    assert_eq!(again, Snapshot { revision: again.revision, ..shown });
}

#[test]
fn turning_a_slider_runs_the_same_demo_again() {
    let (mut session, before) = open("#/flow?demo=parallel&seed=1");
    let after = session.apply(&Action::Set { name: "failures".to_owned(), to: 100 }).unwrap();
    assert_eq!(after.address, "#/flow?demo=parallel&seed=1&failures=100");
    assert_ne!(after.revision, before.revision);
    let end = session.apply(&Action::End).unwrap();
    assert_eq!(end.said.rest, "It gave no value: no route.");
    let seeded = session.apply(&Action::Seed { to: 9 }).unwrap();
    assert_eq!(seeded.seed, 9);
}

#[test]
fn what_an_address_cannot_mean_is_mentioned() {
    let notice = |address: &str| Session::open(address).snapshot().notice.unwrap_or_default();
    let cases = [
        ("#/flow?demo=moon", "Ignored in the address: the demo “moon”, which is not in the list."),
        ("#/flow?demo=race&seed=x", "Ignored in the address: the seed “x”, which is not a whole number."),
        ("#/flow?step=9999", "Ignored in the address: the step 9999, because the run has 24."),
        (
            "#/flow?acts=5-fly",
            "Ignored in the address: the acts “5-fly”, because it can be told to stop, open, close, disable or reset.",
        ),
        (
            "#/flow?acts=9-stop.5-stop",
            "Ignored in the address: the acts “9-stop.5-stop”, because acts stand in the order of their steps.",
        ),
        ("#/flow?clock=sun", "Ignored in the address: the clock “sun”, which is neither virtual nor real."),
        ("#/flow?what=x", "Ignored in the address: the part “what”, which means nothing."),
    ];
    for (address, sentence) in cases {
        assert_eq!(notice(address), sentence);
    }
    assert!(notice(&"x".repeat(20_000)).contains("20000 bytes"));
}

#[test]
fn an_action_that_makes_no_sense_is_refused_with_a_sentence() {
    let mut session = Session::open("#/flow?demo=race");
    let refusal = |session: &mut Session, action: Action| session.apply(&action).unwrap_err().to_string();
    assert_eq!(
        refusal(&mut session, Action::Run),
        "On the virtual clock it has run already: step through it, or choose real time."
    );
    assert_eq!(
        refusal(&mut session, Action::Set { name: "speed".to_owned(), to: 1 }),
        "There is nothing to turn that is called “speed”."
    );
    session.apply(&Action::End).unwrap();
    assert_eq!(
        refusal(&mut session, Action::Act { value: "stop".to_owned() }),
        "There is nothing to stop: it does not run."
    );
}
#[test]
fn the_log_has_what_was_on_the_bus_and_what_a_person_did() {
    let (mut session, _) = open("#/flow?demo=events");
    session.apply(&Action::Act { value: "stop".to_owned() }).unwrap();
    let lines = session.film().log.into_iter().map(|line| format!("{} {} {}", line.time, line.name, line.text));
    assert_eq!(
        lines.collect::<Vec<_>>(),
        ["0 ms you stop it", "0 ms Log pending", "0 ms Log cancelled: requested", "0 ms result cancelled: requested"]
    );
}
