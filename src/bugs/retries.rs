//! Bug 16: a retry policy that wraps one of two paths, and one that wraps both and makes everybody come at once.
//!
//! From the seed's pipelines, whose policy is skipped as soon as a task gets an input. Three clients ask a service
//! that restarts under their requests; it can serve two at a time, and falls over at three. In the buggy task only
//! the client without an input is tried again. The half-fix tries all of them again after the same 100 ms, so that
//! they come back together, and topple the service until all have used up their attempts.

mod buggy;
mod fixed;
mod half_fixed;
mod report;
mod service;

use core::future::Future;
use core::num::NonZeroU32;
use core::pin::Pin;
use std::rc::Rc;

use self::service::{CLIENTS, Client, Down, Service};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::bus::EventBus;
use crate::executor::{note, note_error, sleep};
use crate::flow::{Event, Failure, Policies, RunCx, Task, Workflow};
use crate::retry::{Backoff, Retry, RetryBudget};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, ms};

pub(super) const BUG: Bug = Bug {
    id: "retries",
    number: 16,
    title: "Retry in the wrong place",
    sentence: "The retry policy holds for one of two paths, and where it holds, all come back at once.",
    family: Family::BreakersAndRetries,
    origins: &[
        Origin::Seed("the Python library async_orch"),
        Origin::Issue("gravitational/teleport#6889"),
        Origin::Issue("gojek/heimdall#21"),
    ],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "retries/buggy.rs",
            source: include_str!("retries/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "a failing call is tried three times",
                schedule: "replay-list.get-7.get-8.~.get-8",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "retries/half_fixed.rs",
            source: include_str!("retries/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "retries do not topple the service",
                schedule: "replay-list.get-7.get-8.~.get-8.list.get-7.~.get-7.list.get-8",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "retries/fixed.rs",
            source: include_str!("retries/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// How often the policy says to try.
const ATTEMPTS: u32 = 3;

/// How long a home-made retry waits.
const BACKOFF: Duration = ms(100);

/// What came of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Nothing,
    Served,
    Failed,
}

type Run = Pin<Box<dyn Future<Output = bool>>>;

fn buggy(stage: &Stage) {
    let service = Service::new();
    let task = Rc::new(buggy::Task { service: service.clone() });
    set(stage, service, &|client| {
        let task = task.clone();
        Box::pin(async move { task.run(client).await.is_ok() })
    });
}

fn half_fixed(stage: &Stage) {
    let service = Service::new();
    let task = Rc::new(half_fixed::Task { service: service.clone() });
    set(stage, service, &|client| {
        let task = task.clone();
        Box::pin(async move { task.run(client).await.is_ok() })
    });
}

fn fixed(stage: &Stage) {
    let service = Service::new();
    let budget = RetryBudget::new(Duration::from_secs(10), 1, 20);
    let task = Rc::new(fixed::Tasks { service: service.clone(), budget, events: EventBus::new() });
    set(stage, service, &|client| {
        let task = task.clone();
        Box::pin(async move { task.run(client).await.is_ok() })
    });
}

/// The scenario, the same for every version: who asks, what is shown, what must hold.
fn set(stage: &Stage, service: Rc<Service>, run: &dyn Fn(Client) -> Run) {
    let came = Rc::new(CLIENTS.map(|_| Tracked::new(Came::Nothing)));
    let seen = service.clone();
    stage.show("attempts", move || CLIENTS.map(|client| seen.attempts(client).to_string()).join(", "));
    let seen = service.clone();
    stage.show("at the service", move || seen.at_work());

    let (seen, outcomes) = (service.clone(), came.clone());
    stage.always("a failing call is tried three times", move || {
        for (client, came) in CLIENTS.into_iter().zip(&*outcomes) {
            match (came.get(), seen.attempts(client)) {
                (Came::Failed, tried) if tried < ATTEMPTS => {
                    return Err(format!("{} gave up after {tried} of {ATTEMPTS} attempts", client.name));
                }
                _ => {}
            }
        }
        Ok(())
    });
    let seen = service.clone();
    stage.always("retries do not topple the service", move || match seen.toppled_by() {
        0 => Ok(()),
        retries => Err(format!("{retries} retries came at the same time, and the service fell over")),
    });
    let outcomes = came.clone();
    stage.finally("every client is served", move || {
        let failed = CLIENTS.iter().zip(&*outcomes).filter(|(_, came)| came.get() != Came::Served);
        let failed: Vec<_> = failed.map(|(client, _)| client.name).collect();
        if failed.is_empty() { Ok(()) } else { Err(format!("nobody served {}", failed.join(", "))) }
    });

    for client in CLIENTS {
        let (run, came) = (run(client), came.clone());
        stage.spawn(client.name, async move {
            let outcome = if run.await { Came::Served } else { Came::Failed };
            came[client.place].set(outcome);
        });
    }
}
