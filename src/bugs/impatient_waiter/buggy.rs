use super::{Elapsed, Job, Status, note_error, timeout};
use crate::time::Duration;
use std::rc::Rc;

/// Waits for the end of a job, and at most so long.
pub async fn wait_for(job: Rc<Job>, limit: Duration) -> Result<Status, Elapsed> {
    let waited = timeout(limit, job.ended()).await;

    if waited.is_err() {
        // As asyncio's `wait_for` does.
        note_error("gives up, and cancels the job");
        job.frame.cancel();
    }
    waited
}
