//! Bug 3: a job that a busy worker was handed and lets go of, without telling the server.
//!
//! From the multi-claim report. The worker polls three times, every round trip, and its first poll is at work when the
//! second and the third come back with a job. A second worker comes at 200 ms and takes what still waits. The half-fix
//! does not ask while the worker is busy: first in, first out, that is enough, but not when the second poll looks just
//! before the answer to the first is heard.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::job_server::{Job, ROUND_TRIP, Server, names};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{note, note_dropped, sleep, spawn_named};
use crate::scenario::Stage;
use crate::sync::{Semaphore, Tracked};
use crate::time::ms;
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "dropped-claim",
    number: 3,
    title: "The dropped claim",
    sentence: "A busy worker is handed a job, lets go of it, and the job stays active for ever.",
    family: Family::FlagsAndState,
    origins: &[
        Origin::Seed("a report on Redis workers"),
        Origin::Issue("taskforcesh/bullmq#2580"),
        Origin::Issue("taskforcesh/bullmq#652"),
    ],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "dropped_claim/buggy.rs",
            source: include_str!("dropped_claim/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "every active job is being worked on",
                schedule: "replay-worker-1.worker-2.poll-1.~.poll-1.worker-1.poll-2.~.poll-2",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "dropped_claim/half_fixed.rs",
            source: include_str!("dropped_claim/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "every active job is being worked on",
                schedule: "replay-worker-1.poll-1.worker-2.~.worker-1.poll-2.poll-1.~.poll-2",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "dropped_claim/fixed.rs",
            source: include_str!("dropped_claim/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// The polls that the timer of the first worker starts, one every round trip.
const POLLS: [Name; 3] = ["poll-1", "poll-2", "poll-3"];

type Poll = Pin<Box<dyn Future<Output = ()>>>;

fn buggy(stage: &Stage) {
    let server = server();
    let worker = Rc::new(buggy::Worker { is_processing: Tracked::new(false), server: server.clone() });
    let poll = move || {
        let worker = worker.clone();
        Box::pin(async move { worker.poll().await }) as Poll
    };
    set(stage, server, Box::new(poll));
}

fn half_fixed(stage: &Stage) {
    let server = server();
    let worker = Rc::new(half_fixed::Worker { is_processing: Tracked::new(false), server: server.clone() });
    let poll = move || {
        let worker = worker.clone();
        Box::pin(async move { worker.poll().await }) as Poll
    };
    set(stage, server, Box::new(poll));
}

fn fixed(stage: &Stage) {
    let server = server();
    let worker = Rc::new(fixed::Worker { turn: Semaphore::new("the turn", 1), server: server.clone() });
    let poll = move || {
        let worker = worker.clone();
        Box::pin(async move { worker.poll().await }) as Poll
    };
    set(stage, server, Box::new(poll));
}

fn server() -> Rc<Server> {
    Server::with_jobs(&["job-1", "job-2", "job-3"], ms(250))
}

/// The scenario, the same for every version: a worker that polls every round trip, another one that comes later, what
/// is shown, what must hold.
fn set(stage: &Stage, server: Rc<Server>, poll: Box<dyn Fn() -> Poll>) {
    let seen = server.clone();
    stage.show("waiting", move || names(seen.waiting()));
    let seen = server.clone();
    stage.show("active", move || names(seen.active()));
    let seen = server.clone();
    stage.show("completed", move || names(seen.completed()));

    let seen = server.clone();
    stage.always("every active job is being worked on", move || match &seen.forgotten()[..] {
        [] => Ok(()),
        forgotten => Err(format!("the server counts {} as active, and nobody works on it", forgotten.join(", "))),
    });
    let seen = server.clone();
    stage.finally("every job is completed", move || match &seen.active()[..] {
        [] => Ok(()),
        left => Err(format!("complete_job will never be sent for {}", left.join(", "))),
    });

    stage.spawn("worker-1", async move {
        for name in POLLS {
            drop(spawn_named(name, poll()));
            if name != POLLS[POLLS.len() - 1] {
                sleep(ROUND_TRIP).labelled("the next poll").await;
            }
        }
    });
    stage.spawn("worker-2", async move {
        sleep(ms(200)).labelled("its turn to look for work").await;
        while let Some(job) = server.claim().await {
            note(format_args!("has {job}, and does it"));
            job.run().await;
            note(format_args!("has done {job}, and sends complete_job"));
            server.complete_job(&job);
        }
        note("is told that no job waits");
    });
}
