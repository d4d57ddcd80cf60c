//! A job of any type: its factory, the attempt under way, and what came of it, in one reused box.

use core::any::{Any, TypeId};
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
use super::job::{Job, Named};
use super::run::Attempt;
use super::status::TaskError;
use crate::executor::message_of;

/// What makes the attempts of a job: a closure, or a named job. Nothing else can implement it.
pub trait Factory: Sized + 'static {
    /// What an attempt gives when it succeeds.
    type Output: 'static;
    /// The error of an attempt.
    type Error: fmt::Display + 'static;

    /// Moves what is in the parcel into `old` if it fits, and into a new box otherwise.
    #[doc(hidden)]
    fn fill(parcel: &mut Parcel<Self, Self::Output, Self::Error>, old: Option<BoxedBody>) -> BoxedBody;

    /// What cannot be taken out of a box again.
    #[doc(hidden)]
    fn keep(&self) -> Option<Self>;

    /// Takes out what was filled in, with what was kept.
    #[doc(hidden)]
    fn take_back(body: Pin<&mut dyn Body>, kept: Option<Self>) -> Parcel<Self, Self::Output, Self::Error>;
}

pub type BoxedBody = Pin<Box<dyn Body>>;

impl<M, F, T, E> Factory for M
where
    M: FnMut(TaskCx) -> F + 'static,
    F: Future<Output = Result<T, E>> + 'static,
    T: 'static,
    E: fmt::Display + 'static,
{
    type Output = T;
    type Error = E;
    #[inline]
    fn fill(parcel: &mut Parcel<M, T, E>, old: Option<BoxedBody>) -> BoxedBody {
        fill(parcel, old)
    }

    fn keep(&self) -> Option<Self> {
        None
    }

    fn take_back(body: Pin<&mut dyn Body>, _kept: Option<Self>) -> Parcel<M, T, E> {
        let mut parcel = Parcel { factory: None, faces: Faces::none() };
        body.give_back(&mut parcel.factory, &mut parcel.faces);
        parcel
    }
}

impl<J: Job> Factory for Named<J> {
    type Output = J::Output;
    type Error = J::Error;
    fn fill(parcel: &mut Parcel<Self, J::Output, J::Error>, old: Option<BoxedBody>) -> BoxedBody {
        let Parcel { factory, faces } = parcel.take();
        let factory = factory.map(|Named(job)| move |cx| job.clone().run(cx));
        fill(&mut Parcel { factory, faces }, old)
    }

    fn keep(&self) -> Option<Self> {
        Some(Named(self.0.clone()))
    }

    fn take_back(body: Pin<&mut dyn Body>, kept: Option<Self>) -> Parcel<Self, J::Output, J::Error> {
        let mut parcel = Parcel { factory: kept, faces: Faces::none() };
        body.give_back(&mut None::<()>, &mut parcel.faces);
        parcel
    }
}

#[inline]
fn fill<M, F, T, E>(parcel: &mut Parcel<M, T, E>, old: Option<BoxedBody>) -> BoxedBody
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
    let Parcel { factory, faces } = parcel.take();
    Box::pin(Parts { factory, attempt: None, outcome: Poll::Pending, faces })
}

/// What goes into a box: it is moved there from where it was made, once.
pub struct Parcel<M, T, E> {
    factory: Option<M>,
    pub(super) faces: Faces<T, E>,
}

impl<M, T, E> Parcel<M, T, E> {
    #[inline]
    pub(super) fn new(factory: M, faces: Faces<T, E>) -> Self {
        Parcel { factory: Some(factory), faces }
    }

    #[inline]
    fn take(&mut self) -> Self {
        Parcel { factory: self.factory.take(), faces: Faces { own: self.faces.own.take() } }
    }

    /// Whether it was moved into a box.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.factory.is_none()
    }
}

impl<M: Factory> Parcel<M, M::Output, M::Error> {
    /// What cannot be taken out of the box again.
    pub(super) fn keep(&self) -> Option<M> {
        self.factory.as_ref()?.keep()
    }
}

