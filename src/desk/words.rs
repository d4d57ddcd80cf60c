//! How the view says things.

use super::board::Figure;
use crate::runner::{CancelAnswer, Failure, Refusal, ShutdownReport, Stats, TaskRecord, TaskStatus};
use crate::snapshot::{Sentence, Tone, grouped};
use crate::time::{Duration, Instant, Span};

pub(super) fn tone(status: TaskStatus) -> Tone {
    match status {
        TaskStatus::Queued => Tone::Waiting,
        TaskStatus::Running => Tone::Running,
        TaskStatus::Retrying => Tone::Sleeping,
        TaskStatus::Succeeded => Tone::Done,
        TaskStatus::Failed(_) => Tone::Failed,
        TaskStatus::Stopping(_) | TaskStatus::Cancelled(_) | TaskStatus::Evicted | TaskStatus::Interrupted => {
            Tone::Dropped
        }
    }
}

/// The status without its reason.
pub(super) fn status(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Queued => "in line",
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

/// What a job gave, or why it gave nothing.
pub(super) fn result(record: &TaskRecord) -> String {
    match record.status {
        TaskStatus::Stopping(reason) | TaskStatus::Cancelled(reason) => reason.to_string(),
        TaskStatus::Failed(failure @ (Failure::Timeout | Failure::Deadline)) => failure.to_string(),
        TaskStatus::Evicted => "had to make room".to_owned(),
        TaskStatus::Interrupted => "the page was left before it ended".to_owned(),
        TaskStatus::Retrying => format!("attempt {} failed", record.attempt),
        TaskStatus::Running if record.attempt > 1 => format!("attempt {}", record.attempt),
        _ => record.result.clone().or_else(|| record.error.clone()).unwrap_or_default(),
    }
}

pub(super) fn answer(answer: CancelAnswer) -> &'static str {
    match answer {
        CancelAnswer::RemovedFromQueue => "removed from the queue",
        CancelAnswer::Requested => "asked to stop",
        CancelAnswer::AlreadyFinished => "had already finished",
    }
}

/// How long it took until a job's last attempt began, and how long that ran, so far. While a job waits to be tried
/// again, nothing of it runs.
pub(super) fn times(record: &TaskRecord, now: Instant) -> (Option<Duration>, Option<Duration>) {
    let lives = !record.status.is_terminal();
    let until = record.finished.or(lives.then_some(now));
    let started = record.started.filter(|_| !lives || record.status.is_running());
    let waited = started.or(until).map(|until| until - record.created);
    let ran = started.and_then(|started| Some(until? - started));
    (waited, ran)
}

/// Whole milliseconds, so that the text of what goes on does not flicker.
pub(super) fn time(time: Option<Duration>) -> String {
    let whole = |time: Duration| {
        if time < Duration::from_secs(1) { Duration::from_millis(time.as_millis() as u64) } else { time }
    };
    time.map_or_else(|| "–".to_owned(), |time| Span(whole(time)).to_string())
}

pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { many })
}

/// How the runner is.
pub(super) fn runner(stats: &Stats, closed: bool, over: bool) -> Sentence {
    let are = |number: usize| if number == 1 { "is" } else { "are" };
    let lead = match stats {
        _ if over => "The runner has ended.".to_owned(),
        _ if closed => "The runner is shutting down.".to_owned(),
        stats if stats.paused => "Paused: no job is started.".to_owned(),
        stats if stats.running + stats.in_flight + stats.queued + stats.retrying == 0 => {
            "Nothing to do, so it sleeps.".to_owned()
        }
        stats => format!("{} at work.", count(stats.running, "job", "jobs")),
    };
    let mut rest = Vec::new();
    if over {
        rest.push("Its records stay; start a new one to go on.".to_owned());
    }
    if stats.queued > 0 {
        rest.push(format!("{} {} in line.", count(stats.queued, "job", "jobs"), are(stats.queued)));
    }
    if stats.retrying > 0 {
        rest.push(format!("{} to be tried again.", count(stats.retrying, "job waits", "jobs wait")));
    }
    match stats.blocked_submitters {
        0 => {}
        1 => rest.push("One submitter waits for a place.".to_owned()),
        more => rest.push(format!("{more} submitters wait for a place.")),
    }
    Sentence { lead, rest: rest.join(" "), tone: Tone::Quiet, ..Sentence::default() }
}

