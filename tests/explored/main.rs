//! What is concurrent in our own code, under our own search: one schedule of every kind.

mod breaker;
mod bus;
mod flow;
mod primitives;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
