//! At every step, a sentence says why a task ran and what it did, and every blocked task says why it is blocked.

use std::collections::{BTreeMap, BTreeSet};

use unstuck::bugs::{Bug, Texts};
use unstuck::scenario::{Run, Stage};
use unstuck::schedule::Schedule;
use unstuck::session::Session;
use unstuck::snapshot::{LineMark, Snapshot};
use unstuck::time::Instant;
use unstuck::trace::{Event, TaskId, Wait};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
    assert_eq!(said("#/bug/stuck-flag?step=1"), "main began; it spawns A, B, C, D and E. It waits for A to end.");
}

#[test]
fn a_sleeping_task_is_resumed_because_its_wait_was_over() {
    assert_eq!(
        said("#/bug/stuck-flag?step=8"),
        "A was resumed because its wait for the connection was over; it waits 100 ms for the reply. \
         Now connection = open."
    );
}

#[test]
fn a_task_in_line_is_resumed_because_the_holder_gave_it_back() {
    let step = Session::open("#/bug/stuck-flag?step=23").runs()[1].clone();
    assert_eq!(step.choices[22].to_string(), "C");
    assert_eq!(
        said("#/bug/stuck-flag?step=23"),
        "C was resumed because B gave the turn back; it has the turn now. It waits 100 ms for the connection. \
         Now is_processing = true; active_task = C."
    );
}

#[test]
fn a_task_that_waits_for_another_is_resumed_because_that_one_ended() {
    assert_eq!(said("#/bug/stuck-flag?step=57"), "main was resumed because F ended; it returns.");
}

#[test]
fn a_time_limit_runs_out() {
    let impatient = "#/bug/impatient-waiter?schedule=replay-patient.worker-1.impatient.~.impatient.worker-1.patient";
    assert_eq!(
        said(&format!("{impatient}&step=3")),
        "impatient began; it comes to wait, for 100 ms at most. It waits for its result, for at most 100 ms."
    );
    assert_eq!(
        said(&format!("{impatient}&step=5")),
        "impatient was resumed because its time limit ran out; it gives up, and cancels the job. It returns. That \
         wakes worker-1. Now impatient = out of patience."
    );
}

#[test]
fn a_task_that_only_gave_way_is_resumed_when_its_turn_comes_again() {
    let opened = "#/bug/cancelled-and-run?step=8&schedule=\
                  replay-client.worker-1.~.worker-1.~.worker-1.client.~.worker-1";
    let aside = Session::open(opened).snapshot().said.aside;
    assert_eq!(aside, "Fixed: worker-1 was resumed because its turn came again; it waits for the runner's queue.");
}

#[test]
fn before_the_first_step_it_says_what_is_played_and_what_to_press() {
    assert_eq!(
        said("#/bug/stuck-flag"),
        "Press Play, or go straight to step 14, where it breaks. One worker serves tasks over a line to a flaky \
         external service. A to E are submitted together, and F once they have ended. The service fails its first \
         request."
    );
    let lead = |address| Session::open(address).snapshot().said.lead;
    assert_eq!(lead("#/bug/stuck-flag?schedule=you"), "You schedule: press Run beside a task, or its digit.");
    assert_eq!(
        lead("#/bug/removed-result"),
        "Press Play. This schedule breaks nothing; “Check every schedule” finds one that does."
    );
}

