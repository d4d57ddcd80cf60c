//! Jobs side by side.

use core::num::NonZeroUsize;
use std::rc::Rc;

use super::children::fan_out;
use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};
use crate::trace::CancelReason;

/// Runs jobs side by side, each with the same input, and gives their results in the order of the jobs.
///
/// Jobs of different types are put into one list by [`Workflow::boxed`].
///
/// ```
/// use unstuck::flow::{Parallel, Task, run};
///
/// # unstuck::Executor::new().block_on(async {
/// let number = |number: u32| Task::sync("Number", move |_: ()| Ok::<_, String>(number));
/// let numbers = Parallel::new("Numbers", [number(1), number(2), number(3)]).unwrap().limit(2).unwrap();
/// assert_eq!(run(&numbers).await, Ok(vec![1, 2, 3]));
/// let error = numbers.limit(0).err().unwrap();
/// assert_eq!(error.to_string(), "the limit of Numbers must be at least 1; leave it out if there is none");
/// # });
/// ```
pub struct Parallel<W> {
    name: Rc<str>,
    jobs: Vec<Rc<W>>,
    limit: Option<NonZeroUsize>,
    mode: FailMode,
}

/// What the failure of one job means for the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailMode {
    /// The others are cancelled, and the failure is the group's.
    #[default]
    FailFast,
    /// The others run to their end; the group's failure is [`Failure::Several`].
    CollectAll,
}

impl<W: Workflow> Parallel<W> {
    /// A group without a limit that fails fast.
    ///
    /// # Errors
    ///
    /// A [`BuildError`], when there are no jobs.
    pub fn new(name: &str, jobs: impl IntoIterator<Item = W>) -> Result<Self, BuildError> {
        let jobs: Vec<_> = jobs.into_iter().map(Rc::new).collect();
        let name = Rc::from(name);
        if jobs.is_empty() {
            return Err(BuildError::EmptyGroup { group: name });
        }
        Ok(Parallel { name, jobs, limit: None, mode: FailMode::FailFast })
    }

    /// Runs at most `limit` jobs at a time.
    ///
    /// # Errors
    ///
    /// A [`BuildError`], when `limit` is zero.
    pub fn limit(self, limit: usize) -> Result<Self, BuildError> {
        match NonZeroUsize::new(limit) {
            Some(limit) => Ok(Parallel { limit: Some(limit), ..self }),
            None => Err(BuildError::ZeroLimit { of: self.name }),
        }
    }

    /// Says what the failure of one job means for the others.
    pub fn fail_mode(self, mode: FailMode) -> Self {
        Parallel { mode, ..self }
    }

    /// Gives the outcome of every job, value or failure, and fails only when it is cancelled.
    pub fn outcomes(self) -> Outcomes<W> {
        Outcomes(self.fail_mode(FailMode::CollectAll))
    }

    fn shape_as(&self, kind: &'static str) -> Shape {
        Shape::group(kind, self.name.clone(), self.jobs.iter().map(|job| job.shape()))
            .noting(self.limit.map(|limit| format!("{limit} at a time")))
    }
}

impl<W> Workflow for Parallel<W>
where
    W: Workflow<Input: Clone + 'static, Output: 'static, Error: 'static> + 'static,
{
    type Input = W::Input;
    type Output = Vec<W::Output>;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        let jobs = self.jobs.iter().map(|job| (job.clone(), input.clone()));
        let mut all = fan_out(jobs, self.limit, self.mode == FailMode::FailFast, cx).await;
        let Some(first) = all.first_failure else {
            return values(all.outcomes, cx);
        };
        match (cx.cancel_reason(), self.mode, all.outcomes[first].take()) {
            (Some(reason), ..) => Err(Failure::Cancelled(reason)),
            (None, FailMode::FailFast, Some(Err(failure))) => Err(failure),
            (None, _, failure) => {
                all.outcomes[first] = failure;
                let names = self.jobs.iter().map(|job| job.name());
                let failures = names.zip(all.outcomes).filter_map(|(name, outcome)| Some((name, outcome?.err()?)));
                Err(Failure::Several(failures.collect()))
            }
        }
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        let mode = (self.mode == FailMode::CollectAll).then(|| "all to their end".to_owned());
        self.shape_as("parallel").noting(mode)
    }
}

/// The values of jobs of which none failed.
pub(super) fn values<T, E>(
    outcomes: Vec<Option<Result<T, Failure<E>>>>,
    cx: &RunCx<'_>,
) -> Result<Vec<T>, Failure<E>> {
    outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|| Err(never_begun(cx)))).collect()
}

/// A job that was never begun is one that was cancelled before.
fn never_begun<E>(cx: &RunCx<'_>) -> Failure<E> {
    Failure::Cancelled(cx.cancel_reason().unwrap_or(CancelReason::ParentEnded))
}

/// A [`Parallel`] that gives every outcome. See [`Parallel::outcomes`].
pub struct Outcomes<W>(Parallel<W>);

impl<W> Workflow for Outcomes<W>
where
    W: Workflow<Input: Clone + 'static, Output: 'static, Error: 'static> + 'static,
{
    type Input = W::Input;
    type Output = Vec<Outcome<W>>;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        let jobs = self.0.jobs.iter().map(|job| (job.clone(), input.clone()));
        let all = fan_out(jobs, self.0.limit, false, cx).await;
        match cx.cancel_reason() {
            Some(reason) if all.first_failure.is_some() => Err(Failure::Cancelled(reason)),
            _ => all.outcomes.into_iter().map(|outcome| outcome.ok_or_else(|| never_begun(cx))).collect(),
        }
    }

    fn name(&self) -> Rc<str> {
        self.0.name.clone()
    }

    fn shape(&self) -> Shape {
        self.0.shape_as("outcomes")
    }
}
