//! What a runner promises: a job's life, from its submission to what every waiter is told and every record says.

#[cfg(not(target_arch = "wasm32"))]
mod adapters;
mod cancelling;
mod events;
#[cfg(not(target_arch = "wasm32"))]
mod file_store;
mod pitfalls;
mod policies;
mod records;
mod retries;
mod scene;
mod shutdown;
mod store;
mod time_limits;
mod waiting;
mod workers;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
