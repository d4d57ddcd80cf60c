//! What crosses to JavaScript: a module for each part of the page, behind a feature each.
//!
//! The only module besides the browser host that names wasm-bindgen. It holds no logic: plain values come in and go
//! out, and every error is an `Error` with a sentence.

#[cfg(feature = "lab")]
mod lab;
