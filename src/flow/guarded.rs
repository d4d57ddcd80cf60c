//! A workflow behind its policies.

use core::future::Future;
use core::pin::pin;
use std::rc::Rc;

use super::cx::RunCx;
use super::entry::Entry;
use super::failure::Failure;
use super::lean::{Later, unboxing};
use super::policies::Policies;
use super::shape::Shape;
use super::time_limit::{Bounded, Moment, TimeLimits};
use super::tries::Tries;
use super::workflow::{LeanOutcome, Outcome, Workflow};
use crate::breaker::Verdict;
use crate::time::Duration;

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

/// A failure on its way.
type Boxed<W> = Box<Failure<<W as Workflow>::Error>>;

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

    /// The input of an attempt, which is kept only for another one.
    #[inline]
    fn take_or_clone(&self, input: &mut Option<W::Input>) -> W::Input
    where
        W::Input: Clone,
    {
        match (input, &self.policies.retry) {
            (Some(input), Some(_)) => input.clone(),
            (input, _) => input.take().expect("a run without retries has one attempt"),
        }
    }

    /// Waits until it is time for another attempt; the failure, when there is none.
    #[cold]
    fn again<'a>(
        &'a self,
        failure: Boxed<W>,
        tries: &'a mut Tries,
        cx: &'a RunCx<'_>,
        limits: &'a mut TimeLimits,
    ) -> Later<'a, (), Failure<W::Error>> {
        Box::pin(async move {
            let outcome = if (self.may_retry)(&failure) {
                let again =
                    async |cx: &RunCx<'_>| tries.again_after(*failure, self.policies.retry.as_ref(), cx).await;
                limits.bound(cx, again).await
            } else {
                Err(failure)
            };
            outcome.map_err(|failure| if limits.is_hit() { Box::new(Failure::DeadlinePassed) } else { failure })
        })
    }

    /// Tells the circuit what came of a failed attempt.
    #[cold]
    fn judged(&self, failure: Boxed<W>, limits: &mut TimeLimits, entry: Entry<'_>) -> Boxed<W> {
        let failure = match self.policies.timeout {
            Some(limit) if limits.end_attempt() => Box::new(Failure::TimedOut(Duration::from_nanos(limit))),
            _ => failure,
        };
        entry.judge((self.verdict)(&failure));
        failure
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

impl<W: Workflow<Input: Clone>> Workflow for Guarded<W> {
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;

    fn run(&self, input: W::Input, cx: &RunCx<'_>) -> impl Future<Output = Outcome<Self>> {
        unboxing(self.run_lean(input, cx))
    }

    /// A call that need not wait is to be quick: what waits is boxed, and all else is made where it stays, since to
    /// move what was just written takes longer than to write it.
    fn run_lean(&self, input: W::Input, cx: &RunCx<'_>) -> impl Future<Output = LeanOutcome<Self>> {
        let mut input = Some(input);
        async move {
            let mut now = Moment::now();
            let mut limits = TimeLimits::of_run(self.policies.deadline, now);
            let mut tries = Tries::begin(self.policies.retry.as_ref(), now);
            loop {
                let failure = 'attempt: {
                    let mut entry = Entry::default();
                    if let Err(stop) = entry.come_in(&self.policies, now) {
                        if let Err(failure) = entry.go_on_from(stop, &self.policies, cx, &mut limits).await {
                            break 'attempt failure;
                        }
                        // The wait does not count against the time of the attempt.
                        now = Moment::now();
                    }
                    limits.begin_attempt(self.policies.timeout, now);
                    let within = &limits.around(cx);
                    let work = pin!(self.inner.run_lean(self.take_or_clone(&mut input), within));
                    match (Bounded { work, within, limits: &mut limits }).await {
                        Ok(value) => {
                            entry.judge(Verdict::Success);
                            return Ok(value);
                        }
                        Err(failure) => self.judged(failure, &mut limits, entry),
                    }
                };
                self.again(failure, &mut tries, cx, &mut limits).await?;
                now = Moment::now();
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
