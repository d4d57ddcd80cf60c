//! Step through async bugs until they cannot happen.
//!
//! One single-threaded executor that runs live, steps forwards and backwards, and is searched schedule by schedule.
//!
//! | to | there is |
//! |---|---|
//! | run futures on one thread, in virtual time | [`Executor`] |
//! | run them in real time: in a browser, on a thread, inside another runtime | [`executor::host`] |
//! | let tasks share, and wait for each other | [`sync`] |
//! | run jobs with a queue, time limits, retries and cancellation | [`runner::TaskRunner`] |
//! | stop calling what does not work | [`breaker::CircuitBreaker`] |
//! | try again, and not too often | [`retry`] |
//! | put tasks together to pipelines, and fence them by policies | [`flow`] |
//! | tell others what happens | [`bus::EventBus`] |
//! | have every schedule tried in a test | [`explore::assert_holds`], [`explore::check`] |
//!
//! The clock stands still while a task runs, and jumps when none can:
//!
//! ```
//! use unstuck::time::ms;
//! use unstuck::{Executor, now, sleep, spawn, timeout};
//!
//! let waited = Executor::new().block_on(async {
//!     let slow = spawn(async { sleep(ms(3_600_000)).await });
//!     assert!(timeout(ms(60_000), slow).await.is_err());
//!     now().to_string()
//! });
//! assert_eq!(waited, "60 s");
//! ```
//!
//! A test says what must hold, and the search finds the schedule under which it does not; [`explore::assert_holds`]
//! fails with it:
//!
//! ```
//! use std::rc::Rc;
//! use unstuck::explore::{Options, check};
//! use unstuck::scenario::Stage;
//! use unstuck::sync::Tracked;
//! use unstuck::yield_now;
//!
//! fn two_increments(stage: &Stage) {
//!     let count = Rc::new(Tracked::new(0));
//!     for name in ["A", "B"] {
//!         let count = count.clone();
//!         stage.spawn(name, async move {
//!             let seen = count.get();
//!             yield_now().await;
//!             count.set(seen + 1);
//!         });
//!     }
//!     stage.finally("no increment is lost", move || match count.get() {
//!         2 => Ok(()),
//!         seen => Err(format!("two tasks incremented, and the count is {seen}")),
//!     });
//! }
//!
//! let report = check(&two_increments, &Options::default());
//! assert_eq!(report.failure.unwrap().schedule, "replay-A.B.B.A");
//! ```
//!
//! In the source, the modules stand in the order in which to read them; each uses only those above it.
#![deny(unsafe_code)]
#![warn(missing_docs, clippy::missing_errors_doc)]

// An example that also runs in the page names the crate as any program does.
extern crate self as unstuck;

mod overwrite;
mod sorted;

pub mod time;
pub mod trace;

pub mod executor;
pub mod sync;

pub mod bus;

pub mod breaker;
pub mod retry;

pub mod runner;

pub mod flow;

pub mod schedule;

pub mod finding;

pub mod scenario;

pub mod explore;

// From here on, what the page is made of.

#[cfg(feature = "page")]
#[cfg_attr(not(feature = "bugs"), allow(dead_code, unused_imports))]
pub mod bugs;

#[cfg(feature = "page")]
pub mod snapshot;

#[cfg(feature = "page")]
pub mod report;

#[cfg(feature = "page")]
pub mod session;

#[cfg(feature = "page")]
pub mod demo;

#[cfg(feature = "page")]
pub mod desk;

// Not in the tests within: beside the library, on which they depend for its features, each export would be there twice.
#[cfg(all(target_arch = "wasm32", feature = "web", not(test)))]
#[allow(clippy::missing_errors_doc, reason = "JavaScript reads these docs, where every error is thrown")]
pub mod web;

pub use executor::{
    Elapsed, Executor, JoinError, JoinHandle, fault, note, now, sleep, spawn, spawn_named, timeout, yield_now,
};

/// The examples of the README, which run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
