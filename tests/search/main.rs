//! What a search of schedules tries, sees, finds and says.

mod assertion;
mod choices;
mod counts;
mod crowd;
mod hidden_state;
mod schedule;
mod sees;
mod shrinking;
mod tree;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