#[test]
fn a_name_at_the_beginning_of_a_sentence_stays_as_it_is_written() {
    let rest = Session::open("#/bug/retries?schedule=replay-list.get-7.get-8.~.get-8&step=5").snapshot().said.rest;
    assert_eq!(rest, "get-8 gave up after 1 of 3 attempts. That breaks “a failing call is tried three times”.");
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
fn a_step_that_breaks_is_led_by_what_the_task_said_last() {
    let patient = "#/bug/impatient-waiter?schedule=replay-patient.worker-1.impatient.~.impatient.worker-1.patient";
    assert_eq!(
        Session::open(&format!("{patient}&step=7")).snapshot().said.lead,
        "patient was resumed because its wait for its moment to come was over; it is told that the job was cancelled."
    );
}

#[test]
fn several_tasks_at_one_line_wait_for_their_own() {
    let address = "#/bug/orphans?schedule=replay-main.upload-2.upload-3.upload-1.~.upload-1.main&step=7";
    let Snapshot { panes, .. } = Session::open(address).snapshot();
    let together = panes[0].marks.iter().find(|mark: &&LineMark| mark.tasks.len() == 2).unwrap();
    assert_eq!(together.note, "upload-2 and upload-3 wait for their bytes to be sent, 100 ms left");
}

#[test]
fn every_blocked_task_says_by_whom_until_when_and_at_which_place_in_line() {
    assert_eq!(
        waits("#/bug/stuck-flag?step=27", 1),
        "main waiting: C to end\n\
         A failed: failed: the service said no\n\
         B done: \n\
         C ready: its time has come\n\
         D waiting: the turn, held by C; 1st in line\n\
         E waiting: the turn, held by C; 2nd in line\n"
    );
    assert_eq!(
        waits("#/bug/stuck-flag?step=6", 1),
        "main waiting: A to end\n\
         A sleeping: the connection, 100 ms left (until 100 ms)\n\
         B waiting: the turn, held by A; 1st in line\n\
         C waiting: the turn, held by A; 2nd in line\n\
         D waiting: the turn, held by A; 3rd in line\n\
         E sleeping: its slow submission, 220 ms left (until 220 ms)\n"
    );
}

#[test]
fn nobody_waits_for_a_moment_that_has_passed() {
    for (bug, variant, run) in runs() {
        let mut waits: BTreeMap<TaskId, Instant> = BTreeMap::new();
        let mut woken = BTreeSet::new();
        for entry in run.trace.entries() {
            match &entry.event {
                Event::Polled { task } | Event::Ended { task, .. } => {
                    waits.remove(task);
                    woken.remove(task);
                }
                Event::Woken { task, .. } => drop(woken.insert(*task)),
                Event::Waits { task, on: Wait::Time { until, .. }, .. } => drop(waits.insert(*task, *until)),
                Event::Advanced { to } => {
                    let late: Vec<_> = waits.iter().filter(|(_, until)| *until < to).map(|(task, _)| task).collect();
                    let late: Vec<_> = late.into_iter().filter(|task| !woken.contains(task)).collect();
                    assert!(late.is_empty(), "{bug}, {variant}, step {}: {late:?} sleep on", entry.step);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_worker_whose_job_was_cancelled_waits_for_the_next_job_only() {
    let lost = "#/bug/lost-worker?schedule=replay-client.worker-1.worker-2.~.client.worker-1&step=6";
    assert_eq!(
        waits(lost, 1),
        "client sleeping: a change of mind, 100 ms left (until 200 ms)\n\
         worker-1 waiting: the runner's queue\n\
         worker-2 sleeping: the end of the job, 400 ms left (until 500 ms)\n"
    );
}

#[test]
fn the_tags_of_a_bugs_tasks_tell_them_apart() {
    for bug in Bug::ALL {
        let Snapshot { panes, .. } = Session::open(&format!("#/bug/{}?step=999", bug.id)).snapshot();
        for pane in panes {
            let mut shorts: Vec<String> = pane.tasks.iter().map(|task| task.tag.short.clone()).collect();
            shorts.sort();
            let all = shorts.len();
            shorts.dedup();
            assert_eq!(shorts.len(), all, "{}, {}: {shorts:?}", bug.id, pane.role);
        }
    }
    let Snapshot { panes, .. } = Session::open("#/bug/never-polled").snapshot();
    let shorts: Vec<&str> = panes[0].tasks.iter().map(|task| &*task.tag.short).collect();
    assert_eq!(shorts, ["jA", "jB"]);
}

/// The notes beside the lines of a pane, and the text of those lines.
fn notes(address: &str, pane: usize) -> String {
    let session = Session::open(address);
    let texts = Texts::of(Bug::of_id(&session.film().bug.id).unwrap());
    let source = texts.of_file(&session.snapshot().panes[pane].file).to_owned();
    let line = |mark: &LineMark| source.lines().nth(mark.line as usize - 1).unwrap_or_default().trim().to_owned();
    let marks = &session.snapshot().panes[pane].marks;
    marks.iter().map(|mark| format!("{} | {}\n", line(mark), mark.note)).collect()
}

#[test]
fn a_wait_within_the_library_stands_at_the_line_that_it_was_begun_in() {
    let lost = "#/bug/lost-worker?schedule=replay-client.worker-1.worker-2.~.client.worker-1&step=18";
    assert_eq!(
        notes(lost, 1),
        "sleep(length).labelled(\"the end of the job\").await; | worker-2 is ready: woken by client\n\
         self.0.shutdown(Shutdown::Cancel { grace: Duration::ZERO }).await; | client waits for the runner's end\n"
    );
    let retries = "#/bug/retries?schedule=replay-list.get-7.get-8.~.get-8.list.get-7&step=7";
    assert_eq!(
        notes(retries, 1),
        "Err(_) => note_error(\"gets no answer\"), | list, get-7 and get-8 wait for the next try, 155.7 ms left\n"
    );
}

/// Every version under some schedules.
fn runs() -> impl Iterator<Item = (&'static str, &'static str, Run)> {
    let variants = Bug::ALL.iter().flat_map(|bug| bug.variants.iter().map(move |variant| (bug, variant)));
    variants.flat_map(|(bug, variant)| {
        let schedules = (0..5).map(|seed| format!("random-{seed}")).chain(["fifo".to_owned()]);
        schedules.map(move |schedule| {
            let schedule: Schedule = schedule.parse().unwrap();
            (bug.id, variant.role.id(), Stage::run(&variant.scenario, &mut *schedule.scheduler()))
        })
    })
}
