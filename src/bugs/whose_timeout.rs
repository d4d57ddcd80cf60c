//! Bug 10: whose timeout was it?
//!
//! From the task runner, which catches one type of error around a job, and takes it for its own time limit. The
//! report may take a second and gives its query 50 ms; the album may take a second and needs a photo, which is a job
//! with a limit of 100 ms. In the buggy runner the report is booked as timed out after 50 ms. The half-fix gives the
//! runner's limit an error of its own, which the album gets from the photo's job and passes on: the type is right,
//! and the limit was another job's.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{Elapsed, JoinHandle, Sleep, note_error, now, sleep, spawn_named, timeout};
use crate::runner::{Failure, TaskCx, TaskRunner, TaskStatus, job};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, Instant, Span, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "whose-timeout",
    number: 10,
    title: "Whose timeout was it?",
    sentence: "A job that may take a second is booked as timed out after 50 ms.",
    family: Family::Timeouts,
    origins: &[Origin::Seed("a Python task runner"), Origin::Issue("resilience4j/resilience4j#1123")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "whose_timeout/buggy.rs",
            source: include_str!("whose_timeout/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "a job times out by its own limit",
                schedule: "replay-main.worker-2.worker-3.worker-1.~.worker-1",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "whose_timeout/half_fixed.rs",
            source: include_str!("whose_timeout/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "a job times out by its own limit",
                schedule: "replay-main.worker-2.worker-3.worker-1.~.worker-1.main.~.worker-3.worker-2",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "whose_timeout/fixed.rs",
            source: include_str!("whose_timeout/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// A job of the scenario.
#[derive(Clone, Copy)]
struct Job {
    name: Name,
    worker: Name,
    /// How long it may take.
    limit: Duration,
}

const REPORT: Job = Job { name: "report", worker: "worker-1", limit: ms(1_000) };
const ALBUM: Job = Job { name: "album", worker: "worker-2", limit: ms(1_000) };
const PHOTO: Job = Job { name: "photo", worker: "worker-3", limit: ms(100) };
const JOBS: [Job; 3] = [REPORT, ALBUM, PHOTO];

/// What is known of a job.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    status: TaskStatus,
    started: Option<Instant>,
    finished: Option<Instant>,
}

const NOT_STARTED: Entry = Entry { status: TaskStatus::Queued, started: None, finished: None };

/// The records of the home-made runners.
struct Book(Tracked<[Entry; JOBS.len()]>);

impl Book {
    fn new() -> Rc<Self> {
        Rc::new(Book(Tracked::new(JOBS.map(|_| NOT_STARTED))))
    }

    fn begin(&self, job: Job) {
        self.change(job, |entry| (entry.status, entry.started) = (TaskStatus::Running, Some(now())));
    }

    fn end(&self, job: Job, status: TaskStatus) {
        self.change(job, |entry| (entry.status, entry.finished) = (status, Some(now())));
    }

    fn change(&self, job: Job, change: impl FnOnce(&mut Entry)) {
        let place = JOBS.iter().position(|other| other.name == job.name).unwrap_or(0);
        self.0.update(|entries| change(&mut entries[place]));
    }
}

/// The database answers in 400 ms today.
#[track_caller]
fn query() -> Sleep {
    sleep(ms(400)).labelled("the database")
}

/// Developing a photo takes 250 ms.
#[track_caller]
fn develop() -> Sleep {
    sleep(ms(250)).labelled("the photo")
}

type Served = Pin<Box<dyn Future<Output = ()>>>;

fn buggy(stage: &Stage) {
    let book = Book::new();
    let runner = Rc::new(buggy::Runner { book: book.clone() });
    set(stage, Rc::new(move || book.0.get()), Box::pin(runner.serve()));
}

fn half_fixed(stage: &Stage) {
    let book = Book::new();
    let runner = Rc::new(half_fixed::Runner { book: book.clone() });
    set(stage, Rc::new(move || book.0.get()), Box::pin(runner.serve()));
}

fn fixed(stage: &Stage) {
    let runner = TaskRunner::builder().workers(3).build().expect("there are workers");
    runner.start();
    let seen = runner.clone();
    let entries = move || {
        JOBS.map(|job| {
            let record = seen.records().into_iter().find(|record| record.name == job.name);
            record.map_or(NOT_STARTED, |record| Entry {
                status: record.status,
                started: record.started,
                finished: record.finished,
            })
        })
    };
    set(stage, Rc::new(entries), Box::pin(fixed::serve(runner)));
}

/// The scenario, the same for every version: what is shown, and what must hold.
fn set(stage: &Stage, entries: Rc<dyn Fn() -> [Entry; JOBS.len()]>, served: Served) {
    for (place, job) in JOBS.into_iter().enumerate() {
        let seen = entries.clone();
        stage.show(job.name, move || seen()[place].status.to_string());
    }
    stage.always("a job times out by its own limit", move || {
        for (job, entry) in JOBS.iter().zip(entries()) {
            if let (TaskStatus::Failed(Failure::Timeout), Some(started), Some(finished)) =
                (entry.status, entry.started, entry.finished)
                && finished - started < job.limit
            {
                let (name, took, may) = (job.name, Span(finished - started), Span(job.limit));
                return Err(format!("{name} may take {may}, and is booked as out of time after {took}"));
            }
        }
        Ok(())
    });
    stage.spawn("main", served);
}
