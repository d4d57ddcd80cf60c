//! Where records live longer than a program.

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

#[cfg(all(feature = "file-store", not(target_arch = "wasm32")))]
mod file;

#[cfg(all(feature = "file-store", not(target_arch = "wasm32")))]
pub use self::file::FileStore;
use super::engine::State;
use super::record::{JobId, TaskRecord, Transition};
use super::status::{Step, TaskStatus};
use super::wishes::{Label, Wishes};
use crate::sync::Tracked;
use crate::time::Instant;

/// Keeps records across restarts.
///
/// A job is taken down before its submitter is told that it was accepted, so none is lost. After a restart the
/// records of jobs that had ended are there as they were, and those of all others say
/// [`TaskStatus::Interrupted`]: a runner cannot know how far such a job had come, and never runs one twice by
/// itself.
///
/// One that only follows what happens, to hand it on elsewhere:
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
/// use unstuck::Executor;
/// use unstuck::runner::{JobId, SleepTask, Store, StoreError, TaskRecord, TaskRunner};
/// use unstuck::time::ms;
///
/// struct Outbox(Rc<RefCell<Vec<String>>>);
///
/// impl Store for Outbox {
///     fn load(&self) -> Result<Vec<TaskRecord>, StoreError> {
///         Ok(Vec::new()) // every start is the first one
///     }
///
///     fn put(&self, record: &TaskRecord) -> Result<(), StoreError> {
///         self.0.borrow_mut().push(format!("{} {}", record.id, record.status));
///         Ok(())
///     }
///
///     fn remove(&self, _id: JobId) -> Result<(), StoreError> {
///         Ok(())
///     }
/// }
///
/// let sent = Rc::new(RefCell::new(Vec::new()));
/// let outbox = Outbox(sent.clone());
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().store(outbox).build().unwrap();
///     runner.start();
///     runner.submit(SleepTask::new(ms(5))).await.unwrap().await.unwrap();
/// });
/// assert_eq!(*sent.borrow(), ["#1 queued", "#1 running", "#1 succeeded"]);
/// ```
pub trait Store {
    /// All records, in any order.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn load(&self) -> Result<Vec<TaskRecord>, StoreError>;

    /// Takes down a record, in the place of an earlier one of the same id.
    ///
    /// # Errors
    ///
    /// When it cannot be written. A job that cannot be taken down is not accepted; later failures are counted in
    /// [`Stats::store_failures`](super::Stats::store_failures).
    fn put(&self, record: &TaskRecord) -> Result<(), StoreError>;

    /// Forgets a record.
    ///
    /// # Errors
    ///
    /// When that cannot be written.
    fn remove(&self, id: JobId) -> Result<(), StoreError>;
}

/// A store failed, with this message.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreError(pub String);

/// The message, as it is: to quote it would bring the tables of all letters into every module of the page.
impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

/// A store in memory, which outlives a runner and not the program. Clones are the same store.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{JobId, MemoryStore, SleepTask, TaskRunner, TaskStatus};
/// use unstuck::time::ms;
///
/// let store = MemoryStore::default();
/// let executor = Executor::new();
/// executor.enter(|| {
///     let runner = TaskRunner::builder().store(store.clone()).build().unwrap();
///     drop(runner.try_submit(SleepTask::new(ms(500))).unwrap());
///     std::mem::forget(runner); // the program ends here, in the middle of things
/// });
/// let restarted = Executor::new();
/// let runner = restarted.enter(|| TaskRunner::builder().store(store).build().unwrap());
/// assert_eq!(runner.get_record(JobId(1)).unwrap().status, TaskStatus::Interrupted);
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    records: Rc<Tracked<BTreeMap<JobId, TaskRecord>>>,
}

impl Store for MemoryStore {
    fn load(&self) -> Result<Vec<TaskRecord>, StoreError> {
        Ok(self.records.with(|records| records.values().cloned().collect()))
    }

    fn put(&self, record: &TaskRecord) -> Result<(), StoreError> {
        self.records.update(|records| records.insert(record.id, record.clone()));
        Ok(())
    }

    fn remove(&self, id: JobId) -> Result<(), StoreError> {
        self.records.update(|records| records.remove(&id));
        Ok(())
    }
}

impl Wishes {
    /// The record of a job that is about to be accepted.
    pub(super) fn record(&self, id: JobId, now: Instant) -> TaskRecord {
        TaskRecord {
            id,
            name: Label::name(self.label.as_deref()).to_owned(),
            kind: Label::kind(self.label.as_deref()).to_owned(),
            status: TaskStatus::Queued,
            created: now,
            started: None,
            updated: now,
            finished: None,
            priority: self.priority,
            attempt: 0,
            progress: None,
            result: None,
            error: None,
        }
    }
}

impl State {
    /// Takes over what an earlier run of the program left.
    pub(super) fn take_over(&mut self, mut records: Vec<TaskRecord>) {
        records.sort_by_key(|record| record.id);
        for record in records {
            if record.id.0 < u64::MAX / 2 {
                self.next_id = self.next_id.max(record.id.0 + 1);
            }
            let was_done = record.status.is_terminal();
            let slot = self.take_over_one(record);
            self.counters.taken_over(self.table[slot].status);
            if !was_done {
                self.save(slot);
            }
            self.keep_record(self.table.key(slot));
        }
    }

    fn take_over_one(&mut self, record: TaskRecord) -> u32 {
        let (key, job) = self.table.take(record.id);
        job.status = match record.status {
            ended if ended.is_terminal() => ended,
            lived => lived.after(Step::Interrupt),
        };
        (job.stopped, job.recorded) = (true, true);
        job.take_over_times(&record);
        job.label = Some(Box::new(Label { name: Cow::Owned(record.name), kind: Cow::Owned(record.kind) }));
        job.priority = record.priority;
        let (change, text) = (Transition { at: job.updated, to: job.status }, record.result.or(record.error));
        let rare = job.rare();
        (rare.progress, rare.text) = (record.progress, text.map(Rc::from));
        rare.history.push(change);
        key.slot()
    }
}
