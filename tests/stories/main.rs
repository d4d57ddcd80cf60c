//! The bugs, version by version: what breaks under which schedule, with its values.

mod breakers_and_flows;
mod claims_and_cancels;
mod runners_and_results;
mod stuck_flag;
mod told;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
