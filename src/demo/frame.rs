//! What a run leaves behind.

use super::act::Act;
use crate::breaker::Metrics;
use crate::flow::Event;
use crate::time::{Duration, Instant};

/// Something that happened, and how the circuit stood right after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// When, on the executor's clock.
    pub time: Instant,
    /// What.
    pub what: What,
    /// The circuit of the pipeline, if there is one.
    pub circuit: Option<Metrics>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The virtual clock moved on, by so much.
    Passed(Duration),
    /// The pipeline or its circuit published an event.
    Event(Event),
    /// A person did something.
    Told(Act),
    /// The whole has ended, with a value or a failure, both as they print.
    Ended(Result<String, String>),
}
