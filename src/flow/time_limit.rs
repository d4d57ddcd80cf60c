//! Limits of time: of an attempt, and of all attempts together.

use core::future::Future;
use core::ops::DerefMut;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use super::cx::RunCx;
use super::lean::{Lean, boxing};
use crate::executor::{Sleep, TIME_LIMIT, now, sleep_until};
use crate::time::{Duration, Instant};
use crate::trace::CancelReason;

/// How long something may take, and whether that is over; no limit, when there is none.
pub(super) struct TimeLimit {
    until: Option<Instant>,
    reason: CancelReason,
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
    /// A limit that is over `after` so long, from now on. Then work is asked to stop for this reason.
    #[inline]
    pub(super) fn new(after: Option<Duration>, reason: CancelReason) -> Self {
        TimeLimit { until: after.map(|after| now() + after), reason, stage: Stage::Quick }
    }

    /// The context in which the limited work runs, if there is a limit.
    #[inline]
    pub(super) fn around<'a>(&self, cx: &'a RunCx<'_>) -> Option<RunCx<'a>> {
        self.until.map(|until| cx.narrowed(until))
    }

    /// Whether it was this limit that stopped the work. Then whatever error that ends with is the limit's; a value
    /// that it gives nevertheless is its own.
    pub(super) fn is_hit(&self) -> bool {
        matches!(self.stage, Stage::Over { is_first: true })
    }

    /// Ready when the time is over just now, and the work has been told through its context.
    fn is_over(&mut self, cx: &RunCx<'_>, poll: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until else { return Poll::Pending };
        if let Stage::Quick = self.stage {
            self.stage = Stage::Waiting { alarm: sleep_until(until).labelled(TIME_LIMIT) };
        }
        let Stage::Waiting { alarm } = &mut self.stage else { return Poll::Pending };
        ready!(Pin::new(alarm).poll(poll));
        self.stage = Stage::Over { is_first: cx.scope().cancel(self.reason) };
        Poll::Ready(())
    }
}

/// A limit, and the context in which its work runs.
pub(super) type Limited<'a> = (&'a RunCx<'a>, &'a mut TimeLimit);

/// Asks work to stop when its time is over, and waits until it has. Its failure is boxed.
pub(super) struct Bounded<'a, P> {
    work: Pin<P>,
    inner: Limited<'a>,
    outer: Option<Limited<'a>>,
}

impl<'a, P> Bounded<'a, P> {
    #[inline]
    pub(super) fn new(work: Pin<P>, inner: Limited<'a>, outer: Option<Limited<'a>>) -> Self {
        Bounded { work, inner, outer }
    }

    /// Ready when the time is over just now, and the work has been told. The inner limit comes first.
    #[cold]
    fn is_over(&mut self, poll: &mut Context<'_>) -> Poll<()> {
        let (cx, limit) = &mut self.inner;
        if limit.is_over(cx, poll).is_ready() {
            return Poll::Ready(());
        }
        self.outer.as_mut().map_or(Poll::Pending, |(cx, limit)| limit.is_over(cx, poll))
    }
}

impl<T, E, P> Future for Bounded<'_, P>
where
    P: DerefMut<Target: Future<Output = Result<T, E>>> + Unpin,
{
    type Output = Lean<T, E>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, poll: &mut Context<'_>) -> Poll<Lean<T, E>> {
        loop {
            match boxing(self.work.as_mut().poll(poll)) {
                Poll::Ready(outcome) => return Poll::Ready(outcome),
                // Work that was told is polled again, and stops.
                Poll::Pending => ready!(self.is_over(poll)),
            }
        }
    }
}
