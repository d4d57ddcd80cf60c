//! The reduced search leaves out schedules, and no outcome: over many small programs, which are drawn, it ends in the
//! same states, sees the same states in between and breaks the same promises as the search that leaves out nothing.

mod drawn;
mod of_primitives;
mod of_runner;
mod unreported;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
