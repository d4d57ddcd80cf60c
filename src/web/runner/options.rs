//! What is asked of a runner, of a job and of a shutdown.

use core::num::{NonZeroU32, NonZeroUsize};

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::function::Thrown;
use crate::retry::{Backoff, Retry};
use crate::runner::{
    BuildError, Builder, Factory, IfDuplicate, JobId, RateLimit, Shutdown, Submission, SubmitPolicy, TaskRunner,
};
use crate::time::{Duration, ms};
use crate::web::options::{Options, bad, count, duration, is_whole, shown};
use crate::web::refusal::told;

/// What jobs are given that ask for nothing else.
pub(super) struct Defaults {
    timeout: Option<Duration>,
    grace: Duration,
    should_retry: Option<Function>,
}

/// A promise settles a moment after the signal that it listens to was aborted. A job that was not given that moment
/// would still be running as far as we know, and what still runs is not tried again.
const GRACE: Duration = ms(10);

const OF_RUNNER: [&str; 9] =
    ["workers", "capacity", "policy", "timeout", "grace", "retry", "rateLimit", "laneLimit", "retention"];
const OF_JOB: [&str; 11] =
    ["name", "priority", "timeout", "deadline", "grace", "retry", "lane", "key", "ifDuplicate", "id", "signal"];
const OF_RETRY: [&str; 5] = ["attempts", "delay", "maxDelay", "jitter", "shouldRetry"];
const OF_RATE: [&str; 3] = ["limit", "interval", "burst"];
const OF_SHUTDOWN: [&str; 3] = ["drain", "cancel", "now"];

/// How often to try, and after which errors.
struct Tries {
    retry: Retry,
    should_retry: Option<Function>,
}

pub(super) fn read_runner(options: &JsValue) -> Result<(Builder, Defaults), JsValue> {
    let options = Options::read(options, &OF_RUNNER)?;
    let mut builder = TaskRunner::builder();
    if let Some(workers) = options.count("workers")? {
        builder = builder.workers(workers);
    }
    match options.get("capacity") {
        Some(unbounded) if unbounded.as_f64() == Some(f64::INFINITY) => builder = builder.unbounded(),
        Some(places) => builder = builder.capacity(count("capacity", &places)?),
        None => {}
    }
    if let Some(policy) = options.get("policy") {
        builder = builder.submit_policy(policy_of(&policy)?);
    }
    if let Some(limit) = options.get("rateLimit") {
        builder = builder.rate_limit(rate_of(&limit)?);
    }
    if let Some(records) = options.count("retention")? {
        builder = builder.retention(records);
    }
    if let Some(jobs) = options.count("laneLimit")? {
        builder = builder.lane_limit(jobs);
    }
    let tries = options.get("retry").map(|retry| tries_of(&retry)).transpose()?;
    let should_retry = tries.as_ref().and_then(|tries| tries.should_retry.clone());
    if let Some(tries) = tries {
        builder = builder.retry(tries.retry);
    }
    let grace = options.duration("grace")?.unwrap_or(GRACE);
    let defaults = Defaults { timeout: options.duration("timeout")?, grace, should_retry };
    Ok((builder.grace(grace), defaults))
}

/// Asks all of `options` for a job.
pub(super) fn ask<F>(
    options: &JsValue,
    mut submission: Submission<F>,
    defaults: &Defaults,
) -> Result<Submission<F>, JsValue>
where
    F: Factory<Output = JsValue, Error = Thrown>,
{
    let options = Options::read(options, &OF_JOB)?;
    if let Some(name) = options.text("name")? {
        submission = submission.name(name);
    }
    if let Some(priority) = options.count("priority")? {
        submission = submission.priority(priority_of(priority)?);
    }
    submission = ask_for_time(&options, submission, defaults)?;
    submission = ask_for_tries(&options, submission, defaults)?;
    if let Some(lane) = options.text("lane")? {
        submission = submission.lane(lane);
    }
    if let Some(key) = options.text("key")? {
        submission = submission.key(key, if_duplicate(options.text("ifDuplicate")?.as_deref())?);
    }
    match options.get("id") {
        Some(id) => Ok(submission.id(id_of(&id)?)),
        None => Ok(submission),
    }
}

