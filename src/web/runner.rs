//! The task runner for JavaScript: `new TaskRunner({ workers: 4 })`.

mod events;
mod function;
mod handle;
mod options;
mod report;

use core::future::Future;
use std::rc::Rc;

use js_sys::{Function, Promise};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use self::events::ROOM;
pub use self::events::RunnerEvents;
use self::function::job_of;
pub use self::handle::TaskHandle;
use self::options::{Defaults, id_of};
use self::report::{Record, Report, Totals};
use super::clock::Live;
use super::refusal::{refusal, told};
use crate::runner::{Overflow, TaskRunner as Runner, UnknownJob};
use crate::trace::CancelReason;

/// A task runner in the browser's event loop, or in that of Node.
#[wasm_bindgen]
pub struct TaskRunner {
    live: Rc<Live>,
    runner: Runner,
    defaults: Defaults,
}

#[wasm_bindgen]
impl TaskRunner {
    /// Sets up a runner and starts it.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<TaskRunner, JsValue> {
        let (builder, defaults) = options::read_runner(&options)?;
        let set_up = || {
            let runner = builder.build().map_err(|error| told(&error))?;
            runner.start();
            let idle = runner.on_idle();
            Ok::<_, JsValue>((runner, idle))
        };
        let (live, runner) = Live::start(set_up)?;
        Ok(TaskRunner { live, runner, defaults })
    }

    /// Submits a function that is called with a context, once per attempt, and returns a value or a promise.
    pub fn submit(&self, work: JsValue, options: JsValue) -> Result<TaskHandle, JsValue> {
        let work = work
            .dyn_into::<Function>()
            .map_err(|_| refusal("not-a-function", "a job is a function; it is called once for every attempt"))?;
        let submission = options::ask(&options, job_of(work), &self.defaults)?;
        Ok(TaskHandle::submitting(&self.live, &self.runner, submission))
    }

    /// Asks a job to stop, or takes it out of the line.
    pub fn cancel(&self, id: JsValue) -> Result<String, JsValue> {
        let id = id_of(&id)?;
        let answer = self.live.enter(|| self.runner.cancel(id, CancelReason::Requested));
        answer.map(|answer| handle::answer_of(answer).to_owned()).map_err(|error| told(&error))
    }

    /// What is known of a job.
    pub fn record(&self, id: JsValue) -> Result<Ts<Record>, JsValue> {
        let id = id_of(&id)?;
        let record = self.runner.get_record(id).ok_or_else(|| told(&UnknownJob(id)))?;
        report::cross(&Record::from(record))
    }

    /// What is known of every job that has not ended and of those whose records are kept, in the order of ids.
    pub fn records(&self) -> Result<Vec<Ts<Record>>, JsValue> {
        self.runner.records().into_iter().map(|record| report::cross(&Record::from(record))).collect()
    }

    /// The numbers of the runner, which belong together.
    pub fn stats(&self) -> Result<Ts<Totals>, JsValue> {
        report::cross(&Totals::from(self.runner.stats()))
    }

    /// Subscribes to what happens from now on.
    pub fn subscribe(&self) -> RunnerEvents {
        let events = self.live.enter(|| self.runner.subscribe(ROOM, Overflow::DropOldest));
        RunnerEvents::new(self.live.clone(), events)
    }

    /// Starts no job until `resume`. What runs goes on; what is submitted stands in line.
    pub fn pause(&self) {
        self.live.enter(|| self.runner.pause());
    }

    /// Starts jobs again.
    pub fn resume(&self) {
        self.live.enter(|| self.runner.resume());
    }

    /// How many jobs may run at a time from now on. What runs goes on.
    pub fn resize(&self, workers: JsValue) -> Result<(), JsValue> {
        let workers = options::workers(&workers)?;
        self.live.enter(|| self.runner.set_concurrency(workers));
        Ok(())
    }

    /// Resolves when every job has ended.
    #[wasm_bindgen(js_name = onIdle)]
    pub fn on_idle(&self) -> Promise {
        let idle = self.live.enter(|| self.runner.on_idle());
        self.when(idle)
    }

    /// Resolves when no job is in line.
    #[wasm_bindgen(js_name = onEmpty)]
    pub fn on_empty(&self) -> Promise {
        let empty = self.live.enter(|| self.runner.on_empty());
        self.when(empty)
    }

    fn when(&self, line: impl Future<Output = ()> + 'static) -> Promise {
        self.live.promise(async move {
            line.await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Accepts nothing any more: submitters that wait are refused, what was accepted runs to its end.
    pub fn close(&self) {
        self.live.enter(|| self.runner.close());
    }

    /// Ends the runner, and resolves with what became of everything that was under way.
    pub fn shutdown(&self, how: JsValue) -> Promise {
        let how = match options::shutdown(&how) {
            Ok(how) => how,
            Err(error) => return Promise::reject(&error),
        };
        let runner = self.runner.clone();
        self.live.promise(async move {
            let report = runner.shutdown(how).await;
            Ok(report::cross(&Report::from(report))?.into())
        })
    }
}
