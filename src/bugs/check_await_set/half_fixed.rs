use super::{Server, Tracked, note};
use std::rc::Rc;

/// Does one job at a time, or means to.
pub struct Worker {
    pub is_processing: Tracked<bool>,
    pub server: Rc<Server>,
}

impl Worker {
    /// A timer calls it every 100 ms, come what may.
    pub async fn poll(&self) {
        if self.is_processing.get() {
            return note("finds the worker busy, and leaves it alone");
        }
        note("finds the worker idle, and asks for a job");

        let Some(job) = self.server.claim().await else { return };
        // As soon as there is a job, and yet too late.
        self.is_processing.set(true);
        note(format_args!("has {job}, and marks the worker busy"));

        job.run().await;
        note(format_args!("has done {job}, and marks the worker idle"));
        self.server.complete_job(&job);
        self.is_processing.set(false);
    }
}
