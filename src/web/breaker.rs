//! The circuit breaker for JavaScript: `new CircuitBreaker({ failures: 5 })`.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Performance;

use super::clock::milliseconds;
use super::options::{Options, bad};
use super::refusal::{refusal, rejected};
use crate::breaker::{Config, Machine, Metrics, State, Ticket, Transition, Verdict};
use crate::executor::host::browser;
use crate::time::{Duration, Instant};

const KNOWN: [&str; 14] = [
    "failures",
    "lastCalls",
    "lastTime",
    "failureRate",
    "minCalls",
    "slowerThan",
    "slowRate",
    "openFor",
    "growth",
    "maxOpenFor",
    "probes",
    "successRate",
    "isFailure",
    "onChange",
];

/// A circuit breaker on the clock of the page or of Node.
#[wasm_bindgen]
pub struct CircuitBreaker {
    circuit: Rc<Circuit>,
}

struct Circuit {
    machine: RefCell<Machine>,
    performance: Performance,
    start: f64,
    /// Tells which errors speak against the other side; without it, all of them.
    is_failure: Option<Function>,
    /// Hears of every change of state.
    on_change: Option<Function>,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(call: &JsValue);
}

/// A change of state, as `onChange` hears of it.
#[derive(Serialize, Tsify)]
struct Change {
    from: String,
    to: String,
    cause: String,
}

/// A circuit at one moment: the calls of its window, and the totals since it was made. Times are in milliseconds.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Numbers {
    state: String,
    cause: Option<String>,
    retry_after: Option<f64>,
    calls: u32,
    failed: u32,
    slow: u32,
    failure_rate: f64,
    slow_rate: f64,
    probes_under_way: u32,
    total_admitted: f64,
    total_rejected: f64,
    total_succeeded: f64,
    total_failed: f64,
    total_ignored: f64,
}

#[wasm_bindgen]
impl CircuitBreaker {
    /// A closed circuit.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<CircuitBreaker, JsValue> {
        let options = Options::read(&options, &KNOWN)?;
        let machine = Machine::new(config_of(&options)?).map_err(|error| bad(&error.to_string()))?;
        let performance = browser::performance();
        let start = performance.now();
        let is_failure = options.function("isFailure")?;
        let on_change = options.function("onChange")?;
        let circuit = Circuit { machine: RefCell::new(machine), performance, start, is_failure, on_change };
        Ok(CircuitBreaker { circuit: Rc::new(circuit) })
    }

    /// Calls a function if the circuit admits it, and promises what it gives. The function is called before this
    /// returns, or not at all.
    pub fn execute(&self, call: JsValue) -> Promise {
        let Ok(call) = call.dyn_into::<Function>() else {
            return Promise::reject(&refusal("not-a-function", "a call is a function"));
        };
        let ticket = match self.circuit.update(Machine::admit) {
            Ok(ticket) => ticket,
            Err(refused) => return Promise::reject(&rejected(&refused)),
        };
        let returned = call.call0(&JsValue::UNDEFINED);
        let circuit = self.circuit.clone();
        future_to_promise(async move {
            let result = match returned {
                Ok(value) => JsFuture::from(Promise::resolve(&value)).await,
                Err(thrown) => Err(thrown),
            };
            circuit.settle(ticket, &result);
            result
        })
    }

    /// The state: `closed`, `open`, `half-open`, `forced-open`, `forced-closed` or `disabled`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        word_of(self.circuit.machine.borrow().state())
    }

    /// What there is to see now.
    pub fn metrics(&self) -> Result<Ts<Numbers>, JsValue> {
        let metrics = self.circuit.update(|machine, now| machine.metrics(now));
        let numbers = Numbers::of(self.state(), &metrics);
        Ts::from_rust(&numbers).map_err(|error| refusal("bad-value", &error.to_string()))
    }

    /// Rejects every call until somebody says otherwise.
    #[wasm_bindgen(js_name = forceOpen)]
    pub fn force_open(&self) {
        self.circuit.update(Machine::force_open);
    }

    /// Admits every call, and counts without opening, until somebody says otherwise.
    #[wasm_bindgen(js_name = forceClosed)]
    pub fn force_closed(&self) {
        self.circuit.update(Machine::force_closed);
    }

    /// Admits every call, and counts nothing, until somebody says otherwise.
    pub fn disable(&self) {
        self.circuit.update(Machine::disable);
    }

    /// Closes the circuit and forgets what it counted; calls under way do not count.
    pub fn reset(&self) {
        self.circuit.update(Machine::reset);
    }
}

