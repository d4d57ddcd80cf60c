//! What a search tried, as a tree whose nodes are decisions.

use unstuck::explore::{Branch, Exploration, NodeId, Options, Strategy, Tried, replay, samples};
use unstuck::scenario::Stage;
use unstuck::schedule::Choice;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn searched<'s>(scenario: impl Fn(&Stage) + 's, options: Options) -> Exploration<'s> {
    let mut search = Exploration::new(scenario, options.strategy(Strategy::Exhaustive));
    search.run_while(|| true);
    search
}

/// The tree, a line per branch, indented by its depth.
fn told(search: &Exploration, node: NodeId, indent: usize) -> String {
    let line = |Branch { choices, tried }: &Branch| {
        let choices: Vec<String> = choices.iter().map(Choice::to_string).collect();
        let (came, below) = match tried {
            Tried::Here { node, executions, failing, .. } => {
                (format!("{failing} of {executions}"), told(search, *node, indent + 2))
            }
            Tried::Elsewhere => ("elsewhere".to_owned(), String::new()),
            Tried::NotKept => ("not kept".to_owned(), String::new()),
            Tried::NotYet => ("not yet".to_owned(), String::new()),
        };
        format!("{:indent$}{}: {came}\n{below}", "", choices.join("."))
    };
    search.branches(node).iter().map(line).collect()
}

#[test]
fn every_decision_of_two_careful_workers_is_a_node_and_what_commutes_is_tried_elsewhere() {
    let search = searched(samples::busy(2, true), Options { kept_nodes: 1_000, ..Options::default() });
    assert_eq!(
        told(&search, NodeId::ROOT, 0),
        [
            "A: 0 of 2\n",
            "  A: 0 of 2\n",
            "    A.B.B.B: 0 of 1\n",
            "    B.A: 0 of 1\n",
            "  B: elsewhere\n",
            "B: 0 of 2\n",
            "  A.B.B: 0 of 1\n",
            "  B: 0 of 1\n",
            "    B.A.A.A: 0 of 1\n",
            "    A: elsewhere\n"
        ]
        .concat()
    );
}

#[test]
fn a_node_leads_to_its_schedule() {
    let search = searched(samples::busy(2, false), Options { kept_nodes: 1_000, ..Options::default() });
    let fails = |branch: &Branch| match branch.tried {
        Tried::Here { node, failing, .. } if failing > 0 => Some(node),
        _ => None,
    };
    let mut node = NodeId::ROOT;
    while let Some(next) = search.branches(node).iter().find_map(fails) {
        node = next;
    }
    let schedule = search.schedule_to(node).to_string();
    assert_eq!(schedule, "replay-A.B.A.B.A.B");
    assert_eq!(&*replay(samples::busy(2, false), &schedule).findings()[0].sentence, "job 2 was claimed 2 times");
}

#[test]
fn beyond_the_room_executions_are_counted_and_not_kept() {
    let search = searched(samples::busy(4, true), Options { kept_nodes: 5, ..Options::default() });
    assert_eq!(search.kept_nodes(), 5);
    assert_eq!(
        told(&search, NodeId::ROOT, 0),
        [
            "A: 0 of 37\n",
            "  A: 0 of 37\n",
            "    A: 0 of 21\n",
            "      B: 0 of 7\n",
            "        B: not kept\n",
            "        C: not kept\n",
            "        D: not kept\n",
            "      C: not kept\n",
            "      D: not kept\n",
            "    B: not kept\n",
            "    C: not kept\n",
            "    D: not kept\n",
            "  B: elsewhere\n",
            "  C: elsewhere\n",
            "  D: elsewhere\n",
            "B: not kept\n",
            "C: not kept\n",
            "D: not kept\n"
        ]
        .concat()
    );
}

#[test]
fn what_a_search_did_not_come_to_is_not_yet_tried() {
    let options = Options { kept_nodes: 1_000, ..Options::default().executions(1) };
    let search = searched(samples::busy(2, true), options);
    assert_eq!(
        told(&search, NodeId::ROOT, 0),
        [
            "A: 0 of 1\n",
            "  A: 0 of 1\n",
            "    A.B.B.B: 0 of 1\n",
            "    B: not yet\n",
            "  B: not yet\n",
            "B: not yet\n"
        ]
        .concat()
    );
}

#[test]
fn nothing_is_kept_unless_it_is_asked_for() {
    let search = searched(samples::busy(2, true), Options::default());
    assert_eq!((search.kept_nodes(), search.branches(NodeId::ROOT)), (1, Vec::new()));
}
