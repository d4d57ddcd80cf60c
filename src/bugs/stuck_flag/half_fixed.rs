use super::{Job, Name, Reply, Service, Tracked, note_dropped, note_error};
use std::rc::Rc;

/// Serves one job at a time, over a line to a flaky service.
pub struct Worker {
    pub is_processing: Tracked<bool>,
    pub active_task: Tracked<Option<Name>>,
    pub service: Rc<Service>,
}

impl Worker {
    pub async fn process(&self, job: Job) -> Option<Reply> {
        if self.is_processing.get() {
            note_dropped("was skipped: the worker says it is busy");
            return None;
        }
        self.is_processing.set(true);
        self.active_task.set(Some(job.0));

        let connection = self.service.connect().await;
        let answer = connection.request(job).await;

        // On every path, but too early: the line is still up.
        self.is_processing.set(false);
        self.active_task.set(None);
        connection.release().await;

        if let Err(error) = answer {
            note_error(format_args!("failed: {error}"));
        }
        answer.ok()
    }
}
