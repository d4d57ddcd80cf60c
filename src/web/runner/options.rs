//! What JavaScript asks for, read with care: every value may be anything.

use core::num::{NonZeroU32, NonZeroUsize};

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::function::Thrown;
use super::refusal::refusal;
use crate::retry::{Backoff, Retry};
use crate::runner::{
    BuildError, Builder, Factory, IfDuplicate, JobId, Shutdown, Submission, SubmitPolicy, TaskRunner,
};
use crate::time::Duration;

/// The largest whole number up to which JavaScript has all whole numbers.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// The properties of an object of options.
pub(super) struct Options {
    object: Option<Object>,
}

/// What jobs are given that ask for nothing else.
pub(super) struct Defaults {
    timeout: Option<Duration>,
    grace: Duration,
}

const OF_RUNNER: [&str; 8] = ["workers", "capacity", "policy", "timeout", "grace", "retry", "retention", "laneLimit"];
const OF_JOB: [&str; 9] = ["name", "priority", "timeout", "deadline", "grace", "retry", "lane", "key", "id"];
const OF_RETRY: [&str; 4] = ["attempts", "delay", "longest", "seed"];
const OF_SHUTDOWN: [&str; 3] = ["drain", "cancel", "now"];

fn bad(sentence: &str) -> JsValue {
    refusal("bad-option", sentence)
}

pub(super) fn read_runner(options: &JsValue) -> Result<(Builder, Defaults), JsValue> {
    let options = Options::read(options, &OF_RUNNER)?;
    let mut builder = TaskRunner::builder();
    if let Some(workers) = options.count("workers")? {
        builder = builder.workers(workers);
    }
    match options.get("capacity") {
        Some(unbounded) if unbounded.as_string().as_deref() == Some("unbounded") => builder = builder.unbounded(),
        Some(places) => builder = builder.capacity(count("capacity", &places)?),
        None => {}
    }
    if let Some(policy) = options.get("policy") {
        builder = builder.submit_policy(policy_of(&policy)?);
    }
    if let Some(retry) = options.get("retry") {
        builder = builder.retry(retry_of(&retry)?);
    }
    if let Some(records) = options.count("retention")? {
        builder = builder.retention(records);
    }
    if let Some(jobs) = options.count("laneLimit")? {
        builder = builder.lane_limit(jobs);
    }
    let grace = options.duration("grace")?.unwrap_or_default();
    let defaults = Defaults { timeout: options.duration("timeout")?, grace };
    Ok((builder.grace(grace), defaults))
}

impl Options {
    pub(super) fn of_job(options: &JsValue) -> Result<Self, JsValue> {
        Options::read(options, &OF_JOB)
    }

    /// An object of which we know every property; nothing is an object without any.
    fn read(value: &JsValue, known: &[&str]) -> Result<Self, JsValue> {
        if value.is_undefined() || value.is_null() {
            return Ok(Options { object: None });
        }
        let object = value.dyn_ref::<Object>().ok_or_else(|| bad("options must be an object"))?;
        for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
            if !known.contains(&key.as_str()) {
                return Err(bad(&format!("there is no option “{key}”; these are known: {}", known.join(", "))));
            }
        }
        Ok(Options { object: Some(object.clone()) })
    }

    /// Null counts as left out.
    fn get(&self, name: &str) -> Option<JsValue> {
        let value = Reflect::get(self.object.as_ref()?, &JsValue::from(name)).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    fn count(&self, name: &str) -> Result<Option<usize>, JsValue> {
        self.get(name).map(|value| count(name, &value)).transpose()
    }

    fn duration(&self, name: &str) -> Result<Option<Duration>, JsValue> {
        self.get(name).map(|value| duration(name, &value)).transpose()
    }

    fn text(&self, name: &str) -> Result<Option<String>, JsValue> {
        let text = |value: JsValue| value.as_string().ok_or_else(|| bad(&format!("{name} must be a string")));
        self.get(name).map(text).transpose()
    }

    /// Asks all of this for a job.
    pub(super) fn ask<F>(&self, mut submission: Submission<F>, defaults: &Defaults) -> Result<Submission<F>, JsValue>
    where
        F: Factory<Output = JsValue, Error = Thrown>,
    {
        if let Some(name) = self.text("name")? {
            submission = submission.name(name);
        }
        if let Some(priority) = self.count("priority")? {
            let priority =
                u8::try_from(priority).map_err(|_| bad("priority must be a whole number from 0 to 255"))?;
            submission = submission.priority(priority);
        }
        let grace = self.duration("grace")?.unwrap_or(defaults.grace);
        // Asked to stop first, so that the signal of the job's context is aborted.
        submission = match self.duration("timeout")?.or(defaults.timeout) {
            Some(limit) => submission.cooperative_timeout(limit, grace),
            None => submission.grace(grace),
        };
        if let Some(within) = self.duration("deadline")? {
            submission = submission.deadline(within);
        }
        if let Some(retry) = self.get("retry") {
            submission = submission.retry(retry_of(&retry)?);
        }
        if let Some(lane) = self.text("lane")? {
            submission = submission.lane(lane);
        }
        if let Some(key) = self.text("key")? {
            submission = submission.key(key, IfDuplicate::Reject);
        }
        match self.get("id") {
            Some(id) => Ok(submission.id(id_of(&id)?)),
            None => Ok(submission),
        }
    }
}

