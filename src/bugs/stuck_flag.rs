//! Bug 1: a busy flag that is cleared on one path only.
//!
//! From the seed's worker sample. Tasks A to E are submitted together to one worker, and when all of them have ended,
//! F. The service fails its first request; in the buggy worker, the failing task leaves the flag up, and the worker
//! skips everything after it without a word. The half-fix clears the flag on every path, but before the awaited
//! release of the line: E, whose submission takes 220 ms, finds the worker idle and the line up, and has it closed
//! under its request.

mod buggy;
mod fixed;
mod half_fixed;
mod report;
mod service;

use core::future::Future;
use std::rc::Rc;

use self::service::{Job, Reply, Service, ServiceError};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{note, note_dropped, note_error, sleep, spawn_named};
use crate::scenario::Stage;
use crate::sync::{Mutex, Tracked};
use crate::time::{Duration, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "stuck-flag",
    number: 1,
    title: "Stuck busy flag",
    sentence: "One task fails, and the worker refuses everything after it without a word.",
    family: Family::FlagsAndState,
    origins: &[Origin::Repository("Bruce-Moe/build-demo-2025")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "stuck_flag/buggy.rs",
            source: include_str!("stuck_flag/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "the busy flag tells the truth",
                schedule: "replay-main.A.B.C.D.E.~.A.~.A.~.E.~.A",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "stuck_flag/half_fixed.rs",
            source: include_str!("stuck_flag/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "nobody uses a closed connection",
                schedule: "replay-main.A.B.C.D.E.~.A.~.A.~.E.~.A",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "stuck_flag/fixed.rs",
            source: include_str!("stuck_flag/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// A to E are submitted together. E's submission comes over a slow line.
const TOGETHER: [(Name, Duration); 5] = [("A", ms(0)), ("B", ms(0)), ("C", ms(0)), ("D", ms(0)), ("E", ms(220))];

fn buggy(stage: &Stage) {
    let service = Service::new();
    let (is_processing, active_task) = (Tracked::new(false), Tracked::new(None));
    let worker = Rc::new(buggy::Worker { is_processing, active_task, service: service.clone() });
    let served = worker.clone();
    let process = move |job| {
        let worker = served.clone();
        async move { worker.process(job).await.is_some() }
    };
    set(stage, service, process, move || (worker.is_processing.get(), worker.active_task.get()));
}

fn half_fixed(stage: &Stage) {
    let service = Service::new();
    let (is_processing, active_task) = (Tracked::new(false), Tracked::new(None));
    let worker = Rc::new(half_fixed::Worker { is_processing, active_task, service: service.clone() });
    let served = worker.clone();
    let process = move |job| {
        let worker = served.clone();
        async move { worker.process(job).await.is_some() }
    };
    set(stage, service, process, move || (worker.is_processing.get(), worker.active_task.get()));
}

fn fixed(stage: &Stage) {
    let service = Service::new();
    let (is_processing, active_task) = (Tracked::new(false), Tracked::new(None));
    let turn = Mutex::new("the turn", ());
    let worker = Rc::new(fixed::Worker { turn, is_processing, active_task, service: service.clone() });
    let served = worker.clone();
    let process = move |job| {
        let worker = served.clone();
        // An error is an answer too.
        async move { matches!(worker.process(job).await, Ok(Reply(_)) | Err(ServiceError)) }
    };
    set(stage, service, process, move || (worker.is_processing.get(), worker.active_task.get()));
}

/// The scenario, the same for every version: who submits what and when, what is shown, what must hold.
///
/// `process` gives a job to the worker and says whether its submitter got an answer; `flags` is what the worker says
/// of itself.
fn set<P>(
    stage: &Stage,
    service: Rc<Service>,
    process: impl Fn(Job) -> P + Clone + 'static,
    flags: impl Fn() -> (bool, Option<Name>) + Clone + 'static,
) where
    P: Future<Output = bool> + 'static,
{
    let truth = Rc::new(Truth::default());
    show(stage, &service, &flags);
    state_what_must_hold(stage, &truth, service, flags.clone());

    let submit = move |name: Name, delay: Duration| {
        let (process, flags, truth) = (process.clone(), flags.clone(), truth.clone());
        spawn_named(name, async move {
            truth.unanswered.update(|unanswered| unanswered.push(name));
            if delay > ms(0) {
                sleep(delay).labelled("its slow submission").await;
            }
            let (claims_to_be_busy, is_idle) = (flags().0, truth.served.get() == 0);
            truth.served.update(|served| *served += 1);
            let answered = process(Job(name)).await;
            truth.served.update(|served| *served -= 1);
            if answered {
                truth.unanswered.update(|unanswered| unanswered.retain(|pending| *pending != name));
            } else if claims_to_be_busy && is_idle {
                truth.refused_while_idle.set(Some(name));
            }
        })
    };
    stage.spawn("main", async move {
        let together = TOGETHER.map(|(name, delay)| submit(name, delay));
        for job in together {
            let _ = job.await;
        }
        sleep(ms(50)).await;
        note("submits one more job");
        let _ = submit("F", ms(0)).await;
    });
}

/// The truth about the worker, which its flags claim to tell.
#[derive(Default)]
struct Truth {
    /// How many jobs are with the worker.
    served: Tracked<u32>,
    /// Who came to an idle worker and was refused.
    refused_while_idle: Tracked<Option<Name>>,
    /// Who has submitted a job and has no answer.
    unanswered: Tracked<Vec<Name>>,
}

fn show(stage: &Stage, service: &Rc<Service>, flags: &(impl Fn() -> (bool, Option<Name>) + Clone + 'static)) {
    let of_worker = flags.clone();
    stage.show("is_processing", move || of_worker().0.to_string());
    let of_worker = flags.clone();
    stage.show("active_task", move || of_worker().1.unwrap_or("none").to_owned());
    let service = service.clone();
    stage.show("connection", move || service.line().to_string());
}

fn state_what_must_hold(
    stage: &Stage,
    truth: &Rc<Truth>,
    service: Rc<Service>,
    flags: impl Fn() -> (bool, Option<Name>) + 'static,
) {
    let real = truth.clone();
    stage.always("the busy flag tells the truth", move || match (real.served.get(), flags()) {
        (0, (true, Some(name))) => Err(format!("{name} has left and nobody is served, but is_processing stays true")),
        _ => Ok(()),
    });
    let real = truth.clone();
    stage.always("an idle worker accepts work", move || match real.refused_while_idle.get() {
        Some(name) => {
            Err(format!("the worker is idle, and refused {name}: is_processing is still up from a job that has left"))
        }
        None => Ok(()),
    });
    stage.always("nobody uses a closed connection", move || service.misuse().map_or(Ok(()), Err));
    let real = truth.clone();
    stage.finally("every submitted task is answered", move || {
        real.unanswered.with(|unanswered| match &unanswered[..] {
            [] => Ok(()),
            unanswered => Err(format!("no answer will ever come for {}", unanswered.join(", "))),
        })
    });
}
