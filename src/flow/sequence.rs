//! Steps one after the other, and the list of what they gave.

use core::fmt;
use std::collections::VecDeque;
use std::rc::Rc;

use super::cx::RunCx;
use super::job::Job;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};

/// Runs steps one after the other, each with the value of the one before, and gives the ordered list of results.
///
/// All steps give the same type. A [`Pipeline`](super::Pipeline) lets values change their type, and gives the last.
/// The first failure is the sequence's; the steps after it are cancelled.
///
/// ```
/// use unstuck::flow::{Sequence, Task, run};
///
/// # unstuck::Executor::new().block_on(async {
/// let fetch = Task::new("Fetch", async |_: ()| Ok::<_, String>("data".to_owned()));
/// let shout = Task::sync("Shout", |data: String| Ok(data.to_uppercase()));
/// let both = Sequence::new("Both", fetch).then(shout);
/// assert_eq!(run(&both).await.unwrap(), ["data", "DATA"]);
/// # });
/// ```
pub struct Sequence<W: Workflow> {
    name: Rc<str>,
    first: W,
    rest: Vec<Job<W::Output, W::Output, W::Error>>,
}

impl<W: Workflow> Sequence<W> {
    /// A sequence of one step; there is none without.
    pub fn new(name: &str, first: W) -> Self {
        Sequence { name: Rc::from(name), first, rest: Vec::new() }
    }

    /// The same, and then `step`.
    pub fn then<S>(mut self, step: S) -> Self
    where
        S: Workflow<Input = W::Output, Output = W::Output, Error = W::Error> + 'static,
    {
        self.rest.push(step.boxed());
        self
    }
}

impl<W> Workflow for Sequence<W>
where
    W: Workflow<Output: Clone, Error: fmt::Display>,
{
    type Input = W::Input;
    type Output = Vec<W::Output>;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        let first = cx.child(self.first.name());
        let mut places: VecDeque<_> = self.rest.iter().map(|step| (step, cx.child(step.name()))).collect();
        let mut results = vec![first.perform(&self.first, input).await?];
        while let Some((step, cx)) = places.pop_front() {
            let before = results[results.len() - 1].clone();
            results.push(cx.perform(step, before).await?);
        }
        Ok(results)
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        let steps = std::iter::once(self.first.shape()).chain(self.rest.iter().map(|step| step.shape()));
        Shape::group("sequence", self.name(), steps)
    }
}
