//! A group behind a circuit breaker.

use std::rc::Rc;

use super::cx::RunCx;
use super::failure::Failure;
use super::fence::default_verdict;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};
use crate::breaker::{CircuitBreaker, Verdict};

/// Runs a workflow through a circuit breaker, under a name.
///
/// Clones of the breaker may stand in front of other workflows, too. An own error, a panic and a timeout count as
/// failures; a cancellation and a rejection further in count neither way. The run that opens the circuit returns
/// its own failure.
///
/// ```
/// use unstuck::breaker::{CircuitBreaker, Config};
/// use unstuck::flow::{CircuitGroup, Failure, Sequence, Task, run};
/// use unstuck::time::Duration;
///
/// # unstuck::Executor::new().block_on(async {
/// let config = Config::consecutive_failures(2).open_for(Duration::from_secs(10));
/// let breaker = CircuitBreaker::new("orders", config).unwrap();
/// let fetch = Task::sync("Fetch", |_: ()| Err::<u32, _>("no route"));
/// let group = CircuitGroup::new("Orders", Sequence::new("Load", fetch), &breaker);
/// assert_eq!(run(&group).await, Err(Failure::Failed("no route")));
/// assert_eq!(run(&group).await, Err(Failure::Failed("no route")));
/// assert_eq!(run(&group).await.unwrap_err().to_string(), "the circuit is open; try again in 10 s");
/// # });
/// ```
pub struct CircuitGroup<W> {
    name: Rc<str>,
    inner: W,
    breaker: CircuitBreaker,
}

impl<W: Workflow> CircuitGroup<W> {
    /// `workflow` behind `breaker`.
    pub fn new(name: &str, workflow: W, breaker: &CircuitBreaker) -> Self {
        CircuitGroup { name: Rc::from(name), inner: workflow, breaker: breaker.clone() }
    }
}

impl<W: Workflow> Workflow for CircuitGroup<W> {
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        let permit = self.breaker.admit().map_err(Failure::Rejected)?;
        cx.running();
        let outcome = cx.child(self.inner.name()).perform(&self.inner, input).await;
        permit.judge(outcome.as_ref().map_or_else(default_verdict, |_| Verdict::Success));
        outcome
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        let note = format!("circuit {}", self.breaker.name());
        Shape::group("circuit group", self.name(), [self.inner.shape()]).noting(Some(note))
    }
}
