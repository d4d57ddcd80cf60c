use super::{Server, Tracked, note, note_dropped};
use std::rc::Rc;

/// Does one job at a time.
pub struct Worker {
    pub is_processing: Tracked<bool>,
    pub server: Rc<Server>,
}

impl Worker {
    /// A timer calls it every 100 ms, come what may.
    pub async fn poll(&self) {
        note("asks for a job");
        let Some(job) = self.server.claim().await else { return note("is told that no job waits") };
        if self.is_processing.replace(true) {
            // The server does not hear of this: for it, the job is ours.
            return note_dropped(format_args!("has been given {job}, finds the worker busy, and returns"));
        }

        note(format_args!("has {job}, and does it"));
        job.run().await;
        note(format_args!("has done {job}, and sends complete_job"));
        self.server.complete_job(&job);
        self.is_processing.set(false);
    }
}
