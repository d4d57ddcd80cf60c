//! How a runner is set up.

use core::fmt;
use core::num::NonZeroUsize;
use core::panic::Location;
use std::rc::Rc;

use super::TaskRunner;
use super::engine::Engine;
use super::rate::RateLimit;
use super::store::{Store, StoreError};
use super::submit::SubmitPolicy;
use crate::executor::running;
use crate::retry::Retry;
use crate::time::{Duration, nanos};

/// Sets up a [`TaskRunner`]. Made by [`TaskRunner::builder`].
///
/// Numbers are checked when the runner is built, so that what a person typed can be handed in as it is.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{BuildError, SubmitPolicy, TaskRunner};
/// use unstuck::time::ms;
///
/// Executor::new().enter(|| {
///     let built = TaskRunner::builder().workers(5).capacity(10).submit_policy(SubmitPolicy::Reject).timeout(ms(1_000)).build();
///     assert!(built.is_ok());
///     assert_eq!(TaskRunner::builder().workers(0).build().unwrap_err(), BuildError::NoWorkers);
/// });
/// ```
#[must_use = "a builder builds nothing until `build` is called"]
pub struct Builder {
    workers: usize,
    capacity: Option<usize>,
    retention: Option<usize>,
    lane_limit: Option<usize>,
    settings: Settings,
}

pub(super) struct Settings {
    pub(super) workers: NonZeroUsize,
    pub(super) capacity: Option<NonZeroUsize>,
    pub(super) policy: SubmitPolicy,
    /// In nanoseconds.
    pub(super) timeout: Option<u64>,
    pub(super) grace: Duration,
    pub(super) retry: Option<Retry>,
    pub(super) retention: Option<usize>,
    pub(super) dead_letters: usize,
    pub(super) lane_limit: Option<NonZeroUsize>,
    pub(super) rate: Option<RateLimit>,
    pub(super) store: Option<Rc<dyn Store>>,
}

/// Why a runner cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// Without a worker nothing would ever run.
    NoWorkers,
    /// A queue of no places would accept nothing, and does not mean an unbounded one.
    NoCapacity,
    /// A lane that no job may enter would hold up its jobs for ever.
    NoLaneLimit,
    /// A rate limit that leaves no time between two starts would limit nothing.
    NoRateInterval,
    /// The store could not be read.
    Store(StoreError),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::NoWorkers => f.write_str("a runner needs at least one worker"),
            BuildError::NoCapacity => {
                f.write_str("a queue needs at least one place; for one without a bound say `unbounded`")
            }
            BuildError::NoLaneLimit => f.write_str("a lane needs room for at least one job"),
            BuildError::NoRateInterval => {
                f.write_str("a rate limit needs a span of time, of at least a nanosecond for each start")
            }
            BuildError::Store(error) => write!(f, "the store could not be read: {error}"),
        }
    }
}

impl std::error::Error for BuildError {}

const ONE: NonZeroUsize = NonZeroUsize::MIN;

impl Default for Builder {
    /// 4 workers, a queue of 64 places, submitters wait, no time limit, no retry, 1,000 records kept.
    fn default() -> Self {
        Builder {
            workers: 4,
            capacity: Some(64),
            retention: Some(1_000),
            lane_limit: None,
            settings: Settings {
                workers: ONE,
                capacity: None,
                policy: SubmitPolicy::Wait,
                timeout: None,
                grace: Duration::ZERO,
                retry: None,
                retention: None,
                dead_letters: 100,
                lane_limit: None,
                rate: None,
                store: None,
            },
        }
    }
}

impl Builder {
    /// How many jobs run at a time.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// How many jobs may stand in line. Jobs that come back for another attempt need no place.
    pub fn capacity(mut self, places: usize) -> Self {
        self.capacity = Some(places);
        self
    }

    /// Any number of jobs may stand in line.
    pub fn unbounded(mut self) -> Self {
        self.capacity = None;
        self
    }

    /// What happens when the queue is full.
    pub fn submit_policy(mut self, policy: SubmitPolicy) -> Self {
        self.settings.policy = policy;
        self
    }

    /// The time for one attempt of a job that asks for nothing else. Its future is dropped when that is over.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.settings.timeout = Some(nanos(limit));
        self
    }

    /// How long a job may go on after it was asked to stop, unless it asks for something else. Without this, an
    /// attempt is polled once more, and then dropped.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.settings.grace = grace;
        self
    }

    /// When jobs that ask for nothing else are tried again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.retry = Some(retry);
        self
    }

    /// How many records of jobs that ended are kept; the oldest go first. Zero keeps none.
    pub fn retention(mut self, records: usize) -> Self {
        self.retention = Some(records);
        self
    }

    /// Keeps every record. Memory then grows with every job.
    pub fn retain_all(mut self) -> Self {
        self.retention = None;
        self
    }

    /// How many jobs that used up their retries are kept to be submitted again; the oldest go first.
    pub fn dead_letters(mut self, jobs: usize) -> Self {
        self.settings.dead_letters = jobs;
        self
    }

    /// How many jobs of one lane run at a time.
    pub fn lane_limit(mut self, jobs: usize) -> Self {
        self.lane_limit = Some(jobs);
        self
    }

    /// How many jobs are started per span of time.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.settings.rate = Some(limit);
        self
    }

    /// Where records are kept across restarts. What it holds already is read when the runner is built.
    pub fn store(mut self, store: impl Store + 'static) -> Self {
        self.settings.store = Some(Rc::new(store));
        self
    }

    /// The runner, on the executor that runs the caller.
    ///
    /// # Errors
    ///
    /// A [`BuildError`] when a number makes no sense or the store cannot be read; nothing is left behind then.
    ///
    /// # Panics
    ///
    /// Outside of an executor.
    #[track_caller]
    pub fn build(self) -> Result<TaskRunner, BuildError> {
        let core = running("build");
        let mut settings = self.settings;
        settings.workers = NonZeroUsize::new(self.workers).ok_or(BuildError::NoWorkers)?;
        settings.capacity = checked(self.capacity, BuildError::NoCapacity)?;
        settings.lane_limit = checked(self.lane_limit, BuildError::NoLaneLimit)?;
        settings.retention = self.retention;
        if settings.rate.is_some_and(|rate| rate.interval().is_zero()) {
            return Err(BuildError::NoRateInterval);
        }
        let stored = match &settings.store {
            Some(store) => store.load().map_err(BuildError::Store)?,
            None => Vec::new(),
        };
        let engine = Engine::new(core, settings, Location::caller());
        engine.change(|state| state.take_over(stored));
        Ok(TaskRunner::of(engine))
    }
}

fn checked(limit: Option<usize>, error: BuildError) -> Result<Option<NonZeroUsize>, BuildError> {
    limit.map(|limit| NonZeroUsize::new(limit).ok_or(error)).transpose()
}
