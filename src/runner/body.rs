//! A job of any type: its factory, the attempt under way, and what came of it, in one reused box.

use core::any::Any;
use core::fmt;
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use pin_project_lite::pin_project;

use super::context::TaskCx;
use super::engine::Engine;
use super::faces::Faces;
use super::factory::Parcel;
use super::run::Attempt;
use super::status::TaskError;
use crate::executor::caught;
use crate::overwrite::overwrite;

pub type BoxedBody = Pin<Box<dyn Body>>;

/// Moves what is in the parcel into `old` if it fits, and into a new box otherwise.
#[inline]
pub(super) fn fill<M, F, T, E>(parcel: &mut Parcel<M, T, E>, old: Option<BoxedBody>) -> BoxedBody
where
    M: FnMut(TaskCx) -> F + 'static,
    F: Future<Output = Result<T, E>> + 'static,
    T: 'static,
    E: fmt::Display + 'static,
{
    if let Some(mut body) = old
        && body.as_mut().refill(parcel)
    {
        return body;
    }
    boxed(parcel)
}

#[inline(never)]
fn boxed<M, F, T, E>(parcel: &mut Parcel<M, T, E>) -> BoxedBody
where
    M: FnMut(TaskCx) -> F + 'static,
    F: Future<Output = Result<T, E>> + 'static,
    T: 'static,
    E: fmt::Display + 'static,
{
    let Parcel { factory, faces } = parcel.take();
    Box::pin(Parts { factory, attempt: None, outcome: Poll::Pending, faces })
}

/// How an attempt ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `shown` when a record shows the output.
    Succeeded {
        shown: bool,
    },
    Failed {
        worth_a_retry: bool,
    },
    Panicked,
}

/// What a job left behind.
pub(super) type Outcome<T, E> = Result<T, TaskError<E>>;