pub(super) fn refused(count_of: usize, refusal: &Refusal) -> Sentence {
    let were = if count_of == 1 { "job was" } else { "jobs were" };
    let lead = format!("{} {were} refused:", grouped(count_of as u64));
    Sentence { lead, rest: format!("{refusal}."), tone: Tone::Bad, ..Sentence::default() }
}

pub(super) fn cancelled(id: u64, given: CancelAnswer) -> Sentence {
    Sentence {
        lead: format!("Job {id}"),
        rest: format!("{}.", answer(given)),
        tone: Tone::Quiet,
        ..Sentence::default()
    }
}

/// What an earlier visit left unfinished.
pub(super) fn interrupted(jobs: usize) -> Option<Sentence> {
    let rest = match jobs {
        0 => return None,
        1 => "It is marked as interrupted, and was not run again.",
        _ => "They are marked as interrupted, and none was run again.",
    };
    Some(Sentence {
        lead: format!("{} had not ended when the page was left.", count(jobs, "job", "jobs")),
        rest: rest.to_owned(),
        tone: Tone::Bad,
        ..Sentence::default()
    })
}

pub(super) fn report(report: &ShutdownReport) -> Sentence {
    let ShutdownReport { finished, cancelled, rejected, abandoned } = report;
    let lead = "Everybody who waited was told.".to_owned();
    let nothing = finished + cancelled.len() + rejected + abandoned.len() == 0;
    let rest = if nothing { "Nothing was under way." } else { "Of what was under way:" };
    Sentence { lead, rest: rest.to_owned(), tone: Tone::Good, ..Sentence::default() }
}

fn figure(name: &str, value: impl ToString, tone: Tone) -> Figure {
    Figure { name: name.to_owned(), value: value.to_string(), tone }
}

/// The numbers worth a glance.
pub(super) fn figures(stats: &Stats) -> Vec<Figure> {
    let bad = |count: u64| if count > 0 { Tone::Bad } else { Tone::Quiet };
    let mut figures = vec![
        figure("Running", format!("{} of {}", stats.in_flight, stats.concurrency), Tone::Quiet),
        figure("In line", grouped(stats.queued as u64), Tone::Quiet),
        figure("Succeeded", grouped(stats.succeeded), Tone::Quiet),
        figure("Failed", grouped(stats.failed), bad(stats.failed)),
        figure("Cancelled", grouped(stats.cancelled + stats.evicted), Tone::Quiet),
        figure("Refused", grouped(stats.refused), Tone::Quiet),
        figure("Retries", grouped(stats.retries), Tone::Quiet),
    ];
    if stats.interrupted > 0 {
        figures.push(figure("Interrupted", grouped(stats.interrupted), Tone::Bad));
    }
    if stats.store_failures > 0 {
        figures.push(figure("Not stored", grouped(stats.store_failures), Tone::Bad));
    }
    figures
}

/// What became of whatever was under way at a shutdown.
pub(super) fn report_figures(report: &ShutdownReport) -> Vec<Figure> {
    let ShutdownReport { finished, cancelled, rejected, abandoned } = report;
    vec![
        figure("Finished", grouped(*finished as u64), Tone::Quiet),
        figure("Cancelled", grouped(cancelled.len() as u64), Tone::Quiet),
        figure("Submitters refused", grouped(*rejected as u64), Tone::Quiet),
        figure("Abandoned, since they cannot be stopped", grouped(abandoned.len() as u64), Tone::Quiet),
    ]
}
