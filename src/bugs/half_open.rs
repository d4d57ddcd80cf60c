//! Bug 13: a half-open circuit through which everybody runs, and an answer from before that closes it.
//!
//! From the circuit groups of the seed's pipelines. `late` asks while all is well, and its answer takes 300 ms;
//! `unlucky` asks when the service has gone down, and opens the circuit at 200 ms for 100 ms. Three callers are
//! rejected meanwhile, and come again when the break is over, which is the moment in which `late` gets its answer. In
//! the buggy breaker each of them is a probe. The half-fix lets one through, and judges answers by the state in which
//! they arrive: under first in, first out `late` comes before the probe and does no harm; in another order its old
//! success closes the circuit on a dead service.

mod buggy;
mod fixed;
mod half_fixed;
mod report;
mod service;

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use self::service::{Down, Reply, Service};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::breaker::{CircuitBreaker, Config, Rejected, State};
use crate::executor::{note, note_dropped, note_error, now, sleep};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, Instant, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "half-open-stampede",
    number: 13,
    title: "Half-open stampede",
    sentence: "The circuit half-opens for one probe, and everybody who waited runs through.",
    family: Family::BreakersAndRetries,
    origins: &[
        Origin::Seed("the Python library async_orch"),
        Origin::Issue("App-vNext/Polly#216"),
        Origin::Issue("App-vNext/Polly#217"),
        Origin::Issue("nodeshift/opossum#119"),
    ],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "half_open/buggy.rs",
            source: include_str!("half_open/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "one probe at a time",
                schedule: "replay-caller-1.caller-2.caller-3.late.unlucky.~.unlucky.~.unlucky.~.caller-1.caller-2.caller-3.~.caller-3.caller-1",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "half_open/half_fixed.rs",
            source: include_str!("half_open/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "only a probe closes the circuit",
                schedule: "replay-caller-1.caller-2.caller-3.late.unlucky.~.unlucky.~.unlucky.~.caller-1.caller-2.caller-3.~.caller-3.late",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "half_open/fixed.rs",
            source: include_str!("half_open/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// How long an open circuit stays open.
const BREAK: Duration = ms(100);

/// Who calls, and when.
const CALLERS: [(Name, Duration); 5] =
    [("caller-1", ms(250)), ("caller-2", ms(250)), ("caller-3", ms(250)), ("late", ms(0)), ("unlucky", ms(100))];

/// The state of the home-made breakers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Circuit {
    Closed,
    Open { until: Instant },
    HalfOpen,
}

/// Why a call gave nothing.
enum CallError {
    Rejected,
    Failed(Down),
}

type Call = Pin<Box<dyn Future<Output = Result<Reply, CallError>>>>;

fn buggy(stage: &Stage) {
    let service = Service::new();
    let breaker = Rc::new(buggy::Breaker { circuit: Tracked::new(Circuit::Closed), service: service.clone() });
    let seen = breaker.clone();
    let call = move |caller| {
        let breaker = breaker.clone();
        Box::pin(async move { breaker.call(caller).await }) as Call
    };
    set(stage, service, Box::new(move || word(seen.circuit.get())), Rc::new(call));
}

fn half_fixed(stage: &Stage) {
    let service = Service::new();
    let breaker = Rc::new(half_fixed::Breaker { circuit: Tracked::new(Circuit::Closed), service: service.clone() });
    let seen = breaker.clone();
    let call = move |caller| {
        let breaker = breaker.clone();
        Box::pin(async move { breaker.call(caller).await }) as Call
    };
    set(stage, service, Box::new(move || word(seen.circuit.get())), Rc::new(call));
}

fn fixed(stage: &Stage) {
    let service = Service::new();
    let config = Config::consecutive_failures(1).open_for(BREAK);
    let circuit = CircuitBreaker::new("service", config).expect("these settings can be");
    let breaker = Rc::new(fixed::Breaker { circuit: circuit.clone(), service: service.clone() });
    let call = move |caller| {
        let breaker = breaker.clone();
        Box::pin(async move { breaker.call(caller).await }) as Call
    };
    set(stage, service, Box::new(move || circuit.state()), Rc::new(call));
}

/// The state of a home-made breaker, in the words of ours.
fn word(circuit: Circuit) -> State {
    match circuit {
        Circuit::Closed => State::Closed,
        Circuit::Open { .. } => State::Open,
        Circuit::HalfOpen => State::HalfOpen,
    }
}

/// What a caller says of its rejection by our breaker: the same as by the others.
fn rejection(rejected: &Rejected) -> String {
    format!("was rejected: the circuit is {}", rejected.state)
}

/// The scenario, the same for every version: who calls and when, what is shown, what must hold.
fn set(stage: &Stage, service: Rc<Service>, circuit: Box<dyn Fn() -> State>, call: Rc<dyn Fn(Name) -> Call>) {
    let circuit: Rc<dyn Fn() -> State> = Rc::from(circuit);
    let shown = circuit.clone();
    stage.show("circuit", move || shown().to_string());
    let seen = service.clone();
    stage.show("probe", move || seen.probes_out());
    let seen = service.clone();
    stage.show("service", move || if seen.is_known_down() { "failing" } else { "well" }.to_owned());

    let seen = service.clone();
    stage.always("one probe at a time", move || match seen.probes() {
        0 | 1 => Ok(()),
        probes => Err(format!("{probes} callers ask a service that is down: {}", seen.probes_out())),
    });
    stage.always("only a probe closes the circuit", move || match circuit() {
        State::Closed if service.is_known_down() => {
            Err("the service is down, and an answer to a question from before the break has closed the circuit"
                .into())
        }
        _ => Ok(()),
    });

    for (caller, at) in CALLERS {
        let call = call.clone();
        stage.spawn(caller, async move {
            if at > ms(0) {
                sleep(at).labelled("its moment to call").await;
            }
            if let Err(CallError::Rejected) = call(caller).await {
                sleep(ms(50)).labelled("the end of the break").await;
                let _ = call(caller).await;
            }
        });
    }
}
