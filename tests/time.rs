//! Moments and spans: how they add up, and how they read.

use unstuck::time::{Duration, Instant, Span, ms};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[test]
fn a_moment_later_is_as_late_by_a_number_as_by_a_duration() {
    let start = Instant::from_nanos(7);
    assert_eq!(
        (start.plus_nanos(5_000_000), start + ms(5)),
        (Instant::from_nanos(5_000_007), start.plus_nanos(5_000_000))
    );
}

#[test]
fn beyond_the_end_of_time_is_its_end() {
    let last_but_one = Instant::from_nanos(u64::MAX - 1);
    assert_eq!(
        [last_but_one.plus_nanos(1), last_but_one.plus_nanos(2), last_but_one + Duration::MAX],
        [Instant::FAR_FUTURE; 3]
    );
}

#[test]
fn no_time_passes_towards_an_earlier_moment() {
    let (early, late) = (Instant::from_nanos(3), Instant::from_nanos(5));
    assert_eq!((late - early, early - late), (Duration::from_nanos(2), Duration::ZERO));
}

#[test]
fn a_span_reads_in_the_largest_unit_that_it_fills() {
    let read = |nanos| Span(Duration::from_nanos(nanos)).to_string();
    assert_eq!(
        [0, 999, 1_000, 1_550, 999_999, 1_500_000, 999_999_999, 1_000_000_000, 119_999_999_999, 120_000_000_000]
            .map(read),
        ["0 ms", "999 ns", "1 µs", "1.5 µs", "999.9 µs", "1.5 ms", "999.9 ms", "1 s", "119.9 s", "2 min"]
    );
}