fn ask_for_time<F: Factory>(
    options: &Options,
    submission: Submission<F>,
    defaults: &Defaults,
) -> Result<Submission<F>, JsValue> {
    let grace = options.duration("grace")?.unwrap_or(defaults.grace);
    // Asked to stop first, so that the signal of the job's context is aborted.
    let submission = match options.duration("timeout")?.or(defaults.timeout) {
        Some(limit) => submission.cooperative_timeout(limit, grace),
        None => submission.grace(grace),
    };
    Ok(match options.duration("deadline")? {
        Some(within) => submission.deadline(within),
        None => submission,
    })
}

fn ask_for_tries<F>(
    options: &Options,
    submission: Submission<F>,
    defaults: &Defaults,
) -> Result<Submission<F>, JsValue>
where
    F: Factory<Output = JsValue, Error = Thrown>,
{
    let (submission, should_retry) = match options.get("retry") {
        Some(retry) => {
            let Tries { retry, should_retry } = tries_of(&retry)?;
            (submission.retry(retry), should_retry)
        }
        None => (submission, defaults.should_retry.clone()),
    };
    Ok(match should_retry {
        Some(judge) => submission.retry_if(move |thrown| is_worth_it(&judge, thrown)),
        None => submission,
    })
}

/// A judge that throws has found nothing that speaks for another attempt.
fn is_worth_it(judge: &Function, thrown: &Thrown) -> bool {
    judge.call1(&JsValue::UNDEFINED, &thrown.value).is_ok_and(|answer| answer.is_truthy())
}

pub(super) fn priority_of(priority: usize) -> Result<u8, JsValue> {
    u8::try_from(priority).map_err(|_| bad("priority must be a whole number from 0 to 255"))
}

fn if_duplicate(asked: Option<&str>) -> Result<IfDuplicate, JsValue> {
    match asked {
        None | Some("reject") => Ok(IfDuplicate::Reject),
        Some("join") => Ok(IfDuplicate::Join),
        _ => Err(bad("ifDuplicate must be “reject” or “join”")),
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

fn tries_of(options: &JsValue) -> Result<Tries, JsValue> {
    let options = Options::read(options, &OF_RETRY)?;
    let attempts = options.count("attempts")?.ok_or_else(|| bad("retry needs a number of attempts"))?;
    let attempts = u32::try_from(attempts).ok().and_then(NonZeroU32::new);
    let attempts = attempts.ok_or_else(|| bad("attempts must be at least 1, since the first one counts"))?;
    let delay = options.duration("delay")?.unwrap_or_default();
    let mut backoff = match seed_of(options.get("jitter"))? {
        Some(seed) => Backoff::full_jitter(delay, seed),
        None => Backoff::exponential(delay),
    };
    if let Some(longest) = options.duration("maxDelay")? {
        backoff = backoff.cap(longest);
    }
    Ok(Tries { retry: Retry::new(attempts, backoff), should_retry: options.function("shouldRetry")? })
}

/// A whole number is a seed, with which delays can be repeated; `true` asks for any.
fn seed_of(jitter: Option<JsValue>) -> Result<Option<u64>, JsValue> {
    let Some(jitter) = jitter else { return Ok(None) };
    match (jitter.as_bool(), jitter.as_f64()) {
        (Some(false), _) => Ok(None),
        (Some(true), _) => Ok(Some((js_sys::Math::random() * f64::from(u32::MAX)) as u64)),
        (_, Some(seed)) if is_whole(seed) => Ok(Some(seed as u64)),
        _ => Err(bad("jitter must be true, false, or a whole number as its seed")),
    }
}

fn rate_of(options: &JsValue) -> Result<RateLimit, JsValue> {
    let options = Options::read(options, &OF_RATE)?;
    let limit =
        options.at_least_one("limit")?.ok_or_else(|| bad("a rate limit needs a number of starts, `limit`"))?;
    let interval = options.duration("interval")?.ok_or_else(|| bad("a rate limit needs an `interval`"))?;
    let rate = RateLimit::new(limit, interval);
    Ok(options.at_least_one("burst")?.map_or(rate, |burst| rate.burst(burst)))
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
    NonZeroUsize::new(count("workers", value)?).ok_or_else(|| told(&BuildError::NoWorkers))
}

pub(super) fn id_of(value: &JsValue) -> Result<JobId, JsValue> {
    let id = value.as_f64().filter(|id| is_whole(*id));
    id.map(|id| JobId(id as u64)).ok_or_else(|| bad(&format!("an id is a whole number, not {}", shown(value))))
}
