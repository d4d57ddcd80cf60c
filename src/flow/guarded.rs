//! A workflow behind its policies.

use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::Poll;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::Failure;
use super::policies::Policies;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};
use crate::breaker::Verdict;
use crate::executor::{TIME_LIMIT, now, sleep, sleep_until};
use crate::time::Instant;
use crate::trace::CancelReason;

/// Runs a workflow behind [`Policies`]. It is the same node as the workflow, in more than one attempt.
///
/// By default a circuit counts an own error, a panic and a timeout as failures, and ignores the rest; and everything
/// is tried again but a panic, a cancellation and a passed deadline. A rejection is tried again when the circuit
/// says that it makes sense, or after the backoff, whichever is later. When the deadline would pass while a retry
/// waits, the failure is returned at once.
pub struct Guarded<W: Workflow> {
    inner: W,
    policies: Policies,
    verdict: fn(&Failure<W::Error>) -> Verdict,
    may_retry: fn(&Failure<W::Error>) -> bool,
}

impl<W: Workflow> Guarded<W> {
    pub(super) fn new(inner: W, policies: Policies) -> Self {
        Guarded { inner, policies, verdict: default_verdict, may_retry: default_may_retry }
    }

    /// Judges failures for the circuit: an answer of *not found* may be none.
    pub fn judged_by(self, verdict: fn(&Failure<W::Error>) -> Verdict) -> Self {
        Guarded { verdict, ..self }
    }

    /// Tries again only after the failures for which this is true.
    pub fn retry_if(self, may_retry: fn(&Failure<W::Error>) -> bool) -> Self {
        Guarded { may_retry, ..self }
    }
}

pub(super) fn default_verdict<E>(failure: &Failure<E>) -> Verdict {
    match failure {
        Failure::Failed(_) | Failure::Panicked(_) | Failure::TimedOut(_) | Failure::Several(_) => Verdict::Failure,
        Failure::DeadlinePassed | Failure::Cancelled(_) | Failure::Rejected(_) | Failure::Full(_) => Verdict::Ignore,
    }
}

fn default_may_retry<E>(failure: &Failure<E>) -> bool {
    !matches!(failure, Failure::Panicked(_) | Failure::Cancelled(_) | Failure::DeadlinePassed)
}

impl<W: Workflow<Input: Clone>> Guarded<W> {
    async fn retried(&self, input: W::Input, cx: &RunCx) -> Outcome<W> {
        let Some(retry) = &self.policies.retry else { return self.attempt(input, cx).await };
        retry.began(now());
        let (mut failed, mut delays) = (0, None);
        loop {
            let failure = match self.attempt(input.clone(), cx).await {
                Err(failure) if (self.may_retry)(&failure) => failure,
                outcome => return outcome,
            };
            failed += 1;
            let delays = delays.get_or_insert_with(|| retry.backoff().delays(cx.id().0));
            let Some(delay) = retry.next_delay(failed, delays, now()) else { return Err(failure) };
            let delay = delay.max(failure.retry_after().unwrap_or_default());
            if cx.deadline().is_some_and(|deadline| now() + delay >= deadline) {
                return Err(failure);
            }
            cx.retrying(delay, &failure);
            Box::pin(cx.unless_cancelled(sleep(delay).labelled("the next try"))).await?;
        }
    }

    /// What waits is boxed, so that a call which need not wait is small, and moves fast.
    ///
    /// Whoever gives up on the way in drops the permit of the circuit, which says nothing of the other side.
    async fn attempt(&self, input: W::Input, cx: &RunCx) -> Outcome<W> {
        let Policies { circuit, rate_limit, bulkhead, timeout, .. } = &self.policies;
        let permit = circuit.as_ref().map(|circuit| circuit.admit().map_err(Failure::Rejected)).transpose()?;
        if let Some(rate_limit) = rate_limit
            && !rate_limit.try_admit()
        {
            Box::pin(cx.unless_cancelled(rate_limit.admit())).await?;
        }
        let _place = match bulkhead.as_ref().map(|bulkhead| bulkhead.try_enter().ok_or(bulkhead)) {
            Some(Err(full)) => Some(Box::pin(full.enter(cx)).await?),
            free => free.and_then(Result::ok),
        };
        let outcome = match *timeout {
            Some(limit) => {
                let until = now() + limit;
                let timed = cx.narrowed(until);
                let over = Over { until, reason: CancelReason::Timeout, failure: Failure::TimedOut(limit) };
                bounded(&timed, over, pin!(self.inner.run(input, &timed))).await
            }
            None => self.inner.run(input, cx).await,
        };
        if let Some(permit) = permit {
            permit.judge(outcome.as_ref().map_or_else(self.verdict, |_| Verdict::Success));
        }
        outcome
    }
}

/// When time is over, and what that means.
struct Over<E> {
    until: Instant,
    reason: CancelReason,
    failure: Failure<E>,
}

/// Asks `work` in its context to stop when the time is over, and waits until it has. Then whatever error it ends
/// with is the limit's, and a value that it gives nevertheless is its own.
async fn bounded<T, E>(
    cx: &RunCx,
    over: Over<E>,
    mut work: Pin<&mut impl Future<Output = Result<T, Failure<E>>>>,
) -> Result<T, Failure<E>> {
    let mut alarm = None;
    let first = poll_fn(|poll| {
        if let Poll::Ready(outcome) = work.as_mut().poll(poll) {
            return Poll::Ready(Some(outcome));
        }
        // Only work that really waits sets an alarm.
        let alarm = alarm.get_or_insert_with(|| sleep_until(over.until).labelled(TIME_LIMIT));
        Pin::new(alarm).poll(poll).map(|()| None)
    })
    .await;
    match first {
        Some(outcome) => outcome,
        None => {
            let is_first = cx.scope().cancel(over.reason);
            match work.await {
                Err(_) if is_first => Err(over.failure),
                outcome => outcome,
            }
        }
    }
}

impl<W: Workflow<Input: Clone>> Workflow for Guarded<W> {
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx) -> Outcome<Self> {
        let Some(after) = self.policies.deadline else { return self.retried(input, cx).await };
        let until = now() + after;
        let timed = cx.narrowed(until);
        let over = Over { until, reason: CancelReason::Deadline, failure: Failure::DeadlinePassed };
        bounded(&timed, over, pin!(self.retried(input, &timed))).await
    }

    fn name(&self) -> Rc<str> {
        self.inner.name()
    }

    fn shape(&self) -> Shape {
        let mut shape = self.inner.shape();
        let mut policies = self.policies.in_order();
        policies.append(&mut shape.policies);
        Shape { policies, ..shape }
    }
}

impl<W: Workflow> fmt::Debug for Guarded<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.inner.name(), self.policies)
    }
}
