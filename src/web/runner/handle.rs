//! The handle of a job, for JavaScript.

use std::rc::Rc;

use js_sys::{Function, Promise};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::function::Thrown;
use super::refusal::{code_of, refusal};
use super::report::{Record, Share, cross, status_of};
use crate::runner::{CancelAnswer, TaskError, TaskHandle as Handle};
use crate::trace::CancelReason;
use crate::web::clock::Live;

/// Waits for a job, any number of times, and acts on it. Letting it go cancels nothing.
#[wasm_bindgen]
pub struct TaskHandle {
    live: Rc<Live>,
    handle: Handle<JsValue, Thrown>,
}

impl TaskHandle {
    pub(super) fn new(live: Rc<Live>, handle: Handle<JsValue, Thrown>) -> Self {
        TaskHandle { live, handle }
    }
}

#[wasm_bindgen]
impl TaskHandle {
    /// The number of the job.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> f64 {
        self.handle.id().0 as f64
    }

    /// Where the job is in its life.
    #[wasm_bindgen(getter, unchecked_return_type = "TaskStatus")]
    pub fn status(&self) -> String {
        status_of(self.handle.status()).to_owned()
    }

    /// How far the job has come, if it says so.
    #[wasm_bindgen(getter)]
    pub fn progress(&self) -> Result<Option<Ts<Share>>, JsValue> {
        self.handle.record().progress.map(|progress| cross(&Share::from(progress))).transpose()
    }

    /// What is known of the job.
    pub fn record(&self) -> Result<Ts<Record>, JsValue> {
        cross(&Record::from(self.handle.record()))
    }

    /// A promise of what the job gives. It is rejected with what the job threw, or with a `RunnerError` that says
    /// why it gave nothing.
    #[wasm_bindgen(unchecked_return_type = "Promise<any>")]
    pub fn result(&self) -> Promise {
        let handle = self.handle.clone();
        self.live.promise(async move {
            handle.wait().await.map_err(|error| match error {
                TaskError::Failed(thrown) => thrown.value.clone(),
                error => refusal(code_of(&error), &error.to_string()),
            })
        })
    }

    /// Asks the job to stop, or takes it out of the line.
    #[wasm_bindgen(unchecked_return_type = "CancelAnswer")]
    pub fn cancel(&self) -> String {
        answer_of(self.live.enter(|| self.handle.cancel(CancelReason::Requested))).to_owned()
    }

    /// Resolves when the code of the job is gone, and its slot free.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn stopped(&self) -> Promise {
        let handle = self.handle.clone();
        self.live.promise(async move {
            handle.stopped().await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Calls back whenever the job has come further, and resolves when it has ended. What the callback throws ends
    /// the calls, and the promise is rejected with it; the job does not notice.
    #[wasm_bindgen(js_name = onProgress, unchecked_return_type = "Promise<void>")]
    pub fn on_progress(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(done: number, total: number) => void")] callback: JsValue,
    ) -> Promise {
        let Ok(callback) = callback.dyn_into::<Function>() else {
            return Promise::reject(&refusal("not-a-function", "what is told of progress must be a function"));
        };
        let mut progress = self.handle.progress();
        self.live.promise(async move {
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
