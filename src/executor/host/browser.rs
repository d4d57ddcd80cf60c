//! The browser as the host: its performance clock tells the time, its timers wake us, and what is ready runs from
//! a microtask, with a turn for the browser itself in between. Works in a page, in a worker and under Node.

use core::borrow::Borrow;
use core::cell::Cell;
use core::future::Future;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

use super::embedded::{Surroundings, drive_within};
use crate::executor::{Executor, JoinError, JoinHandle};
use crate::time::Duration;

/// The longest that a browser's timer can wait, about 24 days; a longer wait takes several.
const LONGEST_TIMER: u128 = i32::MAX as u128;

/// How long tasks may run before the browser gets a turn to hear a message or a click, in milliseconds: half of a
/// frame, since nothing can be done about a single poll that takes long.
const LONGEST_TURN: f64 = 8.0;

/// How many polls are made before a look at the clock, which costs as much as a short one.
const POLLS_PER_LOOK: u32 = 4;

/// Runs `executor` in the browser's event loop, in real time, until the task of `main` ends.
///
/// Give the future to `wasm_bindgen_futures::spawn_local`. There is no loop that polls: between wake-ups and
/// deadlines nothing runs; and while tasks are ready, the browser gets a turn every few milliseconds.
///
/// # Errors
///
/// A [`JoinError`], when `main` was cancelled.
pub fn drive<T: 'static>(
    executor: impl Borrow<Executor>,
    main: JoinHandle<T>,
) -> impl Future<Output = Result<T, JoinError>> {
    let performance = performance();
    let (since, clock) = (Cell::new(performance.now()), performance.clone());
    let clock = move || Duration::from_nanos((clock.now() * 1e6) as u64);
    let start = clock();
    async move {
        let give_way = || async {
            if performance.now() - since.get() >= LONGEST_TURN {
                others_turn().await;
                since.set(performance.now());
            }
        };
        let sleep = |duration| {
            let timer = timer(duration);
            async {
                timer.await;
                since.set(performance.now());
            }
        };
        let surroundings = Surroundings { clock, start, sleep, polls: POLLS_PER_LOOK, give_way };
        drive_within(executor.borrow(), surroundings, main).await
    }
}

/// Waits until the browser has gone once through what happened meanwhile. A timer would do, but browsers hold back
/// timers that follow each other.
async fn others_turn() {
    let Ok(channel) = MessageChannel::new() else { return timer(Duration::ZERO).await };
    let (hear, say) = (channel.port1(), channel.port2());
    let mut listen = |heard: js_sys::Function, _| {
        hear.set_onmessage(Some(&heard));
        // A message of nothing can always be sent.
        let _ = say.post_message(&JsValue::NULL);
    };
    let _ = JsFuture::from(Promise::new(&mut listen)).await;
    hear.close();
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
