//! What JavaScript is told when something is refused: an `Error` with a `kind`, and a sentence as its message.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

use super::clock::milliseconds;
use crate::breaker::Rejected;
use crate::runner::{BuildError, Refusal, SubmitError, TaskError, UnknownJob};

/// Whatever JavaScript knows by a word.
pub(super) trait Kind {
    fn kind(&self) -> &'static str;
}

/// An error as the package's type `RunnerError` describes it, which knows it by its name.
pub(super) fn refusal(kind: &str, sentence: &str) -> JsValue {
    let error = Error::new(sentence);
    error.set_name("RunnerError");
    set(&error, "kind", &JsValue::from(kind));
    error.into()
}

/// Something that has a word, as such an error.
pub(super) fn told(error: &(impl Kind + core::fmt::Display)) -> JsValue {
    refusal(error.kind(), &error.to_string())
}

/// A call that a circuit rejected; the error also says when to try again, in milliseconds.
pub(super) fn rejected(rejected: &Rejected) -> JsValue {
    let error = refusal("circuit-open", &rejected.to_string());
    let after = rejected.retry_after.map_or(JsValue::NULL, |after| JsValue::from(milliseconds(after)));
    set(&error, "retryAfter", &after);
    error
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // A property of a new object can always be set.
    let _ = Reflect::set(object, &JsValue::from(name), value);
}

impl Kind for BuildError {
    fn kind(&self) -> &'static str {
        match self {
            BuildError::NoWorkers => "no-workers",
            BuildError::NoCapacity => "no-capacity",
            BuildError::NoLaneLimit => "no-lane-limit",
            BuildError::NoRateInterval => "no-rate-interval",
            BuildError::Store(_) => "store",
        }
    }
}

impl<F: crate::runner::Factory> Kind for SubmitError<F> {
    fn kind(&self) -> &'static str {
        match self.refusal {
            Refusal::Full => "full",
            Refusal::NoPlaceInTime => "no-place-in-time",
            Refusal::Closed => "closed",
            Refusal::DuplicateId(_) => "duplicate-id",
            Refusal::DuplicateKey(_) => "duplicate-key",
            Refusal::NotStored(_) => "store",
        }
    }
}

impl<E> Kind for TaskError<E> {
    fn kind(&self) -> &'static str {
        match self {
            TaskError::Failed(_) => "failed",
            TaskError::Panicked(_) => "panicked",
            TaskError::TimedOut => "timed-out",
            TaskError::DeadlinePassed => "deadline-passed",
            TaskError::Cancelled(_) => "cancelled",
            TaskError::Evicted => "evicted",
        }
    }
}

impl Kind for UnknownJob {
    fn kind(&self) -> &'static str {
        "unknown-job"
    }
}
