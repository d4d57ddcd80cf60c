//! A task runner: a bounded queue, a number of workers, and a handle and a record for every job.
//!
//! It is the runner of the asyncio sample that this project began with, with what that one and its peers get wrong
//! put right. What it promises:
//!
//! - A job is a factory, called once per attempt; its life is one state machine, [`TaskStatus`].
//! - Waiting and owning are different: any number of waiters, any number of times, and none of them can hurt a job.
//! - Cancelling is a request, stopping is a fact. A slot is free when the code is gone, not when its time is up.
//! - Every cancel carries its reason, judged by who asked.
//! - Every exit settles everybody: waiters, blocked submitters, children.
//! - Whoever waited longest for a place gets the next; nobody barges.
//! - A runner that has nothing to do sleeps.
//!
//! ```text
//!  submit ──▶ queue ──▶ worker: attempt ──▶ outcome ──▶ handle, record, events, stats
//!    │          ▲          │       │
//!    │ full     │          │       └─ failed ──▶ agenda (waits without a slot) ──▶ queue
//!    └─ by policy: wait    └─ waits for its own runner: lends its slot
//! ```
//!
//! ```
//! use unstuck::Executor;
//! use unstuck::runner::{HashTask, Shutdown, SleepTask, TaskError, TaskRunner};
//! use unstuck::time::ms;
//!
//! Executor::new().block_on(async {
//!     let runner = TaskRunner::builder().workers(5).capacity(10).build().unwrap();
//!     runner.start();
//!     let sleep = runner.submit(SleepTask::new(ms(500))).await.unwrap();
//!     let short = runner.submit(SleepTask::new(ms(500)).timeout(ms(100))).await.unwrap();
//!     let hash = runner.submit(HashTask::new("Task 1")).await.unwrap();
//!     assert_eq!(sleep.await.unwrap(), "slept for 500 ms");
//!     assert_eq!(short.await, Err(TaskError::TimedOut));
//!     assert_eq!(hash.await.unwrap().len(), 64);
//!     let report = runner.shutdown(Shutdown::Drain { within: ms(1_000) }).await;
//!     assert_eq!(report.finished, 0); // all had ended before
//! });
//! ```

mod admit;
mod agenda;
mod body;
mod builder;
mod cancel;
mod children;
mod clerk;
mod context;
mod dead;
mod effects;
mod engine;
mod events;
mod faces;
mod factory;
mod finish;
mod handle;
mod ids;
mod job;
mod keeping;
mod lanes;
mod limit;
mod lines;
mod outcome;
mod place;
mod pool;
mod progress;
mod queue;
pub(crate) mod rate;
mod record;
mod refusal;
mod run;
mod shutdown;
mod slot;
mod stats;
mod status;
mod stopping;
mod store;
mod submit;
mod table;
mod tasks;
mod tickets;
mod waiting;
mod wishes;
mod worker;

#[cfg(feature = "metrics")]
mod to_metrics;
#[cfg(feature = "tracing")]
mod to_tracing;

use core::fmt;
use core::future::Future;
use core::num::NonZeroUsize;
use core::panic::Location;
use std::rc::Rc;

pub use self::builder::{BuildError, Builder};
pub use self::cancel::{CancelAnswer, UnknownJob};
pub use self::context::TaskCx;
pub use self::dead::ResubmitError;
pub use self::events::{Delivery, Events, Overflow, TaskEvent, What};
pub use self::factory::Factory;
pub use self::handle::TaskHandle;
pub use self::job::{IfDuplicate, IntoSubmission, Job, Named, Submission, job};
pub use self::lines::Line;
pub use self::progress::ProgressStream;
pub use self::rate::RateLimit;
pub use self::record::{JobId, Progress, TaskRecord, Transition};
pub use self::refusal::{Refusal, SubmitError};
pub use self::shutdown::{Shutdown, ShutdownReport};
pub use self::stats::{Quantiles, Stats};
pub use self::status::{Failure, NoStatus, TaskError, TaskStatus};
#[cfg(all(feature = "file-store", not(target_arch = "wasm32")))]
pub use self::store::FileStore;
pub use self::store::{MemoryStore, Store, StoreError};
pub use self::submit::{Submit, SubmitPolicy};
#[cfg(all(target_arch = "wasm32", feature = "live", not(test)))]
pub(crate) use self::tasks::hex;
pub use self::tasks::{HashTask, SleepTask};
pub use self::waiting::{Stopped, Wait};

use self::engine::Engine;
#[cfg(feature = "metrics")]
pub use self::to_metrics::to_metrics;
#[cfg(feature = "tracing")]
pub use self::to_tracing::to_tracing;
use crate::trace::CancelReason;

/// Runs jobs: so many at a time, the others in line. See the [module](self).
///
/// Clones are the same runner. When the last is dropped the runner is closed: what was accepted runs to its end,
/// and then the workers leave.
#[derive(Clone)]
pub struct TaskRunner {
    owner: Rc<Owner>,
}

