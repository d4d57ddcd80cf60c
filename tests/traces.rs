//! The same bug under the same schedule leaves the same trace, byte for byte, natively and in a browser.

use std::fmt::Write;

use unstuck::bugs::Bug;
use unstuck::scenario::Stage;
use unstuck::schedule::Schedule;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// One line per trace: what was run, the number of events, and a hash over every byte.
///
/// When a bug or what a trace records is changed on purpose, the failing test prints the new text of this file.
const GOLDEN: &str = include_str!("golden/traces.txt");

#[test]
fn traces_are_the_same_everywhere() {
    let mut told = String::new();
    for bug in Bug::ALL {
        for variant in bug.variants {
            for seed in 0..10 {
                let run = Stage::run(&variant.scenario, &mut *Schedule::Random(seed).scheduler());
                let (events, hash) = (run.trace.entries().len(), fnv1a(run.trace.to_string().as_bytes()));
                writeln!(told, "{} {} random-{seed} {events} events {hash:016x}", bug.id, variant.role.id()).unwrap();
            }
        }
    }
    assert!(told == GOLDEN, "tests/golden/traces.txt should be:\n{told}");
}

/// FNV-1a, 64 bits: enough to tell two traces apart, and short enough to stand here.
fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}