fn policy_of(policy: &JsValue) -> Result<SubmitPolicy, JsValue> {
    if policy.as_f64().is_some() {
        return Ok(SubmitPolicy::WaitTimeout(duration("policy", policy)?));
    }
    match policy.as_string().as_deref() {
        Some("wait") => Ok(SubmitPolicy::Wait),
        Some("reject") => Ok(SubmitPolicy::Reject),
        Some("drop-oldest") => Ok(SubmitPolicy::DropOldest),
        Some("drop-lowest-priority") => Ok(SubmitPolicy::DropLowestPriority),
        _ => Err(bad(
            "policy must be “wait”, “reject”, “drop-oldest”, “drop-lowest-priority”, or a number of milliseconds to wait",
        )),
    }
}

fn retry_of(options: &JsValue) -> Result<Retry, JsValue> {
    let options = Options::read(options, &OF_RETRY)?;
    let attempts = options.count("attempts")?.ok_or_else(|| bad("retry needs a number of attempts"))?;
    let attempts = u32::try_from(attempts).ok().and_then(NonZeroU32::new);
    let attempts = attempts.ok_or_else(|| bad("attempts must be at least 1, since the first one counts"))?;
    let delay = options.duration("delay")?.unwrap_or_default();
    let mut backoff = match options.count("seed")? {
        Some(seed) => Backoff::full_jitter(delay, seed as u64),
        None => Backoff::exponential(delay),
    };
    if let Some(longest) = options.duration("longest")? {
        backoff = backoff.cap(longest);
    }
    Ok(Retry::new(attempts, backoff))
}

pub(super) fn shutdown(options: &JsValue) -> Result<Shutdown, JsValue> {
    let options = Options::read(options, &OF_SHUTDOWN)?;
    let now = options.get("now").is_some_and(|now| now.is_truthy());
    match (options.duration("drain")?, options.duration("cancel")?, now) {
        (None, None, true) => Ok(Shutdown::Now),
        (None, Some(grace), false) => Ok(Shutdown::Cancel { grace }),
        (Some(within), None, false) => Ok(Shutdown::Drain { within }),
        (None, None, false) => Ok(Shutdown::Drain { within: Duration::MAX }),
        _ => Err(bad("a shutdown drains, cancels, or happens now: say one of the three")),
    }
}

pub(super) fn workers(value: &JsValue) -> Result<NonZeroUsize, JsValue> {
    let workers = NonZeroUsize::new(count("workers", value)?);
    workers.ok_or_else(|| refusal("no-workers", &BuildError::NoWorkers.to_string()))
}

pub(super) fn id_of(value: &JsValue) -> Result<JobId, JsValue> {
    let id = value.as_f64().filter(|id| is_whole(*id));
    id.map(|id| JobId(id as u64)).ok_or_else(|| bad(&format!("an id is a whole number, not {}", told(value))))
}

fn count(name: &str, value: &JsValue) -> Result<usize, JsValue> {
    let count = value.as_f64().filter(|count| is_whole(*count) && *count <= f64::from(u32::MAX));
    count
        .map(|count| count as usize)
        .ok_or_else(|| bad(&format!("{name} must be a whole number from 0 to {}, not {}", u32::MAX, told(value))))
}

/// A time in milliseconds.
pub(super) fn duration(name: &str, value: &JsValue) -> Result<Duration, JsValue> {
    let time = value.as_f64().filter(|time| time.is_finite() && *time >= 0.0);
    let time = time.and_then(|time| Duration::try_from_secs_f64(time / 1e3).ok());
    time.ok_or_else(|| bad(&format!("{name} must be a number of milliseconds from 0 up, not {}", told(value))))
}

fn is_whole(number: f64) -> bool {
    number.fract() == 0.0 && (0.0..=LARGEST).contains(&number)
}

/// A value as a sentence names it.
fn told(value: &JsValue) -> String {
    match (value.as_f64(), value.as_string()) {
        (Some(number), _) => {
            js_sys::Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
        }
        (_, Some(text)) => format!("“{text}”"),
        _ => value.js_typeof().as_string().unwrap_or_default(),
    }
}
