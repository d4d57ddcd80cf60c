//! What the pipeline library that this grew from, and its peers of today, get wrong.

mod circuits;
mod library;
mod places;
mod scene;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
