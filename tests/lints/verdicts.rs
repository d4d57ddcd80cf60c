//! What lints mean for a program, a search and its report.

use std::future::pending;
use std::rc::Rc;

use unstuck::explore::{Options, Strategy, check, samples};
use unstuck::finding::{LintKind, Rules};
use unstuck::runner::{Shutdown, SleepTask, TaskRunner};
use unstuck::scenario::Stage;
use unstuck::schedule::Fifo;
use unstuck::sync::{Queue, oneshot};
use unstuck::time::ms;
use unstuck::{Executor, sleep};

use super::borrows::borrows_over_an_await;
use super::never_polled::cancels_its_child_at_once;
use super::noticed::{noticed, search, told};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn an_executor_that_neither_records_nor_searches_watches_when_it_is_told_to() {
    let lints_of = |executor: Executor| {
        drop(executor.spawn(pending::<()>()));
        executor.run();
        executor.take_lints().len()
    };
    let watching = Executor::new();
    watching.watch(Rules::default());
    assert_eq!([Executor::new(), watching].map(lints_of), [0, 1]);
}

fn is_clean(stage: &Stage) {
    let jobs = Rc::new(Queue::new("jobs"));
    let (done, told) = oneshot::channel("done");
    let taken = jobs.clone();
    stage.spawn("worker", async move {
        while let Some(()) = taken.take().await {
            sleep(ms(10)).await;
        }
        let _ = done.send(());
    });
    stage.spawn("main", async move {
        jobs.put(()).await.unwrap();
        jobs.put(()).await.unwrap();
        jobs.close();
        told.await.unwrap();
    });
}

fn runs_jobs(stage: &Stage) {
    stage.spawn("main", async {
        let runner = TaskRunner::builder().workers(2).build().unwrap();
        runner.start();
        let mut handles = Vec::new();
        for _ in 0..3 {
            handles.push(runner.submit(SleepTask::new(ms(10))).await.unwrap());
        }
        for handle in handles {
            handle.wait().await.unwrap();
        }
        runner.shutdown(Shutdown::Drain { within: ms(100) }).await;
    });
}

#[test]
fn a_clean_program_has_no_lint() {
    for scenario in [is_clean, runs_jobs] {
        assert_eq!(told(scenario), []);
        assert_eq!(noticed(scenario), []);
    }
}

#[test]
fn lints_change_neither_what_a_search_finds_nor_how_many_schedules_it_tries() {
    // The counts are those of the search without lints; with 3 self-wakes as a storm, every schedule of the needle has some.
    let counts = |rules: Rules, scenario: &dyn Fn(&Stage)| {
        let options = Options { lints: rules, ..Options::default().strategy(Strategy::Exhaustive) };
        let report = check(scenario, &options);
        (report.executions, report.failing, report.blocked, report.failure.map(|failure| failure.schedule))
    };
    let strict = Rules { self_wakes: 3, operations: 1, ..Rules::default() };
    for scenario in [&samples::busy(3, true) as &dyn Fn(&Stage), &samples::busy(3, false), &samples::needle] {
        assert_eq!(counts(strict, scenario), counts(Rules::default(), scenario));
    }
    assert_eq!(counts(strict, &samples::busy(3, true)), (21, 0, 0, None));
}

#[test]
fn a_lint_that_is_denied_fails_a_check_under_a_schedule_that_shows_it() {
    let report = check(&borrows_over_an_await, &Options::default().deny(LintKind::BorrowOverAwait));
    let failure = report.failure.unwrap();
    assert_eq!(
        (report.failing, failure.invariant.as_str(), failure.schedule.as_str()),
        (3, "no borrow is held over an await", "replay-A")
    );
}

#[test]
fn a_scenario_can_deny_a_lint_too() {
    let run = Stage::run(
        &|stage: &Stage| {
            stage.lint_by(Rules::default().deny(LintKind::NeverPolled));
            cancels_its_child_at_once(stage);
        },
        &mut Fifo,
    );
    assert_eq!(run.findings()[0].invariant, "every future is polled");
}

#[test]
fn a_report_tells_its_lints_with_place_and_schedule() {
    let report = search(cancels_its_child_at_once);
    let place = report.lints[0].place.clone();
    assert_eq!(
        report.to_string(),
        format!(
            "holds: 0 of 1 schedules fail, one of each kind tried\n  never polled: child was spawned and dropped before \
             its first poll: nothing of it ran; cancel it later, or do not spawn it\n    at {place}, in 1 schedules; \
             step 1 of replay-main"
        )
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        (&json["lints"][0]["lint"], &json["lints"][0]["schedule"]),
        (&"never polled".into(), &"replay-main".into())
    );
}

#[test]
fn drawn_schedules_show_lints_too() {
    for strategy in [Strategy::Random, Strategy::Pct { depth: 3 }, Strategy::Urw] {
        let report = check(&cancels_its_child_at_once, &Options::default().strategy(strategy).executions(10));
        assert_eq!((report.lints[0].schedules, report.lints[0].schedule.as_str()), (10, "replay-main"));
    }
}
