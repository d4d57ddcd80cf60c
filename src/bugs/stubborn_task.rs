//! Bug 21: a job that catches its own cancellation, and a shutdown that waits for it.
//!
//! From the seed's task runner. The job uploads pages, 100 ms each, and goes on after any error. The boss shuts down at
//! 200 ms, with 100 ms of grace, and closes the archive. In the buggy version it waits for the end of the job; in the
//! half-fix it stops waiting, and the job goes on with an archive that is closed.

mod archive;
mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use self::archive::Archive;
use super::asyncio::{Cancelled, Frame};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{JoinHandle, note, note_error, now, sleep, spawn_named, timeout};
use crate::runner::{TaskCx, TaskRunner, job};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, Instant, Span, ms};

pub(super) const BUG: Bug = Bug {
    id: "stubborn-task",
    number: 21,
    title: "The stubborn task",
    sentence: "A task catches its own cancellation, and the shutdown waits for its good will.",
    family: Family::Cancellation,
    origins: &[
        Origin::Seed("a Python task runner"),
        Origin::Issue("cjrh/aiorun#77"),
        Origin::Issue("procrastinate-org/procrastinate#1616"),
    ],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "stubborn_task/buggy.rs",
            source: include_str!("stubborn_task/buggy.rs"),
            scenario: |stage| {
                home_made(
                    stage,
                    |frame, archive| Box::pin(buggy::job(frame, archive)),
                    |frame, worker| Box::pin(buggy::shut_down(frame, worker)),
                );
            },
            fails: Some(Fails {
                invariant: "a cancelled job is gone after the grace period",
                schedule: "replay-boss.worker-1.~.worker-1.~.worker-1.boss.worker-1.~.worker-1.~",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "stubborn_task/half_fixed.rs",
            source: include_str!("stubborn_task/half_fixed.rs"),
            scenario: |stage| {
                home_made(
                    stage,
                    |frame, archive| Box::pin(half_fixed::job(frame, archive)),
                    |frame, worker| Box::pin(half_fixed::shut_down(frame, worker)),
                );
            },
            fails: Some(Fails {
                invariant: "when the shutdown has returned, no job runs",
                schedule: "replay-boss.worker-1.~.worker-1.~.worker-1.boss.worker-1.~.worker-1.boss",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "stubborn_task/fixed.rs",
            source: include_str!("stubborn_task/fixed.rs"),
            scenario: ours,
            fails: None,
        },
    ],
};

/// How many pages there are.
const PAGES: u32 = 7;

/// How long a job may go on after it was cancelled.
const GRACE: Duration = ms(100);

type Step = Pin<Box<dyn Future<Output = ()>>>;

type ShutDown = Box<dyn FnOnce() -> Step>;

fn home_made(
    stage: &Stage,
    job: fn(Rc<Frame>, Rc<Archive>) -> Step,
    shut_down: fn(Rc<Frame>, JoinHandle<()>) -> Step,
) {
    let (frame, archive) = (Rc::new(Frame::default()), Archive::new());
    let work = job(frame.clone(), archive.clone());
    // The worker comes after the boss, as a runner's does.
    set(stage, archive, move || {
        let worker = spawn_named("worker-1", work);
        Box::new(move || shut_down(frame, worker))
    });
}

fn ours(stage: &Stage) {
    let archive = Archive::new();
    let runner = TaskRunner::builder().workers(1).build().expect("these settings can be");
    drop(fixed::submit(&runner, archive.clone()));
    set(stage, archive, move || {
        runner.start();
        Box::new(move || Box::pin(fixed::shut_down(runner)))
    });
}

/// The scenario, the same for every version: what the boss does, what is shown, what must hold.
fn set(stage: &Stage, archive: Rc<Archive>, start: impl FnOnce() -> ShutDown) {
    let cancelled: Rc<Tracked<Option<Instant>>> = Rc::default();
    show(stage, &archive, &cancelled);

    let seen = archive.clone();
    stage.always("when the shutdown has returned, no job runs", move || match seen.is_used() && !seen.is_open() {
        true => Err("the shutdown has returned, and the job still sends pages".to_owned()),
        false => Ok(()),
    });
    let (seen, since) = (archive.clone(), cancelled.clone());
    stage.always("a cancelled job is gone after the grace period", move || match since.get() {
        Some(at) if seen.is_used() && now() > at + GRACE => {
            Err(format!("the job was cancelled {} ago, and still runs", Span(now() - at)))
        }
        _ => Ok(()),
    });
    let seen = archive.clone();
    stage.always("nobody writes to a closed archive", move || match seen.was_misused() {
        true => Err("a page was sent to the archive after it was closed".to_owned()),
        false => Ok(()),
    });

    let shut_down: Rc<Tracked<Option<ShutDown>>> = Rc::default();
    let taken = shut_down.clone();
    stage.spawn("boss", async move {
        sleep(ms(200)).labelled("closing time").await;
        cancelled.set(Some(now()));
        let shut_down = taken.replace(None).expect("the runner is started once");
        shut_down().await;
        note("closes the archive");
        archive.close();
    });
    shut_down.set(Some(start()));
}

fn show(stage: &Stage, archive: &Rc<Archive>, cancelled: &Rc<Tracked<Option<Instant>>>) {
    let seen = archive.clone();
    stage.show("pages sent", move || seen.pages().to_string());
    let seen = archive.clone();
    stage.show("archive", move || if seen.is_open() { "open" } else { "closed" }.to_owned());
    let (seen, since) = (archive.clone(), cancelled.clone());
    stage.show("job", move || match (seen.is_used(), since.get()) {
        (true, None) => "running".to_owned(),
        (true, Some(at)) => format!("cancelled at {at}, and running"),
        (false, _) => "not running".to_owned(),
    });
}
