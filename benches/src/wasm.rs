//! What `wasm.mjs` calls: the table of rows by number, a run by number.
//! JavaScript holds the clock, so a call is what it times.
//!
//! `no_mangle` counts as unsafe code, since two functions of one name would
//! clash; these names appear in this module only.
#![allow(unsafe_code)]

use crate::rows::{Entrant, ROWS};

#[unsafe(no_mangle)]
pub extern "C" fn rows() -> usize {
    ROWS.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn entrants(row: usize) -> usize {
    ROWS[row].entrants.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn operations(row: usize) -> f64 {
    ROWS[row].operations as f64
}

/// Where the row's name starts in memory; it is UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn row_name(row: usize) -> *const u8 {
    ROWS[row].name.as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn row_name_length(row: usize) -> usize {
    ROWS[row].name.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn entrant_name(row: usize, entrant: usize) -> *const u8 {
    ROWS[row].entrants[entrant].name.as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn entrant_name_length(row: usize, entrant: usize) -> usize {
    ROWS[row].entrants[entrant].name.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn run(row: usize, entrant: usize) {
    let Entrant { run, .. } = ROWS[row].entrants[entrant];
    run();
}
