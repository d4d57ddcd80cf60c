//! Bug 5: a job that was cancelled in line, and runs all the same.
//!
//! From the seed's task runner. One worker opens a connection and runs `job-1` until 250 ms, the moment at which the
//! client cancels `job-2`, which stands in line. In the buggy runner a cancel marks the record, and the worker runs what
//! comes out of the queue. In the half-fix it looks at the record first, and then opens the connection: first in, first
//! out, the client comes before the worker, and all is well; in the other order the mark comes too late to be seen.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::asyncio::{Cancelled, Frame, Job, Runner, Status, Underway, Work};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{Sleep, note, sleep};
use crate::runner::{Shutdown, TaskRunner, TaskStatus, job};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, ms};

pub(super) const BUG: Bug = Bug {
    id: "cancelled-and-run",
    number: 5,
    title: "Cancelled, and run anyway",
    sentence: "The cancel is confirmed, the record says so, and then the job runs.",
    family: Family::Cancellation,
    origins: &[Origin::Seed("a Python task runner"), Origin::Issue("celery/celery#4300")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "cancelled_and_run/buggy.rs",
            source: include_str!("cancelled_and_run/buggy.rs"),
            scenario: |stage| home_made(stage, buggy::cancel, |runner, worker| Box::pin(buggy::work(runner, worker))),
            fails: Some(Fails {
                invariant: "a cancelled job never runs",
                schedule: "replay-client.worker-1.~.worker-1.~.worker-1.client.~.worker-1",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "cancelled_and_run/half_fixed.rs",
            source: include_str!("cancelled_and_run/half_fixed.rs"),
            scenario: |stage| {
                home_made(stage, half_fixed::cancel, |runner, worker| Box::pin(half_fixed::work(runner, worker)));
            },
            fails: Some(Fails {
                invariant: "a cancelled job never runs",
                schedule: "replay-client.worker-1.~.worker-1.~.worker-1.client.~.worker-1",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "cancelled_and_run/fixed.rs",
            source: include_str!("cancelled_and_run/fixed.rs"),
            scenario: ours,
            fails: None,
        },
    ],
};

/// How long a job takes once it has its connection.
const LENGTH: Duration = ms(200);

#[track_caller]
fn connect() -> Sleep {
    sleep(ms(50)).labelled("the connection")
}

/// What the client does with a runner and its two jobs, and what is seen of them.
struct Runs {
    cancel_second: Box<dyn Fn() -> bool>,
    shut_down: Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>>>,
    statuses: Rc<dyn Fn() -> [String; 2]>,
    /// Whether the second job is under way, or has come to an end of its own.
    second_runs: Box<dyn Fn() -> bool>,
}

fn home_made(stage: &Stage, cancel: fn(&Job) -> bool, work: Work) {
    let runner = Runner::new(10, work);
    let jobs = ["job-1", "job-2"].map(|name| Job::new(name, LENGTH));
    jobs.iter().for_each(|job| runner.queue.put_now(job.clone()));
    let [first, second] = jobs;
    let (cancelled, seen, shut_down) = (second.clone(), second.clone(), runner.clone());
    set(
        stage,
        Runs {
            cancel_second: Box::new(move || cancel(&cancelled)),
            shut_down: Box::new(|| Box::pin(async move { shut_down.shut_down().await })),
            statuses: Rc::new(move || [&first, &second].map(|job| job.status.get().to_string())),
            second_runs: Box::new(move || matches!(seen.status.get(), Status::Running | Status::Done)),
        },
    );
    runner.start(&["worker-1"]);
}

fn ours(stage: &Stage) {
    let runner = TaskRunner::builder().workers(1).build().expect("these settings can be");
    let (first, second) = (fixed::submit(&runner, "job-1"), fixed::submit(&runner, "job-2"));
    let (cancelled, seen, shut_down) = (second.clone(), second.clone(), runner.clone());
    set(
        stage,
        Runs {
            cancel_second: Box::new(move || fixed::cancel(&cancelled)),
            shut_down: Box::new(|| {
                Box::pin(async move { drop(shut_down.shutdown(Shutdown::Cancel { grace: ms(0) }).await) })
            }),
            statuses: Rc::new(move || [&first, &second].map(|job| job.status().to_string())),
            second_runs: Box::new(move || matches!(seen.status(), TaskStatus::Running | TaskStatus::Succeeded)),
        },
    );
    runner.start();
}

/// The scenario, the same for every version: what the client does, what is shown, what must hold.
fn set(stage: &Stage, runs: Runs) {
    let Runs { cancel_second, shut_down, statuses, second_runs } = runs;
    let was_told = Rc::new(Tracked::new(false));
    for (place, name) in ["job-1", "job-2"].into_iter().enumerate() {
        let statuses = statuses.clone();
        stage.show(name, move || statuses()[place].clone());
    }
    let told = was_told.clone();
    stage.show("cancel()", move || if told.get() { "true" } else { "not called" }.to_owned());

    let told = was_told.clone();
    stage.always("a cancelled job never runs", move || match told.get() && second_runs() {
        true => Err(format!("the client was told that job-2 is cancelled, and job-2 is {}", statuses()[1])),
        false => Ok(()),
    });

    stage.spawn("client", async move {
        sleep(ms(250)).labelled("a change of mind").await;
        was_told.set(cancel_second());
        sleep(ms(400)).labelled("the end of the day").await;
        note("shuts the runner down");
        shut_down().await;
    });
}
