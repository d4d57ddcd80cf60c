use super::{Job, Mutex, Name, Reply, Service, ServiceError, Tracked, note_error};
use std::rc::Rc;

/// Serves one job at a time, over a line to a flaky service.
pub struct Worker {
    pub turn: Mutex<()>,
    pub is_processing: Tracked<bool>,
    pub active_task: Tracked<Option<Name>>,
    pub service: Rc<Service>,
}

impl Worker {
    pub async fn process(&self, job: Job) -> Result<Reply, ServiceError> {
        let _turn = self.turn.lock().await;
        let _busy = Busy::mark(self, job); // dropped last, on every path

        let connection = self.service.connect().await;
        let answer = connection.request(job).await;
        connection.release().await;

        if let Err(error) = answer {
            note_error(format_args!("failed: {error}"));
        }
        answer
    }
}

/// The flags are up while this lives.
struct Busy<'a>(&'a Worker);

impl<'a> Busy<'a> {
    fn mark(worker: &'a Worker, job: Job) -> Self {
        worker.is_processing.set(true);
        worker.active_task.set(Some(job.0));
        Busy(worker)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.is_processing.set(false);
        self.0.active_task.set(None);
    }
}
