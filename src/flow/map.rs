//! One workflow for each of many inputs.

use core::num::NonZeroUsize;
use std::rc::Rc;

use super::children::fan_out;
use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use super::parallel::values;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};

/// Runs one workflow for each input of a list, side by side, and gives the results in the order of the inputs.
///
/// The first failure cancels the others. No inputs give no results. See [`Workflow::for_each`].
///
/// ```
/// use unstuck::flow::{RunCx, Task, Workflow};
///
/// # unstuck::Executor::new().block_on(async {
/// let square = Task::sync("Square", |number: u32| Ok::<_, String>(number * number));
/// let squares = square.for_each().limit(2).unwrap();
/// assert_eq!(RunCx::new("Squares").perform(&squares, vec![1, 2, 3]).await, Ok(vec![1, 4, 9]));
/// # });
/// ```
pub struct Map<W> {
    each: Rc<W>,
    limit: Option<NonZeroUsize>,
}

impl<W: Workflow> Map<W> {
    pub(super) fn new(each: W) -> Self {
        Map { each: Rc::new(each), limit: None }
    }

    /// Runs at most `limit` at a time.
    ///
    /// # Errors
    ///
    /// A [`BuildError`], when `limit` is zero.
    pub fn limit(self, limit: usize) -> Result<Self, BuildError> {
        match NonZeroUsize::new(limit) {
            Some(limit) => Ok(Map { limit: Some(limit), ..self }),
            None => Err(BuildError::ZeroLimit { of: name_of(&*self.each) }),
        }
    }
}

fn name_of(each: &impl Workflow) -> Rc<str> {
    Rc::from(format!("each {}", each.name()))
}

impl<W> Workflow for Map<W>
where
    W: Workflow<Input: 'static, Output: 'static, Error: 'static> + 'static,
{
    type Input = Vec<W::Input>;
    type Output = Vec<W::Output>;
    type Error = W::Error;

    async fn run(&self, inputs: Vec<W::Input>, cx: &RunCx<'_>) -> Outcome<Self> {
        let jobs = inputs.into_iter().map(|input| (self.each.clone(), input));
        let mut all = fan_out(jobs, self.limit, true, cx).await;
        match (cx.cancel_reason(), all.first_failure.and_then(|first| all.outcomes[first].take())) {
            (Some(reason), Some(_)) => Err(Failure::Cancelled(reason)),
            (None, Some(Err(failure))) => Err(failure),
            _ => values(all.outcomes, cx),
        }
    }

    fn name(&self) -> Rc<str> {
        name_of(&*self.each)
    }

    fn shape(&self) -> Shape {
        Shape::group("map", self.name(), [self.each.shape()])
            .noting(self.limit.map(|limit| format!("{limit} at a time")))
    }
}
