use super::{Flags, Job, Mutex, Reply, Service, ServiceError, note_error};
use std::rc::Rc;

/// Serves one job at a time, over a line to a flaky service. Others wait for their turn.
pub struct Worker {
    pub turn: Mutex<()>,
    pub flags: Flags,
    pub service: Rc<Service>,
}

impl Worker {
    pub async fn process(&self, job: Job) -> Result<Reply, ServiceError> {
        let _turn = self.turn.lock().await; // first come, first served
        let _busy = Busy::mark(&self.flags, job);

        let connection = self.service.connect().await;
        let answer = connection.request(job).await;
        connection.release().await;

        if let Err(error) = &answer {
            note_error(format!("failed: {error}"));
        }
        answer
    } // Busy is dropped here, on every path, and the turn after it
}

/// The flags are up while this lives.
struct Busy<'a>(&'a Flags);

impl<'a> Busy<'a> {
    fn mark(flags: &'a Flags, job: Job) -> Self {
        flags.is_processing.set(true);
        flags.active_task.set(Some(job.0));
        Busy(flags)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.is_processing.set(false);
        self.0.active_task.set(None);
    }
}
