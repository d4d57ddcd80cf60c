//! A native thread as the host: it runs what is ready, and parks until the next deadline or wake-up.

use core::task::Waker;
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};
use std::time::Instant as SystemInstant;

use super::{POLLS_PER_TURN, Turn, turn};
use crate::executor::{Executor, JoinError, JoinHandle};
use crate::time::Instant;

/// Runs `executor` on this thread, in real time, until the task of `main` ends.
///
/// Other threads may wake its tasks. While nothing is to be done the thread is parked.
///
/// ```
/// use unstuck::executor::host::thread;
/// use unstuck::time::ms;
/// use unstuck::{Executor, sleep};
///
/// let executor = Executor::new();
/// let main = executor.spawn(async {
///     sleep(ms(2)).await;
///     "two milliseconds later"
/// });
/// assert_eq!(thread::run(&executor, main), Ok("two milliseconds later"));
/// ```
///
/// # Errors
///
/// A [`JoinError`], when `main` was cancelled or panicked.
pub fn run<T: 'static>(executor: &Executor, mut main: JoinHandle<T>) -> Result<T, JoinError> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let base = executor.now() - Instant::ZERO;
    let start = SystemInstant::now();
    let now = || Instant::ZERO + base + start.elapsed();
    loop {
        match turn(executor, &now, POLLS_PER_TURN, &mut main, &waker) {
            Turn::Ended(result) => return result,
            Turn::Ready => {}
            Turn::Idle(Some(deadline)) => thread::park_timeout(deadline - now()),
            Turn::Idle(None) => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}
