//! Steps one after the other, through which a value flows and changes its type.

use core::fmt;
use core::future::Future;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::Failure;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};

/// Runs steps one after the other, each with the value of the one before, and gives the last value.
///
/// That the types fit is checked when it compiles. The first failure is the pipeline's; the steps after it are
/// cancelled.
///
/// ```
/// use unstuck::flow::{Pipeline, Task, run};
///
/// # unstuck::Executor::new().block_on(async {
/// let fetch = Task::new("Fetch", async |_: ()| Ok::<_, String>("42".to_owned()));
/// let parse = Task::sync("Parse", |text: String| text.parse::<u32>().map_err(|error| error.to_string()));
/// let is_even = Task::sync("Is even", |number: u32| Ok(number % 2 == 0));
/// assert_eq!(run(&Pipeline::new("Check", fetch).then(parse).then(is_even)).await, Ok(true));
/// # });
/// ```
pub struct Pipeline<S> {
    name: Rc<str>,
    steps: S,
}

impl<W: Workflow> Pipeline<First<W>> {
    /// A pipeline of one step; there is none without.
    pub fn new(name: &str, first: W) -> Self {
        Pipeline { name: Rc::from(name), steps: First(first) }
    }
}

impl<S: Steps> Pipeline<S> {
    /// The same, and then `step`.
    pub fn then<W>(self, step: W) -> Pipeline<Then<S, W>>
    where
        W: Workflow<Input = S::Output, Error = S::Error>,
    {
        Pipeline { name: self.name, steps: Then(self.steps, step) }
    }
}

/// The first step of a pipeline.
pub struct First<W>(W);
/// Steps, and one more.
pub struct Then<S, W>(S, W);

/// Steps whose types fit together.
pub trait Steps {
    type Input;
    type Output;
    type Error: fmt::Display;
    /// The nodes of the steps, pending until it is their turn.
    type Places;

    fn places(&self, cx: &RunCx<'_>) -> Self::Places;
    fn run(
        &self,
        input: Self::Input,
        places: Self::Places,
    ) -> impl Future<Output = Result<Self::Output, Failure<Self::Error>>>;
    fn shapes(&self) -> Vec<Shape>;
}

impl<W: Workflow> Steps for First<W> {
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;
    type Places = RunCx<'static>;

    fn places(&self, cx: &RunCx<'_>) -> RunCx<'static> {
        cx.child(self.0.name())
    }

    fn run(&self, input: W::Input, place: RunCx<'static>) -> impl Future<Output = Outcome<W>> {
        place.perform(&self.0, input)
    }

    fn shapes(&self) -> Vec<Shape> {
        vec![self.0.shape()]
    }
}

impl<S: Steps, W: Workflow<Input = S::Output, Error = S::Error>> Steps for Then<S, W> {
    type Input = S::Input;
    type Output = W::Output;
    type Error = W::Error;
    type Places = (S::Places, RunCx<'static>);

    fn places(&self, cx: &RunCx<'_>) -> Self::Places {
        (self.0.places(cx), cx.child(self.1.name()))
    }

    async fn run(&self, input: S::Input, (places, place): Self::Places) -> Outcome<W> {
        let value = self.0.run(input, places).await?;
        place.perform(&self.1, value).await
    }

    fn shapes(&self) -> Vec<Shape> {
        let mut shapes = self.0.shapes();
        shapes.push(self.1.shape());
        shapes
    }
}

impl<S: Steps> Workflow for Pipeline<S> {
    type Input = S::Input;
    type Output = S::Output;
    type Error = S::Error;

    async fn run(&self, input: S::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        self.steps.run(input, self.steps.places(cx)).await
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        Shape::group("pipeline", self.name(), self.steps.shapes())
    }
}