type Judge<E> = Rc<dyn Fn(&E) -> bool>;
type Show<T> = Rc<dyn Fn(&T) -> Option<String>>;

/// How a job's output is shown and its error judged; most jobs leave that as it is.
pub struct Faces<T, E> {
    own: Option<Rc<OwnFaces<T, E>>>,
}

pub struct OwnFaces<T, E> {
    pub(super) show_output: Option<Show<T>>,
    pub(super) retry_if: Option<Judge<E>>,
}

impl<T, E> Faces<T, E> {
    pub(super) fn none() -> Self {
        Faces { own: None }
    }

    pub(super) fn of_job<J: Job<Output = T, Error = E>>() -> Self
    where
        T: 'static,
    {
        Faces { own: Some(Rc::new(OwnFaces { show_output: Some(Rc::new(J::show)), retry_if: None })) }
    }

    pub(super) fn change(&mut self) -> &mut OwnFaces<T, E> {
        Rc::make_mut(self.own.get_or_insert_with(|| Rc::new(OwnFaces { show_output: None, retry_if: None })))
    }

    fn is_worth_a_retry(&self, error: &E) -> bool {
        self.own.as_ref().and_then(|own| own.retry_if.as_ref()).is_none_or(|worth_it| worth_it(error))
    }

    fn show_output(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.show_output.is_some())
    }

    fn show(&self, output: &T) -> Option<String> {
        self.own.as_ref()?.show_output.as_ref()?(output)
    }
}

impl<T, E> Clone for Faces<T, E> {
    fn clone(&self) -> Self {
        Faces { own: self.own.clone() }
    }
}

impl<T, E> Clone for OwnFaces<T, E> {
    fn clone(&self) -> Self {
        OwnFaces { show_output: self.show_output.clone(), retry_if: self.retry_if.clone() }
    }
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

/// Tells the types of a job's output and error; a third of the size of what it tells.
pub(super) type Types = fn() -> TypeId;

pub(super) fn types_of<F: Factory>() -> TypeId {
    TypeId::of::<Outcome<F::Output, F::Error>>()
}

pub trait Body {
    /// Makes the next attempt.
    fn begin(self: Pin<&mut Self>, engine: &Rc<Engine>, attempt: &Attempt);
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Verdict>;
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
    fn begin(self: Pin<&mut Self>, engine: &Rc<Engine>, attempt: &Attempt) {
        let mut this = self.project();
        *this.outcome = Poll::Pending;
        let factory = this.factory.as_mut().expect("a job that is begun has its factory");
        let made = catch_unwind(AssertUnwindSafe(|| {
            this.attempt.set(Some(factory(TaskCx::new(engine, attempt))));
        }));
        if let Err(payload) = made {
            *this.outcome = Poll::Ready(Err(TaskError::Panicked(message_of(payload))));
        }
    }

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Verdict> {
        let mut this = self.project();
        let Some(attempt) = this.attempt.as_mut().as_pin_mut() else { return Poll::Ready(Verdict::Panicked) };
        // An attempt is dropped after it panicked, so nobody sees the state that it left.
        let polled = catch_unwind(AssertUnwindSafe(|| match attempt.poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(output)) => {
                *this.outcome = Poll::Ready(Ok(output));
                // Only what failed may be tried again.
                *this.factory = None;
                Poll::Ready(Verdict::Succeeded { shown: this.faces.show_output() })
            }
            Poll::Ready(Err(error)) => {
                let worth_a_retry = this.faces.is_worth_a_retry(&error);
                *this.outcome = Poll::Ready(Err(TaskError::Failed(Rc::new(error))));
                Poll::Ready(Verdict::Failed { worth_a_retry })
            }
        }));
        let verdict = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(verdict)) => verdict,
            Err(payload) => {
                *this.outcome = Poll::Ready(Err(TaskError::Panicked(message_of(payload))));
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
        *this.factory = parcel.factory.take();
        this.faces.own = parcel.faces.own.take();
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
        mem::swap(outcome, this.outcome);
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