pub trait Body {
    /// Polls the attempt, which its first poll makes.
    fn poll(self: Pin<&mut Self>, engine: &Rc<Engine>, which: &Attempt, cx: &mut Context<'_>) -> Poll<Verdict>;
    /// Drops the attempt.
    fn stop(self: Pin<&mut Self>);
    /// Drops what an ended job no longer needs.
    fn retire(self: Pin<&mut Self>);
    /// Drops everything but the box.
    fn clear(self: Pin<&mut Self>);
    /// Moves in what is in `next`, if it is of the same type.
    fn refill(self: Pin<&mut Self>, next: &mut dyn Any) -> bool;
    /// Moves out the factory, to an `Option<M>` if that is what is offered, and how it is shown.
    fn give_back(self: Pin<&mut Self>, factory: &mut dyn Any, faces: &mut dyn Any);
    /// What came of it, a `Poll<Outcome<T, E>>`.
    fn outcome(&self) -> &dyn Any;
    /// Moves that to `outcome`, which is pending, and says whether the box is empty now.
    fn take_outcome(self: Pin<&mut Self>, outcome: &mut dyn Any) -> bool;
    /// Output or error as a record shows them.
    fn text(&self) -> Option<Rc<str>>;
    /// Moves the factory to a box of its own, for another life.
    fn revive(self: Pin<&mut Self>) -> Option<BoxedBody>;
}

pin_project! {
    struct Parts<M, F, T, E> {
        factory: Option<M>,
        #[pin]
        attempt: Option<F>,
        // As it is handed to whoever waits, so that it is moved as a whole.
        outcome: Poll<Outcome<T, E>>,
        faces: Faces<T, E>,
    }
}

impl<M, F, T, E> Body for Parts<M, F, T, E>
where
    M: FnMut(TaskCx) -> F + 'static,
    F: Future<Output = Result<T, E>> + 'static,
    T: 'static,
    E: fmt::Display + 'static,
{
    #[inline]
    fn poll(self: Pin<&mut Self>, engine: &Rc<Engine>, which: &Attempt, cx: &mut Context<'_>) -> Poll<Verdict> {
        let mut this = self.project();
        // An attempt is dropped after it panicked, so nobody sees the state that it left.
        let polled = caught(|| {
            if this.attempt.is_none() {
                *this.outcome = Poll::Pending;
                let factory = this.factory.as_mut().expect("a job that is begun has its factory");
                this.attempt.set(Some(factory(TaskCx::new(engine, which))));
            }
            let attempt = this.attempt.as_mut().as_pin_mut().expect("it was made");
            match attempt.poll(cx) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Ok(output)) => {
                    overwrite(this.outcome, Poll::Ready(Ok(output)));
                    // Only what failed may be tried again.
                    *this.factory = None;
                    Poll::Ready(Verdict::Succeeded { shown: this.faces.show_output() })
                }
                Poll::Ready(Err(error)) => {
                    let worth_a_retry = this.faces.is_worth_a_retry(&error);
                    *this.outcome = Poll::Ready(Err(TaskError::Failed(Rc::new(error))));
                    Poll::Ready(Verdict::Failed { worth_a_retry })
                }
            }
        });
        let verdict = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(verdict)) => verdict,
            Err(message) => {
                *this.outcome = Poll::Ready(Err(TaskError::Panicked(message)));
                Verdict::Panicked
            }
        };
        this.attempt.set(None);
        Poll::Ready(verdict)
    }

    fn stop(self: Pin<&mut Self>) {
        let mut attempt = self.project().attempt;
        if attempt.is_none() {
            return;
        }
        // A destructor that panics must not take the worker with it; the attempt is gone all the same.
        let _ = catch_unwind(AssertUnwindSafe(|| attempt.set(None)));
    }

    #[inline]
    fn retire(self: Pin<&mut Self>) {
        let this = self.project();
        if this.factory.is_none() && this.faces.own.is_none() {
            return;
        }
        let _ = catch_unwind(AssertUnwindSafe(|| {
            *this.factory = None;
            this.faces.own = None;
        }));
    }

    #[inline]
    fn clear(mut self: Pin<&mut Self>) {
        self.as_mut().stop();
        self.as_mut().retire();
        let outcome = self.project().outcome;
        let _ = catch_unwind(AssertUnwindSafe(|| *outcome = Poll::Pending));
    }

    #[inline]
    fn refill(self: Pin<&mut Self>, next: &mut dyn Any) -> bool {
        let this = self.project();
        let Some(parcel) = next.downcast_mut::<Parcel<M, T, E>>() else { return false };
        overwrite(this.factory, parcel.factory.take());
        overwrite(&mut this.faces.own, parcel.faces.own.take());
        true
    }

    fn give_back(self: Pin<&mut Self>, factory: &mut dyn Any, faces: &mut dyn Any) {
        let this = self.project();
        if let Some(factory) = factory.downcast_mut::<Option<M>>() {
            *factory = this.factory.take();
        }
        if let Some(faces) = faces.downcast_mut::<Faces<T, E>>() {
            *faces = this.faces.clone();
        }
    }

    #[inline]
    fn outcome(&self) -> &dyn Any {
        &self.outcome
    }

    #[inline]
    fn take_outcome(self: Pin<&mut Self>, outcome: &mut dyn Any) -> bool {
        let this = self.project();
        let outcome = outcome.downcast_mut::<Poll<Outcome<T, E>>>().expect("a handle is of the types of its job");
        overwrite(outcome, mem::replace(this.outcome, Poll::Pending));
        this.factory.is_none() && this.faces.own.is_none()
    }

    fn text(&self) -> Option<Rc<str>> {
        // What cannot be shown without a panic is not shown.
        let shown = catch_unwind(AssertUnwindSafe(|| match &self.outcome {
            Poll::Ready(Ok(output)) => self.faces.show(output).map(Rc::from),
            Poll::Ready(Err(TaskError::Failed(error))) => Some(Rc::from(error.to_string())),
            Poll::Ready(Err(TaskError::Panicked(message))) => Some(message.clone()),
            Poll::Ready(Err(_)) | Poll::Pending => None,
        }));
        shown.unwrap_or_default()
    }

    fn revive(self: Pin<&mut Self>) -> Option<BoxedBody> {
        let this = self.project();
        let factory = this.factory.take()?;
        Some(fill(&mut Parcel::new(factory, this.faces.clone()), None))
    }
}
