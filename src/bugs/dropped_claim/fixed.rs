use super::{Job, Semaphore, Server, note};
use std::rc::Rc;

/// Does one job at a time.
pub struct Worker {
    pub turn: Semaphore,
    pub server: Rc<Server>,
}

impl Worker {
    /// A timer calls it every 100 ms, come what may.
    pub async fn poll(&self) {
        note("asks for a job");
        let Some(job) = self.server.claim().await else { return note("is told that no job waits") };
        let mut claim = Claim { job, is_done: false, server: &self.server };
        let Some(_turn) = self.turn.try_acquire() else {
            return note(format_args!("has been given {}, and finds the worker busy", claim.job));
        };

        note(format_args!("has {}, and does it", claim.job));
        claim.job.run().await;
        claim.is_done = true;
    }
}

/// A job that counts as ours, until done or given back.
struct Claim<'a> {
    job: Job,
    is_done: bool,
    server: &'a Server,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if self.is_done {
            note(format_args!("has done {}, and sends complete_job", self.job));
            self.server.complete_job(&self.job);
        } else {
            note(format_args!("gives {} back to the server", self.job));
            self.server.give_back(&self.job);
        }
    }
}
