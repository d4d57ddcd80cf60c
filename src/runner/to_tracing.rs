//! The events of a runner, for whoever subscribed to `tracing`.

use super::events::{Delivery, Events, What};
use super::status::TaskStatus;

/// Passes on the events of a runner to `tracing`, with the target `unstuck::runner`, until the runner is gone.
/// Spawn it as a task of its own. Failures are warnings, what a job goes through otherwise is debug output, and what
/// concerns the whole runner is information.
///
/// With the feature `tracing`. Dropping the future unsubscribes.
///
/// ```
/// use std::num::NonZeroUsize;
/// use unstuck::runner::{Overflow, TaskRunner, to_tracing};
/// use unstuck::{Executor, spawn};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     let events = runner.subscribe(NonZeroUsize::new(1_000).unwrap(), Overflow::DropOldest);
///     drop(spawn(to_tracing(events)));
/// });
/// ```
pub async fn to_tracing(mut events: Events) {
    while let Some(delivery) = events.next().await {
        match delivery {
            Delivery::Missed(missed) => {
                tracing::warn!(target: "unstuck::runner", missed, "events were missed");
            }
            Delivery::Event(event) => say(event.number, event.what),
        }
    }
}

fn say(number: u64, what: What) {
    match what {
        What::Moved { job, to: to @ TaskStatus::Failed(_), attempt, .. } => {
            tracing::warn!(target: "unstuck::runner", number, job = job.0, attempt, "{to}");
        }
        What::Moved { job, to, attempt, .. } => {
            tracing::debug!(target: "unstuck::runner", number, job = job.0, attempt, "{to}");
        }
        What::Paused => tracing::info!(target: "unstuck::runner", number, "paused"),
        What::Resumed => tracing::info!(target: "unstuck::runner", number, "resumed"),
        What::Resized { concurrency } => tracing::info!(target: "unstuck::runner", number, concurrency, "resized"),
        What::Closed => tracing::info!(target: "unstuck::runner", number, "closed"),
    }
}
