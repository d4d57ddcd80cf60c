//! A workflow whose type is hidden.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::Failure;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};

/// Any workflow with this input, output and error. Clones are the same workflow. See [`Workflow::boxed`].
pub struct Job<I, T, E> {
    workflow: Rc<dyn Hidden<I, T, E>>,
}

impl<I, T, E> Clone for Job<I, T, E> {
    fn clone(&self) -> Self {
        Job { workflow: self.workflow.clone() }
    }
}

impl<I, T, E> Job<I, T, E> {
    pub(super) fn new(workflow: impl Workflow<Input = I, Output = T, Error = E> + 'static) -> Self {
        Job { workflow: Rc::new(workflow) }
    }
}

type Running<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, Failure<E>>> + 'a>>;

trait Hidden<I, T, E> {
    fn run<'a>(&'a self, input: I, cx: &'a RunCx<'a>) -> Running<'a, T, E>
    where
        I: 'a;
    fn name(&self) -> Rc<str>;
    fn shape(&self) -> Shape;
}

impl<W: Workflow> Hidden<W::Input, W::Output, W::Error> for W {
    fn run<'a>(&'a self, input: W::Input, cx: &'a RunCx<'a>) -> Running<'a, W::Output, W::Error>
    where
        W::Input: 'a,
    {
        Box::pin(Workflow::run(self, input, cx))
    }

    fn name(&self) -> Rc<str> {
        Workflow::name(self)
    }

    fn shape(&self) -> Shape {
        Workflow::shape(self)
    }
}

impl<I, T, E: fmt::Display> Workflow for Job<I, T, E> {
    type Input = I;
    type Output = T;
    type Error = E;

    async fn run(&self, input: I, cx: &RunCx<'_>) -> Outcome<Self> {
        self.workflow.run(input, cx).await
    }

    fn name(&self) -> Rc<str> {
        self.workflow.name()
    }

    fn shape(&self) -> Shape {
        self.workflow.shape()
    }
}
