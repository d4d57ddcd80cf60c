use super::{Semaphore, Server, note};
use std::rc::Rc;

/// Does one job at a time.
pub struct Worker {
    pub turn: Semaphore,
    pub server: Rc<Server>,
}

impl Worker {
    /// A timer calls it every 100 ms, come what may.
    pub async fn poll(&self) {
        // Look and take: one step, before the first await.
        let Some(_turn) = self.turn.try_acquire() else {
            return note("finds the turn taken, and leaves the worker alone");
        };
        note("takes the turn, and asks for a job");

        let Some(job) = self.server.claim().await else { return };
        note(format_args!("has {job}, and does it"));

        job.run().await;
        note(format_args!("has done {job}, and gives the turn back"));
        self.server.complete_job(&job);
    }
}
