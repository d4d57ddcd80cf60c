//! The hash of a file, which is read in slices: however large it is, one of them is in memory.

use core::fmt;
use std::borrow::Cow;
use std::rc::Rc;

use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::runner::{Job, TaskCx, hex};
use crate::trace::Name;

/// So much is read at a time: large enough that asking for it costs little, small enough to be hashed in a few
/// milliseconds.
const SLICE: f64 = 1024.0 * 1024.0;

/// The SHA-256 of a `Blob` of JavaScript, such as a file, in hexadecimal digits.
pub(super) struct BlobHash {
    name: String,
    blob: Blob,
}

impl BlobHash {
    pub(super) fn new(name: String, blob: Blob) -> Self {
        BlobHash { name, blob }
    }
}

/// The browser could not read it, for this reason.
pub(super) struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it cannot be read: {}", self.0)
    }
}

impl Job for BlobHash {
    type Output = String;
    type Error = Unreadable;
    const KIND: Name = "file";

    async fn run(self: Rc<Self>, cx: TaskCx) -> Result<String, Unreadable> {
        let total = self.blob.size();
        let mut hash = Sha256::new();
        let mut done = 0.0;
        cx.progress(0, total as u64);
        while done < total {
            let bytes = read(&self.blob, done, (done + SLICE).min(total)).await.map_err(unreadable)?;
            hash.update(&bytes);
            done += bytes.len() as f64;
            cx.progress(done as u64, total as u64);
        }
        Ok(hex(&hash.finalize()))
    }

    fn name(&self) -> Cow<'static, str> {
        Cow::Owned(self.name.clone())
    }

    fn show(output: &String) -> Option<String> {
        Some(output.clone())
    }
}

async fn read(blob: &Blob, from: f64, to: f64) -> Result<Vec<u8>, JsValue> {
    let slice = blob.slice_with_f64_and_f64(from, to)?;
    let buffer = JsFuture::from(slice.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn unreadable(error: JsValue) -> Unreadable {
    let message = error.dyn_into::<js_sys::Error>().map(|error| String::from(error.message()));
    Unreadable(message.unwrap_or_else(|_| "no reason was given".to_owned()))
}
