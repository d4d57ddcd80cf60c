//! The picture of a circuit: what it is doing, and what a person does to it.

use unstuck::demo::{Action, CircuitPlace, Session, Tone};

use super::shown::{at, end_of, go, open, tone};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_circuit_opens_waits_and_closes_after_a_probe() {
    let address = "#/flow?demo=circuit";
    let circuit = |lead: &str| at(address, lead).1.circuit.unwrap();
    let open = circuit("The circuit opens");
    assert_eq!((open.place, open.countdown.unwrap().label.as_str()), (CircuitPlace::Open, "10.0 s"));
    let tones: Vec<_> = open.ticks.iter().map(|tick| tick.tone).collect();
    assert_eq!(tones, [Tone::Failed, Tone::Failed]); // fail_max is 2

    let half_open = circuit("The circuit is half-open");
    assert_eq!(half_open.place, CircuitPlace::HalfOpen);
    assert_eq!(half_open.sentence, "Half-open: only probes, 1 of 1 under way.");
    let probes: Vec<_> = half_open.probes.iter().map(|probe| probe.label.as_str()).collect();
    assert_eq!(probes, ["reserved"]);

    let closed = circuit("The circuit closes");
    assert_eq!((closed.place, closed.counts.as_str()), (CircuitPlace::Closed, "0 of 2 failures in a row"));
    let last: Vec<_> = closed.ticks[closed.ticks.len() - 3..].iter().map(|tick| tick.tone).collect();
    assert_eq!(last, [Tone::Rejected, Tone::Rejected, Tone::Succeeded]);
}

#[test]
fn the_time_that_an_open_circuit_waits_is_less_after_time_has_passed() {
    let (mut session, opened) = at("#/flow?demo=circuit", "The circuit opens");
    let moments = (opened.step..).map(|step| go(&mut session, step)).take(6);
    let waits = moments.map(|now| format!("{}: {}", now.time, now.circuit.unwrap().countdown.unwrap().label));
    assert_eq!(
        waits.collect::<Vec<_>>(),
        [
            "t = 2 s: 10.0 s",
            "t = 2 s: 10.0 s",
            "t = 3 s: 9.1 s",
            "t = 3 s: 9.1 s",
            "t = 3 s: 9.1 s",
            "t = 4.5 s: 7.6 s"
        ]
    );
}

#[test]
fn a_half_open_circuit_admits_exactly_its_probes() {
    let (mut session, half_open) = at("#/flow?demo=waves", "The circuit is half-open");
    // All five calls of the wave have asked once their boxes have left the line.
    let asked =
        (half_open.step..).map(|step| go(&mut session, step)).find(|now| tone(now, "E") == Tone::Failed).unwrap();
    let tones = ["A", "B", "C", "D", "E"].map(|name| tone(&asked, name));
    assert_eq!(tones, [Tone::Running, Tone::Running, Tone::Failed, Tone::Failed, Tone::Failed]);
    let circuit = asked.circuit.unwrap();
    assert_eq!(circuit.probes.iter().map(|probe| probe.tone).collect::<Vec<_>>(), [Tone::Running, Tone::Running]);
}

#[test]
fn slow_calls_that_succeed_are_told_from_quick_ones() {
    let end = end_of("#/flow?demo=waves");
    let circuit = end.circuit.unwrap();
    let numbers: Vec<_> = circuit.numbers.iter().map(|number| format!("{} {}", number.value, number.label)).collect();
    assert_eq!(numbers, ["14 admitted", "36 rejected", "8 succeeded", "5 failed", "3 slow", "1 ignored"]);
}

#[test]
fn what_a_person_does_to_the_circuit_holds_until_they_say_otherwise() {
    let (mut session, _) = at("#/flow?demo=circuit", "Fetch2 succeeded");
    let told = |session: &mut Session, act: &str| session.apply(&Action::Act { value: act.to_owned() }).unwrap();
    told(&mut session, "open");
    let next = session.apply(&Action::Step { by: 1 }).unwrap();
    assert_eq!(next.said.lead, "The circuit is forced open.");
    let circuit = next.circuit.unwrap();
    assert!(circuit.forced && circuit.countdown.is_none());
    let enabled: Vec<_> = circuit.acts.iter().map(|act| act.enabled).collect();
    assert_eq!(enabled, [false, true, true, true]);
    let end = session.apply(&Action::End).unwrap().circuit.unwrap();
    assert_eq!((end.state.as_str(), end.ticks.last().unwrap().tone), ("forced open", Tone::Rejected));
}

#[test]
fn sliders_of_a_circuit_stand_only_where_there_is_one() {
    let labels = |id: &str| {
        let (_, snapshot) = open(&format!("#/flow?demo={id}"));
        snapshot.sliders.into_iter().map(|slider| slider.label).collect::<Vec<_>>()
    };
    assert_eq!(labels("parallel"), ["Failure rate", "Latency"]);
    assert_eq!(labels("circuit"), ["Failure rate", "Latency", "fail_max", "reset_timeout"]);
}
