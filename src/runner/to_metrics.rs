//! The events of a runner, for whoever records `metrics`.

use std::collections::BTreeMap;

use super::events::{Delivery, Events, What};
use super::record::JobId;
use super::status::TaskStatus;
use crate::time::Instant;

/// Counts the events of a runner with the `metrics` facade, until the runner is gone. Spawn it as a task of its own.
///
/// - `unstuck_jobs_total`, a counter with the label `status`: jobs that came to have it, without its reason.
/// - `unstuck_jobs`, a gauge with the label `status`: jobs that are queued, running, stopping or retrying.
/// - `unstuck_run_seconds`, a histogram: how long attempts took.
/// - `unstuck_missed_events_total`, a counter: events that were dropped because this was not polled in time.
///
/// With the feature `metrics`. Dropping the future unsubscribes.
///
/// ```
/// use std::num::NonZeroUsize;
/// use unstuck::runner::{Overflow, TaskRunner, to_metrics};
/// use unstuck::{Executor, spawn};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     let events = runner.subscribe(NonZeroUsize::new(1_000).unwrap(), Overflow::DropOldest);
///     drop(spawn(to_metrics(events)));
/// });
/// ```
pub async fn to_metrics(mut events: Events) {
    let mut started = BTreeMap::new();
    while let Some(delivery) = events.next().await {
        match delivery {
            Delivery::Missed(missed) => metrics::counter!("unstuck_missed_events_total").increment(missed),
            Delivery::Event(event) => {
                if let What::Moved { job, from, to, .. } = event.what {
                    count(from, to);
                    time(&mut started, job, to, event.at);
                }
            }
        }
    }
}

fn count(from: Option<TaskStatus>, to: TaskStatus) {
    metrics::counter!("unstuck_jobs_total", "status" => name(to)).increment(1);
    if let Some(from) = from {
        metrics::gauge!("unstuck_jobs", "status" => name(from)).decrement(1.0);
    }
    if !to.is_terminal() {
        metrics::gauge!("unstuck_jobs", "status" => name(to)).increment(1.0);
    }
}

fn time(started: &mut BTreeMap<JobId, Instant>, job: JobId, to: TaskStatus, at: Instant) {
    match to {
        TaskStatus::Running => drop(started.insert(job, at)),
        TaskStatus::Stopping(_) | TaskStatus::Queued => {}
        _ => {
            if let Some(start) = started.remove(&job) {
                metrics::histogram!("unstuck_run_seconds").record((at - start).as_secs_f64());
            }
        }
    }
}

fn name(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Queued => "queued",
        TaskStatus::Running => "running",
        TaskStatus::Stopping(_) => "stopping",
        TaskStatus::Retrying => "retrying",
        TaskStatus::Succeeded => "succeeded",
        TaskStatus::Failed(_) => "failed",
        TaskStatus::Cancelled(_) => "cancelled",
        TaskStatus::Evicted => "evicted",
        TaskStatus::Interrupted => "interrupted",
    }
}
