//! The task runner for JavaScript: `new TaskRunner({ workers: 4 })`.

mod function;
mod handle;
mod options;
mod refusal;
mod report;
mod types;

use core::fmt::Display;
use core::future::Future;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Function, Promise, Uint8Array};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Blob, File};

use self::function::{Thrown, job_of};
pub use self::handle::TaskHandle;
use self::options::{Defaults, Options, id_of};
use self::refusal::{code_of, refusal};
use self::report::{Record, Report, Totals};
use super::blob::BlobHash;
use super::clock::Live;
use super::store::IndexedDbStore;
use crate::executor::sleep;
use crate::runner::{Factory, HashTask, Job, JobId, Submission, TaskCx, TaskRunner as Runner, job};
use crate::time::{Duration, Span};
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
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "RunnerOptions")] options: JsValue,
    ) -> Result<TaskRunner, JsValue> {
        TaskRunner::start(&options, None)
    }

    /// Sets up a runner whose records are kept in the browser's database, under a name, and starts it when what is
    /// there was read.
    #[wasm_bindgen(unchecked_return_type = "Promise<TaskRunner>")]
    pub fn open(
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RunnerOptions")] options: JsValue,
    ) -> Promise {
        future_to_promise(async move {
            let name =
                name.as_string().ok_or_else(|| refusal("bad-option", "the name of a store must be a string"))?;
            let store = IndexedDbStore::open(&name).await.map_err(|error| refusal("store", &error.to_string()))?;
            Ok(TaskRunner::start(&options, Some(store))?.into())
        })
    }

    fn start(options: &JsValue, store: Option<IndexedDbStore>) -> Result<TaskRunner, JsValue> {
        let (mut builder, defaults) = options::read_runner(options)?;
        if let Some(store) = store {
            builder = builder.store(store);
        }
        let set_up = || {
            let runner = builder.build().map_err(|error| refusal(code_of(&error), &error.to_string()))?;
            runner.start();
            let idle = runner.on_idle();
            Ok::<_, JsValue>((runner, idle))
        };
        let (live, runner) = Live::start(set_up)?;
        Ok(TaskRunner { live, runner, defaults })
    }

    // ---- jobs

    /// Submits a function that is called with a context, once per attempt, and returns a value or a promise. Waits
    /// for a place in the queue if the policy says so, and then gives a handle.
    #[wasm_bindgen(unchecked_return_type = "Promise<TaskHandle>")]
    pub fn submit(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(context: JobContext) => unknown")] work: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "JobOptions")] options: JsValue,
    ) -> Promise {
        let work = work
            .dyn_into::<Function>()
            .map_err(|_| refusal("not-a-function", "a job is a function; it is called once for every attempt"));
        match work {
            Ok(work) => self.enter_line(job_of(work), &options),
            Err(error) => Promise::reject(&error),
        }
    }

    /// Submits a job that sleeps for so many milliseconds.
    #[wasm_bindgen(unchecked_return_type = "Promise<TaskHandle>")]
    pub fn sleep(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] milliseconds: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "JobOptions")] options: JsValue,
    ) -> Promise {
        match options::duration("the time to sleep", &milliseconds) {
            Ok(time) => self.enter_line(sleep_of(time), &options),
            Err(error) => Promise::reject(&error),
        }
    }

    /// Submits a job that gives the SHA-256 of a text, of bytes, or of a `Blob` such as a file, which is read in
    /// slices.
    #[wasm_bindgen(unchecked_return_type = "Promise<TaskHandle>")]
    pub fn hash(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array | ArrayBuffer | Blob")] data: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "JobOptions")] options: JsValue,
    ) -> Promise {
        if let Some(blob) = data.dyn_ref::<Blob>() {
            let name = data.dyn_ref::<File>().map_or_else(|| "hash a blob".to_owned(), File::name);
            return self.enter_line(shown(BlobHash::new(name, blob.clone())), &options);
        }
        match bytes_of(&data) {
            Some(bytes) => self.enter_line(shown(HashTask::new(bytes)), &options),
            None => Promise::reject(&refusal(
                "not-hashable",
                "what is hashed must be a string, a Uint8Array, an ArrayBuffer or a Blob",
            )),
        }
    }

    fn enter_line<F>(&self, submission: Submission<F>, options: &JsValue) -> Promise
    where
        F: Factory<Output = JsValue, Error = Thrown> + 'static,
    {
        let submission = match Options::of_job(options).and_then(|options| options.ask(submission, &self.defaults)) {
            Ok(submission) => submission,
            Err(error) => return Promise::reject(&error),
        };
        let (runner, live) = (self.runner.clone(), self.live.clone());
        self.live.promise(async move {
            let accepted = runner.submit(submission).await;
            let handle = accepted.map_err(|error| refusal(code_of(&error.refusal), &error.to_string()))?;
            Ok(TaskHandle::new(live, handle).into())
        })
    }

    /// Asks a job to stop, or takes it out of the line.
    #[wasm_bindgen(unchecked_return_type = "CancelAnswer")]
    pub fn cancel(&self, #[wasm_bindgen(unchecked_param_type = "number")] id: JsValue) -> Result<JsValue, JsValue> {
        let id = id_of(&id)?;
        let answer = self.live.enter(|| self.runner.cancel(id, CancelReason::Requested));
        answer.map(|answer| handle::answer_of(answer).into()).map_err(|error| unknown(&error))
    }

    /// What is known of a job.
    pub fn record(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] id: JsValue,
    ) -> Result<Ts<Record>, JsValue> {
        let id = id_of(&id)?;
        let record = self.runner.get_record(id).ok_or_else(|| unknown(&crate::runner::UnknownJob(id)))?;
        report::cross(&Record::from(record))
    }

    /// What is known of every job that has not ended and of those whose records are kept, in the order of ids.
    pub fn records(&self) -> Result<Vec<Ts<Record>>, JsValue> {
        self.runner.records().into_iter().map(|record| report::cross(&Record::from(record))).collect()
    }

    // ---- the runner

    /// The numbers of the runner, which belong together.
    pub fn stats(&self) -> Result<Ts<Totals>, JsValue> {
        report::cross(&Totals::from(self.runner.stats()))
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
    pub fn resize(&self, #[wasm_bindgen(unchecked_param_type = "number")] workers: JsValue) -> Result<(), JsValue> {
        let workers = options::workers(&workers)?;
        self.live.enter(|| self.runner.set_concurrency(workers));
        Ok(())
    }

    /// Resolves when every job has ended.
    #[wasm_bindgen(js_name = onIdle, unchecked_return_type = "Promise<void>")]
    pub fn on_idle(&self) -> Promise {
        let idle = self.live.enter(|| self.runner.on_idle());
        self.when(idle)
    }

    /// Resolves when no job is in line.
    #[wasm_bindgen(js_name = onEmpty, unchecked_return_type = "Promise<void>")]
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
    #[wasm_bindgen(unchecked_return_type = "Promise<ShutdownReport>")]
    pub fn shutdown(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ShutdownOptions")] how: JsValue,
    ) -> Promise {
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

fn unknown(error: &crate::runner::UnknownJob) -> JsValue {
    refusal("unknown-job", &error.to_string())
}

/// A job of this library as one that gives values of JavaScript.
fn shown<J>(inner: J) -> Submission<impl Factory<Output = JsValue, Error = Thrown>>
where
    J: Job<Output = String>,
    J::Error: Display,
{
    let (name, kind) = (inner.name().into_owned(), J::KIND);
    let inner = Rc::new(inner);
    let run = move |cx: TaskCx| {
        let attempt = inner.clone().run(cx);
        async move { attempt.await.map(JsValue::from).map_err(|error| Thrown::new(&error.to_string())) }
    };
    job(run).name(name).kind(kind).show(|value| value.as_string().unwrap_or_default())
}

fn sleep_of(time: Duration) -> Submission<impl Factory<Output = JsValue, Error = Thrown>> {
    let run = move |_| async move {
        sleep(time).labelled("sleep").await;
        Ok::<_, Thrown>(JsValue::UNDEFINED)
    };
    job(run).name(format!("sleep {}", Span(time))).kind("sleep")
}

fn bytes_of(data: &JsValue) -> Option<Vec<u8>> {
    match (data.as_string(), data.dyn_ref::<Uint8Array>(), data.dyn_ref::<ArrayBuffer>()) {
        (Some(text), ..) => Some(text.into_bytes()),
        (_, Some(bytes), _) => Some(bytes.to_vec()),
        (.., Some(buffer)) => Some(Uint8Array::new(buffer).to_vec()),
        _ => None,
    }
}

impl From<JobId> for JsValue {
    fn from(id: JobId) -> JsValue {
        JsValue::from_f64(id.0 as f64)
    }
}
