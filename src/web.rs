//! What crosses to JavaScript: a module for each part of the page, behind a feature each.
//!
//! The only module besides the browser host that names wasm-bindgen. It holds no logic: plain values come in and go
//! out, and every error is an `Error` with a sentence.

#[cfg(feature = "lab")]
mod json;
#[cfg(feature = "lab")]
mod lab;

#[cfg(feature = "live")]
mod blob;
#[cfg(feature = "live")]
mod clock;
#[cfg(feature = "live")]
mod desk;
#[cfg(feature = "flow")]
mod flow;
#[cfg(feature = "live")]
mod runner;
#[cfg(feature = "live")]
mod store;

#[cfg(feature = "lab")]
pub use self::lab::{Investigation, Lab};
#[cfg(feature = "live")]
pub use self::runner::{TaskHandle, TaskRunner};
#[cfg(feature = "live")]
pub use self::store::IndexedDbStore;
