//! An executor to play on, and how often something is tried.

use std::num::NonZeroU32;

use unstuck::Executor;
use unstuck::retry::{Backoff, Retry};

pub fn check<F: Future<Output = ()> + 'static>(scenario: F) {
    Executor::new().block_on(scenario);
}

pub fn attempts(attempts: u32, backoff: Backoff) -> Retry {
    Retry::new(NonZeroU32::new(attempts).unwrap(), backoff)
}