impl Circuit {
    fn update<R>(&self, act: impl FnOnce(&mut Machine, Instant) -> R) -> R {
        let since = Duration::from_nanos(((self.performance.now() - self.start) * 1e6) as u64);
        let mut machine = self.machine.borrow_mut();
        let before = machine.generation();
        let result = act(&mut machine, Instant::ZERO + since);
        let change = machine.since().filter(|_| machine.generation() != before);
        drop(machine);
        if let (Some(change), Some(listener)) = (change, &self.on_change) {
            tell(listener, &change);
        }
        result
    }

    fn settle(&self, ticket: Ticket, result: &Result<JsValue, JsValue>) {
        let verdict = match result {
            Ok(_) => Verdict::Success,
            Err(error) if is_cancelled(error) || !self.blames(error) => Verdict::Ignore,
            Err(_) => Verdict::Failure,
        };
        self.update(|machine, now| machine.settle(ticket, verdict, now));
    }

    /// A judge that throws has found no excuse.
    fn blames(&self, error: &JsValue) -> bool {
        let judge = self.is_failure.as_ref();
        judge.is_none_or(|judge| judge.call1(&JsValue::UNDEFINED, error).map_or(true, |answer| answer.is_truthy()))
    }
}

/// Whoever cancels a call, through a runner or an `AbortController` of their own, learns nothing about the other side.
/// A signal whose time ran out has another name.
fn is_cancelled(error: &JsValue) -> bool {
    let says = |key: &str, word: &str| Reflect::get(error, &JsValue::from(key)).is_ok_and(|said| said == word);
    says("kind", "cancelled") || says("name", "AbortError")
}

/// The listener is called when the call that changed the state is through, and what it throws is its own affair.
fn tell(listener: &Function, change: &Transition) {
    let change = Change { from: word_of(change.from), to: word_of(change.to), cause: change.cause.to_string() };
    if let Ok(change) = Ts::from_rust(&change) {
        queue_microtask(&listener.bind1(&JsValue::UNDEFINED, &change.js_value()));
    }
}

fn word_of(state: State) -> String {
    state.to_string().replace(' ', "-")
}

fn config_of(options: &Options) -> Result<Config, JsValue> {
    let mut config = window_of(options)?;
    if let Some(rate) = options.number("failureRate")? {
        config = config.failure_rate(rate);
    }
    if let Some(calls) = options.at_least_one("minCalls")? {
        config = config.min_calls(calls.get());
    }
    match (options.duration("slowerThan")?, options.number("slowRate")?) {
        (Some(longer_than), rate) => config = config.slow_calls(longer_than, rate.unwrap_or(1.0)),
        (None, Some(_)) => return Err(bad("slowRate needs slowerThan, which says what is slow")),
        (None, None) => {}
    }
    if let Some(time) = options.duration("openFor")? {
        config = config.open_for(time);
    }
    match (options.number("growth")?, options.duration("maxOpenFor")?) {
        (Some(factor), longest) => config = config.growing(factor, longest.unwrap_or(Duration::MAX)),
        (None, Some(_)) => return Err(bad("maxOpenFor needs growth, a factor by which the open time grows")),
        (None, None) => {}
    }
    if let Some(probes) = options.at_least_one("probes")? {
        config = config.probes(probes.get());
    }
    Ok(match options.number("successRate")? {
        Some(rate) => config.success_rate(rate),
        None => config,
    })
}

fn window_of(options: &Options) -> Result<Config, JsValue> {
    let failures = options.at_least_one("failures")?;
    match (failures, options.at_least_one("lastCalls")?, options.duration("lastTime")?) {
        (None, None, None) => Ok(Config::consecutive_failures(5)),
        (Some(failures), None, None) => Ok(Config::consecutive_failures(failures.get())),
        (None, Some(calls), None) => Ok(Config::last_calls(calls.get())),
        (None, None, Some(span)) => Ok(Config::last_time(span)),
        _ => Err(bad("a circuit watches failures, lastCalls or lastTime: say one of the three")),
    }
}

impl Numbers {
    fn of(state: String, metrics: &Metrics) -> Self {
        let Metrics { since, retry_after, counts, probes_under_way, totals, .. } = *metrics;
        Numbers {
            state,
            cause: since.map(|transition| transition.cause.to_string()),
            retry_after: retry_after.map(milliseconds),
            calls: counts.calls,
            failed: counts.failed,
            slow: counts.slow,
            failure_rate: counts.failure_rate(),
            slow_rate: counts.slow_rate(),
            probes_under_way,
            total_admitted: totals.admitted as f64,
            total_rejected: totals.rejected as f64,
            total_succeeded: totals.succeeded as f64,
            total_failed: totals.failed as f64,
            total_ignored: totals.ignored as f64,
        }
    }
}
