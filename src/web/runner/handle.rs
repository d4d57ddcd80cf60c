//! The handle of a job, for JavaScript.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::function::Thrown;
use super::options::priority_of;
use super::report::{Record, Share, cross, status_of};
use crate::runner::{CancelAnswer, Factory, Submission, TaskError, TaskHandle as Handle, TaskRunner as Runner};
use crate::trace::{CancelReason, TaskId};
use crate::web::clock::Live;
use crate::web::options::count;
use crate::web::refusal::{refusal, told};

/// Waits for a job, any number of times, and acts on it. Letting it go cancels nothing.
#[wasm_bindgen]
pub struct TaskHandle {
    live: Rc<Live>,
    way: Rc<Way>,
}

/// The way of a submission into the runner.
struct Way {
    stage: RefCell<Stage>,
}

enum Stage {
    /// It is just being submitted.
    Begun,
    /// It waits for a place in the queue, by a task of its own; the promise resolves when that is over.
    Waiting {
        task: TaskId,
        over: Promise,
    },
    Accepted(Handle<JsValue, Thrown>),
    Refused(JsValue),
}

impl TaskHandle {
    /// Submits a job: what needs not wait for a place has one when this returns.
    pub(super) fn submitting<F>(live: &Rc<Live>, runner: &Runner, submission: Submission<F>) -> Self
    where
        F: Factory<Output = JsValue, Error = Thrown> + 'static,
    {
        let way = Rc::new(Way { stage: RefCell::new(Stage::Begun) });
        let (runner, told_of) = (runner.clone(), way.clone());
        let entering = live.begin(async move {
            let stage = match runner.submit(submission).await {
                Ok(handle) => Stage::Accepted(handle),
                Err(error) => Stage::Refused(told(&error)),
            };
            told_of.stage.replace(stage);
        });
        let task = entering.id();
        if matches!(*way.stage.borrow(), Stage::Begun) {
            let over = live.promise(async move {
                // It also ends when it is dropped, because the job was cancelled.
                let _ = entering.await;
                Ok(JsValue::UNDEFINED)
            });
            way.stage.replace(Stage::Waiting { task, over });
        }
        TaskHandle { live: live.clone(), way }
    }

    /// What `look` sees of the job, once it was accepted.
    fn seen<R>(&self, look: impl FnOnce(&Handle<JsValue, Thrown>) -> R) -> Option<R> {
        self.way.handle().map(|handle| look(&handle))
    }
}

impl Way {
    fn handle(&self) -> Option<Handle<JsValue, Thrown>> {
        match &*self.stage.borrow() {
            Stage::Accepted(handle) => Some(handle.clone()),
            _ => None,
        }
    }

    async fn accepted(&self) -> Result<Handle<JsValue, Thrown>, JsValue> {
        let over = match &*self.stage.borrow() {
            Stage::Waiting { over, .. } => Some(over.clone()),
            _ => None,
        };
        if let Some(over) = over {
            JsFuture::from(over).await?;
        }
        match &*self.stage.borrow() {
            Stage::Accepted(handle) => Ok(handle.clone()),
            Stage::Refused(error) => Err(error.clone()),
            Stage::Begun | Stage::Waiting { .. } => unreachable!("it was waited for"),
        }
    }
}

#[wasm_bindgen]
impl TaskHandle {
    /// The number of the job, which it has from when it was accepted.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> Option<f64> {
        self.seen(|handle| handle.id().0 as f64)
    }

    /// Where the job is in its life.
    #[wasm_bindgen(getter)]
    pub fn status(&self) -> String {
        let status = match &*self.way.stage.borrow() {
            Stage::Begun | Stage::Waiting { .. } => "waiting",
            Stage::Accepted(handle) => status_of(handle.status()),
            Stage::Refused(_) => "refused",
        };
        status.to_owned()
    }

    /// How far the job has come, if it says so.
    #[wasm_bindgen(getter)]
    pub fn progress(&self) -> Result<Option<Ts<Share>>, JsValue> {
        let progress = self.seen(|handle| handle.record().progress).flatten();
        progress.map(|progress| cross(&Share::from(progress))).transpose()
    }

    /// What is known of the job, once it was accepted.
    pub fn record(&self) -> Result<Option<Ts<Record>>, JsValue> {
        self.seen(|handle| cross(&Record::from(handle.record()))).transpose()
    }

    /// Resolves when the job has its place in the queue; rejected when it was refused.
    pub fn accepted(&self) -> Promise {
        let way = self.way.clone();
        self.live.promise(async move { way.accepted().await.map(|_| JsValue::UNDEFINED) })
    }

    /// A promise of what the job gives. It is rejected with what the job threw, or with a `RunnerError` that says
    /// why it gave nothing.
    pub fn result(&self) -> Promise {
        let way = self.way.clone();
        self.live.promise(async move {
            way.accepted().await?.wait().await.map_err(|error| match error {
                TaskError::Failed(thrown) => thrown.value.clone(),
                error => told(&error),
            })
        })
    }

    /// Asks the job to stop, or takes it out of the line.
    pub fn cancel(&self) -> String {
        let waiting = match &*self.way.stage.borrow() {
            Stage::Waiting { task, .. } => Some(*task),
            _ => None,
        };
        let answer = match (waiting, self.way.handle()) {
            (Some(task), _) => {
                let why = refusal("cancelled", "the job was cancelled: requested");
                self.way.stage.replace(Stage::Refused(why));
                // Nobody waits for a place any more, which withdraws the job.
                self.live.drop_task(task);
                CancelAnswer::RemovedFromQueue
            }
            (None, Some(handle)) => self.live.enter(|| handle.cancel(CancelReason::Requested)),
            (None, None) => CancelAnswer::AlreadyFinished,
        };
        answer_of(answer).to_owned()
    }

    /// Changes the priority of a job that is in line; false when it is not.
    #[wasm_bindgen(js_name = setPriority)]
    pub fn set_priority(&self, priority: JsValue) -> Result<bool, JsValue> {
        let priority = priority_of(count("priority", &priority)?)?;
        Ok(self.live.enter(|| self.seen(|handle| handle.set_priority(priority))).unwrap_or(false))
    }

    /// Resolves when the code of the job is gone, and its slot free.
    pub fn stopped(&self) -> Promise {
        let way = self.way.clone();
        self.live.promise(async move {
            if let Ok(handle) = way.accepted().await {
                handle.stopped().await;
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Calls back whenever the job has come further, and resolves when it has ended. What the callback throws ends
    /// the calls, and the promise is rejected with it; the job does not notice.
    #[wasm_bindgen(js_name = onProgress)]
    pub fn on_progress(&self, callback: JsValue) -> Promise {
        let Ok(callback) = callback.dyn_into::<Function>() else {
            return Promise::reject(&refusal("not-a-function", "what is told of progress must be a function"));
        };
        let way = self.way.clone();
        self.live.promise(async move {
            let mut progress = way.accepted().await?.progress();
            while let Some(progress) = progress.next().await {
                let (done, total) = (progress.done as f64, progress.total as f64);
                callback.call2(&JsValue::UNDEFINED, &JsValue::from(done), &JsValue::from(total))?;
            }
            Ok(JsValue::UNDEFINED)
        })
    }
}

pub(super) fn answer_of(answer: CancelAnswer) -> &'static str {
    match answer {
        CancelAnswer::RemovedFromQueue => "removed-from-queue",
        CancelAnswer::Requested => "requested",
        CancelAnswer::AlreadyFinished => "already-finished",
    }
}
