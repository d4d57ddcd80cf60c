//! How a workload notices that all its tasks are done, and how a task yields.
//! Both are the same code for every entrant.
//!
//! A global counter, because a reference-counted one would add a clone per
//! spawn to every row. One thread writes it, so that a relaxed load and store
//! cost what a plain counter costs, and need no unsafe code.

use std::future::poll_fn;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Poll, Waker};

static MISSING: AtomicU64 = AtomicU64::new(0);
static WAITER: Mutex<Option<Waker>> = Mutex::new(None);

/// Expects this many arrivals from now on.
pub fn expect(arrivals: u64) {
    MISSING.store(arrivals, Relaxed);
    waiter().take();
}

/// Counts one arrival; the last one wakes whoever waits in [`all_arrived`].
#[inline]
pub fn arrive() {
    let missing = MISSING.load(Relaxed) - 1;
    MISSING.store(missing, Relaxed);
    if missing == 0
        && let Some(waker) = waiter().take()
    {
        waker.wake();
    }
}

/// How many arrivals are still to come.
pub fn missing() -> u64 {
    MISSING.load(Relaxed)
}

/// Waits for the last arrival.
pub async fn all_arrived() {
    poll_fn(|cx| {
        if missing() == 0 {
            return Poll::Ready(());
        }
        *waiter() = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
}

/// Wakes itself and is pending once: no executor's own yield, so that a row
/// compares ready queues and wakers rather than special cases.
pub async fn yield_once() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn waiter() -> std::sync::MutexGuard<'static, Option<Waker>> {
    WAITER.lock().expect("a bench has one thread")
}
