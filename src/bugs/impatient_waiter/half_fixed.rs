use super::{Elapsed, Job, Status, Tracked, note, note_error, timeout};
use crate::time::Duration;
use std::rc::Rc;

/// Waits, and cancels the job if nobody else does.
pub async fn wait_for(job: Rc<Job>, waiters: Rc<Tracked<u32>>, limit: Duration) -> Result<Status, Elapsed> {
    waiters.update(|waiters| *waiters += 1);
    let waited = timeout(limit, job.ended()).await;
    waiters.update(|waiters| *waiters -= 1);

    if waited.is_err() {
        if waiters.get() == 0 {
            // The last one out turns off the light. But who still has a key?
            note_error("gives up, sees nobody else who waits, and cancels the job");
            job.frame.cancel();
        } else {
            note("gives up, and leaves the job to those who wait");
        }
    }
    waited
}
