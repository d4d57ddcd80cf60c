//! Bug 22: a group that fails fast, and leaves its children to themselves.
//!
//! From the seed's pipelines. The three parts of a file are uploaded side by side into a folder, and the first part
//! fails. The group returns its error at once; whoever waited for it removes the folder. In the buggy group the other
//! uploads run on and write into what is gone. The half-fix cancels them, and since their records are written by a
//! line of code at the end of an upload, they are running for ever in the records.

mod buggy;
mod fixed;
mod half_fixed;
mod report;
mod storage;

use core::future::Future;
use core::pin::Pin;
use std::cell::RefCell;
use std::rc::Rc;

use self::storage::{PARTS, Part, Storage, UploadError};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::bus::{EventBus, Overflow};
use crate::executor::{JoinHandle, note, note_error, spawn_named};
use crate::flow::{Event, Failure, Parallel, RunCx, Task, TaskState};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::trace::CancelReason;

pub(super) const BUG: Bug = Bug {
    id: "orphans",
    number: 22,
    title: "Orphans of a fail-fast group",
    sentence: "The group has failed and returned, and its children go on as if nothing had happened.",
    family: Family::Cancellation,
    origins: &[Origin::Seed("the Python library async_orch"), Origin::Issue("sindresorhus/p-map#42")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "orphans/buggy.rs",
            source: include_str!("orphans/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "a group ends after its children",
                schedule: "replay-main.upload-2.upload-3.upload-1.~.upload-1.main",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "orphans/half_fixed.rs",
            source: include_str!("orphans/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "every child has a final state",
                schedule: "replay-main.upload-2.upload-3.upload-1.~.upload-1.main",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "orphans/fixed.rs",
            source: include_str!("orphans/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// What is known of each part, in the order of the parts.
type States = [TaskState; PARTS.len()];

const PENDING: States = [TaskState::Pending; PARTS.len()];

/// What the home-made groups write down of their parts.
struct Records(Tracked<States>);

impl Records {
    fn new() -> Rc<Self> {
        Rc::new(Records(Tracked::new(PENDING)))
    }

    fn set(&self, part: Part, state: TaskState) {
        self.0.update(|states| states[part.place()] = state);
    }

    fn finish(&self, part: Part, outcome: &Result<(), UploadError>) {
        self.set(part, if outcome.is_ok() { TaskState::Succeeded } else { TaskState::Failed });
    }
}

/// The group, and whether it succeeds.
type Group = Pin<Box<dyn Future<Output = bool>>>;

fn buggy(stage: &Stage) {
    let (storage, records) = (Storage::new(), Records::new());
    let group = buggy::Group { storage: storage.clone(), records: records.clone() };
    let group = Box::pin(async move { group.run().await.is_ok() });
    set(stage, storage, Rc::new(move || records.0.get()), group);
}

fn half_fixed(stage: &Stage) {
    let (storage, records) = (Storage::new(), Records::new());
    let group = half_fixed::Group { storage: storage.clone(), records: records.clone() };
    let group = Box::pin(async move { group.run().await.is_ok() });
    set(stage, storage, Rc::new(move || records.0.get()), group);
}

fn fixed(stage: &Stage) {
    let (storage, events) = (Storage::new(), EventBus::new());
    let group = fixed::Group { storage: storage.clone(), events: events.clone() };
    let group = Box::pin(async move { group.run().await.is_ok() });
    set(stage, storage, Rc::new(states_from(&events)), group);
}

/// The records of the fixed version are what its pipeline reports.
fn states_from(events: &EventBus<Event>) -> impl Fn() -> States + use<> {
    let log = RefCell::new((events.subscribe(Overflow::default()), PENDING));
    move || {
        let (log, states) = &mut *log.borrow_mut();
        while let Some(next) = log.try_next() {
            if let Event::Task(event) = next.event
                && let Some(part) = PARTS.iter().find(|part| *event.name == *part.name)
            {
                states[part.place()] = event.state;
            }
        }
        *states
    }
}

/// The scenario, the same for every version: who waits for the group, what is shown, what must hold.
fn set(stage: &Stage, storage: Rc<Storage>, states: Rc<dyn Fn() -> States>, group: Group) {
    let has_failed = Rc::new(Tracked::new(false));
    let (shown, group_failed) = (states.clone(), has_failed.clone());
    stage.show("group", move || if group_failed.get() { "failed" } else { "under way" }.to_owned());
    stage.show("records", move || shown().map(|state| state.to_string()).join(", "));
    let seen = storage.clone();
    stage.show("folder", move || seen.folder());

    let (seen, group_failed) = (storage.clone(), has_failed.clone());
    stage.always("a group ends after its children", move || match (group_failed.get(), seen.uploading()) {
        (true, uploading) if !uploading.is_empty() => {
            Err(format!("the group has failed and returned; still at work: {}", uploading.join(", ")))
        }
        _ => Ok(()),
    });
    let seen = storage.clone();
    stage.always("nobody writes to a removed folder", move || seen.misuse().map_or(Ok(()), Err));
    stage.finally("every child has a final state", move || {
        let unfinished = PARTS.iter().zip(states()).filter(|(_, state)| !state.is_final());
        let told: Vec<_> = unfinished.map(|(part, state)| format!("{} is {state}", part.name)).collect();
        match told.is_empty() {
            true => Ok(()),
            false => Err(format!("nothing runs any more, and in the records {}", told.join(" and "))),
        }
    });

    stage.spawn("main", async move {
        if !group.await {
            has_failed.set(true);
            note_error("hears that the group has failed, and removes the folder");
            storage.remove_folder();
        }
    });
}
