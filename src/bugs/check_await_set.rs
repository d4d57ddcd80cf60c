//! Bug 2: a worker that looks whether it is idle, waits for a job, and says only then that it is busy.
//!
//! From the multi-claim report. A timer makes the worker poll every 100 ms. The server answers in 100 ms, and a status
//! that is written arrives after 150 ms, so that three polls find the worker idle, and it holds three jobs. The
//! half-fix is the report's own: a flag in memory, set as soon as the job has come. First in, first out, the answer to
//! the first poll is heard just before the second poll looks; in another order it is not.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::job_server::{ROUND_TRIP, Server, Status, names};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{note, sleep, spawn_named};
use crate::scenario::Stage;
use crate::sync::{Semaphore, Tracked};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "check-await-set",
    number: 2,
    title: "Check, await, set",
    sentence: "A worker looks whether it is idle, waits for a job, and ends up with three.",
    family: Family::FlagsAndState,
    origins: &[Origin::Seed("a report on Redis workers"), Origin::Issue("apalis-dev/apalis#219")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "check_await_set/buggy.rs",
            source: include_str!("check_await_set/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "a worker holds at most one job",
                schedule: "replay-worker.poll-1.~.poll-1.worker.poll-2.~.poll-2.worker.poll-1.poll-3.~.poll-3.poll-2",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "check_await_set/half_fixed.rs",
            source: include_str!("check_await_set/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "a worker holds at most one job",
                schedule: "replay-worker.poll-1.~.worker.poll-2.poll-1.~.poll-2",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "check_await_set/fixed.rs",
            source: include_str!("check_await_set/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// The polls that the timer starts, one every round trip.
const POLLS: [Name; 5] = ["poll-1", "poll-2", "poll-3", "poll-4", "poll-5"];

type Poll = Pin<Box<dyn Future<Output = ()>>>;

fn buggy(stage: &Stage) {
    let server = server();
    let worker = Rc::new(buggy::Worker { server: server.clone() });
    let seen = server.clone();
    let poll = move || {
        let worker = worker.clone();
        Box::pin(async move { worker.poll().await }) as Poll
    };
    set(stage, server, Box::new(move || seen.last_status() == Status::Busy), Box::new(poll));
}

fn half_fixed(stage: &Stage) {
    let server = server();
    let worker = Rc::new(half_fixed::Worker { is_processing: Tracked::new(false), server: server.clone() });
    let seen = worker.clone();
    let poll = move || {
        let worker = worker.clone();
        Box::pin(async move { worker.poll().await }) as Poll
    };
    set(stage, server, Box::new(move || seen.is_processing.get()), Box::new(poll));
}

fn fixed(stage: &Stage) {
    let server = server();
    let worker = Rc::new(fixed::Worker { turn: Semaphore::new("the turn", 1), server: server.clone() });
    let seen = worker.clone();
    let poll = move || {
        let worker = worker.clone();
        Box::pin(async move { worker.poll().await }) as Poll
    };
    set(stage, server, Box::new(move || seen.turn.free() == 0), Box::new(poll));
}

fn server() -> Rc<Server> {
    Server::with_jobs(&["job-1", "job-2", "job-3"], ROUND_TRIP)
}

/// The scenario, the same for every version: a timer that starts a poll every round trip, what is shown, what must
/// hold. `is_busy` is what the worker says of itself.
fn set(stage: &Stage, server: Rc<Server>, is_busy: Box<dyn Fn() -> bool>, poll: Box<dyn Fn() -> Poll>) {
    stage.show("status", move || if is_busy() { "busy" } else { "idle" }.to_owned());
    let seen = server.clone();
    stage.show("active", move || names(seen.active()));
    let seen = server.clone();
    stage.show("completed", move || names(seen.completed()));

    stage.always("a worker holds at most one job", move || match &server.active()[..] {
        [] | [_] => Ok(()),
        held => Err(format!("the worker holds {} jobs at once: {}", held.len(), held.join(", "))),
    });

    stage.spawn("worker", async move {
        for name in POLLS {
            drop(spawn_named(name, poll()));
            if name != POLLS[POLLS.len() - 1] {
                sleep(ROUND_TRIP).labelled("the next poll").await;
            }
        }
    });
}
