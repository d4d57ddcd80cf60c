//! The view of the pipelines: what it shows, what a person can do to it, and that a demo always comes to its end.

mod asked;
mod boxes;
mod circuit;
mod live;
mod settled;
mod shown;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
