//! What can be submitted: a factory of attempts, and what is asked of the runner for it.

use core::fmt;
use core::future::Future;
use core::num::NonZeroU32;
use std::borrow::Cow;
use std::rc::Rc;

use super::context::TaskCx;
use super::faces::Faces;
use super::factory::{Factory, Parcel};
use super::record::JobId;
use super::wishes::{Label, Limit, PRIORITY, Wishes};
use crate::retry::Retry;
use crate::time::Duration;
use crate::trace::Name;

/// A job with a name of its own, which can be tried more than once.
///
/// For a job without one, [`job`] takes a closure.
///
/// ```
/// use std::rc::Rc;
/// use unstuck::Executor;
/// use unstuck::runner::{Job, TaskCx, TaskRunner};
///
/// struct Square(u64);
///
/// impl Job for Square {
///     type Output = u64;
///     type Error = std::num::TryFromIntError;
///
///     async fn run(self: Rc<Self>, _cx: TaskCx) -> Result<u64, Self::Error> {
///         Ok(self.0 * self.0)
///     }
/// }
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     runner.start();
///     assert_eq!(runner.submit(Square(12)).await.unwrap().wait().await, Ok(144));
/// });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a job",
    label = "cannot be submitted",
    note = "a closure becomes one with `unstuck::runner::job(closure)`, and a type by implementing `unstuck::runner::Job`"
)]
pub trait Job: Sized + 'static {
    /// What it gives when it succeeds.
    type Output: 'static;
    /// Its own error.
    type Error: fmt::Display + 'static;

    /// One attempt. Dropping the future, which the runner does when the time is up, must leave nothing half done.
    fn run(self: Rc<Self>, cx: TaskCx) -> impl Future<Output = Result<Self::Output, Self::Error>> + 'static;

    /// What records call it.
    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(Self::KIND)
    }

    /// What kind of job it is, such as `hash`.
    const KIND: Name = "job";

    /// The time for one attempt, unless the submission says otherwise.
    fn timeout(&self) -> Option<Duration> {
        None
    }

    /// The output as a record shows it; none keeps it out of the record.
    fn show(_output: &Self::Output) -> Option<String> {
        None
    }
}

/// A [`Job`] as a factory of attempts.
pub struct Named<J>(pub(super) Rc<J>);

/// A job on its way to a runner, and what is asked for it. Made by [`job`] or [`Submission::of`].
///
/// ```
/// use std::num::NonZeroU32;
/// use unstuck::Executor;
/// use unstuck::retry::{Backoff, Retry};
/// use unstuck::runner::{TaskCx, TaskRunner, job};
/// use unstuck::time::ms;
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().lane_limit(2).build().unwrap();
///     runner.start();
///     let thrice = Retry::new(NonZeroU32::new(3).unwrap(), Backoff::full_jitter(ms(100), 7).cap(ms(1_000)));
///     let fetch = job(|cx: TaskCx| async move { if cx.attempt() == 1 { Err("503") } else { Ok("page") } });
///     let fetch = fetch
///         .name("fetch /orders")
///         .lane("shop.example")
///         .priority(200)
///         .timeout(ms(500))
///         .deadline(ms(2_000))
///         .retry(thrice)
///         .retry_if(|status| status.starts_with('5'))
///         .show(|page| page.to_string());
///     let handle = runner.submit(fetch).await.unwrap();
///     assert_eq!(handle.wait().await, Ok("page"));
///     assert_eq!((handle.record().name.as_str(), handle.record().attempt), ("fetch /orders", 2));
/// });
/// ```
#[must_use = "a submission does nothing until it is submitted"]
pub struct Submission<F: Factory> {
    pub(super) parcel: Parcel<F, F::Output, F::Error>,
    pub(super) wishes: Wishes,
}

/// What to do with a job whose key is that of a job in flight.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{IfDuplicate, TaskRunner, job};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     runner.start();
///     let load = |config: &'static str| job(move |_| async move { Ok::<_, String>(config) });
///     let first = runner.submit(load("first").key("config", IfDuplicate::Join)).await.unwrap();
///     let second = runner.submit(load("second").key("config", IfDuplicate::Join)).await.unwrap();
///     assert_eq!((first.await, second.await), (Ok("first"), Ok("first"))); // one job, two handles
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfDuplicate {
    /// Give a handle of the job in flight, if it is of the same types. A job that joins and awaits itself waits for
    /// its own end.
    Join,
    /// Refuse it.
    Reject,
}

/// A job made of a closure, called once per attempt.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{TaskRunner, job};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     runner.start();
///     let third = job(|cx| async move {
///         if cx.attempt() < 3 { Err("not yet") } else { Ok(cx.attempt()) }
///     });
///     let handle = runner.submit(third.name("third time lucky").attempts(3)).await.unwrap();
///     assert_eq!(handle.wait().await, Ok(3));
/// });
/// ```
pub fn job<M, F, T, E>(factory: M) -> Submission<M>
where
    M: FnMut(TaskCx) -> F + 'static,
    F: Future<Output = Result<T, E>> + 'static,
    T: 'static,
    E: fmt::Display + 'static,
{
    Submission { parcel: Parcel::new(factory, Faces::none()), wishes: Wishes::new(None, Limit::DEFAULT) }
}

