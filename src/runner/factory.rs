//! What makes the attempts of a job, and how it gets into a box.

use core::any::TypeId;
use core::fmt;
use core::future::Future;
use core::pin::Pin;

use super::body::{Body, BoxedBody, Outcome, fill};
use super::context::TaskCx;
use super::faces::Faces;
use super::job::{Job, Named};

/// What makes the attempts of a job: a closure, or a named job. Nothing else can implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` makes no attempts of a job",
    label = "cannot be submitted",
    note = "a closure does in `unstuck::runner::job(closure)`, and a type that implements `unstuck::runner::Job`"
)]
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

/// Tells the types of a job's output and error; a third of the size of what it tells.
pub(super) type Types = fn() -> TypeId;

pub(super) fn types_of<F: Factory>() -> TypeId {
    TypeId::of::<Outcome<F::Output, F::Error>>()
}

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

/// What goes into a box: it is moved there from where it was made, once.
pub struct Parcel<M, T, E> {
    pub(super) factory: Option<M>,
    pub(super) faces: Faces<T, E>,
}

impl<M, T, E> Parcel<M, T, E> {
    #[inline]
    pub(super) fn new(factory: M, faces: Faces<T, E>) -> Self {
        Parcel { factory: Some(factory), faces }
    }

    #[inline]
    pub(super) fn take(&mut self) -> Self {
        Parcel { factory: self.factory.take(), faces: Faces { own: self.faces.own.take() } }
    }
}

impl<M: Factory> Parcel<M, M::Output, M::Error> {
    /// What cannot be taken out of the box again.
    pub(super) fn keep(&self) -> Option<M> {
        self.factory.as_ref()?.keep()
    }
}
