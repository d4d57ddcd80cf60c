//! The task: a function with a name, called once for each attempt.

use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use std::rc::Rc;

use super::attempt::attempt;
use super::cx::RunCx;
use super::lean::unboxing;
use super::shape::Shape;
use super::workflow::{LeanOutcome, Outcome, Workflow};

/// A workflow that is one function.
///
/// Asked to stop, it lets the function see that through its context and gives it the run's grace period; then the
/// function's future is dropped. A value that is there in spite of the request is not thrown away.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::flow::{Failure, RunCx, Task, run, run_with};
///
/// let fetch = Task::new("Fetch", async |_: ()| Ok::<_, String>("data".to_owned()));
/// let shout = Task::sync("Shout", |data: String| Ok::<_, String>(data.to_uppercase()));
/// let patient = Task::with_cx("Patient", async |_: (), cx: &RunCx<'_>| match cx.attempt() {
///     1 => Err("too early"),
///     _ => Ok(()),
/// });
/// # Executor::new().block_on(async move {
/// assert_eq!(run_with(&shout, run(&fetch).await.unwrap()).await.unwrap(), "DATA");
/// assert_eq!(run(&patient).await, Err(Failure::Failed("too early")));
/// # });
/// ```
pub struct Task<I, C> {
    name: Rc<str>,
    call: C,
    input: PhantomData<fn(I)>,
}

impl<I, F> Task<I, WithInput<F>> {
    /// A task from an async function of its input.
    pub fn new<T, E>(name: &str, call: F) -> Self
    where
        F: AsyncFn(I) -> Result<T, E>,
    {
        Task { name: Rc::from(name), call: WithInput(call), input: PhantomData }
    }
}

impl<I, F> Task<I, WithCx<F>> {
    /// A task from an async function of its input and the context: which attempt this is, how it is asked to stop,
    /// until when it has time.
    pub fn with_cx<T, E>(name: &str, call: F) -> Self
    where
        F: AsyncFn(I, &RunCx<'_>) -> Result<T, E>,
    {
        Task { name: Rc::from(name), call: WithCx(call), input: PhantomData }
    }
}

impl<I, F> Task<I, WithoutWaiting<F>> {
    /// A task from a function that does not wait.
    pub fn sync<T, E>(name: &str, call: F) -> Self
    where
        F: Fn(I) -> Result<T, E>,
    {
        Task { name: Rc::from(name), call: WithoutWaiting(call), input: PhantomData }
    }
}

/// An async function of the input. See [`Task::new`].
pub struct WithInput<F>(F);
/// An async function of the input and the context. See [`Task::with_cx`].
pub struct WithCx<F>(F);
/// A function of the input. See [`Task::sync`].
pub struct WithoutWaiting<F>(F);

impl<I, T, E, F> Workflow for Task<I, WithInput<F>>
where
    F: AsyncFn(I) -> Result<T, E>,
    E: fmt::Display,
{
    type Input = I;
    type Output = T;
    type Error = E;

    fn run(&self, input: I, cx: &RunCx<'_>) -> impl Future<Output = Outcome<Self>> {
        unboxing(self.run_lean(input, cx))
    }

    fn run_lean(&self, input: I, cx: &RunCx<'_>) -> impl Future<Output = LeanOutcome<Self>> {
        attempt(cx, move || (self.call.0)(input))
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        Shape::leaf("task", self.name())
    }
}

impl<I, T, E, F> Workflow for Task<I, WithCx<F>>
where
    F: AsyncFn(I, &RunCx<'_>) -> Result<T, E>,
    E: fmt::Display,
{
    type Input = I;
    type Output = T;
    type Error = E;

    fn run(&self, input: I, cx: &RunCx<'_>) -> impl Future<Output = Outcome<Self>> {
        unboxing(self.run_lean(input, cx))
    }

    fn run_lean(&self, input: I, cx: &RunCx<'_>) -> impl Future<Output = LeanOutcome<Self>> {
        attempt(cx, move || (self.call.0)(input, cx))
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        Shape::leaf("task", self.name())
    }
}

impl<I, T, E, F> Workflow for Task<I, WithoutWaiting<F>>
where
    F: Fn(I) -> Result<T, E>,
    E: fmt::Display,
{
    type Input = I;
    type Output = T;
    type Error = E;

    fn run(&self, input: I, cx: &RunCx<'_>) -> impl Future<Output = Outcome<Self>> {
        unboxing(self.run_lean(input, cx))
    }

    fn run_lean(&self, input: I, cx: &RunCx<'_>) -> impl Future<Output = LeanOutcome<Self>> {
        attempt(cx, move || async move { (self.call.0)(input) })
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        Shape::leaf("task", self.name())
    }
}
