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
use crate::executor::{Sleep, now, sleep, sleep_until};
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
        let mut delays = retry.backoff().delays(cx.id().0);
        let mut failed = 0;
        loop {
            let failure = match self.attempt(input.clone(), cx).await {
                Err(failure) if (self.may_retry)(&failure) => failure,
                outcome => return outcome,
            };
            failed += 1;
            let Some(delay) = retry.next_delay(failed, &mut delays, now()) else { return Err(failure) };
            let delay = delay.max(failure.retry_after().unwrap_or_default());
            if cx.deadline().is_some_and(|deadline| now() + delay >= deadline) {
                return Err(failure);
            }
            cx.retrying(delay, &failure);
            cx.unless_cancelled(sleep(delay).labelled("retry")).await?;
        }
    }

    async fn attempt(&self, input: W::Input, cx: &RunCx) -> Outcome<W> {
        let Some(circuit) = &self.policies.circuit else { return self.limited(input, cx).await };
        let permit = circuit.admit().map_err(Failure::Rejected)?;
        let outcome = self.limited(input, cx).await;
        permit.judge(outcome.as_ref().map_or_else(self.verdict, |_| Verdict::Success));
        outcome
    }

    async fn limited(&self, input: W::Input, cx: &RunCx) -> Outcome<W> {
        if let Some(rate_limit) = &self.policies.rate_limit {
            cx.unless_cancelled(rate_limit.admit()).await?;
        }
        let _place = match &self.policies.bulkhead {
            Some(bulkhead) => Some(bulkhead.enter(cx).await?),
            None => None,
        };
        match self.policies.timeout {
            Some(limit) => {
                let call = async |cx: &RunCx| self.inner.run(input, cx).await;
                let until = now() + limit;
                bounded(cx, until, (CancelReason::Timeout, Failure::TimedOut(limit)), call).await
            }
            None => self.inner.run(input, cx).await,
        }
    }
}

/// Asks `work` to stop when the time is over, and waits until it has. Then whatever error it ends with is the limit's,
/// and a value that it gives nevertheless is its own.
async fn bounded<T, E>(
    cx: &RunCx,
    until: Instant,
    (reason, failure): (CancelReason, Failure<E>),
    work: impl AsyncFnOnce(&RunCx) -> Result<T, Failure<E>>,
) -> Result<T, Failure<E>> {
    let inner = cx.narrowed(until);
    let mut work = pin!(work(&inner));
    if let Some(outcome) = first_of(work.as_mut(), sleep_until(until).labelled("time limit")).await {
        return outcome;
    }
    let is_first = inner.cancel_token().cancel(reason);
    match work.await {
        Err(_) if is_first => Err(failure),
        outcome => outcome,
    }
}

/// The output of `work`, or none when `alarm` went off before.
async fn first_of<F: Future>(mut work: Pin<&mut F>, alarm: Sleep) -> Option<F::Output> {
    let mut alarm = pin!(alarm);
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => alarm.as_mut().poll(cx).map(|()| None),
    })
    .await
}

impl<W: Workflow<Input: Clone>> Workflow for Guarded<W> {
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx) -> Outcome<Self> {
        match self.policies.deadline {
            None => self.retried(input, cx).await,
            Some(after) => {
                let limit = (CancelReason::Deadline, Failure::DeadlinePassed);
                bounded(cx, now() + after, limit, async |cx: &RunCx| self.retried(input, cx).await).await
            }
        }
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
