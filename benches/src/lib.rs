//! Races `unstuck` against its peers: the same workloads through one trait,
//! all entrants interleaved in one process, a ratio per round.
//!
//! In reading order: what an executor has to offer ([`exec`]), the workloads,
//! the entrants, the table of rows that brings them together, and the clock
//! that times a row.

#[cfg(not(target_arch = "wasm32"))]
pub mod channels;
pub mod exec;
pub mod latch;
pub mod stopwatch;
pub mod workloads;

pub mod peers;
pub mod rows;

pub mod measure;

#[cfg(target_arch = "wasm32")]
mod wasm;
