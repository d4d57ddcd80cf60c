//! Records live longer than a program.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use unstuck::runner::{
    BuildError, JobId, MemoryStore, Refusal, SleepTask, Store, StoreError, TaskRecord, TaskRunner, TaskStatus, job,
};
use unstuck::time::ms;
use unstuck::{Executor, sleep};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn runner(store: impl Store + 'static) -> TaskRunner {
    let runner = TaskRunner::builder().workers(1).store(store).build().unwrap();
    runner.start();
    runner
}

/// One job ends, one runs, one is in line; then the program is gone.
pub fn crash(store: impl Store + 'static) {
    let executor = Executor::new();
    executor.block_on(async {
        let runner = runner(store);
        for time in [1, 1_000, 1] {
            drop(runner.submit(SleepTask::new(ms(time))).await.unwrap());
        }
        sleep(ms(10)).await;
        std::mem::forget(runner);
    });
    // Nothing gets to tidy up.
    std::mem::forget(executor);
}

fn statuses(runner: &TaskRunner) -> Vec<String> {
    runner.records().iter().map(|record| format!("{} {}", record.id, record.status)).collect()
}

pub fn check_restart(store: impl Store + 'static) {
    Executor::new().block_on(async {
        let runner = runner(store);
        assert_eq!(statuses(&runner), ["#1 succeeded", "#2 interrupted", "#3 interrupted"]);
        let first = runner.get_record(JobId(1)).unwrap();
        assert_eq!((first.name.as_str(), first.result.as_deref()), ("sleep 1 ms", Some("slept for 1 ms")));
        sleep(ms(10_000)).await;
        assert_eq!((runner.stats().interrupted, runner.stats().submitted), (2, 0)); // nothing ran again
        let next = runner.submit(SleepTask::new(ms(1))).await.unwrap();
        assert_eq!(next.id(), JobId(4)); // ids go on
    });
}

#[test]
fn a_restart_keeps_what_ended_and_reports_the_rest_as_interrupted() {
    let store = MemoryStore::default();
    crash(store.clone());
    check_restart(store);
}

/// A store that fails when it is told to.
#[derive(Clone, Default)]
struct Fragile {
    broken: Rc<Cell<bool>>,
    records: MemoryStore,
}

impl Fragile {
    fn check(&self) -> Result<(), StoreError> {
        if self.broken.get() { Err(StoreError("the disk is full".into())) } else { Ok(()) }
    }
}

impl Store for Fragile {
    fn load(&self) -> Result<Vec<TaskRecord>, StoreError> {
        self.check()?;
        self.records.load()
    }

    fn put(&self, record: &TaskRecord) -> Result<(), StoreError> {
        self.check()?;
        self.records.put(record)
    }

    fn remove(&self, id: JobId) -> Result<(), StoreError> {
        self.check()?;
        self.records.remove(id)
    }
}

#[test]
fn a_job_that_cannot_be_taken_down_is_not_accepted() {
    let store = Fragile::default();
    Executor::new().block_on({
        let store = store.clone();
        async move {
            let runner = runner(store.clone());
            let running = runner.submit(SleepTask::new(ms(10))).await.unwrap();
            store.broken.set(true);
            let error = runner.submit(job(|_| async { Ok::<_, String>(()) })).await.unwrap_err();
            assert_eq!(error.refusal, Refusal::NotStored(StoreError("the disk is full".into())));
            assert_eq!(error.to_string(), "the job could not be stored: the disk is full");
            // What runs is not hurt by a store that fails, and the failures are counted.
            assert!(running.await.is_ok());
            assert_eq!((runner.stats().store_failures, runner.stats().submitted), (2, 1));
        }
    });
    let built = Executor::new().enter(|| TaskRunner::builder().store(store).build().map(drop));
    assert_eq!(built, Err(BuildError::Store(StoreError("the disk is full".into()))));
}

#[test]
fn what_retention_drops_leaves_the_store_as_well() {
    let store = MemoryStore::default();
    Executor::new().block_on({
        let store = store.clone();
        async move {
            let runner = TaskRunner::builder().retention(2).store(store).build().unwrap();
            runner.start();
            for _ in 0..5 {
                runner.submit(job(|_| async { Ok::<_, String>(()) })).await.unwrap().await.unwrap();
            }
        }
    });
    let left: RefCell<Vec<_>> = RefCell::new(store.load().unwrap());
    let left: Vec<_> = left.borrow().iter().map(|record| (record.id.0, record.status)).collect();
    assert_eq!(left, [(4, TaskStatus::Succeeded), (5, TaskStatus::Succeeded)]);
}
