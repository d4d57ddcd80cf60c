//! For tests: a scenario holds under every schedule, or the test fails with what to do about it.

use super::options::Options;
use super::report::Report;
use super::{Exploration, check};
use crate::scenario::{Run, Stage};
use crate::schedule::Schedule;

/// Searches the schedules of a scenario, and panics when one of them breaks what must hold.
///
/// The message says what breaks, where it is decided, and how to run that schedule again. Natively and in a browser.
///
/// # Panics
///
/// When a schedule fails, and when the search came to the bound on executions before it came to an end: a test that
/// has not seen everything must say so, by [`assert_holds_within`].
///
/// ```
/// use std::rc::Rc;
/// use unstuck::explore::assert_holds;
/// use unstuck::scenario::Stage;
/// use unstuck::sync::Mutex;
/// use unstuck::yield_now;
///
/// assert_holds(|stage: &Stage| {
///     let count = Rc::new(Mutex::new("count", 0));
///     for name in ["A", "B"] {
///         let count = count.clone();
///         stage.spawn(name, async move {
///             let mut count = count.lock().await;
///             let seen = *count;
///             yield_now().await;
///             *count = seen + 1;
///         });
///     }
///     stage.finally("no increment is lost", move || match count.try_lock().as_deref() {
///         Some(2) => Ok(()),
///         other => Err(format!("the count is {other:?}")),
///     });
/// });
/// ```
#[track_caller]
pub fn assert_holds(scenario: impl Fn(&Stage)) -> Report {
    let report = search(&scenario, Options::default());
    assert!(
        report.exhausted,
        "{} schedules hold, and there are more: say `assert_holds_within` and how many are enough",
        report.executions
    );
    report
}

/// Like [`assert_holds`], for scenarios with more schedules than can be tried: as far as `options` go.
///
/// # Panics
///
/// When a schedule fails.
#[track_caller]
pub fn assert_holds_within(options: Options, scenario: impl Fn(&Stage)) -> Report {
    search(&scenario, options)
}

#[track_caller]
fn search(scenario: &dyn Fn(&Stage), options: Options) -> Report {
    let report = check(scenario, &Options { stop_at_first: true, ..options });
    if let Some(failure) = &report.failure {
        let link: String =
            options.page.map(|page| format!("\n  see it at {}", failure.link(page))).unwrap_or_default();
        let noticed: String = report.lints.iter().map(|noticed| format!("\n{noticed}")).collect();
        panic!(
            "step {} breaks “{}”: {}\n{}\n  run it again with `explore::replay(scenario, {:?})`\
             {link}{noticed}",
            failure.step,
            failure.invariant,
            failure.sentence,
            failure.decision(),
            failure.schedule
        );
    }
    report
}

/// Runs a scenario under one schedule, such as a failed test prints, and returns all that happened.
///
/// # Panics
///
/// When `schedule` is none.
///
/// ```
/// use unstuck::explore::{replay, samples};
///
/// let run = replay(samples::busy(2, false), "replay-A.B.A.B");
/// assert_eq!(&*run.findings()[0].sentence, "job 2 was claimed 2 times");
/// ```
#[track_caller]
pub fn replay(scenario: impl Fn(&Stage), schedule: &str) -> Run {
    let schedule: Schedule = match schedule.parse() {
        Ok(schedule) => schedule,
        Err(error) => panic!("“{schedule}” is no schedule: {error}"),
    };
    Stage::run(&scenario, &mut *schedule.scheduler())
}

impl Exploration<'_> {
    /// Goes on to the end, and reports.
    pub fn finish(mut self) -> Report {
        self.run_while(|| true);
        self.report()
    }
}