impl<J: Job> Submission<Named<J>> {
    /// A submission of a named job, to ask more for it.
    pub fn of(job: J) -> Self {
        let timeout = job.timeout().map_or(Limit::DEFAULT, Limit::hard);
        let label = Label { name: job.name(), kind: Cow::Borrowed(J::KIND) };
        let wishes = Wishes::new(Some(Box::new(label)), timeout);
        Submission { parcel: Parcel::new(Named(Rc::new(job)), Faces::of_job::<J>()), wishes }
    }
}

impl<F: Factory> Submission<F> {
    /// Moves out what is submitted.
    pub(super) fn take(&mut self) -> Self {
        Submission { parcel: self.parcel.take(), wishes: self.wishes.take() }
    }

    /// The priority of a job that asks for none.
    pub const PRIORITY: u8 = PRIORITY;

    /// What records call it.
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.wishes.label().name = name.into();
        self
    }

    /// What kind of job it is.
    pub fn kind(mut self, kind: Name) -> Self {
        self.wishes.label().kind = Cow::Borrowed(kind);
        self
    }

    /// Higher goes first; equals go in the order in which they came.
    pub fn priority(mut self, priority: u8) -> Self {
        self.wishes.priority = priority;
        self
    }

    /// The time for one attempt. When it is over, the attempt's future is dropped.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.wishes.timeout = Limit::hard(limit);
        self
    }

    /// The time for one attempt. When it is over, the attempt is asked to stop, and its future is dropped when it
    /// has not returned `grace` later.
    pub fn cooperative_timeout(mut self, limit: Duration, grace: Duration) -> Self {
        self.wishes.timeout = Limit::cooperative(limit);
        self.grace(grace)
    }

    /// No limit for an attempt, whatever the runner's default.
    pub fn no_timeout(mut self) -> Self {
        self.wishes.timeout = Limit::NONE;
        self
    }

    /// How long the job may go on after it was asked to stop, before its future is dropped.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.wishes.rare().grace = Some(grace);
        self
    }

    /// The time for all of it, from now: waiting in line, every attempt and what lies between them.
    pub fn deadline(mut self, within: Duration) -> Self {
        self.wishes.rare().deadline = Some(within);
        self
    }

    /// When to try again after a failed attempt, instead of what the runner says.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.wishes.rare().retry = Some(retry);
        self
    }

    /// Tries at most so many times in all, without a pause in between. Zero counts as one.
    pub fn attempts(self, attempts: u32) -> Self {
        let attempts = NonZeroU32::new(attempts).unwrap_or(NonZeroU32::MIN);
        self.retry(Retry::new(attempts, crate::retry::Backoff::constant(Duration::ZERO)))
    }

    /// Tries again only after errors for which `worth_it` holds. Without this, every error is worth it. A timeout
    /// always is, and a panic never.
    pub fn retry_if(mut self, worth_it: impl Fn(&F::Error) -> bool + 'static) -> Self {
        self.parcel.faces.change().retry_if = Some(Rc::new(worth_it));
        self
    }

    /// How a record shows the output.
    pub fn show(mut self, show: impl Fn(&F::Output) -> String + 'static) -> Self {
        self.parcel.faces.change().show_output = Some(Rc::new(move |output| Some(show(output))));
        self
    }

    /// The lane that it runs in; see [`Builder::lane_limit`](super::Builder::lane_limit).
    pub fn lane(mut self, lane: impl Into<Rc<str>>) -> Self {
        self.wishes.rare().lane = Some(lane.into());
        self
    }

    /// At most one job of this key is in flight, and `if_duplicate` says what happens to another.
    pub fn key(mut self, key: impl Into<Rc<str>>, if_duplicate: IfDuplicate) -> Self {
        self.wishes.rare().key = Some((key.into(), if_duplicate));
        self
    }

    /// The id that it will have. Without this the runner counts.
    pub fn id(mut self, id: JobId) -> Self {
        self.wishes.rare().id = Some(id);
        self
    }

    /// Dropping its future would not stop the work, as with a promise of JavaScript. When its time is up its
    /// waiters are told so, but its slot stays taken until it really has ended. An attempt that has not ended by
    /// then is not tried again, for two of one job never run at once; so give it a [grace](Submission::grace) in
    /// which it can.
    pub fn unstoppable(mut self) -> Self {
        self.wishes.rare().unstoppable = true;
        self
    }
}

impl<F: Factory> fmt::Debug for Submission<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Submission({:?})", Label::name(self.wishes.label.as_deref()))
    }
}

/// What can be submitted: a [`Job`], or a [`Submission`] that asks more for one.
pub trait IntoSubmission {
    /// What makes the attempts.
    type Factory: Factory;
    /// The submission.
    fn into_submission(self) -> Submission<Self::Factory>;
}

impl<F: Factory> IntoSubmission for Submission<F> {
    type Factory = F;
    fn into_submission(self) -> Submission<F> {
        self
    }
}

impl<J: Job> IntoSubmission for J {
    type Factory = Named<J>;
    fn into_submission(self) -> Submission<Named<J>> {
        Submission::of(self)
    }
}
