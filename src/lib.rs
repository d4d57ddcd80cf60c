//! Step through async bugs until they cannot happen.
//!
//! One single-threaded executor that runs live, steps forwards and backwards, and is searched schedule by schedule.
//! The modules stand in the order in which to read them; each uses only those above it.
#![deny(unsafe_code)]
#![warn(missing_docs)]

// An example that also runs in the page names the crate as any program does.
extern crate self as unstuck;

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

#[cfg_attr(not(feature = "bugs"), allow(dead_code, unused_imports))]
pub mod bugs;

pub mod snapshot;

pub mod report;

pub mod session;

pub mod demo;

pub mod desk;

// Not in the tests within: beside the library, on which they depend for its features, each export would be there twice.
#[cfg(all(target_arch = "wasm32", feature = "web", not(test)))]
pub mod web;

pub use executor::{
    Elapsed, Executor, JoinError, JoinHandle, fault, note, now, sleep, spawn, spawn_named, timeout, yield_now,
};

/// The examples of the README, which run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
