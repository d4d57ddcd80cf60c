//! The only place that reads a clock.

use std::time::Duration;

/// How long `work` took.
#[cfg(not(target_arch = "wasm32"))]
pub fn time(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}

/// Wasm without imports has no clock: `wasm.mjs` times the whole call.
#[cfg(target_arch = "wasm32")]
pub fn time(work: impl FnOnce()) -> Duration {
    work();
    Duration::ZERO
}
