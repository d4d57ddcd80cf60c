//! What a pipeline promises: what runs when and behind which policies, what comes of it, and how it ends.

mod bad_input;
mod calls;
mod example;
mod groups;
mod heard;
mod json;
mod originals;
#[cfg(not(target_arch = "wasm32"))]
mod panics;
mod policies;
mod scene;
mod settled;
mod stopped;
mod time;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
