//! Numbers about a runner: one consistent snapshot.

use hdrhistogram::Histogram;

use super::engine::State;
use super::status::{Failure, TaskStatus};
use crate::time::{Duration, Instant};

/// The numbers of a runner at one moment. All of them belong together: none is read while another changes.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{SleepTask, TaskRunner};
/// use unstuck::time::ms;
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().workers(2).build().unwrap();
///     runner.start();
///     for time in [10, 20, 30] {
///         drop(runner.submit(SleepTask::new(ms(time))).await.unwrap());
///     }
///     runner.on_idle().await;
///     let stats = runner.stats();
///     assert_eq!((stats.submitted, stats.succeeded, stats.in_flight), (3, 3, 0));
///     // The third waited 10 ms for the first; what is said is within one percent.
///     assert_eq!(stats.queue_time.max.as_millis(), 10);
/// });
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// Jobs in line.
    pub queued: usize,
    /// Attempts under way, including those that were asked to stop.
    pub running: usize,
    /// Of those, the ones that were asked to stop.
    pub stopping: usize,
    /// Jobs that wait to be tried again.
    pub retrying: usize,
    /// Slots that are taken. A job that waits for its own runner lends its slot and is not counted.
    pub in_flight: usize,
    /// Attempts that have lent their slot.
    pub lent: usize,
    /// How many jobs may run at a time.
    pub concurrency: usize,
    /// Workers that exist. They come when they are first needed, and leave when the runner ends.
    pub workers: usize,
    /// How many jobs may stand in line; none without a bound.
    pub capacity: Option<usize>,
    /// Submitters that wait for a place in line.
    pub blocked_submitters: usize,
    /// Whether starting is paused.
    pub paused: bool,
    /// Jobs that were accepted.
    pub submitted: u64,
    /// Jobs that were refused.
    pub refused: u64,
    /// Jobs that gave a value.
    pub succeeded: u64,
    /// Jobs that failed, for whatever cause.
    pub failed: u64,
    /// Of those, the ones whose time or deadline ran out.
    pub timed_out: u64,
    /// Jobs that were cancelled.
    pub cancelled: u64,
    /// Jobs that had to make room.
    pub evicted: u64,
    /// Jobs that were not finished when an earlier run of the program ended.
    pub interrupted: u64,
    /// Attempts that followed a failed one.
    pub retries: u64,
    /// Jobs in the dead-letter list.
    pub dead_letters: usize,
    /// Records that are kept of jobs that have ended.
    pub records: usize,
    /// Changes that the store could not take down.
    pub store_failures: u64,
    /// How long jobs stood in line before each attempt.
    pub queue_time: Quantiles,
    /// How long attempts took.
    pub run_time: Quantiles,
}

/// A distribution of durations; values are within one percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quantiles {
    /// The number of durations.
    pub count: u64,
    /// Half of them are at most this.
    pub p50: Duration,
    /// Nine in ten are at most this.
    pub p90: Duration,
    /// Ninety-nine in a hundred are at most this.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
}

pub(super) struct Counters {
    /// Jobs by status, with whatever reason.
    by_status: [u64; STATUSES],
    timed_out: u64,
    submitted: u64,
    pub(super) refused: u64,
    pub(super) retries: u64,
    pub(super) store_failures: u64,
    queue_time: Times,
    run_time: Times,
}

/// Durations, of which equals in a row are counted at once: the clock stands still within a turn of the executor,
/// so there are many.
struct Times {
    histogram: Histogram<u64>,
    last: u64,
    times: u64,
}

const STATUSES: usize = 9;

fn place(status: TaskStatus) -> usize {
    match status {
        TaskStatus::Queued => 0,
        TaskStatus::Running => 1,
        TaskStatus::Stopping(_) => 2,
        TaskStatus::Retrying => 3,
        TaskStatus::Succeeded => 4,
        TaskStatus::Failed(_) => 5,
        TaskStatus::Cancelled(_) => 6,
        TaskStatus::Evicted => 7,
        TaskStatus::Interrupted => 8,
    }
}

impl Counters {
    pub(super) fn new() -> Self {
        Counters {
            by_status: [0; STATUSES],
            timed_out: 0,
            submitted: 0,
            refused: 0,
            retries: 0,
            store_failures: 0,
            queue_time: Times::new(),
            run_time: Times::new(),
        }
    }

    #[inline]
    pub(super) fn arrived(&mut self) {
        self.submitted += 1;
        self.by_status[place(TaskStatus::Queued)] += 1;
    }

    pub(super) fn taken_over(&mut self, status: TaskStatus) {
        self.by_status[place(status)] += 1;
    }

    #[inline(always)]
    pub(super) fn moved(&mut self, from: TaskStatus, to: TaskStatus) {
        self.by_status[place(from)] -= 1;
        self.by_status[place(to)] += 1;
        if let TaskStatus::Failed(Failure::Timeout | Failure::Deadline) = to {
            self.timed_out += 1;
        }
    }

    /// Jobs that have not ended.
    #[inline]
    pub(super) fn in_flight(&self) -> u64 {
        self.by_status[..4].iter().sum()
    }

    #[inline(always)]
    pub(super) fn waited(&mut self, from: Instant, to: Instant) {
        self.queue_time.add(from, to);
    }

    #[inline(always)]
    pub(super) fn ran(&mut self, from: Instant, to: Instant) {
        self.run_time.add(from, to);
    }
}

impl Times {
    fn new() -> Self {
        let histogram = Histogram::new(2).expect("two significant digits are allowed");
        Times { histogram, last: 0, times: 0 }
    }

    #[inline(always)]
    fn add(&mut self, from: Instant, to: Instant) {
        let time = to.as_nanos().saturating_sub(from.as_nanos());
        if time != self.last {
            count(&mut self.histogram, self.last, self.times);
            (self.last, self.times) = (time, 0);
        }
        self.times += 1;
    }
}

fn count(histogram: &mut Histogram<u64>, time: u64, times: u64) {
    // A histogram that may grow takes every value.
    let _ = histogram.record_n(time, times);
}

fn quantiles(times: &Times) -> Quantiles {
    let mut histogram = times.histogram.clone();
    count(&mut histogram, times.last, times.times);
    let at = |part| Duration::from_nanos(histogram.value_at_quantile(part));
    Quantiles {
        count: histogram.len(),
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        max: Duration::from_nanos(histogram.max()),
    }
}

impl State {
    pub(super) fn stats(&self) -> Stats {
        let Counters { by_status, timed_out, submitted, refused, retries, store_failures, .. } = self.counters;
        let [queued, running, stopping, retrying, succeeded, failed, cancelled, evicted, interrupted] = by_status;
        Stats {
            queued: queued as usize,
            running: (running + stopping) as usize,
            stopping: stopping as usize,
            retrying: retrying as usize,
            in_flight: self.pool.busy,
            lent: self.pool.lent,
            concurrency: self.pool.limit.get(),
            workers: self.pool.workers,
            capacity: self.capacity.map(core::num::NonZero::get),
            blocked_submitters: self.parked.len(),
            paused: self.pool.paused,
            submitted,
            refused,
            succeeded,
            failed,
            timed_out,
            cancelled,
            evicted,
            interrupted,
            retries,
            dead_letters: self.dead.len(),
            records: self.finished.len(),
            store_failures,
            queue_time: quantiles(&self.counters.queue_time),
            run_time: quantiles(&self.counters.run_time),
        }
    }
}
