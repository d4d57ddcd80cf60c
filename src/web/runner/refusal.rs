//! What JavaScript is told when something is refused: an `Error` with a `code`, and a sentence as its message.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

use crate::runner::{BuildError, Refusal, TaskError};

/// Whatever has a code.
pub(super) trait Coded {
    fn code(&self) -> &'static str;
}

pub(super) fn code_of(coded: &impl Coded) -> &'static str {
    coded.code()
}

/// An error as the type `RunnerError` describes it.
pub(super) fn refusal(code: &str, sentence: &str) -> JsValue {
    let error = Error::new(sentence);
    error.set_name("RunnerError");
    // A property of a new object can always be set.
    let _ = Reflect::set(&error, &JsValue::from("code"), &JsValue::from(code));
    error.into()
}

impl Coded for BuildError {
    fn code(&self) -> &'static str {
        match self {
            BuildError::NoWorkers => "no-workers",
            BuildError::NoCapacity => "no-capacity",
            BuildError::NoLaneLimit => "no-lane-limit",
            BuildError::Store(_) => "store",
        }
    }
}

impl Coded for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::Full => "full",
            Refusal::NoPlaceInTime => "no-place-in-time",
            Refusal::Closed => "closed",
            Refusal::DuplicateId(_) => "duplicate-id",
            Refusal::DuplicateKey(_) => "duplicate-key",
            Refusal::NotStored(_) => "store",
        }
    }
}

impl<E> Coded for TaskError<E> {
    fn code(&self) -> &'static str {
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
