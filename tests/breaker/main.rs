//! What a circuit breaker promises, and where others break their promises.

mod config;
mod facts;
#[cfg(not(target_arch = "wasm32"))]
mod model;
mod saved;
mod table;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
