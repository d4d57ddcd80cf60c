//! Bug 6: a waiter whose time is up, and takes the job away from everybody else.
//!
//! From the seed's task runner. A job takes 300 ms; `impatient` waits for 100 ms at most, and `patient`, who comes
//! 100 ms later, has a second. In the buggy version a timeout cancels what it is put around. In the half-fix only the
//! last waiter cancels: first in, first out, `patient` is there just in time; in another order it is not.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::asyncio::{Job, Status, Underway};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{Elapsed, note, note_error, sleep, spawn_named, timeout};
use crate::runner::{TaskHandle, TaskRunner, job};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, Span, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "impatient-waiter",
    number: 6,
    title: "The impatient waiter",
    sentence: "One waiter runs out of patience, and everybody else loses the result.",
    family: Family::Timeouts,
    origins: &[Origin::Seed("a Python task runner"), Origin::Issue("aio-libs/aiohttp#3431")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "impatient_waiter/buggy.rs",
            source: include_str!("impatient_waiter/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "a timeout is only the waiter's own",
                schedule: "replay-patient.worker-1.impatient.~.impatient.worker-1.patient",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "impatient_waiter/half_fixed.rs",
            source: include_str!("impatient_waiter/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "a timeout is only the waiter's own",
                schedule: "replay-patient.worker-1.impatient.~.impatient.worker-1.patient",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "impatient_waiter/fixed.rs",
            source: include_str!("impatient_waiter/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// How long the job takes.
const LENGTH: Duration = ms(300);

/// Who waits: when it comes, and for how long it waits then.
const WAITERS: [(Name, Duration, Duration); 2] = [("patient", ms(100), ms(1_000)), ("impatient", ms(0), ms(100))];

/// What a waiter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Has {
    Nothing,
    Result,
    Elapsed,
    Cancelled,
}

impl fmt::Display for Has {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Has::Nothing => "not answered",
            Has::Result => "answered",
            Has::Elapsed => "out of patience",
            Has::Cancelled => "cancelled",
        })
    }
}

type Waited = Pin<Box<dyn Future<Output = Has>>>;

fn buggy(stage: &Stage) {
    let job = Job::new("job", LENGTH);
    let (seen, waited_for) = (job.clone(), job.clone());
    let wait_for = move |limit| {
        let job = waited_for.clone();
        Box::pin(async move { of_status(buggy::wait_for(job, limit).await) }) as Waited
    };
    set(stage, Box::new(move || seen.status.get().to_string()), Rc::new(wait_for));
    start(job);
}

fn half_fixed(stage: &Stage) {
    let (job, waiters) = (Job::new("job", LENGTH), Rc::new(Tracked::new(0)));
    let (seen, waited_for) = (job.clone(), job.clone());
    let wait_for = move |limit| {
        let (job, waiters) = (waited_for.clone(), waiters.clone());
        Box::pin(async move { of_status(half_fixed::wait_for(job, waiters, limit).await) }) as Waited
    };
    set(stage, Box::new(move || seen.status.get().to_string()), Rc::new(wait_for));
    start(job);
}

fn fixed(stage: &Stage) {
    let runner = TaskRunner::builder().workers(1).build().expect("these settings can be");
    let work = |_cx| async {
        let underway = Underway::begin("the job");
        sleep(LENGTH).labelled("the end of the job").await;
        underway.done();
        Ok("done")
    };
    let handle = runner.try_submit(job(work)).expect("the queue has a place");
    let seen = handle.clone();
    let wait_for = move |limit| {
        let handle = handle.clone();
        Box::pin(async move {
            match fixed::wait_for(handle, limit).await {
                Ok(Ok(_)) => Has::Result,
                Ok(Err(_)) => Has::Cancelled,
                Err(Elapsed) => Has::Elapsed,
            }
        }) as Waited
    };
    set(stage, Box::new(move || seen.status().to_string()), Rc::new(wait_for));
    // Closed when it is dropped: the worker leaves after the job.
    runner.start();
}

fn of_status(waited: Result<Status, Elapsed>) -> Has {
    match waited {
        Ok(Status::Done) => Has::Result,
        Ok(_) => Has::Cancelled,
        Err(Elapsed) => Has::Elapsed,
    }
}

/// The worker of the home-made runner.
fn start(job: Rc<Job>) {
    drop(spawn_named("worker-1", async move {
        note("takes the job");
        job.status.set(Status::Running);
        let ended = match job.run().await {
            Ok(()) => Status::Done,
            Err(_) => Status::Cancelled,
        };
        note(format_args!("marks the job {ended}"));
        job.settle(ended);
    }));
}

/// The scenario, the same for every version: who waits, what is shown, what must hold.
fn set(stage: &Stage, status: Box<dyn Fn() -> String>, wait_for: Rc<dyn Fn(Duration) -> Waited>) {
    stage.show("job", status);
    let has = WAITERS.map(|_| Rc::new(Tracked::new(Has::Nothing)));
    for ((name, ..), has) in WAITERS.iter().zip(&has) {
        let has = has.clone();
        stage.show(name, move || has.get().to_string());
    }
    let patient = has[0].clone();
    stage.always("a timeout is only the waiter's own", move || match patient.get() {
        Has::Cancelled => Err("patient has time left, and a cancellation instead of a result".to_owned()),
        _ => Ok(()),
    });

    for ((name, comes, limit), has) in WAITERS.into_iter().zip(has) {
        let wait_for = wait_for.clone();
        stage.spawn(name, async move {
            if comes > ms(0) {
                sleep(comes).labelled("its moment to come").await;
            }
            note(format_args!("comes to wait, for {} at most", Span(limit)));
            has.set(wait_for(limit).await);
            if has.get() == Has::Cancelled {
                note_error("is told that the job was cancelled");
            }
        });
    }
}
