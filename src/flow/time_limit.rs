//! Limits of time: of an attempt, and of all attempts together.

use core::future::Future;
use core::mem;
use core::ops::DerefMut;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, ready};

use super::cx::RunCx;
use super::lean::{Lean, boxing};
use crate::executor::{Sleep, TIME_LIMIT, entered_now, now, sleep_until};
use crate::time::Instant;
use crate::trace::CancelReason;

/// When something begins. The clock stands still while a task is polled, so it is read once for all policies.
#[derive(Clone, Copy)]
pub(super) struct Moment(Option<Instant>);

impl Moment {
    #[inline]
    pub(super) fn now() -> Self {
        Moment(entered_now())
    }

    /// The time; none outside of an executor.
    #[inline]
    pub(super) fn if_known(self) -> Option<Instant> {
        self.0
    }

    /// The time.
    ///
    /// # Panics
    ///
    /// Outside of an executor.
    #[inline]
    pub(super) fn time(self) -> Instant {
        self.0.unwrap_or_else(outside)
    }
}

/// There is no time, and `now` says so.
#[cold]
fn outside() -> Instant {
    now()
}

/// Until when a run has time, and the attempt that is under way; the end of time, where there is no limit.
pub(super) struct TimeLimits {
    run: Instant,
    attempt: Instant,
    /// Only work that really waits sets an alarm, for the earlier of the two.
    alarm: Option<Sleep>,
    /// Which of them was over before anybody else had asked to stop.
    run_is_hit: bool,
    attempt_is_hit: bool,
}

/// The moment `after` so many nanoseconds from when something has begun.
#[inline]
fn until(after: Option<u64>, begun: Moment) -> Instant {
    after.map_or(Instant::FAR_FUTURE, |after| begun.time().plus_nanos(after))
}

impl TimeLimits {
    /// Limits all attempts together.
    #[inline]
    pub(super) fn of_run(after: Option<u64>, begun: Moment) -> Self {
        let run = until(after, begun);
        let (run_is_hit, attempt_is_hit) = (false, false);
        TimeLimits { run, attempt: Instant::FAR_FUTURE, alarm: None, run_is_hit, attempt_is_hit }
    }

    /// Limits an attempt, too.
    #[inline]
    pub(super) fn begin_attempt(&mut self, after: Option<u64>, begun: Moment) {
        self.attempt = until(after, begun);
    }

    /// Whether it was its own limit that stopped the attempt, which has ended.
    pub(super) fn end_attempt(&mut self) -> bool {
        (self.attempt, self.alarm) = (Instant::FAR_FUTURE, None);
        mem::take(&mut self.attempt_is_hit)
    }

    /// Whether it was the limit of all attempts that stopped the work. Then whatever error that ends with is the
    /// limit's; a value that it gives nevertheless is its own.
    pub(super) fn is_hit(&self) -> bool {
        self.run_is_hit
    }

    /// Whether a search lets the time win over whatever has come in the same poll.
    #[inline]
    fn win_tie(&self) -> bool {
        self.alarm.as_ref().is_some_and(Sleep::wins_tie)
    }

    /// When the work that is under way is asked to stop.
    #[inline]
    pub(super) fn earlier(&self) -> Instant {
        self.run.min(self.attempt)
    }

    /// Does something that waits, until its time is over.
    pub(super) async fn bound<T, E: From<CancelReason>>(
        &mut self,
        cx: &RunCx<'_>,
        wait: impl AsyncFnOnce(&RunCx<'_>) -> Result<T, E>,
    ) -> Lean<T, E> {
        let within = cx.narrowed(self.earlier());
        let outcome = Bounded { work: pin!(boxing(wait(&within))), within: &within, limits: self }.await;
        self.alarm = None;
        outcome
    }

    /// Which time is over just now, when one is; the work within has been told. That of the attempt comes first.
    #[cold]
    fn poll_over(&mut self, within: &impl Within, poll: &mut Context<'_>) -> Poll<CancelReason> {
        let earlier = self.earlier();
        if earlier == Instant::FAR_FUTURE {
            return Poll::Pending;
        }
        let alarm = self.alarm.get_or_insert_with(|| sleep_until(earlier).labelled(TIME_LIMIT));
        ready!(Pin::new(alarm).poll(poll));
        self.alarm = None;
        let (limit, is_hit, reason) = if earlier == self.attempt {
            (&mut self.attempt, &mut self.attempt_is_hit, CancelReason::Timeout)
        } else {
            (&mut self.run, &mut self.run_is_hit, CancelReason::Deadline)
        };
        *limit = Instant::FAR_FUTURE;
        *is_hit = within.time_is_up(reason);
        Poll::Ready(reason)
    }
}

/// Through what limited work is asked to stop.
pub(super) trait Within {
    /// Whether it can be asked, and then stops when it is polled again. What cannot is dropped.
    const STOPS: bool;

    /// Asks it to stop; false when somebody else had asked before.
    fn time_is_up(&self, reason: CancelReason) -> bool;
}

impl Within for RunCx<'_> {
    const STOPS: bool = true;

    fn time_is_up(&self, reason: CancelReason) -> bool {
        let is_first = match reason {
            CancelReason::Deadline => self.scope().reason_around().is_none(),
            _ => self.scope().reason().is_none(),
        };
        self.scope().cancel(reason);
        is_first
    }
}

/// Around a call that nobody can ask to stop.
pub(super) struct Alone;

impl Within for Alone {
    const STOPS: bool = false;

    fn time_is_up(&self, _: CancelReason) -> bool {
        true
    }
}

/// Asks work to stop when its time is over, and waits until it has.
pub(super) struct Bounded<'a, P, W> {
    pub(super) work: Pin<P>,
    pub(super) within: &'a W,
    pub(super) limits: &'a mut TimeLimits,
}

impl<T, E, P, W> Future for Bounded<'_, P, W>
where
    P: DerefMut<Target: Future<Output = Lean<T, E>>> + Unpin,
    E: From<CancelReason>,
    W: Within,
{
    type Output = Lean<T, E>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Lean<T, E>> {
        let Bounded { work, within, limits } = &mut *self;
        let mut over = if limits.win_tie() { limits.poll_over(*within, poll) } else { Poll::Pending };
        loop {
            if let Poll::Ready(reason) = over
                && !W::STOPS
            {
                return Poll::Ready(Err(Box::new(reason.into())));
            }
            if let Poll::Ready(outcome) = work.as_mut().poll(poll) {
                return Poll::Ready(outcome);
            }
            over = Poll::Ready(ready!(limits.poll_over(*within, poll)));
        }
    }
}
