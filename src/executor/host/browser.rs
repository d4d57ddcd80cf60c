//! The browser as the host: its performance clock tells the time, its timers wake us, and what is ready runs from
//! a microtask. Works in a page, in a worker and under Node.

use core::borrow::Borrow;
use core::future::Future;

use gloo_timers::future::TimeoutFuture;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Performance;

use super::embedded;
use crate::executor::{Executor, JoinError, JoinHandle};
use crate::time::Duration;

/// The longest that a browser's timer can wait, about 24 days; a longer wait takes several.
const LONGEST_TIMER: u128 = i32::MAX as u128;

/// Runs `executor` in the browser's event loop, in real time, until the task of `main` ends.
///
/// Give the future to `wasm_bindgen_futures::spawn_local`. There is no loop that polls: between wake-ups and
/// deadlines nothing runs.
pub fn drive<T: 'static>(
    executor: impl Borrow<Executor>,
    main: JoinHandle<T>,
) -> impl Future<Output = Result<T, JoinError>> {
    let performance = performance();
    let clock = move || Duration::from_nanos((performance.now() * 1e6) as u64);
    embedded::drive(executor, clock, timer, main)
}

/// A timer that never fires early: browsers count in whole milliseconds.
fn timer(duration: Duration) -> TimeoutFuture {
    let milliseconds = duration.as_nanos().div_ceil(1_000_000).min(LONGEST_TIMER);
    TimeoutFuture::new(milliseconds as u32)
}

/// The clock of a page, a worker or Node.
pub(crate) fn performance() -> Performance {
    let performance = Reflect::get(&js_sys::global(), &JsValue::from_str("performance"));
    performance.expect("a browser, a worker and Node all have `performance`").unchecked_into()
}
