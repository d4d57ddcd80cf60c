use super::{Flags, Job, Reply, Service, note_dropped, note_error};
use std::rc::Rc;

/// Serves one job at a time, over a line to a flaky service.
pub struct Worker {
    pub flags: Flags,
    pub service: Rc<Service>,
}

impl Worker {
    pub async fn process(&self, job: Job) -> Option<Reply> {
        if self.flags.is_processing.get() {
            let active = self.flags.active_task.get().unwrap_or("nobody");
            note_dropped(format!("was skipped: the worker is busy with {active}"));
            return None;
        }
        self.flags.is_processing.set(true);
        self.flags.active_task.set(Some(job.0));

        let connection = self.service.connect().await;
        let answer = connection.request(job).await;

        // On every path, but too early: the line is still up, and about to be closed.
        self.flags.is_processing.set(false);
        self.flags.active_task.set(None);
        connection.release().await;

        match answer {
            Ok(reply) => Some(reply),
            Err(error) => {
                note_error(format!("failed: {error}"));
                None
            }
        }
    }
}
