//! A function of JavaScript as a job.

use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use crate::runner::{Factory, Submission, TaskCx, job};
use crate::trace::CancelReason;
use crate::web::refusal::refusal;

/// What a function threw, or what its promise was rejected with.
pub(crate) struct Thrown {
    pub(super) value: JsValue,
}

/// The message of an `Error`, and anything else as text.
impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.dyn_ref::<js_sys::Error>() {
            Some(error) => f.write_str(&String::from(error.message())),
            None => f.write_str(&text_of(&self.value)),
        }
    }
}

/// A value as a record shows it: a string as it is, everything else as JSON where it has any.
fn text_of(value: &JsValue) -> String {
    value
        .as_string()
        .or_else(|| JSON::stringify(value).ok()?.as_string())
        .unwrap_or_else(|| if value.is_undefined() { String::new() } else { format!("{value:?}") })
}

/// A promise cannot be stopped, and whoever made it may not listen; so its slot is taken until it settles.
pub(super) fn job_of(work: Function) -> Submission<impl Factory<Output = JsValue, Error = Thrown>> {
    let name = String::from(work.name());
    let run = move |cx: TaskCx| attempt(work.clone(), cx);
    let submission = job(run).kind("function").show(text_of).unstoppable();
    submission.name(if name.is_empty() { "function".to_owned() } else { name })
}

/// Calls the function, tells it when it is asked to stop, and waits for what it returned.
async fn attempt(work: Function, cx: TaskCx) -> Result<JsValue, Thrown> {
    let controller = AbortController::new().map_err(|value| Thrown { value })?;
    let context = context_of(&cx, &controller.signal());
    let returned = work.call1(&JsValue::UNDEFINED, &context).map_err(|value| Thrown { value })?;
    let token = cx.cancel_token();
    let mut stop = Some(token.cancelled());
    let mut settled = pin!(JsFuture::from(Promise::resolve(&returned)));
    poll_fn(|poll| {
        if let Some(asked) = &mut stop
            && let Poll::Ready(reason) = pin!(asked).poll(poll)
        {
            stop = None;
            controller.abort_with_reason(&asked_to_stop(reason));
        }
        settled.as_mut().poll(poll)
    })
    .await
    .map_err(|value| Thrown { value })
}

/// Of the same kind as the error that its waiters get.
fn asked_to_stop(reason: CancelReason) -> JsValue {
    let kind = match reason {
        CancelReason::Timeout => "timed-out",
        CancelReason::Deadline => "deadline-passed",
        _ => "cancelled",
    };
    refusal(kind, &format!("the job was asked to stop: {reason}"))
}

/// What the type `JobContext` describes.
fn context_of(cx: &TaskCx, signal: &AbortSignal) -> Object {
    let context = Object::new();
    let set = |name: &str, value: &JsValue| {
        // A property of a new object can always be set.
        let _ = Reflect::set(&context, &JsValue::from(name), value);
    };
    set("id", &JsValue::from(cx.id().0 as f64));
    set("attempt", &JsValue::from(cx.attempt()));
    set("signal", signal);
    let cx = cx.clone();
    // The function may keep it longer than the attempt lasts, and so the browser says when it is dropped.
    let progress =
        Closure::<dyn Fn(f64, f64)>::new(move |done: f64, total: f64| cx.progress(done as u64, total as u64));
    set("progress", &progress.into_js_value());
    context
}
