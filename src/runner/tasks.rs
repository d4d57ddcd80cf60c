//! Jobs to begin with: one that sleeps, one that hashes.

use core::convert::Infallible;
use core::fmt::Write;
use std::borrow::Cow;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::context::TaskCx;
use super::job::Job;
use crate::executor::sleep;
use crate::time::{Duration, Span};
use crate::trace::Name;

/// Sleeps, and says for how long.
#[derive(Clone, Copy, Debug)]
pub struct SleepTask {
    duration: Duration,
    timeout: Option<Duration>,
}

impl SleepTask {
    /// Sleeps for `duration`.
    pub fn new(duration: Duration) -> Self {
        SleepTask { duration, timeout: None }
    }

    /// The time that it is given; shorter than the sleep to see a job time out.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }
}

impl Job for SleepTask {
    type Output = String;
    type Error = Infallible;
    const KIND: Name = "sleep";

    async fn run(self: Rc<Self>, _cx: TaskCx) -> Result<String, Infallible> {
        sleep(self.duration).await;
        Ok(format!("slept for {}", Span(self.duration)))
    }

    fn name(&self) -> Cow<'static, str> {
        Cow::Owned(format!("sleep {}", Span(self.duration)))
    }

    fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    fn show(output: &String) -> Option<String> {
        Some(output.clone())
    }
}

/// So much is hashed at a time: about a millisecond's work, so that nobody else waits for long, and long enough
/// that giving way costs nothing.
const SLICE: usize = 256 * 1024;

/// The SHA-256 of some bytes, in hexadecimal digits.
///
/// The bytes are hashed in slices, with a turn for everybody else in between, and the job says how far it has come.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{HashTask, TaskRunner};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     runner.start();
///     let hash = runner.submit(HashTask::new("abc")).await.unwrap().await.unwrap();
///     assert_eq!(&hash[..16], "ba7816bf8f01cfea");
/// });
/// ```
pub struct HashTask {
    bytes: Box<dyn AsRef<[u8]>>,
}

impl HashTask {
    /// Hashes `bytes`, such as a text or a vector, which are not copied.
    pub fn new(bytes: impl AsRef<[u8]> + 'static) -> Self {
        HashTask { bytes: Box::new(bytes) }
    }

    fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }
}

impl Job for HashTask {
    type Output = String;
    type Error = Infallible;
    const KIND: Name = "hash";

    async fn run(self: Rc<Self>, cx: TaskCx) -> Result<String, Infallible> {
        let total = self.bytes().len();
        let mut hash = Sha256::new();
        let mut done = 0;
        for slice in self.bytes().chunks(SLICE) {
            if done > 0 {
                cx.yield_now().await;
            }
            hash.update(slice);
            done += slice.len();
            cx.progress(done as u64, total as u64);
        }
        Ok(hex(&hash.finalize()))
    }

    fn name(&self) -> Cow<'static, str> {
        Cow::Owned(format!("hash {} bytes", self.bytes().len()))
    }

    fn show(output: &String) -> Option<String> {
        Some(output.clone())
    }
}

/// The bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
