//! What the view of the pipelines shows: boxes, the circuit, the log, and what a person does to them.

use unstuck::demo::{Action, Block, CircuitPlace, Demo, Session, Snapshot, Tone};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn open(address: &str) -> (Session, Snapshot) {
    let session = Session::open(address);
    let snapshot = session.snapshot();
    assert_eq!(snapshot.notice, None, "{address}");
    (session, snapshot)
}

fn end_of(address: &str) -> Snapshot {
    open(address).0.apply(&Action::End).unwrap()
}

fn go(session: &mut Session, to: u32) -> Snapshot {
    session.apply(&Action::Go { to }).unwrap()
}

/// The first step whose sentence begins like this, and what is to be seen then.
fn at(address: &str, lead: &str) -> (Session, Snapshot) {
    let (mut session, first) = open(address);
    let step = (0..=first.last).find(|step| go(&mut session, *step).said.lead.starts_with(lead));
    let step = step.unwrap_or_else(|| panic!("nothing at {address} begins with {lead:?}"));
    let snapshot = go(&mut session, step);
    (session, snapshot)
}

/// The boxes as a tree of lines: name, state, and how full.
fn drawn(block: &Block) -> String {
    fn draw(block: &Block, depth: usize, lines: &mut Vec<String>) {
        let full = (block.fill * 100.0).round();
        lines.push(format!("{:indent$}{}: {}, {full} %", "", block.name, block.state, indent = 2 * depth));
        block.blocks.iter().for_each(|block| draw(block, depth + 1, lines));
    }
    let mut lines = Vec::new();
    draw(block, 0, &mut lines);
    lines.join("\n")
}

fn all(block: &Block) -> Vec<&Block> {
    std::iter::once(block).chain(block.blocks.iter().flat_map(all)).collect()
}

fn tone(snapshot: &Snapshot, name: &str) -> Tone {
    let blocks = all(&snapshot.pipeline);
    blocks.iter().find(|block| block.name == name).unwrap_or_else(|| panic!("there is no box {name}")).tone
}

#[test]
fn before_the_first_step_every_box_is_there_and_empty() {
    let (_, snapshot) = open("#/flow?demo=nested&seed=1");
    assert_eq!(
        drawn(&snapshot.pipeline),
        "\
NestedPipeline: not begun, 0 %
  Inner: not begun, 0 %
    Fetch1: not begun, 0 %
    Process1: not begun, 0 %
    Save1: not begun, 0 %
  Last: not begun, 0 %"
    );
}

#[test]
fn boxes_fill_with_the_time_of_their_tasks_and_the_ends_of_their_parts() {
    // Fetch10 takes 440 ms and Fetch20 530 ms, so at 440 ms the second is at 83 %.
    let (_, snapshot) = at("#/flow?demo=parallel&seed=1", "Fetch10 succeeded");
    assert_eq!(
        drawn(&snapshot.pipeline),
        "\
SimpleParallel: running, 20 %
  Fetch10: succeeded, 100 %
  Fetch20: running, 83 %
  Fetch30: pending, 0 %
  Fetch40: pending, 0 %
  Fetch50: pending, 0 %"
    );
}

#[test]
fn every_demo_ends_with_every_box_settled_and_its_outcome_said() {
    let ends = Demo::ALL.map(|demo| {
        let end = end_of(&format!("#/flow?demo={}", demo.id()));
        let running = [Tone::Pending, Tone::Running, Tone::Retrying];
        assert!(all(&end.pipeline).iter().all(|block| !running.contains(&block.tone)), "{}", demo.id());
        format!("{}: {}", demo.id(), end.said.rest)
    });
    assert_eq!(
        ends,
        [
            r#"parallel: It gave ["data_10", "data_20", "data_30", "data_40", "data_50"]."#,
            r#"nested: It gave "saved DATA_1"."#,
            r#"flaky: It gave "data_3"."#,
            r#"circuit: It gave "2 of 20 succeeded"."#,
            r#"mixed: It gave "saved DATA_1 DATA_2 DATA_3"."#,
            r#"events: It gave ["data_3", "saved data_3"]."#,
            r#"each: It gave "saved data_1 saved data_2 saved data_3 saved data_4 saved data_5 saved data_6 saved data_7"."#,
            r#"dag: It gave "Mail(Invoice(Basket(Orders, Users), Prices), Stock(Orders))"."#,
            r#"race: It gave "A"."#,
            r#"first-ok: It gave "C"."#,
            r#"hedge: It gave "data"."#,
            r#"fallback: It gave "from the cache"."#,
            r#"policies: It gave ["order_1", "order_2", "order_3", "order_4 of yesterday"]."#,
            r#"waves: It gave "10 of 10 succeeded"."#,
        ]
    );
}

#[test]
fn the_six_states_are_told_apart() {
    let (_, retrying) = at("#/flow?demo=flaky", "Flaky failed, and will be tried again");
    assert_eq!(
        (tone(&retrying, "Flaky"), retrying.pipeline.why.as_str()),
        (Tone::Retrying, "no route; again in 200 ms")
    );
    let end = end_of("#/flow?demo=first-ok");
    let mirrors = ["Mirror A", "Mirror B", "Mirror C"].map(|name| tone(&end, name));
    assert_eq!(mirrors, [Tone::Cancelled, Tone::Failed, Tone::Succeeded]);
}

#[test]
fn runs_side_by_side_of_one_part_are_boxes_of_their_own() {
    let names =
        |snapshot: &Snapshot| all(&snapshot.pipeline).iter().map(|block| block.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&end_of("#/flow?demo=hedge")), ["Fetch", "Fetch · 1", "Fetch · 2", "Fetch · 3"]);
    let each = names(&end_of("#/flow?demo=each"));
    assert_eq!(each.iter().filter(|name| name.starts_with("Save · ")).count(), 7);
}

#[test]
fn policies_stand_in_their_order() {
    let (_, snapshot) = open("#/flow?demo=policies");
    let order = all(&snapshot.pipeline).into_iter().find(|block| block.name == "Order1").unwrap();
    assert_eq!(
        order.policies,
        [
            "deadline 20 s",
            "retry, 4 attempts",
            "circuit service",
            "rate limit 4 per 2 s",
            "bulkhead orders, 2 at a time",
            "timeout 800 ms",
        ]
    );
}

#[test]
fn steps_of_a_plan_stand_behind_all_that_they_need() {
    let (_, snapshot) = open("#/flow?demo=dag");
    let plan = &snapshot.pipeline.blocks[0];
    let places: Vec<_> = plan
        .blocks
        .iter()
        .map(|block| format!("{} {} {}", block.name, block.place.unwrap().column, block.place.unwrap().row))
        .collect();
    assert_eq!(
        places,
        ["Prices 0 0", "Users 0 1", "Orders 0 2", "Basket 1 1", "Invoice 2 0", "Stock 1 2", "Mail 3 1"]
    );
    assert_eq!(plan.arrows.len(), 7);
}

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
fn sliders_of_a_circuit_stand_only_where_there_is_one() {
    let labels = |id: &str| {
        let (_, snapshot) = open(&format!("#/flow?demo={id}"));
        snapshot.sliders.into_iter().map(|slider| slider.label).collect::<Vec<_>>()
    };
    assert_eq!(labels("parallel"), ["Failure rate", "Latency"]);
    assert_eq!(labels("circuit"), ["Failure rate", "Latency", "fail_max", "reset_timeout"]);
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
