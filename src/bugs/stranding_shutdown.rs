//! Bug 7: a shutdown that tells the workers, and nobody else.
//!
//! From the seed's task runner. One worker runs `job-1`, the only place in the queue is taken by `job-2`, and at 100 ms
//! the runner is shut down, while a third client comes to submit `job-3`. In the buggy runner whoever waits for the
//! queue is forgotten. The half-fix refuses whoever comes later, and empties the queue: first in, first out, the third
//! client comes later; in another order it waits for the place that comes free, and puts its job there.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::asyncio::{Cancelled, Frame, Job, Runner, Status, Underway};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{note, sleep};
use crate::runner::{TaskRunner, job};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "stranding-shutdown",
    number: 7,
    title: "Shutdown that strands",
    sentence: "The workers are told to go, and whoever waits for the queue waits for ever.",
    family: Family::QueuesAndPermits,
    origins: &[Origin::Seed("a Python task runner"), Origin::Issue("elastic/elasticsearch#104580")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "stranding_shutdown/buggy.rs",
            source: include_str!("stranding_shutdown/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "after the shutdown nobody waits",
                schedule: "replay-boss.client-1.client-3.worker-1.client-2.~.client-2.~.boss.client-3.worker-1.boss.client-1",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "stranding_shutdown/half_fixed.rs",
            source: include_str!("stranding_shutdown/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "after the shutdown nobody waits",
                schedule: "replay-boss.client-1.client-3.worker-1.client-2.~.client-2.~.client-3.boss.worker-1.boss.client-1.client-2.client-3",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "stranding_shutdown/fixed.rs",
            source: include_str!("stranding_shutdown/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// How long a job takes.
const LENGTH: Duration = ms(300);

/// When the boss shuts the runner down.
const CLOSING_TIME: Duration = ms(100);

/// Who submits what, and when.
#[derive(Clone, Copy)]
struct Client {
    name: Name,
    job: Name,
    at: Duration,
}

const CLIENTS: [Client; 3] = [
    Client { name: "client-1", job: "job-1", at: ms(0) },
    Client { name: "client-2", job: "job-2", at: ms(50) },
    Client { name: "client-3", job: "job-3", at: CLOSING_TIME },
];

/// What a client is told of its job.
enum Answer {
    Ended(Status),
    Refused,
}

type Told<T> = Pin<Box<dyn Future<Output = T>>>;

type Submit = Rc<dyn Fn(Name) -> Told<Answer>>;

fn buggy(stage: &Stage) {
    let pool = Rc::new(buggy::Pool { runner: one_worker() });
    let (closed, runner) = (pool.clone(), pool.runner.clone());
    let submit = move |job| {
        let pool = pool.clone();
        Box::pin(async move { pool.submit(job).await }) as Told<Answer>
    };
    home_made(stage, &runner, submit, Box::pin(async move { closed.shut_down().await }));
}

fn half_fixed(stage: &Stage) {
    let pool = Rc::new(half_fixed::Pool { is_closed: Tracked::new(false), runner: one_worker() });
    let (closed, runner) = (pool.clone(), pool.runner.clone());
    let submit = move |job| {
        let pool = pool.clone();
        Box::pin(async move { pool.submit(job).await }) as Told<Answer>
    };
    home_made(stage, &runner, submit, Box::pin(async move { closed.shut_down().await }));
}

fn fixed(stage: &Stage) {
    let runner = TaskRunner::builder().workers(1).capacity(1).build().expect("these settings can be");
    runner.start();
    let in_line = runner.clone();
    let pool = Rc::new(fixed::Pool { runner });
    let closed = pool.clone();
    let submit = move |name| {
        let pool = pool.clone();
        Box::pin(async move { pool.submit(name).await }) as Told<Answer>
    };
    let in_line = Box::new(move || in_line.stats().queued);
    set(stage, in_line, Rc::new(submit), Box::pin(async move { closed.shut_down().await }));
}

fn home_made(
    stage: &Stage,
    runner: &Rc<Runner>,
    submit: impl Fn(Rc<Job>) -> Told<Answer> + 'static,
    shut_down: Told<()>,
) {
    let in_line = runner.clone();
    let submit = Rc::new(move |name| submit(Job::new(name, LENGTH)));
    set(stage, Box::new(move || in_line.queue.len()), submit, shut_down);
    runner.start(&["worker-1"]);
}

fn one_worker() -> Rc<Runner> {
    Runner::new(1, |runner, worker| Box::pin(work(runner, worker)))
}

/// The loop of the home-made runner's worker. It ends with the job that it runs when it is cancelled.
async fn work(runner: Rc<Runner>, worker: Rc<Frame>) -> Result<(), Cancelled> {
    loop {
        let job = worker.wait(runner.queue.take()).await?;
        note(format_args!("takes {job}"));
        job.status.set(Status::Running);
        let ended = worker.wait(job.run()).await.flatten();
        let status = if ended.is_ok() { Status::Done } else { Status::Cancelled };
        note(format_args!("marks {job} {status}"));
        job.settle(status);
        ended?;
    }
}

/// The scenario, the same for every version: who submits and who shuts down, what is shown, what must hold.
fn set(stage: &Stage, in_line: Box<dyn Fn() -> usize>, submit: Submit, shut_down: Told<()>) {
    let waiting: Rc<Tracked<Vec<Name>>> = Rc::default();
    let is_down = Rc::new(Tracked::new(false));
    let down = is_down.clone();
    stage.show("runner", move || if down.get() { "shut down" } else { "open" }.to_owned());
    stage.show("in line", move || in_line().to_string());
    let seen = waiting.clone();
    stage.show("waiting", move || seen.with(|names| if names.is_empty() { "none".into() } else { names.join(", ") }));

    let seen = waiting.clone();
    stage.finally("after the shutdown nobody waits", move || {
        seen.with(|names| match &names[..] {
            [] => Ok(()),
            names => Err(format!("the runner is shut down, and {} will never be told", names.join(" and "))),
        })
    });

    stage.spawn("boss", async move {
        sleep(CLOSING_TIME).labelled("closing time").await;
        shut_down.await;
        is_down.set(true);
    });
    for client in CLIENTS {
        stage.spawn(client.name, come(client, submit.clone(), waiting.clone()));
    }
}

/// What a client does: it comes in its moment, submits its job, and waits to be told of it.
async fn come(client: Client, submit: Submit, waiting: Rc<Tracked<Vec<Name>>>) {
    let Client { name, job, at } = client;
    if at > ms(0) {
        sleep(at).labelled("its moment to come").await;
    }
    waiting.update(|names| names.push(name));
    let answer = submit(job).await;
    waiting.update(|names| names.retain(|other| *other != name));
    if let Answer::Ended(status) = answer {
        note(format_args!("is told that {job} was {status}"));
    }
}
