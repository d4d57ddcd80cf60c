//! A workflow behind its policies.

use core::future::Future;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::Failure;
use super::fence::{Fenced, default_may_retry, default_verdict, fenced};
use super::lean::unboxing;
use super::policies::Policies;
use super::shape::Shape;
use super::workflow::{LeanOutcome, Outcome, Workflow};
use crate::breaker::Verdict;
use crate::time::Instant;

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

/// A guarded workflow in its context.
struct InContext<'g, 'c, W: Workflow> {
    guarded: &'g Guarded<W>,
    input: Option<W::Input>,
    cx: &'c RunCx<'c>,
}

impl<'c, W: Workflow<Input: Clone>> Fenced for InContext<'_, 'c, W> {
    type Output = W::Output;
    type Error = W::Error;
    type Within = RunCx<'c>;

    #[inline]
    fn within(&self, until: Instant) -> RunCx<'c> {
        self.cx.narrowed(until)
    }

    #[inline]
    fn attempt(&mut self, within: &RunCx<'c>) -> impl Future<Output = LeanOutcome<W>> {
        // It is kept only for another attempt.
        let input = match (&mut self.input, &self.guarded.policies.retry) {
            (Some(input), Some(_)) => input.clone(),
            (input, _) => input.take().expect("a run without retries has one attempt"),
        };
        self.guarded.inner.run_lean(input, within)
    }

    async fn wait<R>(&self, wait: impl AsyncFnOnce(&RunCx<'_>) -> R) -> R {
        wait(self.cx).await
    }

    fn verdict(&self, failure: &Failure<W::Error>) -> Verdict {
        (self.guarded.verdict)(failure)
    }

    fn may_retry(&self, failure: &Failure<W::Error>) -> bool {
        (self.guarded.may_retry)(failure)
    }
}

impl<W: Workflow<Input: Clone>> Workflow for Guarded<W> {
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;

    fn run(&self, input: W::Input, cx: &RunCx<'_>) -> impl Future<Output = Outcome<Self>> {
        unboxing(self.run_lean(input, cx))
    }

    fn run_lean(&self, input: W::Input, cx: &RunCx<'_>) -> impl Future<Output = LeanOutcome<Self>> {
        fenced(&self.policies, InContext { guarded: self, input: Some(input), cx })
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
