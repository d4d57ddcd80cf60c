//! A workflow behind its policies.

use core::fmt;
use core::future::Future;
use core::pin::pin;
use std::rc::Rc;

use super::cx::RunCx;
use super::entry::Entry;
use super::failure::Failure;
use super::lean::{Later, unboxing};
use super::policies::Policies;
use super::shape::Shape;
use super::time_limit::{Bounded, TimeLimit};
use super::tries::Tries;
use super::workflow::{Outcome, Workflow};
use crate::breaker::Verdict;
use crate::time::Duration;
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

    /// Waits until it is time for another attempt; the failure, when there is none.
    #[cold]
    fn again<'a>(
        &'a self,
        failure: Boxed<W>,
        tries: &'a mut Tries<'_>,
        cx: &'a RunCx<'_>,
        deadline: &'a mut TimeLimit,
    ) -> Later<'a, (), Failure<W::Error>> {
        Box::pin(async move {
            let outcome = if (self.may_retry)(&failure) {
                let again = async |cx: &RunCx<'_>| tries.again_after(*failure, cx).await;
                deadline.bound(cx, again).await
            } else {
                Err(failure)
            };
            outcome.map_err(|failure| if deadline.is_hit() { Box::new(Failure::DeadlinePassed) } else { failure })
        })
    }

    /// Tells the circuit what came of a failed attempt, and gives its place back.
    #[cold]
    fn judged(&self, failure: Boxed<W>, timeout: &TimeLimit, entry: Entry<'_>) -> Boxed<W> {
        let failure = match self.policies.timeout {
            Some(limit) if timeout.is_hit() => Box::new(Failure::TimedOut(Duration::from_nanos(limit))),
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

    /// A call that need not wait is to be quick: what waits is boxed, and all else is made where it stays, since to
    /// move what was just written takes longer than to write it.
    fn run(&self, input: W::Input, cx: &RunCx<'_>) -> impl Future<Output = Outcome<Self>> {
        unboxing(async move {
            let mut deadline = TimeLimit::new(self.policies.deadline, CancelReason::Deadline);
            let mut tries = Tries::begin(self.policies.retry.as_ref());
            let mut input = Some(input);
            loop {
                let failure = 'attempt: {
                    let mut entry = Entry::default();
                    if let Some(stop) = entry.begin(&self.policies)
                        && let Err(failure) = entry.go_on_from(stop, &self.policies, cx, &mut deadline).await
                    {
                        break 'attempt failure;
                    }
                    let mut timeout = TimeLimit::new(self.policies.timeout, CancelReason::Timeout);
                    let outcome = {
                        let limited = timeout.around_both(&deadline, cx);
                        let within = limited.as_ref().unwrap_or(cx);
                        let work = pin!(self.inner.run(tries.take_or_clone(&mut input), within));
                        Bounded { work, within, around: cx, all: &mut deadline, attempt: Some(&mut timeout) }.await
                    };
                    match outcome {
                        Ok(value) => {
                            entry.judge(Verdict::Success);
                            return Ok(value);
                        }
                        Err(failure) => self.judged(failure, &timeout, entry),
                    }
                };
                self.again(failure, &mut tries, cx, &mut deadline).await?;
            }
        })
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
