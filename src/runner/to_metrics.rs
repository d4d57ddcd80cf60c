//! The events of a runner, for whoever records `metrics`.

use std::collections::BTreeMap;

use super::events::{Delivery, Events, What};
use super::record::JobId;
use super::stats::Stats;
use super::status::TaskStatus;
use crate::time::Instant;

/// Records what becomes of the jobs of a runner with the `metrics` facade, until the runner is gone. Spawn it as a task
/// of its own.
///
/// - `unstuck_jobs`, a gauge with the label `status`: jobs that are queued, running, stopping or retrying.
/// - `unstuck_jobs_ended_total`, a counter with the label `status`: jobs that succeeded, failed, and so on.
/// - `unstuck_jobs_submitted_total`, `unstuck_jobs_refused_total` and `unstuck_retries_total`, counters.
/// - `unstuck_run_seconds`, a histogram: how long attempts took.
/// - `unstuck_missed_events_total`, a counter: events that were dropped because this was not polled in time. Attempts
///   that they were about are missing in the histogram; all else comes from the runner's own numbers and is right.
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
    while let Some(first) = events.next().await {
        let mut delivery = Some(first);
        while let Some(next) = delivery {
            take(&mut started, next);
            delivery = events.try_next();
        }
        record(&events.stats());
    }
}

fn take(started: &mut BTreeMap<JobId, Instant>, delivery: Delivery) {
    match delivery {
        Delivery::Missed(missed) => {
            metrics::counter!("unstuck_missed_events_total").increment(missed);
            // Whose end was missed would be under way for ever.
            started.clear();
        }
        Delivery::Event(event) => {
            if let What::Moved { job, to, .. } = event.what {
                time(started, job, to, event.at);
            }
        }
    }
}

fn record(stats: &Stats) {
    let under_way = [
        ("queued", stats.queued),
        ("running", stats.running - stats.stopping),
        ("stopping", stats.stopping),
        ("retrying", stats.retrying),
    ];
    for (status, jobs) in under_way {
        metrics::gauge!("unstuck_jobs", "status" => status).set(jobs as f64);
    }
    let ended = [
        ("succeeded", stats.succeeded),
        ("failed", stats.failed),
        ("cancelled", stats.cancelled),
        ("evicted", stats.evicted),
        ("interrupted", stats.interrupted),
    ];
    for (status, jobs) in ended {
        metrics::counter!("unstuck_jobs_ended_total", "status" => status).absolute(jobs);
    }
    metrics::counter!("unstuck_jobs_submitted_total").absolute(stats.submitted);
    metrics::counter!("unstuck_jobs_refused_total").absolute(stats.refused);
    metrics::counter!("unstuck_retries_total").absolute(stats.retries);
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
