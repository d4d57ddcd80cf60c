//! The runnable example prints the same each time, on every machine.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[allow(dead_code)]
#[path = "../../examples/flow.rs"]
mod flow;

#[test]
fn the_example_prints_what_is_written_next_to_it() {
    assert_eq!(flow::output(), include_str!("../../examples/flow.txt"));
}
