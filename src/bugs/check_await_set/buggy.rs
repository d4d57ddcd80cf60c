use super::{Server, Status, note};
use std::rc::Rc;

/// Does one job at a time, or means to.
pub struct Worker {
    pub server: Rc<Server>,
}

impl Worker {
    /// A timer calls it every 100 ms, come what may.
    pub async fn poll(&self) {
        if self.server.status().await == Status::Busy {
            return note("reads that the worker is busy, and leaves it alone");
        }
        note("reads that the worker is idle, and asks for a job");

        let Some(job) = self.server.claim().await else { return };
        note(format_args!("has {job}, and writes that the worker is busy"));
        self.server.set_status(Status::Busy).await;

        job.run().await;
        note(format_args!("has done {job}, and writes that the worker is idle"));
        self.server.complete_job(&job);
        self.server.set_status(Status::Idle).await;
    }
}
