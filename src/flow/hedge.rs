//! The same workflow again, when the first run takes long.

use std::rc::Rc;

use super::children::Children;
use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};
use crate::executor::timeout;
use crate::time::{Duration, Span};
use crate::trace::CancelReason;

/// Runs a workflow again when it has not finished after some time, or has failed; the first value counts, and the
/// other runs are cancelled because they lost. When all fail, the last failure counts. See [`Workflow::hedged`].
///
/// The idea is Dean and Barroso's, *The Tail at Scale* (CACM 2013, doi 10.1145/2408776.2408794).
///
/// ```
/// use std::cell::Cell;
/// use unstuck::flow::{Task, Workflow, run};
/// use unstuck::time::ms;
/// use unstuck::{Executor, now, sleep};
///
/// let calls = Cell::new(0);
/// let fetch = Task::new("Fetch", async move |_: ()| {
///     calls.set(calls.get() + 1);
///     sleep(if calls.get() == 1 { ms(10_000) } else { ms(50) }).await; // only the first call is slow
///     Ok::<_, String>("data")
/// });
/// let hedged = fetch.hedged(ms(100), 2).unwrap();
/// Executor::new().block_on(async move {
///     assert_eq!(run(&hedged).await, Ok("data"));
///     assert_eq!(now().to_string(), "150 ms");
/// });
/// ```
pub struct Hedge<W> {
    inner: Rc<W>,
    after: Duration,
    most: usize,
}

impl<W: Workflow> Hedge<W> {
    pub(super) fn new(inner: W, after: Duration, most: usize) -> Result<Self, BuildError> {
        if most == 0 {
            return Err(BuildError::ZeroLimit { of: inner.name() });
        }
        Ok(Hedge { inner: Rc::new(inner), after, most })
    }
}

impl<W> Workflow for Hedge<W>
where
    W: Workflow<Input: Clone + 'static, Output: 'static, Error: 'static> + 'static,
{
    type Input = W::Input;
    type Output = W::Output;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        let mut children = Children::new();
        let mut begun = 0;
        loop {
            if begun < self.most && cx.cancel_reason().is_none() {
                children.spawn(begun, self.inner.clone(), input.clone(), cx.child(self.inner.name()));
                begun += 1;
            }
            let next = if begun < self.most {
                timeout(self.after, children.next()).await
            } else {
                Ok(children.next().await)
            };
            match next {
                Ok(Some((_, Ok(value)))) => {
                    children.stop(CancelReason::LostRace).await;
                    return Ok(value);
                }
                Ok(Some((_, Err(failure)))) if children.len() == 0 && (begun == self.most || stopped(cx)) => {
                    return Err(failure);
                }
                Ok(None) => return Err(Failure::Cancelled(cx.cancel_reason().unwrap_or(CancelReason::ParentEnded))),
                Ok(Some(_)) | Err(_) => {}
            }
        }
    }

    fn name(&self) -> Rc<str> {
        self.inner.name()
    }

    fn shape(&self) -> Shape {
        let note = format!("again after {}, {} at most", Span(self.after), self.most);
        Shape::group("hedge", self.name(), [self.inner.shape()]).noting(Some(note))
    }
}

fn stopped(cx: &RunCx<'_>) -> bool {
    cx.cancel_reason().is_some()
}
