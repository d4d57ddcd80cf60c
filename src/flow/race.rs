//! Jobs side by side, of which one counts.

use std::rc::Rc;

use super::children::Children;
use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};
use crate::trace::CancelReason;

/// Runs jobs side by side, each with the same input, and gives the outcome of one; the others are cancelled because
/// they lost, and have stopped before it returns. See [`race`] and [`first_ok`].
pub struct Race<W> {
    name: Rc<str>,
    jobs: Vec<Rc<W>>,
    winner: Winner,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Winner {
    FirstFinished,
    FirstSucceeded,
}

/// The outcome of the job that finishes first, be it a value or a failure.
///
/// ```
/// use unstuck::flow::{Task, race, run};
/// use unstuck::time::ms;
/// use unstuck::{Executor, sleep};
///
/// let waits = |milliseconds: u64| {
///     Task::new("Waits", async move |_: ()| {
///         sleep(ms(milliseconds)).await;
///         Ok::<_, String>(milliseconds)
///     })
/// };
/// let fastest = race("Fastest", [waits(30), waits(10), waits(20)]).unwrap();
/// assert_eq!(Executor::new().block_on(async move { run(&fastest).await }), Ok(10));
/// ```
///
/// # Errors
///
/// A [`BuildError`], when there are no jobs.
pub fn race<W: Workflow>(name: &str, jobs: impl IntoIterator<Item = W>) -> Result<Race<W>, BuildError> {
    Race::new(name, jobs, Winner::FirstFinished)
}

/// The value of the job that succeeds first; when all fail, [`Failure::Several`].
///
/// ```
/// use unstuck::flow::{Task, first_ok, run};
///
/// let mirror = |name: &str, answer: Result<u32, &'static str>| Task::sync(name, move |_: ()| answer);
/// let mirrors = first_ok("Mirrors", [mirror("A", Err("no route")), mirror("B", Ok(42))]).unwrap();
/// let answer = unstuck::Executor::new().block_on(async move { run(&mirrors).await });
/// assert_eq!(answer, Ok(42));
/// ```
///
/// # Errors
///
/// A [`BuildError`], when there are no jobs.
pub fn first_ok<W: Workflow>(name: &str, jobs: impl IntoIterator<Item = W>) -> Result<Race<W>, BuildError> {
    Race::new(name, jobs, Winner::FirstSucceeded)
}

impl<W: Workflow> Race<W> {
    fn new(name: &str, jobs: impl IntoIterator<Item = W>, winner: Winner) -> Result<Self, BuildError> {
        let jobs: Vec<_> = jobs.into_iter().map(Rc::new).collect();
        let name = Rc::from(name);
        if jobs.is_empty() { Err(BuildError::EmptyGroup { group: name }) } else { Ok(Race { name, jobs, winner }) }
    }
}

impl<W> Workflow for Race<W>
where
    W: Workflow<Input: Clone + 'static, Output: 'static, Error: 'static> + 'static,
{
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        let mut children = Children::new();
        let places: Vec<_> = self.jobs.iter().map(|job| cx.child(job.name())).collect();
        for (index, (job, place)) in self.jobs.iter().zip(places).enumerate() {
            children.spawn(index, job.clone(), input.clone(), place);
        }
        let mut failures = Vec::new();
        while let Some((index, outcome)) = children.next().await {
            match outcome {
                Err(failure) if self.winner == Winner::FirstSucceeded => failures.push((index, failure)),
                outcome => {
                    children.stop(CancelReason::LostRace).await;
                    return outcome;
                }
            }
        }
        if let Some(reason) = cx.cancel_reason() {
            return Err(Failure::Cancelled(reason));
        }
        failures.sort_by_key(|(index, _)| *index);
        Err(Failure::Several(
            failures.into_iter().map(|(index, failure)| (self.jobs[index].name(), failure)).collect(),
        ))
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        let kind = match self.winner {
            Winner::FirstFinished => "race",
            Winner::FirstSucceeded => "first ok",
        };
        Shape::group(kind, self.name(), self.jobs.iter().map(|job| job.shape()))
    }
}
