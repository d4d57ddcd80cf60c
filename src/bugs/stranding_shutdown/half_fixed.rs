use super::{Answer, Job, Runner, Status, Tracked, note};
use std::rc::Rc;

/// One worker, and a queue with one place.
pub struct Pool {
    pub is_closed: Tracked<bool>,
    pub runner: Rc<Runner>,
}

impl Pool {
    /// Puts a job in line, and waits for its end.
    pub async fn submit(&self, job: Rc<Job>) -> Answer {
        if self.is_closed.get() {
            note(format_args!("is refused with {job}: the runner is closed"));
            return Answer::Refused;
        }
        note(format_args!("submits {job}"));
        self.runner.queue.put(job.clone()).await; // still open then?
        Answer::Ended(job.ended().await)
    }

    pub async fn shut_down(&self) {
        note("shuts down: closes the door, cancels the worker, and waits for its end");
        self.is_closed.set(true);
        self.runner.shut_down().await;
        while let Some(job) = self.runner.queue.take_now() {
            note(format_args!("takes {job} out of the queue, and marks it cancelled"));
            job.settle(Status::Cancelled);
        }
        note("has shut the runner down");
    }
}
