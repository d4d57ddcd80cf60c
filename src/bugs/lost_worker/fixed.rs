use super::{Pool, Underway, job, sleep};
use crate::runner::{Shutdown, TaskHandle, TaskRunner};
use crate::time::Duration;
use crate::trace::{CancelReason, Name};
use core::convert::Infallible;

/// A cancelled job is a future that its worker drops.
pub struct Runner(pub TaskRunner);

impl Pool for Runner {
    type Handle = TaskHandle<(), Infallible>;

    fn start(&self) {
        self.0.start();
    }

    async fn submit(&self, name: Name, length: Duration) -> Self::Handle {
        let work = move |_cx| async move {
            let underway = Underway::begin(name);
            sleep(length).labelled("the end of the job").await;
            underway.done();
            Ok(())
        };
        self.0.submit(job(work)).await.expect("the queue has a place")
    }

    /// Asks the job to stop.
    fn cancel(&self, handle: &Self::Handle) {
        handle.cancel(CancelReason::Requested);
    }

    async fn ended(&self, handle: &Self::Handle) {
        let _ = handle.wait().await;
    }

    /// Asks every job to stop, and lets the workers leave when there are none.
    async fn shut_down(&self) {
        self.0.shutdown(Shutdown::Cancel { grace: Duration::ZERO }).await;
    }

    fn workers(&self) -> usize {
        self.0.stats().workers
    }

    fn in_line(&self) -> usize {
        self.0.stats().queued
    }
}
