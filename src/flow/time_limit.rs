//! Limits of time: of an attempt, and of all attempts together.

use core::future::Future;
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

/// How long something may take, and whether that is over; no limit, when there is none.
pub(super) struct TimeLimit {
    until: Option<Instant>,
    stage: Stage,
}

enum Stage {
    /// Only work that really waits sets an alarm.
    Quick,
    Waiting {
        alarm: Sleep,
    },
    Over {
        /// Whether nobody else had asked to stop before.
        is_first: bool,
    },
}

impl TimeLimit {
    /// A limit that is over `after` so many nanoseconds, from when it has begun.
    #[inline]
    pub(super) fn new(after: Option<u64>, begun: Moment) -> Self {
        let until = after.map(|after| begun.time().plus_nanos(after));
        TimeLimit { until, stage: Stage::Quick }
    }

    /// The context in which the limited work runs, if there is a limit.
    #[inline]
    fn around<'a>(&self, cx: &'a RunCx<'_>) -> Option<RunCx<'a>> {
        self.until.map(|until| cx.narrowed(until))
    }

    /// The context of work that has two limits: it is asked to stop at the earlier.
    #[inline]
    pub(super) fn around_both<'a>(&self, other: &TimeLimit, cx: &'a RunCx<'_>) -> Option<RunCx<'a>> {
        let earlier = match (self.until, other.until) {
            (Some(until), Some(other)) => until.min(other),
            (until, other) => until.or(other)?,
        };
        Some(cx.narrowed(earlier))
    }

    /// Whether a search lets it win over whatever has come in the same poll.
    fn wins_tie(&self) -> bool {
        matches!(&self.stage, Stage::Waiting { alarm } if alarm.wins_tie())
    }

    #[inline]
    fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. })
    }

    /// Whether it was this limit that stopped the work. Then whatever error that ends with is the limit's; a value
    /// that it gives nevertheless is its own.
    pub(super) fn is_hit(&self) -> bool {
        matches!(self.stage, Stage::Over { is_first: true })
    }

    /// Does something that waits, until its time is over.
    pub(super) async fn bound<T, E>(
        &mut self,
        cx: &RunCx<'_>,
        wait: impl AsyncFnOnce(&RunCx<'_>) -> Result<T, E>,
    ) -> Lean<T, E> {
        let limited = self.around(cx);
        let within = limited.as_ref().unwrap_or(cx);
        Bounded { work: pin!(wait(within)), within, around: cx, all: self, attempt: None }.await
    }

    /// Ready when the time is over just now, and the work within has been told through its context.
    fn is_over(
        &mut self,
        reason: CancelReason,
        (within, around): (&RunCx<'_>, &RunCx<'_>),
        poll: &mut Context<'_>,
    ) -> Poll<()> {
        let Some(until) = self.until else { return Poll::Pending };
        if let Stage::Quick = self.stage {
            self.stage = Stage::Waiting { alarm: sleep_until(until).labelled(TIME_LIMIT) };
        }
        let Stage::Waiting { alarm } = &mut self.stage else { return Poll::Pending };
        ready!(Pin::new(alarm).poll(poll));
        self.stage = Stage::Over { is_first: around.cancel_reason().is_none() };
        within.scope().cancel(reason);
        Poll::Ready(())
    }
}

/// Asks work to stop when its time is over, and waits until it has. Its failure is boxed.
pub(super) struct Bounded<'a, P> {
    pub(super) work: Pin<P>,
    /// The context in which the work runs, and what is around it.
    pub(super) within: &'a RunCx<'a>,
    pub(super) around: &'a RunCx<'a>,
    /// The limit of all attempts, and that of this one.
    pub(super) all: &'a mut TimeLimit,
    pub(super) attempt: Option<&'a mut TimeLimit>,
}

impl<P> Bounded<'_, P> {
    /// Ready when the time is over just now, and the work has been told. The limit of the attempt comes first.
    #[cold]
    fn is_over(&mut self, poll: &mut Context<'_>) -> Poll<()> {
        if let Some(attempt) = &mut self.attempt
            && attempt.is_over(CancelReason::Timeout, (self.within, self.within), poll).is_ready()
        {
            return Poll::Ready(());
        }
        self.all.is_over(CancelReason::Deadline, (self.within, self.around), poll)
    }

    /// Tells the work that its time is over before it is polled, where a search lets that happen.
    #[cold]
    fn let_time_win(&mut self, poll: &mut Context<'_>) {
        let wins = self.attempt.as_deref().is_some_and(TimeLimit::wins_tie) || self.all.wins_tie();
        if wins {
            let _ = self.is_over(poll);
        }
    }
}

impl<T, E, P> Future for Bounded<'_, P>
where
    P: DerefMut<Target: Future<Output = Result<T, E>>> + Unpin,
{
    type Output = Lean<T, E>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Lean<T, E>> {
        if self.all.is_waiting() || self.attempt.as_deref().is_some_and(TimeLimit::is_waiting) {
            self.let_time_win(poll);
        }
        loop {
            match boxing(self.work.as_mut().poll(poll)) {
                Poll::Ready(outcome) => return Poll::Ready(outcome),
                // Work that was told is polled again, and stops.
                Poll::Pending => ready!(self.is_over(poll)),
            }
        }
    }
}
