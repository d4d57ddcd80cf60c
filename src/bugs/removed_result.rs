//! Bug 18: a result that is removed as soon as one of two has read it.
//!
//! From the task runner, pitfall 8.2. A job takes 100 ms. Ann waits for it from the beginning; Bob asks when it is just
//! done. In the buggy runner whoever reads the result first removes it for everybody: under first in, first out Bob
//! asks before Ann has read, and both get it; in another order nobody knows the job any more. The half-fix never
//! removes a result, and keeps it when nobody is left who could ask.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::asyncio::{Job, Status};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{Sleep, note, note_error, sleep, spawn_named};
use crate::runner::{TaskHandle, TaskRunner, job};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "removed-result",
    number: 18,
    title: "Result removed too early",
    sentence: "The first to read a result takes it away from everybody else.",
    family: Family::FlagsAndState,
    origins: &[Origin::Seed("a Python task runner")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "removed_result/buggy.rs",
            source: include_str!("removed_result/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "everybody gets the result",
                schedule: "replay-ann.bob.worker-1.~.worker-1.ann.bob",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "removed_result/half_fixed.rs",
            source: include_str!("removed_result/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "what nobody can ask for is gone",
                schedule: "replay-ann.bob.worker-1.~.worker-1.ann.bob",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "removed_result/fixed.rs",
            source: include_str!("removed_result/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// How long the job takes, which is when Bob asks.
const LENGTH: Duration = ms(100);

const JOB: Name = "report";

/// Who asks for the result, and when.
const READERS: [(Name, Duration); 2] = [("ann", ms(0)), ("bob", LENGTH)];

/// The runner does not know of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct UnknownJob;

impl fmt::Display for UnknownJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is told that there is no such job")
    }
}

/// What came of asking.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    NotYet,
    Result,
    Nothing,
}

impl fmt::Display for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Read::NotYet => "not served",
            Read::Result => "served",
            Read::Nothing => "turned away",
        })
    }
}

#[track_caller]
fn work() -> Sleep {
    sleep(LENGTH).labelled("the end of the job")
}

type Reader = Pin<Box<dyn Future<Output = Result<(), UnknownJob>>>>;

fn buggy(stage: &Stage) {
    let runner = Rc::new(buggy::Runner { futures: Tracked::default() });
    runner.submit(Job::new(JOB, LENGTH));
    let readers = READERS.map(|_| {
        let runner = runner.clone();
        Box::pin(async move { runner.wait(JOB).await.map(drop) }) as Reader
    });
    set(stage, readers, Rc::new(move || !runner.futures.with(BTreeMap::is_empty)));
}

fn half_fixed(stage: &Stage) {
    let runner = Rc::new(half_fixed::Runner { futures: Tracked::default() });
    runner.submit(Job::new(JOB, LENGTH));
    let readers = READERS.map(|_| {
        let runner = runner.clone();
        Box::pin(async move { runner.wait(JOB).await.map(drop) }) as Reader
    });
    set(stage, readers, Rc::new(move || !runner.futures.with(BTreeMap::is_empty)));
}

fn fixed(stage: &Stage) {
    let runner = TaskRunner::builder().workers(1).build().expect("there is a worker");
    runner.start();
    let result = Rc::new(Status::Done);
    let kept = Rc::downgrade(&result);
    let handle = fixed::submit(&runner, result);
    let readers = READERS.map(|_| {
        // The runner is closed when the last who could use it is gone.
        let (handle, runner) = (handle.clone(), runner.clone());
        Box::pin(async move {
            let read = fixed::wait(handle).await;
            drop(runner);
            read.map(drop)
        }) as Reader
    });
    set(stage, readers, Rc::new(move || kept.upgrade().is_some()));
}

/// The scenario, the same for every version: who asks and when, what is shown, what must hold.
fn set(stage: &Stage, readers: [Reader; READERS.len()], is_kept: Rc<dyn Fn() -> bool>) {
    let got = Rc::new(READERS.map(|_| Tracked::new(Read::NotYet)));
    let kept = is_kept.clone();
    stage.show("the result", move || if kept() { "kept" } else { "gone" }.to_owned());
    for (place, (name, _)) in READERS.into_iter().enumerate() {
        let seen = got.clone();
        stage.show(name, move || seen[place].get().to_string());
    }
    let seen = got.clone();
    stage.always("everybody gets the result", move || {
        let empty = READERS.iter().zip(&*seen).find(|(_, got)| got.get() == Read::Nothing);
        empty.map_or(Ok(()), |((name, _), _)| {
            Err(format!("{name} asks for the result of a job that is done, and there is no such job"))
        })
    });
    stage.finally("what nobody can ask for is gone", move || match is_kept() {
        false => Ok(()),
        true => Err("everybody has read the result and left, and the runner keeps it for ever".to_owned()),
    });

    for (place, ((name, asks), reader)) in READERS.into_iter().zip(readers).enumerate() {
        let got = got.clone();
        stage.spawn(name, async move {
            if asks > ms(0) {
                sleep(asks).labelled("a moment to ask").await;
            }
            got[place].set(if reader.await.is_ok() { Read::Result } else { Read::Nothing });
        });
    }
}
