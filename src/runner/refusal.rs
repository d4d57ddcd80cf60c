//! Why a job was not accepted.

use core::fmt;

use super::factory::Factory;
use super::job::Submission;
use super::record::JobId;
use super::store::StoreError;

/// Why a job was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The queue is full.
    Full,
    /// No place came free in the time that the policy allows.
    NoPlaceInTime,
    /// The runner accepts nothing any more.
    Closed,
    /// There is a job of this id already.
    DuplicateId(JobId),
    /// A job of this key is in flight, which may not be joined or gives something else.
    DuplicateKey(JobId),
    /// The store could not take down the job.
    NotStored(StoreError),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Full => f.write_str("the queue is full"),
            Refusal::NoPlaceInTime => f.write_str("no place in the queue came free in time"),
            Refusal::Closed => f.write_str("the runner is closed and accepts no more jobs"),
            Refusal::DuplicateId(id) => write!(f, "there is a job {id} already"),
            Refusal::DuplicateKey(id) => write!(f, "a job of the same key is in flight: {id}"),
            Refusal::NotStored(error) => write!(f, "the job could not be stored: {error}"),
        }
    }
}

/// A job that was not accepted, and why. Nothing of it is left in the runner.
pub struct SubmitError<F: Factory> {
    /// Why it was not accepted.
    pub refusal: Refusal,
    /// The job, to be submitted again or elsewhere.
    pub submission: Box<Submission<F>>,
}

impl<F: Factory> fmt::Display for SubmitError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl<F: Factory> fmt::Debug for SubmitError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmitError").field("refusal", &self.refusal).finish_non_exhaustive()
    }
}

impl<F: Factory> std::error::Error for SubmitError<F> {}
