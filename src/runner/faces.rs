//! How a job's output is shown, and which of its errors are worth another attempt.

use std::rc::Rc;

use super::job::Job;

type Judge<E> = Rc<dyn Fn(&E) -> bool>;
type Show<T> = Rc<dyn Fn(&T) -> Option<String>>;

/// How a job's output is shown and its error judged; most jobs leave that as it is.
pub struct Faces<T, E> {
    pub(super) own: Option<Rc<OwnFaces<T, E>>>,
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

    pub(super) fn is_worth_a_retry(&self, error: &E) -> bool {
        self.own.as_ref().and_then(|own| own.retry_if.as_ref()).is_none_or(|worth_it| worth_it(error))
    }

    pub(super) fn show_output(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.show_output.is_some())
    }

    pub(super) fn show(&self, output: &T) -> Option<String> {
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
