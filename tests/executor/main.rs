//! What the executor promises: order, time, ends of tasks, and what a trace says of them.

mod ends;
mod said;
mod traces;
mod turns;
mod virtual_time;
mod wakers;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
