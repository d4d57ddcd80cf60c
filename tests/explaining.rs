//! At every step, a sentence says why a task ran and what it did, and every blocked task says why it is blocked.

use unstuck::session::Session;
use unstuck::snapshot::Snapshot;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn said(address: &str) -> String {
    let said = Session::open(address).snapshot().said;
    format!("{} {}", said.lead, said.rest).trim_end().to_owned()
}

/// What the tasks of a pane wait for, a line each.
fn waits(address: &str, pane: usize) -> String {
    let Snapshot { panes, .. } = Session::open(address).snapshot();
    let line = |row: &unstuck::snapshot::TaskRow| format!("{} {}: {}\n", row.tag.name, row.state, row.waits);
    panes[pane].tasks.iter().map(line).collect()
}

#[test]
fn a_task_begins_before_it_is_ever_resumed() {
    assert_eq!(said("#/bug/stuck-flag?step=1"), "main began; it spawned A, B, C, D and E. It waits for A to end.");
}

#[test]
fn a_sleeping_task_is_resumed_because_its_wait_was_over() {
    assert_eq!(
        said("#/bug/stuck-flag?step=8"),
        "A was resumed because its wait for the connection was over; it waits for the reply, 100 ms left (until \
         200 ms). Now connection is open."
    );
}

#[test]
fn a_task_in_line_is_resumed_because_the_holder_gave_it_back() {
    let step = Session::open("#/bug/stuck-flag?step=23").runs()[1].clone();
    assert_eq!(step.choices[22].to_string(), "C");
    assert_eq!(
        said("#/bug/stuck-flag?step=23"),
        "C was resumed because B gave turn back; it has turn now. It waits for the connection, 100 ms left (until \
         600 ms). Now is_processing is true and active_task is C."
    );
}

#[test]
fn a_task_that_waits_for_another_is_resumed_because_that_one_ended() {
    assert_eq!(said("#/bug/stuck-flag?step=57"), "main was resumed because F ended; it returned.");
}

#[test]
fn who_brought_a_result_woke_the_one_who_waited_for_it() {
    assert_eq!(
        said("#/bug/waits-for-itself?step=12").split(';').next(),
        Some("worker-1 was resumed because worker-2 woke it from waiting for a job's result")
    );
}

#[test]
fn what_broke_stands_beside_what_the_task_did() {
    assert_eq!(
        said("#/bug/stuck-flag?step=14"),
        "A was resumed because its wait for the goodbye was over; it failed: the service said no. A has left and \
         nobody is served, but is_processing stays true. That breaks “the busy flag tells the truth”."
    );
}

#[test]
fn every_blocked_task_says_by_whom_until_when_and_at_which_place_in_line() {
    assert_eq!(
        waits("#/bug/stuck-flag?step=27", 1),
        "main waiting: C to end\n\
         A failed: failed: the service said no\n\
         B done: \n\
         C ready: its time has come\n\
         D waiting: turn, held by C; 1st in line\n\
         E waiting: turn, held by C; 2nd in line\n"
    );
    assert_eq!(
        waits("#/bug/stuck-flag?step=6", 1),
        "main waiting: A to end\n\
         A sleeping: the connection, 100 ms left (until 100 ms)\n\
         B waiting: turn, held by A; 1st in line\n\
         C waiting: turn, held by A; 2nd in line\n\
         D waiting: turn, held by A; 3rd in line\n\
         E sleeping: its slow submission, 220 ms left (until 220 ms)\n"
    );
}
