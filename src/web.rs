//! What crosses to JavaScript: a module for each part of the page and for the npm package, behind a feature each.
//!
//! The only module besides the browser host that names wasm-bindgen. It holds no logic: plain values come in and go
//! out, and every error is an `Error` with a sentence.

#[cfg(feature = "lab")]
mod json;
#[cfg(feature = "lab")]
mod lab;

#[cfg(feature = "live")]
mod blob;
#[cfg(any(feature = "live", feature = "package"))]
mod clock;
#[cfg(feature = "live")]
mod desk;
#[cfg(feature = "flow")]
mod flow;
#[cfg(feature = "live")]
mod store;

#[cfg(feature = "package")]
mod breaker;
#[cfg(feature = "package")]
mod options;
#[cfg(feature = "package")]
mod refusal;
#[cfg(feature = "package")]
mod runner;

#[cfg(feature = "package")]
pub use self::breaker::CircuitBreaker;
#[cfg(feature = "lab")]
pub use self::lab::{Investigation, Lab};
#[cfg(feature = "package")]
pub use self::runner::{RunnerEvents, TaskHandle, TaskRunner};
#[cfg(feature = "live")]
pub use self::store::IndexedDbStore;
