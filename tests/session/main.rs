//! A session is its address: whatever is done to it, the address says all of it.

mod addresses;
mod checks;
mod drive;
mod explaining;
mod persons;
mod steps;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
