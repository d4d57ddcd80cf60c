//! Waiting for time, and giving way.

use core::fmt;
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use pin_project_lite::pin_project;

use super::core::Core;
use super::registry::entered_now;
use super::running;
use super::timers::Ticket;
use crate::time::{Duration, Instant};
use crate::trace::{Name, Place, Wait};

/// The time on the clock of the executor that runs the caller.
///
/// # Panics
///
/// Outside of an executor.
#[inline]
#[track_caller]
pub fn now() -> Instant {
    match entered_now() {
        Some(now) => now,
        None => running("now").now(),
    }
}

/// Waits for `duration`, counted from this call.
///
/// Dropping the future disarms its timer.
///
/// # Panics
///
/// Outside of an executor.
#[inline]
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    let core = running("sleep");
    let deadline = core.now() + duration;
    Sleep { core, deadline, timer: Timer::Unasked, label: None, place: Location::caller() }
}

/// Waits until `deadline`; returns at once when that has passed.
///
/// # Panics
///
/// Outside of an executor.
#[track_caller]
pub fn sleep_until(deadline: Instant) -> Sleep {
    let core = running("sleep_until");
    Sleep { core, deadline, timer: Timer::Unasked, label: None, place: Location::caller() }
}

/// Waits for a moment. See [`sleep`].
#[must_use = "a sleep that is not awaited does not wait"]
pub struct Sleep {
    core: Rc<Core>,
    deadline: Instant,
    timer: Timer,
    label: Option<Name>,
    place: Place,
}

/// Whether the sleep has its timer. It does not know when that fires.
enum Timer {
    /// Nobody has polled it, though it was made for that.
    Unasked,
    /// It needs none: it was over when it was polled, or nobody need ever poll it.
    Unneeded,
    Armed(Ticket),
}

impl Sleep {
    /// Says what the wait stands for, such as `service`: it is shown as *what the task waits for*.
    pub fn labelled(mut self, label: Name) -> Self {
        self.label = Some(label);
        self
    }

    /// Says where the wait stands, for whoever waits on behalf of others.
    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// It bounds the time of something else, which may be over before anybody asks for the time.
    pub(crate) fn in_reserve(mut self) -> Self {
        self.timer = Timer::Unneeded;
        self
    }

    /// The moment that it waits for.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether it is over, and a search lets it win over whatever has come in the same poll.
    #[inline]
    pub(crate) fn wins_tie(&self) -> bool {
        self.core.is_attended() && self.core.time_wins(self.deadline)
    }
}

impl Future for Sleep {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.core.now() >= this.deadline {
            if let Timer::Unasked = this.timer {
                this.timer = Timer::Unneeded;
            }
            return Poll::Ready(());
        }
        match this.timer {
            Timer::Armed(timer) => this.core.rearm(timer, cx.waker()),
            Timer::Unasked | Timer::Unneeded => {
                this.timer = Timer::Armed(this.core.arm(this.deadline, cx.waker()));
            }
        }
        this.core.record_wait(|| Wait::Time { until: this.deadline, label: this.label }, this.place);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        match self.timer {
            Timer::Armed(timer) => self.core.disarm(self.deadline, timer),
            Timer::Unneeded => {}
            Timer::Unasked => self.core.lint_unpolled(self.label.unwrap_or("a moment"), self.place),
        }
    }
}

/// Gives every other ready task a turn first.
///
/// Unlike in some schedule explorers it does not lower a priority: it is a plain scheduling point.
#[track_caller]
pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false, place: Location::caller() }
}

/// Gives way once. See [`yield_now`].
#[must_use = "a yield that is not awaited does not give way"]
pub struct YieldNow {
    yielded: bool,
    place: Place,
}

impl Future for YieldNow {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        if let Some(core) = super::entered_recorder() {
            core.record_wait(|| Wait::Turn, self.place);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// What a wait is labelled that only ends others: see [`Sleep::labelled`].
pub(crate) const TIME_LIMIT: Name = "time limit";

/// Gives `future` at most `duration`, counted from this call.
///
/// When both happen in the same poll, the result wins, unless a search was told that
/// [time may win](crate::scenario::Stage::time_may_win). When the time runs out, the future is dropped together with
/// the [`Timeout`], by whoever owns it; an error of the future itself is not mistaken for it.
///
/// # Panics
///
/// Outside of an executor.
///
/// ```
/// use unstuck::time::ms;
/// use unstuck::{Elapsed, Executor, sleep, timeout};
///
/// Executor::new().block_on(async {
///     assert_eq!(timeout(ms(10), async { 1 }).await, Ok(1));
///     assert_eq!(timeout(ms(10), sleep(ms(11))).await, Err(Elapsed));
/// });
/// ```
#[inline]
#[track_caller]
pub fn timeout<F: Future>(duration: Duration, future: F) -> Timeout<F> {
    Timeout { future, deadline: sleep(duration).labelled(TIME_LIMIT).in_reserve() }
}

/// The time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time ran out")
    }
}

impl std::error::Error for Elapsed {}

pin_project! {
    /// A future with a deadline. See [`timeout`].
    #[must_use = "a timeout that is not awaited does nothing"]
    pub struct Timeout<F> {
        #[pin]
        future: F,
        deadline: Sleep,
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    // What it waits for is awaited where it is awaited itself.
    #[track_caller]
    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        poll_in_time(this.deadline, this.future, cx)
    }
}

/// Polls `future`, which has time until `deadline`.
#[track_caller]
#[inline]
pub(crate) fn poll_in_time<F: Future>(
    deadline: &mut Sleep,
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<Result<F::Output, Elapsed>> {
    if deadline.wins_tie() {
        return Poll::Ready(Err(Elapsed));
    }
    let recorded = deadline.core.recorded();
    if let Poll::Ready(output) = future.poll(cx) {
        return Poll::Ready(Ok(output));
    }
    if Pin::new(&mut *deadline).poll(cx).is_pending() {
        return Poll::Pending;
    }
    // Nobody waits any more for what the future waited for.
    deadline.core.retract_waits(recorded);
    Poll::Ready(Err(Elapsed))
}
