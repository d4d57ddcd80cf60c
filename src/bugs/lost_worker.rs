//! Bug 4: a worker that ends with the job that was cancelled.
//!
//! From the seed's task runner. Two workers; a client cancels the jobs that they run, one after the other, submits
//! another and waits for it. In the buggy runner a cancellation is an error that passes through the worker's own frame,
//! and the worker raises it again: each cancel costs a worker, and the third job is accepted where nobody is left. In
//! the half-fix a worker never raises it again, and so survives the shutdown, which cancels it while it runs a fourth.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use std::rc::Rc;

use super::asyncio::{Cancelled, Frame, Job, Runner, Status, Underway, Work};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{note, note_error, sleep};
use crate::runner::{TaskRunner, job};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "lost-worker",
    number: 4,
    title: "Cancel one task, lose the worker",
    sentence: "Each cancelled task takes its worker with it, until the pool accepts work that nobody does.",
    family: Family::Cancellation,
    origins: &[Origin::Seed("a Python task runner"), Origin::Issue("ArcReel/ArcReel#666")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "lost_worker/buggy.rs",
            source: include_str!("lost_worker/buggy.rs"),
            scenario: |stage| set(stage, home_made(|runner, worker| Box::pin(buggy::work(runner, worker)))),
            fails: Some(Fails {
                invariant: "cancelling a job costs no worker",
                schedule: "replay-client.worker-1.worker-2.~.client.worker-1",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "lost_worker/half_fixed.rs",
            source: include_str!("lost_worker/half_fixed.rs"),
            scenario: |stage| set(stage, home_made(|runner, worker| Box::pin(half_fixed::work(runner, worker)))),
            fails: Some(Fails {
                invariant: "a runner that was shut down has no workers",
                schedule: "replay-client.worker-2.worker-1.~.client.worker-2.~.client.worker-1.~.client.worker-2.~.worker-2.client.worker-1.~.client.worker-1.worker-2",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "lost_worker/fixed.rs",
            source: include_str!("lost_worker/fixed.rs"),
            scenario: |stage| set(stage, fixed::Runner(ours())),
            fails: None,
        },
    ],
};

const WORKERS: [Name; 2] = ["worker-1", "worker-2"];

/// What a client can ask of a runner, home-made or ours.
trait Pool: 'static {
    type Handle;
    fn start(&self);
    fn submit(&self, name: Name, length: Duration) -> impl Future<Output = Self::Handle>;
    fn cancel(&self, handle: &Self::Handle);
    fn ended(&self, handle: &Self::Handle) -> impl Future<Output = ()>;
    fn shut_down(&self) -> impl Future<Output = ()>;
    /// How many workers are alive.
    fn workers(&self) -> usize;
    /// How many jobs wait for one.
    fn in_line(&self) -> usize;
}

impl Pool for Rc<Runner> {
    type Handle = Rc<Job>;

    fn start(&self) {
        Runner::start(self, &WORKERS);
    }

    async fn submit(&self, name: Name, length: Duration) -> Rc<Job> {
        let job = Job::new(name, length);
        self.queue.put(job.clone()).await;
        job
    }

    fn cancel(&self, handle: &Rc<Job>) {
        handle.frame.cancel();
    }

    async fn ended(&self, handle: &Rc<Job>) {
        handle.ended().await;
    }

    async fn shut_down(&self) {
        Runner::shut_down(self).await;
    }

    fn workers(&self) -> usize {
        self.alive()
    }

    fn in_line(&self) -> usize {
        self.queue.len()
    }
}

fn home_made(work: Work) -> Rc<Runner> {
    Runner::new(10, work)
}

fn ours() -> TaskRunner {
    TaskRunner::builder().workers(WORKERS.len()).capacity(10).build().expect("these settings can be")
}

/// What the client has done so far.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Chapter {
    Submitting,
    /// Both workers run a job.
    Cancelling,
    ShuttingDown,
}

/// The scenario, the same for every version: what a client asks of the runner, what is shown, what must hold.
fn set(stage: &Stage, pool: impl Pool) {
    let pool = Rc::new(pool);
    let (chapter, unanswered) = (Rc::new(Tracked::new(Chapter::Submitting)), Rc::new(Tracked::new(None)));
    let seen = pool.clone();
    stage.show("workers", move || seen.workers().to_string());
    let seen = pool.clone();
    stage.show("in line", move || seen.in_line().to_string());
    let seen = unanswered.clone();
    stage.show("unanswered", move || seen.get().unwrap_or("none").to_owned());

    let (seen, told) = (pool.clone(), chapter.clone());
    stage.always("cancelling a job costs no worker", move || match (told.get(), seen.workers()) {
        (Chapter::Cancelling, workers) if workers < WORKERS.len() => {
            Err(format!("cancelling a job has cost a worker: {workers} of {} left", WORKERS.len()))
        }
        _ => Ok(()),
    });
    let (seen, told) = (pool.clone(), unanswered.clone());
    stage.finally("every job that was accepted is answered", move || match told.get() {
        Some(job) => Err(format!("{job} was accepted, and there are {} workers to do it", seen.workers())),
        None => Ok(()),
    });
    let (seen, told) = (pool.clone(), chapter.clone());
    stage.finally("a runner that was shut down has no workers", move || match (told.get(), seen.workers()) {
        (Chapter::ShuttingDown, left @ 1..) => {
            Err(format!("the runner was shut down, and {left} of its workers still waits for jobs"))
        }
        _ => Ok(()),
    });

    stage.spawn("client", client(pool.clone(), chapter, unanswered));
    pool.start();
}

async fn client<P: Pool>(pool: Rc<P>, chapter: Rc<Tracked<Chapter>>, unanswered: Rc<Tracked<Option<Name>>>) {
    note("submits job-1 and job-2");
    let first = pool.submit("job-1", ms(500)).await;
    let second = pool.submit("job-2", ms(500)).await;
    sleep(ms(100)).labelled("a change of mind").await;
    chapter.set(Chapter::Cancelling);
    for (name, handle) in [("job-1", first), ("job-2", second)] {
        note(format_args!("cancels {name}"));
        pool.cancel(&handle);
        sleep(ms(100)).labelled("a change of mind").await;
    }

    note("submits job-3, and waits for it");
    let third = pool.submit("job-3", ms(100)).await;
    unanswered.set(Some("job-3"));
    pool.ended(&third).await;
    unanswered.set(None);

    note("has its answer, and submits job-4");
    drop(pool.submit("job-4", ms(500)).await);
    sleep(ms(100)).labelled("the end of the day").await;
    note("shuts the runner down");
    chapter.set(Chapter::ShuttingDown);
    pool.shut_down().await;
}
