//! A clock that jumps from one deadline to the next, and a monotone radix heap
//! of them: nothing is cancelled, what is no longer wanted wakes in vain.

use std::cell::RefCell;
use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::task::{Poll, Waker};

/// Deadlines by the highest bit in which they differ from the last one that
/// was reached, so that each moves at most once per bit.
struct Clock {
    now: u64,
    buckets: [Vec<(u64, Waker)>; 65],
    /// The wakers of those that are due, the last first.
    due: Vec<Waker>,
}

thread_local! {
    static CLOCK: RefCell<Clock> = const { RefCell::new(Clock::new()) };
}

impl Clock {
    const fn new() -> Self {
        Clock { now: 0, buckets: [const { Vec::new() }; 65], due: Vec::new() }
    }

    fn arm(&mut self, at: u64, waker: Waker) {
        self.buckets[(64 - (at ^ self.now).leading_zeros()) as usize].push((at, waker));
    }

    /// The next waker that is due, for which time may pass.
    fn next(&mut self) -> Option<Waker> {
        if self.due.is_empty() {
            let bucket = self.buckets.iter().position(|bucket| !bucket.is_empty())?;
            let mut moving = mem::take(&mut self.buckets[bucket]);
            self.now = moving.iter().map(|(at, _)| *at).min()?;
            for (at, waker) in moving.drain(..) {
                if at == self.now {
                    self.due.push(waker);
                } else {
                    self.arm(at, waker);
                }
            }
            self.due.reverse();
            self.buckets[bucket] = moving;
        }
        self.due.pop()
    }
}

/// Begins anew, at zero.
pub fn reset() {
    CLOCK.set(Clock::new());
}

/// Wakes who is due next; false when there is nobody.
pub fn advance() -> bool {
    let next = CLOCK.with_borrow_mut(Clock::next);
    next.map(Waker::wake).is_some()
}

pub async fn sleep(milliseconds: u64) {
    let at = deadline(milliseconds);
    let mut is_armed = false;
    poll_fn(|cx| {
        CLOCK.with_borrow_mut(|clock| {
            if clock.now >= at {
                return Poll::Ready(());
            }
            if !mem::replace(&mut is_armed, true) {
                clock.arm(at, cx.waker().clone());
            }
            Poll::Pending
        })
    })
    .await;
}

/// The future is made where it stays: to move what was just written takes longer than to write it.
pub async fn timeout<F: Future>(milliseconds: u64, make: impl FnOnce() -> F) -> Option<F::Output> {
    let mut future = pin!(make());
    let mut over = pin!(sleep(milliseconds));
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => over.as_mut().poll(cx).map(|()| None),
    })
    .await
}

fn deadline(milliseconds: u64) -> u64 {
    CLOCK.with_borrow(|clock| clock.now + milliseconds * 1_000_000)
}
