//! A job's life: submitting, waiting, cancelling, and what every waiter is told.

mod cancelling;
mod records;
mod scene;
mod shutdown;
mod time_limits;
mod waiting;
mod workers;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
