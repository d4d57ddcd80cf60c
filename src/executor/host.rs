//! Hosts: who tells an executor the time, and wakes it when that has come.
//!
//! A host does nothing else. [`thread`] parks a native thread, `browser` lets the page's event loop call back, and
//! [`embedded`] drives an executor as a future inside another runtime. Without a host the clock is virtual. An
//! executor without work causes no wake-ups at all, whatever its host.

#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod browser;
pub mod embedded;
#[cfg(not(target_arch = "wasm32"))]
pub mod thread;

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use super::{Executor, JoinError, JoinHandle};
use crate::time::Instant;

/// How many polls a host makes before it looks at its clock again.
const POLLS_PER_TURN: u32 = 256;

/// What a host has to do next.
enum Turn<T> {
    /// The main task ended.
    Ended(Result<T, JoinError>),
    /// Tasks are ready: call again, and let the surroundings have a turn first if it is time.
    Ready,
    /// Nothing to do before this moment, or before somebody wakes us.
    Idle(Option<Instant>),
}

/// One turn of every live host: hear from other threads, look at the clock, make at most `polls` polls of what is
/// ready. Where polls have a budget of time, each of them is measured.
fn turn<T: 'static>(
    executor: &Executor,
    now: &impl Fn() -> Instant,
    polls: u32,
    main: &mut JoinHandle<T>,
    host: &Waker,
) -> Turn<T> {
    let core = executor.core();
    core.set_driver(None);
    core.collect_remote_wakes(host);
    executor.advance_to(now());
    let ready = match core.rules().time {
        None => executor.run_some(polls),
        Some(budget) => executor.run_some_within(polls, budget, now),
    };
    if let Poll::Ready(result) = Pin::new(main).poll(&mut Context::from_waker(host)) {
        return Turn::Ended(result);
    }
    if ready {
        return Turn::Ready;
    }
    core.set_driver(Some(host));
    Turn::Idle(executor.next_deadline())
}
