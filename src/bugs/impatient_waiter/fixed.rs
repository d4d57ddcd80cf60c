use super::{Elapsed, TaskHandle, note};
use crate::runner::TaskError;
use crate::time::Duration;
use core::convert::Infallible;

/// Waits, and at most so long. Waiting is not owning.
pub async fn wait_for(
    job: TaskHandle<&'static str, Infallible>,
    limit: Duration,
) -> Result<Result<&'static str, TaskError<Infallible>>, Elapsed> {
    let waited = job.wait_timeout(limit).await;

    if waited.is_err() {
        note("gives up, and the job does not notice");
    }
    waited
}
