//! A plain call behind policies: no name, no events, nobody who could ask it to stop.

use core::fmt;
use core::future::Future;

use super::attempt::Caught;
use super::cx::RunCx;
use super::failure::Failure;
use super::fence::{Fenced, fenced};
use super::lean::{Lean, unboxing};
use super::policies::Policies;
use super::time_limit::Alone;
use crate::time::Instant;

impl Policies {
    /// Makes a call behind these fences, once or as often as the retry says.
    ///
    /// It is what a [`Task`](super::Task) with policies does, for whoever has no pipeline: nobody hears of the call,
    /// and what may not take longer is dropped.
    ///
    /// ```
    /// use std::num::NonZeroU32;
    /// use unstuck::flow::{Failure, Policies};
    /// use unstuck::retry::{Backoff, Retry};
    /// use unstuck::time::{Duration, ms};
    /// use unstuck::{Executor, now, sleep};
    ///
    /// let thrice = Retry::new(NonZeroU32::new(3).unwrap(), Backoff::constant(ms(50)));
    /// let policies = Policies::new().timeout(ms(200)).retry(thrice);
    /// Executor::new().block_on(async move {
    ///     let stuck = policies.call(async || {
    ///         sleep(Duration::from_secs(60)).await;
    ///         Ok::<_, String>("an answer")
    ///     });
    ///     assert_eq!(stuck.await, Err(Failure::TimedOut(ms(200))));
    ///     assert_eq!(now().to_string(), "700 ms"); // three attempts, and two pauses
    /// });
    /// ```
    ///
    /// Dropping the future drops the call, which then counts neither way for a circuit.
    ///
    /// # Errors
    ///
    /// The [`Failure`] of the last attempt, or [`Failure::DeadlinePassed`].
    ///
    /// # Panics
    ///
    /// Outside of an executor, when one of the policies looks at the time.
    pub fn call<T, E>(&self, call: impl AsyncFnMut() -> Result<T, E>) -> impl Future<Output = Result<T, Failure<E>>>
    where
        E: fmt::Display,
    {
        unboxing(fenced(self, Call(call)))
    }
}

struct Call<C>(C);

impl<C, T, E> Fenced for Call<C>
where
    C: AsyncFnMut() -> Result<T, E>,
    E: fmt::Display,
{
    type Output = T;
    type Error = E;
    type Within = Alone;

    #[inline]
    fn within(&self, _: Instant) -> Alone {
        Alone
    }

    #[inline]
    fn attempt(&mut self, _: &Alone) -> impl Future<Output = Lean<T, Failure<E>>> {
        Caught::made_by(|| (self.0)())
    }

    async fn wait<R>(&self, wait: impl AsyncFnOnce(&RunCx<'_>) -> R) -> R {
        wait(&RunCx::new("call")).await
    }
}
