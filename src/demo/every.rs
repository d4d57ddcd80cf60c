//! The same workflow again and again, at a steady pace.

use std::rc::Rc;

use crate::executor::{now, sleep_until};
use crate::flow::{Failure, Outcome, RunCx, Shape, Workflow};
use crate::time::{Duration, Span};

/// Runs a workflow so many times, whatever comes of it, and says how often that was a value.
///
/// A workflow of one's own, as [`Workflow`] lets anybody write it. It begins each run so long after the one before
/// began, or when that has ended, whichever is later.
pub struct Every<W> {
    name: Rc<str>,
    inner: W,
    times: u32,
    pace: Duration,
}

impl<W: Workflow> Every<W> {
    /// What [`Shape::kind`] calls it.
    pub const KIND: &'static str = "again and again";

    /// `workflow`, `times` times, `pace` apart.
    pub fn new(name: &str, workflow: W, times: u32, pace: Duration) -> Self {
        Every { name: Rc::from(name), inner: workflow, times, pace }
    }
}

impl<W: Workflow<Input: Clone>> Workflow for Every<W> {
    type Input = W::Input;
    type Output = String;
    type Error = W::Error;

    async fn run(&self, input: W::Input, cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        let mut succeeded = 0;
        for time in 0..self.times {
            let next = now() + self.pace;
            match cx.child(self.inner.name()).perform(&self.inner, input.clone()).await {
                Ok(_) => succeeded += 1,
                Err(Failure::Cancelled(reason)) => return Err(Failure::Cancelled(reason)),
                Err(_) => {}
            }
            if time + 1 < self.times {
                cx.unless_cancelled(sleep_until(next).in_reserve()).await?;
            }
        }
        Ok(format!("{succeeded} of {} succeeded", self.times))
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        let note = format!("{} times, every {}", self.times, Span(self.pace));
        Shape::group(Self::KIND, self.name(), [self.inner.shape()]).noting(Some(note))
    }
}
