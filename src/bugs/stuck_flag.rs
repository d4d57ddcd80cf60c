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
mod service;

use core::cell::{Cell, RefCell};
use core::future::Future;
use std::rc::Rc;

use self::service::{Job, Reply, Service, ServiceError};
use super::{Bug, Family, Role, Variant};
use crate::executor::{note, note_dropped, note_error, sleep, spawn_named};
use crate::scenario::Stage;
use crate::sync::Mutex;
use crate::time::{Duration, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "stuck-flag",
    number: 1,
    title: "Stuck busy flag",
    sentence: "One task fails, and the worker refuses everything after it without a word.",
    family: Family::FlagsAndState,
    variants: &[
        Variant {
            id: "buggy",
            role: Role::Buggy,
            title: "Buggy",
            file: "stuck_flag/buggy.rs",
            source: include_str!("stuck_flag/buggy.rs"),
            scenario: buggy,
        },
        Variant {
            id: "half-fix",
            role: Role::HalfFix,
            title: "Half-fix: cleared before the release",
            file: "stuck_flag/half_fixed.rs",
            source: include_str!("stuck_flag/half_fixed.rs"),
            scenario: half_fixed,
        },
        Variant {
            id: "fixed",
            role: Role::Fixed,
            title: "Fixed",
            file: "stuck_flag/fixed.rs",
            source: include_str!("stuck_flag/fixed.rs"),
            scenario: fixed,
        },
    ],
};

/// A to E are submitted together. E's submission comes over a slow line.
const TOGETHER: [(Name, Duration); 5] = [("A", ms(0)), ("B", ms(0)), ("C", ms(0)), ("D", ms(0)), ("E", ms(220))];

/// What the worker says of itself.
#[derive(Default)]
struct Flags {
    is_processing: Cell<bool>,
    active_task: Cell<Option<Name>>,
}

fn buggy(stage: &Stage) {
    let service = Service::new();
    let worker = Rc::new(buggy::Worker { flags: Flags::default(), service: service.clone() });
    let served = worker.clone();
    stage_worker(
        stage,
        service,
        move || flags_of(&worker.flags),
        move |job| {
            let worker = served.clone();
            async move { worker.process(job).await.is_some() }
        },
    );
}

fn half_fixed(stage: &Stage) {
    let service = Service::new();
    let worker = Rc::new(half_fixed::Worker { flags: Flags::default(), service: service.clone() });
    let served = worker.clone();
    stage_worker(
        stage,
        service,
        move || flags_of(&worker.flags),
        move |job| {
            let worker = served.clone();
            async move { worker.process(job).await.is_some() }
        },
    );
}

fn fixed(stage: &Stage) {
    let service = Service::new();
    let turn = Mutex::new("turn", ());
    let worker = Rc::new(fixed::Worker { turn, flags: Flags::default(), service: service.clone() });
    let served = worker.clone();
    stage_worker(
        stage,
        service,
        move || flags_of(&worker.flags),
        move |job| {
            let worker = served.clone();
            // An error is an answer too.
            async move { matches!(worker.process(job).await, Ok(Reply(_)) | Err(ServiceError)) }
        },
    );
}

fn flags_of(flags: &Flags) -> (bool, Option<Name>) {
    (flags.is_processing.get(), flags.active_task.get())
}

/// The scenario, the same for every version: who submits what and when, what is shown, what must hold.
///
/// `process` gives a job to the worker, and says whether its submitter got an answer.
fn stage_worker<P>(
    stage: &Stage,
    service: Rc<Service>,
    flags: impl Fn() -> (bool, Option<Name>) + Clone + 'static,
    process: impl Fn(Job) -> P + Clone + 'static,
) where
    P: Future<Output = bool> + 'static,
{
    let office = Rc::new(Office::default());
    show(stage, &service, &flags);
    state_what_must_hold(stage, &office, service, flags);

    let submit = move |name: Name, delay: Duration| {
        let (process, office) = (process.clone(), office.clone());
        spawn_named(name, async move {
            office.pending.borrow_mut().push(name);
            if delay > ms(0) {
                sleep(delay).labelled("its slow submission").await;
            }
            office.inside.set(office.inside.get() + 1);
            let answered = process(Job(name)).await;
            office.inside.set(office.inside.get() - 1);
            if answered {
                office.pending.borrow_mut().retain(|pending| *pending != name);
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
struct Office {
    /// How many calls of `process` are under way.
    inside: Cell<u32>,
    /// Who has submitted a job and has no answer.
    pending: RefCell<Vec<Name>>,
}

fn show(stage: &Stage, service: &Rc<Service>, flags: &(impl Fn() -> (bool, Option<Name>) + Clone + 'static)) {
    let of_flags = flags.clone();
    stage.show("is_processing", move || of_flags().0.to_string());
    let of_flags = flags.clone();
    stage.show("active_task", move || of_flags().1.unwrap_or("none").to_owned());
    let line = service.clone();
    stage.show("connection", move || format!("{:?}", line.line()).to_lowercase());
}

fn state_what_must_hold(
    stage: &Stage,
    office: &Rc<Office>,
    service: Rc<Service>,
    flags: impl Fn() -> (bool, Option<Name>) + 'static,
) {
    let truth = office.clone();
    stage.always("an idle worker accepts work", move || match (truth.inside.get(), flags()) {
        (0, (true, Some(name))) => {
            Err(format!("{name} has left, nobody is being served, and is_processing is still true"))
        }
        _ => Ok(()),
    });
    stage.always("nobody uses a closed connection", move || service.misuse().map_or(Ok(()), Err));
    let truth = office.clone();
    stage.finally("every submitted task is answered", move || match &truth.pending.borrow()[..] {
        [] => Ok(()),
        unanswered => Err(format!("no answer will ever come for {}", unanswered.join(", "))),
    });
}
