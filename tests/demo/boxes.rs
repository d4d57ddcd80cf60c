//! The boxes of a pipeline: how they nest, how full they are, and how they end.

use unstuck::demo::{Block, Demo, Snapshot, Tone};

use super::shown::{all, at, end_of, go, open, tone};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
fn the_log_and_the_sentence_call_a_run_what_its_box_is_called() {
    let (mut session, _) = open("#/flow?demo=hedge");
    let log = session.film().log;
    let names: Vec<_> = log.iter().map(|line| format!("{} {}", line.name, line.text)).collect();
    assert_eq!(names[2..6], ["Fetch · 1 pending", "Fetch · 1 running", "Fetch · 2 pending", "Fetch · 2 running"]);
    let ends = [
        "Fetch · 2 succeeded",
        "Fetch · 1 cancelled: another one was first",
        "Fetch · 3 cancelled: another one was first",
        "Fetch succeeded",
    ];
    assert_eq!(names[8..12], ends);
    let end = log.iter().find(|line| line.text == "succeeded").unwrap().step;
    assert_eq!(go(&mut session, end).said.lead, "Fetch · 2 succeeded.");
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
