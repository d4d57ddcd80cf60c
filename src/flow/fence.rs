//! How something comes through its policies, attempt after attempt.

use core::fmt;
use core::future::Future;
use core::pin::pin;

use super::cx::RunCx;
use super::entry::{Entry, Stop};
use super::failure::Failure;
use super::lean::{Later, Lean};
use super::policies::Policies;
use super::time_limit::{Bounded, Moment, TimeLimits, Within};
use super::tries::Tries;
use crate::breaker::Verdict;
use crate::time::{Duration, Instant};

/// What stands behind policies: a workflow in its context, or a plain call.
pub(super) trait Fenced {
    type Output;
    type Error: fmt::Display;
    /// Through what an attempt is asked to stop.
    type Within: Within;

    /// What is around an attempt that has time until then.
    fn within(&self, until: Instant) -> Self::Within;

    fn attempt(&mut self, within: &Self::Within) -> impl Future<Output = Lean<Self::Output, Failure<Self::Error>>>;

    /// Waits in its context for something else than an attempt.
    async fn wait<R>(&self, wait: impl AsyncFnOnce(&RunCx<'_>) -> R) -> R;

    /// What the circuit is told of a failure.
    fn verdict(&self, failure: &Failure<Self::Error>) -> Verdict {
        default_verdict(failure)
    }

    fn may_retry(&self, failure: &Failure<Self::Error>) -> bool {
        default_may_retry(failure)
    }
}

/// Makes a call behind its policies.
///
/// A call that need not wait is to be quick: what waits is boxed, and all else is made where it stays, since to move
/// what was just written takes longer than to write it.
pub(super) async fn fenced<F: Fenced>(policies: &Policies, mut call: F) -> Lean<F::Output, Failure<F::Error>> {
    let mut now = Moment::now();
    let mut limits = TimeLimits::of_run(policies.deadline, now);
    let mut tries = Tries::begin(policies.retry.as_ref(), now);
    let mut entry = Entry::default();
    if let Err(stop) = entry.come_in(policies, now) {
        overcome(Trouble::Stopped(stop), &call, policies, &mut entry, &mut tries, &mut limits).await?;
        // The wait does not count against the time of the attempt.
        now = Moment::now();
    }
    loop {
        limits.begin_attempt(policies.timeout, now);
        let outcome = {
            let within = &call.within(limits.earlier());
            let work = pin!(call.attempt(within));
            Bounded { work, within, limits: &mut limits }.await
        };
        let failure = match outcome {
            Ok(value) => {
                entry.judge(Verdict::Success);
                return Ok(value);
            }
            Err(failure) => judged(&call, failure, policies, &mut limits, entry),
        };
        entry = Entry::default();
        overcome(Trouble::Failed(failure), &call, policies, &mut entry, &mut tries, &mut limits).await?;
        now = Moment::now();
    }
}

/// Why an attempt cannot be made at once.
enum Trouble<E> {
    Stopped(Stop),
    /// So the one before ended.
    Failed(Box<Failure<E>>),
}

/// Waits until the next attempt may be made, and has come in; the failure, when there is none.
#[cold]
fn overcome<'a, 'p: 'a, F: Fenced>(
    mut trouble: Trouble<F::Error>,
    call: &'a F,
    policies: &'p Policies,
    entry: &'a mut Entry<'p>,
    tries: &'a mut Tries,
    limits: &'a mut TimeLimits,
) -> Later<'a, (), Failure<F::Error>> {
    Box::pin(call.wait(async move |cx| {
        loop {
            let failure = match trouble {
                Trouble::Failed(failure) => failure,
                Trouble::Stopped(stop) => {
                    let enter = async |cx: &RunCx<'_>| entry.enter_later(stop, policies, cx).await;
                    match limits.bound(cx, enter).await {
                        Ok(()) => return Ok(()),
                        Err(failure) => failure,
                    }
                }
            };
            // Who waits for another attempt holds nothing.
            *entry = Entry::default();
            let outcome = if !limits.is_hit() && call.may_retry(&failure) {
                let again = async |cx: &RunCx<'_>| tries.again_after(*failure, policies.retry.as_ref(), cx).await;
                limits.bound(cx, again).await
            } else {
                Err(failure)
            };
            outcome.map_err(|failure| if limits.is_hit() { Box::new(Failure::DeadlinePassed) } else { failure })?;
            match entry.come_in(policies, Moment::now()) {
                Ok(()) => return Ok(()),
                Err(stop) => trouble = Trouble::Stopped(stop),
            }
        }
    }))
}

/// Tells the circuit what came of a failed attempt, and gives its place back.
#[cold]
fn judged<F: Fenced>(
    call: &F,
    failure: Box<Failure<F::Error>>,
    policies: &Policies,
    limits: &mut TimeLimits,
    entry: Entry<'_>,
) -> Box<Failure<F::Error>> {
    let failure = match policies.timeout {
        Some(limit) if limits.end_attempt() => Box::new(Failure::TimedOut(Duration::from_nanos(limit))),
        _ => failure,
    };
    entry.judge(call.verdict(&failure));
    failure
}

pub(super) fn default_verdict<E>(failure: &Failure<E>) -> Verdict {
    match failure {
        Failure::Failed(_) | Failure::Panicked(_) | Failure::TimedOut(_) | Failure::Several(_) => Verdict::Failure,
        Failure::DeadlinePassed | Failure::Cancelled(_) | Failure::Rejected(_) | Failure::Full(_) => Verdict::Ignore,
    }
}

pub(super) fn default_may_retry<E>(failure: &Failure<E>) -> bool {
    !matches!(failure, Failure::Panicked(_) | Failure::Cancelled(_) | Failure::DeadlinePassed)
}
