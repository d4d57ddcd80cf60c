//! Another workflow, when the first one failed.

use std::rc::Rc;

use super::cx::RunCx;
use super::failure::Failure;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};

/// Runs another workflow with the same input when the first one failed; not when it was cancelled. See
/// [`Workflow::or_else`].
///
/// ```
/// use unstuck::flow::{Task, Workflow, run};
///
/// # unstuck::Executor::new().block_on(async {
/// let live = Task::sync("Live", |_: ()| Err::<u32, _>("no route"));
/// let cached = Task::sync("Cached", |_: ()| Ok(41));
/// assert_eq!(run(&live.or_else(cached)).await, Ok(41));
/// # });
/// ```
pub struct Fallback<A, B> {
    first: A,
    other: B,
}

impl<A, B> Fallback<A, B> {
    pub(super) fn new(first: A, other: B) -> Self {
        Fallback { first, other }
    }
}

impl<A, B> Workflow for Fallback<A, B>
where
    A: Workflow<Input: Clone>,
    B: Workflow<Input = A::Input, Output = A::Output, Error = A::Error>,
{
    type Input = A::Input;
    type Output = A::Output;
    type Error = A::Error;

    async fn run(&self, input: A::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        match cx.child(self.first.name()).perform(&self.first, input.clone()).await {
            Err(failure) if !matches!(failure, Failure::Cancelled(_)) => {
                cx.child(self.other.name()).perform(&self.other, input).await
            }
            outcome => outcome,
        }
    }

    fn name(&self) -> Rc<str> {
        Rc::from(format!("{} or {}", self.first.name(), self.other.name()))
    }

    fn shape(&self) -> Shape {
        Shape::group("fallback", self.name(), [self.first.shape(), self.other.shape()])
    }
}