/// Closes the runner when nobody can submit to it any more.
struct Owner {
    engine: Rc<Engine>,
}

type HandleOf<F> = TaskHandle<<F as Factory>::Output, <F as Factory>::Error>;

impl TaskRunner {
    /// Sets up a runner.
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn of(engine: Rc<Engine>) -> Self {
        TaskRunner { owner: Rc::new(Owner { engine }) }
    }

    fn engine(&self) -> &Rc<Engine> {
        &self.owner.engine
    }

    /// Begins to run jobs. What was submitted before has waited in line. Starting twice changes nothing.
    pub fn start(&self) {
        self.engine().change(|state| {
            state.pool.started = true;
            state.call_workers();
        });
    }

    /// Submits a job, and waits for a place in the queue if the [`SubmitPolicy`] says so.
    ///
    /// Whoever waits longest for a place is handed the next, and is in line with that, whether or not anybody polls
    /// this future. Dropping it before it gave the handle withdraws the job wherever it is: nobody knows of it, so
    /// it leaves the line, and should it run already it is asked to stop.
    ///
    /// # Errors
    ///
    /// A [`SubmitError`] with the reason and the job, of which nothing is left in the runner.
    #[track_caller]
    pub fn submit<S: IntoSubmission>(&self, job: S) -> Submit<'_, S::Factory> {
        Submit::new(self.engine(), job.into_submission(), None)
    }

    /// Submits a job, and refuses it where [`TaskRunner::submit`] would wait.
    ///
    /// # Errors
    ///
    /// A [`SubmitError`] with the reason and the job, of which nothing is left in the runner.
    pub fn try_submit<S: IntoSubmission>(&self, job: S) -> Result<HandleOf<S::Factory>, SubmitError<S::Factory>> {
        self.engine().submit_now(job.into_submission(), None)
    }

    /// Waits for the end of a job, whatever its types, and gives its record. A [`TaskHandle`] gives the value
    /// itself. Dropping the future stops waiting.
    ///
    /// # Errors
    ///
    /// [`UnknownJob`], when there is none of this id, or its record has made room for younger ones.
    pub async fn wait(&self, id: JobId) -> Result<TaskRecord, UnknownJob> {
        // The types are those of nobody, since the outcome is not looked at.
        let handle: TaskHandle<(), ()> = self.watch(id)?;
        handle.ended().await;
        Ok(handle.record())
    }

    fn watch(&self, id: JobId) -> Result<TaskHandle<(), ()>, UnknownJob> {
        let key = self.engine().look(|state| state.table.key_of(id)).ok_or(UnknownJob(id))?;
        Ok(TaskHandle::joining(self.engine(), key))
    }

    /// A handle of a job, given the types of its output and error; none when there is no such job, it is of other
    /// types, or it has ended and what it gave was dropped with its last handle.
    pub fn handle<T: 'static, E: 'static>(&self, id: JobId) -> Option<TaskHandle<T, E>> {
        let types = core::any::TypeId::of::<body::Outcome<T, E>>();
        let key = self.engine().look(|state| {
            let key = state.table.key_of(id)?;
            let job = &state.table[key.slot()];
            state.table.touch(key.slot());
            let is_of_types = job.types.is_some_and(|told| told() == types);
            (is_of_types && job.has_outcome_to_come()).then_some(key)
        })?;
        Some(TaskHandle::joining(self.engine(), key))
    }

    /// What is known of a job; none when there is none of this id, or its record has made room for younger ones.
    pub fn get_record(&self, id: JobId) -> Option<TaskRecord> {
        self.engine().look(|state| state.table.key_of(id).map(|key| state.table[key.slot()].record()))
    }

    /// What is known of every job that has not ended and of those whose records are kept, in the order of ids.
    pub fn records(&self) -> Vec<TaskRecord> {
        let mut records: Vec<_> = self
            .engine()
            .look(|state| state.table.keys().into_iter().map(|key| state.table[key.slot()].record()).collect());
        records.sort_by_key(|record: &TaskRecord| record.id);
        records
    }

    /// The changes of a job's status so far.
    pub fn history(&self, id: JobId) -> Option<Vec<Transition>> {
        self.engine().look(|state| state.table.key_of(id).map(|key| state.table[key.slot()].history()))
    }

    /// Asks a job to stop, or takes it out of the line.
    ///
    /// # Errors
    ///
    /// [`UnknownJob`], when there is none of this id, or its record has made room for younger ones.
    pub fn cancel(&self, id: JobId, reason: CancelReason) -> Result<CancelAnswer, UnknownJob> {
        let cancelled = self.engine().change(|state| Some(state.cancel(state.table.key_of(id)?, reason)));
        cancelled.ok_or(UnknownJob(id))
    }

    /// Changes the priority of a job that is in line; among its new equals it stands where it would have stood.
    /// False when it is not in line.
    ///
    /// # Errors
    ///
    /// [`UnknownJob`], when there is none of this id.
    pub fn set_priority(&self, id: JobId, priority: u8) -> Result<bool, UnknownJob> {
        let changed = self.engine().change(|state| Some(state.set_priority(state.table.key_of(id)?, priority)));
        changed.ok_or(UnknownJob(id))
    }

    /// The jobs that used up their retries, oldest first.
    pub fn dead_letters(&self) -> Vec<JobId> {
        self.engine().look(|state| state.dead.iter().map(|key| state.table[key.slot()].id).collect())
    }

    /// Submits a dead letter again, as a new job with the same wishes but without a deadline, and takes it off the
    /// list. Returns the id of the new job.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use std::rc::Rc;
    /// use unstuck::Executor;
    /// use unstuck::runner::{TaskRunner, TaskStatus, job};
    ///
    /// Executor::new().block_on(async {
    ///     let runner = TaskRunner::builder().build().unwrap();
    ///     runner.start();
    ///     let is_up = Rc::new(Cell::new(false));
    ///     let seen = is_up.clone();
    ///     let ping = job(move |_| std::future::ready(if seen.get() { Ok(()) } else { Err("down") }));
    ///     assert!(runner.submit(ping.attempts(3)).await.unwrap().await.is_err());
    ///     is_up.set(true);
    ///     for dead in runner.dead_letters() {
    ///         let again = runner.resubmit(dead).unwrap();
    ///         assert_eq!(runner.wait(again).await.unwrap().status, TaskStatus::Succeeded);
    ///     }
    ///     assert_eq!(runner.dead_letters(), []);
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// A [`ResubmitError`]; the job is in the list then as before.
    pub fn resubmit(&self, id: JobId) -> Result<JobId, ResubmitError> {
        self.engine().resubmit(id)
    }

    /// The numbers of the runner.
    pub fn stats(&self) -> Stats {
        self.engine().look(|state| state.stats())
    }

    /// Starts no job until [`TaskRunner::resume`]. What runs goes on; what is submitted stands in line.
    pub fn pause(&self) {
        self.engine().change(|state| state.pause());
    }

    /// Starts jobs again.
    pub fn resume(&self) {
        self.engine().change(|state| state.resume());
    }

    /// How many jobs may run at a time from now on. When more do, they run to their end, and none is started
    /// before.
    pub fn set_concurrency(&self, workers: NonZeroUsize) {
        self.engine().change(|state| state.set_concurrency(workers));
    }

    /// How many jobs may stand in line from now on; none without a bound. When more do, none of them is evicted, and
    /// none is accepted before there is a place.
    pub fn set_capacity(&self, capacity: Option<NonZeroUsize>) {
        self.engine().change(|state| state.set_capacity(capacity));
    }

    /// What happens from now on when the queue is full. Whoever waits for a place already goes on waiting.
    pub fn set_submit_policy(&self, policy: SubmitPolicy) {
        self.engine().change(|state| state.policy = policy);
    }

    /// The first `most` jobs in line, in the order in which they will start unless a lane is full.
    pub fn in_line(&self, most: usize) -> Vec<JobId> {
        let front = |state: &engine::State| state.queue.front(&state.table, most);
        self.engine().look(|state| front(state).into_iter().map(|slot| state.table[slot].id).collect())
    }

    /// Waits until every job has ended, and is ready at once when there is none. Dropping the future stops waiting.
    /// A job that awaits this itself waits for its own end: a time limit ends that, and a search finds it.
    #[track_caller]
    pub fn on_idle(&self) -> Line {
        Line::of_idle(self.engine())
    }

    /// Waits until no job is in line, and is ready at once when there is none. Dropping the future stops waiting.
    #[track_caller]
    pub fn on_empty(&self) -> Line {
        Line::of_empty(self.engine())
    }

    /// Subscribes to what happens from now on, with room for so many events that were not pulled yet.
    pub fn subscribe(&self, room: NonZeroUsize, overflow: Overflow) -> Events {
        self.engine().subscribe(room, overflow)
    }

    /// Accepts nothing any more: submitters that wait are refused, what was accepted runs to its end. Closing twice
    /// changes nothing.
    pub fn close(&self) {
        self.engine().change(|state| state.close());
    }

    /// Ends the runner, and reports what became of everything that was under way. Afterwards nothing of it is left
    /// on the executor. A job that awaits this ends with the others, for which a drain takes all of its time.
    ///
    /// Several may be under way; each of them can make it shorter, and all give the same report. Dropping the
    /// future leaves the runner closed, and what was told to it stands, except that nobody looks at the time.
    #[track_caller]
    pub fn shutdown(&self, how: Shutdown) -> impl Future<Output = ShutdownReport> {
        shutdown::end(self, how, Location::caller())
    }
}

impl fmt::Debug for TaskRunner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TaskRunner").field(&self.stats()).finish()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let is_started = self.engine.look(|state| state.pool.started);
        if is_started {
            self.engine.change(|state| state.close());
        } else {
            self.engine.end_now();
        }
    }
}
