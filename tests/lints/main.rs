//! What an executor notices beside what breaks: each lint, and that a clean program has none.

mod borrows;
mod lost_wakers;
mod never_polled;
mod noticed;
mod permits;
mod polls;
mod verdicts;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
