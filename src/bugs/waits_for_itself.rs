//! Bug 14: jobs that wait for jobs of their own pool.
//!
//! A report needs its figures and then a chart, which is another job for the same two workers. Customer 1 orders a
//! report at the start, and customer 2 at 100 ms, at the moment in which the first chart is ordered as well. If the
//! chart comes first, as it does under first in, first out, all goes well. If the second report comes first, both
//! workers wait for charts, and nobody is left to draw one. The half-fix waits with a time limit: it gets going
//! again, with reports that have no charts and charts that are drawn for nobody.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{Sleep, note, note_error, sleep, spawn_named, timeout};
use crate::runner::{TaskCx, TaskRunner, job};
use crate::scenario::Stage;
use crate::sync::oneshot::{self, Receiver};
use crate::sync::{Queue, Tracked};
use crate::time::{Duration, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "waits-for-itself",
    number: 14,
    title: "Waiting for yourself",
    sentence: "Every worker waits for a job that stands in line for a worker.",
    family: Family::QueuesAndPermits,
    origins: &[
        Origin::Seed("a Python task runner"),
        Origin::Issue("instituutnederlandsetaal/BlackLab#168"),
        Origin::Issue("rust-lang/futures-rs#2387"),
    ],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "waits_for_itself/buggy.rs",
            source: include_str!("waits_for_itself/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "whoever stands in line has a turn",
                schedule: "replay-customer-1.worker-1.customer-2.~.customer-2.~.customer-2.worker-1.worker-2.~.worker-2",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "waits_for_itself/half_fixed.rs",
            source: include_str!("waits_for_itself/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "a report has its chart",
                schedule: "replay-customer-1.worker-1.customer-2.~.customer-2.~.customer-2.worker-1.worker-2.~.\
                           worker-2.~.worker-1.customer-1",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "waits_for_itself/fixed.rs",
            source: include_str!("waits_for_itself/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// What a customer wants.
#[derive(Clone, Copy)]
struct Report {
    name: Name,
    chart: Name,
}

const REPORTS: [Report; 2] =
    [Report { name: "report 1", chart: "chart 1" }, Report { name: "report 2", chart: "chart 2" }];

/// A report came without its chart.
#[derive(Clone, Copy, Debug)]
struct NoChart;

impl fmt::Display for NoChart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no chart")
    }
}

/// Who orders a report, and what comes before that.
const CUSTOMERS: [(Name, &[(Duration, Name)]); 2] =
    [("customer-1", &[]), ("customer-2", &[(ms(60), "a free minute"), (ms(40), "the order form")])];

/// The first half of a report's work.
#[track_caller]
fn gather_figures() -> Sleep {
    sleep(ms(100)).labelled("the figures")
}

/// The work on a chart.
#[track_caller]
fn draw_chart() -> Sleep {
    sleep(ms(50)).labelled("the drawing")
}

type Job = Pin<Box<dyn Future<Output = ()>>>;
type Ordered = Pin<Box<dyn Future<Output = Result<(), NoChart>>>>;

/// A version from outside: how a report is ordered, how many jobs stand in line, and how it is closed.
struct Office {
    order: Box<dyn Fn(Report) -> Ordered>,
    in_line: Box<dyn Fn() -> usize>,
    close: Box<dyn Fn()>,
}

fn buggy(stage: &Stage) {
    let pool = Rc::new(buggy::Pool { jobs: Queue::new("the runner's queue"), hired: Tracked::new(0) });
    let (ordering, seen) = (pool.clone(), pool.clone());
    let order = Box::new(move |report| Box::pin(wait(ordering.submit(ordering.clone().report(report)))) as Ordered);
    let in_line = Box::new(move || seen.jobs.len());
    set(stage, Office { order, in_line, close: Box::new(move || pool.jobs.close()) });
}

fn half_fixed(stage: &Stage) {
    let pool = Rc::new(half_fixed::Pool { jobs: Queue::new("the runner's queue"), hired: Tracked::new(0) });
    let (ordering, seen) = (pool.clone(), pool.clone());
    let order = Box::new(move |report| Box::pin(wait(ordering.submit(ordering.clone().report(report)))) as Ordered);
    let in_line = Box::new(move || seen.jobs.len());
    set(stage, Office { order, in_line, close: Box::new(move || pool.jobs.close()) });
}

async fn wait(result: Receiver<Result<(), NoChart>>) -> Result<(), NoChart> {
    result.await.unwrap_or(Err(NoChart))
}

fn fixed(stage: &Stage) {
    let pool = Rc::new(fixed::Pool::start());
    let (ordering, seen) = (pool.clone(), pool.clone());
    let order = Box::new(move |report| {
        let pool = ordering.clone();
        Box::pin(async move { pool.report(report).await }) as Ordered
    });
    let in_line = Box::new(move || seen.runner.stats().queued);
    set(stage, Office { order, in_line, close: Box::new(move || pool.runner.close()) });
}

/// The scenario, the same for every version: who orders what and when, what is shown, what must hold.
fn set(stage: &Stage, office: Office) {
    let office = Rc::new(office);
    let delivered = Rc::new(REPORTS.map(|_| Tracked::new(Delivered::No)));
    let seen = office.clone();
    stage.show("in line", move || (seen.in_line)().to_string());
    for (place, report) in REPORTS.into_iter().enumerate() {
        let seen = delivered.clone();
        stage.show(report.name, move || seen[place].get().to_string());
    }

    let seen = office.clone();
    stage.finally("whoever stands in line has a turn", move || match (seen.in_line)() {
        0 => Ok(()),
        jobs => Err(format!("{jobs} jobs stand in line for a worker, and every worker waits for one of them")),
    });
    let seen = delivered.clone();
    stage.always("a report has its chart", move || {
        let bare = REPORTS.iter().zip(&*seen).find(|(_, delivered)| delivered.get() == Delivered::WithoutChart);
        bare.map_or(Ok(()), |(report, _)| Err(format!("{} was delivered without {}", report.name, report.chart)))
    });

    for (place, (customer, pauses)) in CUSTOMERS.into_iter().enumerate() {
        let (office, delivered) = (office.clone(), delivered.clone());
        stage.spawn(customer, async move {
            for (pause, label) in pauses {
                sleep(*pause).labelled(label).await;
            }
            delivered[place].set(order(&office, REPORTS[place]).await);
            if delivered.iter().all(|delivered| delivered.get() != Delivered::No) {
                (office.close)();
            }
        });
    }
}

async fn order(office: &Office, report: Report) -> Delivered {
    note(format_args!("orders {}", report.name));
    match (office.order)(report).await {
        Ok(()) => {
            note(format_args!("has {}", report.name));
            Delivered::Complete
        }
        Err(NoChart) => {
            note_error(format_args!("has {} without a chart", report.name));
            Delivered::WithoutChart
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Delivered {
    No,
    Complete,
    WithoutChart,
}

impl fmt::Display for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Delivered::No => "open",
            Delivered::Complete => "delivered",
            Delivered::WithoutChart => "without chart",
        })
    }
}
