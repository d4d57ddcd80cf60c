//! The one concept that everything else is an instance of.

use core::fmt;
use core::future::Future;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use super::fallback::Fallback;
use super::guarded::Guarded;
use super::hedge::Hedge;
use super::job::Job;
use super::lean::{Lean, boxing, unboxing};
use super::map::Map;
use super::policies::Policies;
use super::shape::Shape;
use crate::time::Duration;

/// What a workflow gives.
pub type Outcome<W> = Result<<W as Workflow>::Output, Failure<<W as Workflow>::Error>>;

/// What a workflow gives, a failure being in a box.
pub(super) type LeanOutcome<W> = Lean<<W as Workflow>::Output, Failure<<W as Workflow>::Error>>;

/// Something that takes an input and gives a value, or says why not; as often as it is run.
///
/// To run one, use [`run`], or [`RunCx::perform`] with a context of its own. To write one, run what it owns through
/// [`RunCx::child`] and [`RunCx::perform`]:
///
/// ```
/// use std::rc::Rc;
/// use unstuck::flow::{Outcome, RunCx, Shape, Task, Workflow, run};
///
/// /// Runs another workflow twice, the second time with the first value.
/// struct Twice<W>(W);
///
/// impl<T, W: Workflow<Input = T, Output = T>> Workflow for Twice<W> {
///     type Input = T;
///     type Output = T;
///     type Error = W::Error;
///
///     async fn run(&self, input: T, cx: &RunCx<'_>) -> Outcome<Self> {
///         cx.running();
///         let once = cx.child(self.0.name()).perform(&self.0, input).await?;
///         cx.child(self.0.name()).perform(&self.0, once).await
///     }
///
///     fn name(&self) -> Rc<str> {
///         Rc::from("Twice")
///     }
///
///     fn shape(&self) -> Shape {
///         Shape::group("twice", self.name(), [self.0.shape()])
///     }
/// }
///
/// # unstuck::Executor::new().block_on(async {
/// let double = Task::sync("Double", |number: u32| Ok::<_, String>(2 * number));
/// assert_eq!(RunCx::new("Twice").perform(&Twice(double), 3).await, Ok(12));
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a workflow",
    label = "cannot be run as a step",
    note = "an async function becomes one with `unstuck::flow::Task::new(name, function)`, another with `Task::sync`"
)]
pub trait Workflow {
    /// What it takes.
    type Input;
    /// What it gives.
    type Output;
    /// Its own error, among the other reasons for a [`Failure`].
    type Error: fmt::Display;

    /// Runs in a context that stands for it. A workflow that is asked to stop through the context returns
    /// [`Failure::Cancelled`] when it has stopped.
    ///
    /// Dropping the future stops everything that it owns, at once.
    fn run(&self, input: Self::Input, cx: &RunCx<'_>) -> impl Future<Output = Outcome<Self>>;

    /// Like [`Workflow::run`], with its failure in a box. Who has it in one already says so here.
    #[doc(hidden)]
    fn run_lean(&self, input: Self::Input, cx: &RunCx<'_>) -> impl Future<Output = LeanOutcome<Self>> {
        boxing(self.run(input, cx))
    }

    /// Its name, in events and pictures.
    fn name(&self) -> Rc<str>;

    /// What it consists of, to be printed or drawn.
    fn shape(&self) -> Shape;

    /// Fences every run by `policies`.
    fn with(self, policies: Policies) -> Guarded<Self>
    where
        Self: Sized,
    {
        Guarded::new(self, policies)
    }

    /// Runs `other` with the same input when this one failed; not when it was cancelled.
    fn or_else<B>(self, other: B) -> Fallback<Self, B>
    where
        Self: Sized,
        B: Workflow<Input = Self::Input, Output = Self::Output, Error = Self::Error>,
    {
        Fallback::new(self, other)
    }

    /// Runs it a second time when the first has not finished `after` so long, up to `most` times side by side; the
    /// first value counts.
    ///
    /// # Errors
    ///
    /// A [`BuildError`], when `most` is zero.
    fn hedged(self, after: Duration, most: usize) -> Result<Hedge<Self>, BuildError>
    where
        Self: Sized + 'static,
    {
        Hedge::new(self, after, most)
    }

    /// Runs it for each of many inputs, side by side. See [`Map::limit`] to run only so many at a time.
    fn for_each(self) -> Map<Self>
    where
        Self: Sized + 'static,
    {
        Map::new(self)
    }

    /// Hides its type, so that workflows of different types can stand in one list.
    fn boxed(self) -> Job<Self::Input, Self::Output, Self::Error>
    where
        Self: Sized + 'static,
    {
        Job::new(self)
    }
}

/// Runs a workflow that needs no input; nobody hears of its events.
///
/// Dropping the future stops everything that it owns, at once.
///
/// # Panics
///
/// Outside of an executor, when something in it waits for time or runs side by side.
pub fn run<W: Workflow<Input = ()>>(workflow: &W) -> impl Future<Output = Outcome<W>> {
    run_with(workflow, ())
}

/// Runs a workflow with this input; nobody hears of its events.
///
/// Dropping the future stops everything that it owns, at once.
///
/// ```
/// use unstuck::flow::{Task, run_with};
///
/// # unstuck::Executor::new().block_on(async {
/// let double = Task::sync("Double", |number: u32| Ok::<_, String>(2 * number));
/// assert_eq!(run_with(&double, 21).await, Ok(42));
/// # });
/// ```
///
/// # Panics
///
/// Outside of an executor, when something in it waits for time or runs side by side.
pub fn run_with<W: Workflow>(workflow: &W, input: W::Input) -> impl Future<Output = Outcome<W>> {
    unboxing(async move { workflow.run_lean(input, &RunCx::named(workflow.name())).await })
}
