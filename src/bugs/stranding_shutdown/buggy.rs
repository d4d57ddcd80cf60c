use super::{Answer, Job, Runner, note};
use std::rc::Rc;

/// One worker, and a queue with one place.
pub struct Pool {
    pub runner: Rc<Runner>,
}

impl Pool {
    /// Puts a job in line, and waits for its end.
    pub async fn submit(&self, job: Rc<Job>) -> Answer {
        note(format_args!("submits {job}"));
        self.runner.queue.put(job.clone()).await;
        Answer::Ended(job.ended().await)
    }

    pub async fn shut_down(&self) {
        note("shuts down: cancels the worker, and waits for its end");
        self.runner.shut_down().await;
        // And the queue? And who waits in front of it?
        note("has shut the runner down");
    }
}
