//! Bug 17: a future that is made and never polled.
//!
//! From the task runner, pitfall 8.1: an async function is handed to a thread, which calls it and has a future then,
//! and nobody awaits that. Two jobs hash a text each. In the buggy version both are done and neither has a digest. The
//! half-fix spawns the future: it is polled, some time after its job was said to be done.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{MustPoll, Sleep, must_poll, note, sleep, spawn_named};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::ms;
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "never-polled",
    number: 17,
    title: "The future that was never polled",
    sentence: "The function was called, the job is done, and nothing has been computed.",
    family: Family::Futures,
    origins: &[Origin::Seed("a Python task runner")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "never_polled/buggy.rs",
            source: include_str!("never_polled/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails { invariant: "every future is polled", schedule: "replay-job-A.job-B.~.job-B" }),
        },
        Variant {
            role: Role::HalfFix,
            file: "never_polled/half_fixed.rs",
            source: include_str!("never_polled/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails { invariant: "done means computed", schedule: "replay-job-A.job-B.~.job-B" }),
        },
        Variant {
            role: Role::Fixed,
            file: "never_polled/fixed.rs",
            source: include_str!("never_polled/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// A job, and the task that its hash would be.
#[derive(Clone, Copy)]
struct Text {
    job: Name,
    hash: Name,
    place: usize,
}

const TEXTS: [Text; 2] =
    [Text { job: "job-A", hash: "hash-A", place: 0 }, Text { job: "job-B", hash: "hash-B", place: 1 }];

/// What is true of a text.
#[derive(Default)]
struct Facts {
    digest: Tracked<Option<u64>>,
    is_done: Tracked<bool>,
    /// A future was made for it, and dropped before anybody polled it.
    was_wasted: Tracked<bool>,
}

#[derive(Default)]
struct Store([Facts; TEXTS.len()]);

impl Store {
    fn put(&self, text: Text, digest: u64) {
        self.0[text.place].digest.set(Some(digest));
    }

    /// Says of the text's job that it is done.
    fn complete(&self, text: Text) {
        self.0[text.place].is_done.set(true);
    }

    /// Sees to it that a future for the text is polled.
    #[track_caller]
    fn watch<F: Future>(self: &Rc<Self>, text: Text, future: F) -> Watched<F> {
        Watched { future: Box::pin(must_poll(text.hash, future)), store: self.clone(), text, is_polled: false }
    }
}

/// A future that tells when it is dropped and was never polled.
struct Watched<F> {
    future: Pin<Box<MustPoll<F>>>,
    store: Rc<Store>,
    text: Text,
    is_polled: bool,
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.is_polled = true;
        self.future.as_mut().poll(cx)
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        if !self.is_polled {
            self.store.0[self.text.place].was_wasted.set(true);
        }
    }
}

/// Calls a function on another thread, which takes a moment, and gives what it returned.
#[track_caller]
fn to_thread<T>(function: impl FnOnce() -> T) -> impl Future<Output = T> {
    let thread = sleep(ms(20)).labelled("a thread");
    async move {
        thread.await;
        function()
    }
}

/// The hashing of a part of a text.
#[track_caller]
fn hash_part() -> Sleep {
    sleep(ms(50)).labelled("the hash")
}

/// FNV-1a, 64 bits.
fn digest(text: Text) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.job.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, step)
}

fn buggy(stage: &Stage) {
    let store = Rc::new(Store::default());
    set(stage, &store, &|text, store| Box::pin(buggy::run(text, store)));
}

fn half_fixed(stage: &Stage) {
    let store = Rc::new(Store::default());
    set(stage, &store, &|text, store| Box::pin(half_fixed::run(text, store)));
}

fn fixed(stage: &Stage) {
    let store = Rc::new(Store::default());
    set(stage, &store, &|text, store| Box::pin(fixed::run(text, store)));
}

type Job = Pin<Box<dyn Future<Output = ()>>>;

/// The scenario, the same for every version: which jobs there are, what is shown, what must hold.
fn set(stage: &Stage, store: &Rc<Store>, job: &dyn Fn(Text, Rc<Store>) -> Job) {
    for text in TEXTS {
        let seen = store.clone();
        stage.show(text.hash, move || match seen.0[text.place].digest.get() {
            Some(digest) => format!("…{:04x}", digest & 0xffff),
            None => "missing".to_owned(),
        });
    }
    let seen = store.clone();
    stage.show("done", move || {
        let done = TEXTS.iter().filter(|text| seen.0[text.place].is_done.get());
        let done: Vec<_> = done.map(|text| text.job).collect();
        if done.is_empty() { "none".to_owned() } else { done.join(", ") }
    });
    let seen = store.clone();
    stage.always("every future is polled", move || {
        let wasted = TEXTS.iter().find(|text| seen.0[text.place].was_wasted.get());
        wasted.map_or(Ok(()), |text| Err(format!("{} was made, and dropped before anybody polled it", text.hash)))
    });
    let seen = store.clone();
    stage.always("done means computed", move || {
        let facts = |text: &&Text| &seen.0[text.place];
        let early = TEXTS.iter().find(|text| facts(text).is_done.get() && facts(text).digest.get().is_none());
        early.map_or(Ok(()), |text| Err(format!("{} is done, and {} is missing", text.job, text.hash)))
    });
    for text in TEXTS {
        stage.spawn(text.job, job(text, store.clone()));
    }
}
