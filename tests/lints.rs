//! What an executor notices beside what breaks: each lint, and that a clean program has none.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use unstuck::explore::{Options, Report, Strategy, check, samples};
use unstuck::finding::{LintKind, Rules};
use unstuck::runner::{Shutdown, SleepTask, TaskRunner};
use unstuck::scenario::{Run, Stage};
use unstuck::schedule::Fifo;
use unstuck::sync::{Event, Mutex, Queue, Tracked, oneshot};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Elapsed, Executor, sleep, spawn_named, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn search(scenario: fn(&Stage)) -> Report {
    check(&scenario, &Options::default().strategy(Strategy::Exhaustive))
}

/// What a search notices of a scenario: the kinds of lint, and how many schedules show each.
fn noticed(scenario: fn(&Stage)) -> Vec<(String, u64)> {
    search(scenario).lints.into_iter().map(|noticed| (noticed.lint, noticed.schedules)).collect()
}

/// What one run notices, first in, first out: the step, and the sentence without what to do about it.
fn told(scenario: fn(&Stage)) -> Vec<(u32, String)> {
    let run = Stage::run(&scenario, &mut Fifo);
    run.lints().map(|(step, _)| step).zip(sentences(&run)).collect()
}

fn sentences(run: &Run) -> Vec<String> {
    let name = |task| run.names.get(task).unwrap().clone();
    let first = |told: String| told.split([':', ';']).next().unwrap_or_default().to_owned();
    run.lints().map(|(_, lint)| first(lint.tell(name))).collect()
}

fn one(lint: &str, schedules: u64) -> Vec<(String, u64)> {
    vec![(lint.to_owned(), schedules)]
}

// ---- never polled

fn cancels_its_child_at_once(stage: &Stage) {
    stage.spawn("main", async {
        let child = spawn_named("child", async { unreachable!("nobody polls it") });
        child.cancel(CancelReason::Requested);
    });
}

#[test]
fn a_task_that_is_dropped_before_its_first_poll_was_never_polled() {
    assert_eq!(
        told(cancels_its_child_at_once),
        [(1, "child was spawned and dropped before its first poll".to_owned())]
    );
    assert_eq!(noticed(cancels_its_child_at_once), one("never polled", 1));
}

#[test]
fn a_lock_that_nobody_awaited_was_never_polled() {
    fn forgets_to_await(stage: &Stage) {
        stage.spawn("main", async {
            let names = Mutex::new("names", ());
            drop(names.lock());
        });
    }
    assert_eq!(
        told(forgets_to_await),
        [(1, "a future that waits for names was made and dropped before its first poll".to_owned())]
    );
}

#[test]
fn whatever_of_a_queue_or_an_event_nobody_awaited_was_never_polled() {
    fn forgets_to_await(stage: &Stage) {
        stage.spawn("main", async {
            let (jobs, ready) = (Queue::bounded("jobs", 1), Event::new("ready"));
            drop(jobs.put(1));
            drop(jobs.take());
            drop(ready.wait());
            jobs.put(2).await.unwrap();
            assert_eq!(jobs.take().await, Some(2));
        });
    }
    let forgotten = |name| (1, format!("a future that waits for {name} was made and dropped before its first poll"));
    assert_eq!(told(forgets_to_await), ["jobs", "jobs", "ready"].map(forgotten));
}

#[test]
fn a_sleep_or_a_receiver_that_nobody_awaited_was_never_polled() {
    fn forgets_to_await(stage: &Stage) {
        stage.spawn("main", async {
            drop(sleep(ms(10)));
            let (sender, receiver) = oneshot::channel("an answer");
            drop(receiver);
            assert_eq!(sender.send(42), Err(42));
        });
    }
    let forgotten = |name| (1, format!("a future that waits for {name} was made and dropped before its first poll"));
    assert_eq!(told(forgets_to_await), ["a moment", "an answer"].map(forgotten));
    assert_eq!(noticed(forgets_to_await), [("never polled".to_owned(), 1), ("never polled".to_owned(), 1)]);
}

#[test]
fn a_sleep_or_a_receiver_that_was_polled_was() {
    fn awaits_them(stage: &Stage) {
        stage.spawn("main", async {
            sleep(ms(0)).await;
            let (sender, receiver) = oneshot::channel("an answer");
            assert_eq!(timeout(ms(1), receiver).await, Err(Elapsed));
            assert_eq!(sender.send(42), Err(42));
        });
    }
    assert_eq!(told(awaits_them), []);
}

#[test]
fn a_time_limit_that_nobody_needed_is_no_lint() {
    fn is_in_time(stage: &Stage) {
        stage.spawn("main", async { assert_eq!(timeout(ms(10), async { 42 }).await, Ok(42)) });
    }
    assert_eq!(told(is_in_time), []);
}

#[test]
fn a_task_that_is_cancelled_after_its_first_poll_was_polled() {
    fn cancels_later(stage: &Stage) {
        stage.spawn("main", async {
            let child = spawn_named("child", async { sleep(ms(10)).await });
            yield_now().await;
            yield_now().await;
            child.cancel(CancelReason::Requested);
        });
    }
    assert_eq!(told(cancels_later), []);
    // In the schedules in which `main` has all of its turns first, the child has had none.
    assert_eq!(noticed(cancels_later), one("never polled", 1));
}

// ---- lost waker

#[test]
fn a_task_that_waits_without_leaving_its_waker_anywhere_has_lost_it() {
    fn waits_for_nothing(stage: &Stage) {
        stage.spawn("A", async {
            yield_now().await;
            pending().await
        });
    }
    assert_eq!(told(waits_for_nothing), [(2, "A waits, and nobody holds its waker".to_owned())]);
    assert_eq!(noticed(waits_for_nothing), one("lost waker", 1));
}

/// A future that leaves its waker in `kept`, and waits for ever.
async fn keep_waker(kept: Rc<RefCell<Option<Waker>>>) {
    poll_fn(|cx| {
        *kept.borrow_mut() = Some(cx.waker().clone());
        Poll::<()>::Pending
    })
    .await
}

#[test]
fn a_waker_that_somebody_keeps_is_not_lost() {
    fn keeps_it(stage: &Stage) {
        let kept = Rc::default();
        stage.spawn("A", keep_waker(Rc::clone(&kept)));
        stage.show("kept", move || kept.borrow().is_some().to_string());
    }
    assert_eq!(told(keeps_it), []);
}

#[test]
fn a_waker_that_somebody_drops_is_lost_in_that_step() {
    fn drops_it(stage: &Stage) {
        let kept = Rc::default();
        stage.spawn("A", keep_waker(Rc::clone(&kept)));
        stage.spawn("B", async move { drop(kept.take()) });
    }
    assert_eq!(told(drops_it), [(2, "A waits, and nobody holds its waker".to_owned())]);
}

#[test]
fn whoever_is_in_a_deadlock_has_not_lost_its_waker() {
    fn both_wait(stage: &Stage) {
        let (left, right) = (Rc::new(Mutex::new("left", ())), Rc::new(Mutex::new("right", ())));
        for (name, first, second) in [("A", &left, &right), ("B", &right, &left)] {
            let (first, second) = (first.clone(), second.clone());
            stage.spawn(name, async move {
                let _first = first.lock().await;
                yield_now().await;
                let _second = second.lock().await;
            });
        }
    }
    let report = search(both_wait);
    assert_eq!((report.failure.unwrap().invariant.as_str(), report.lints), ("every task ends", vec![]));
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn a_waker_on_another_thread_is_not_lost() {
    let executor = Executor::new();
    executor.watch(Rules::default());
    let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
    drop(executor.spawn(poll_fn(move |cx| {
        sender.send(cx.waker().clone()).unwrap();
        Poll::<()>::Pending
    })));
    executor.run_ready();
    let kept = std::thread::spawn(move || {
        let waker = receiver.recv().unwrap();
        (waker.clone(), drop(waker)).0
    });
    drop(kept.join().unwrap());
    executor.run_ready();
    assert_eq!(executor.take_lints(), []);
}

// ---- self-wake storm

fn gives_way(stage: &Stage, times: u32) {
    stage.spawn("A", async move {
        for _ in 0..times {
            yield_now().await;
        }
    });
}

#[test]
fn a_task_that_wakes_itself_again_and_again_and_changes_nothing_is_a_storm() {
    assert_eq!(told(|stage| gives_way(stage, 31)), []);
    assert_eq!(
        told(|stage| gives_way(stage, 40)),
        [(32, "A woke itself in 32 polls in a row and changed nothing".to_owned())]
    );
    assert_eq!(noticed(|stage| gives_way(stage, 40)), one("self-wake storm", 1));
}

#[test]
fn how_many_polls_are_a_storm_can_be_said() {
    let rules = Rules { self_wakes: 3, ..Rules::default() };
    let report = check(&|stage: &Stage| gives_way(stage, 3), &Options { lints: rules, ..Options::default() });
    assert_eq!(report.lints[0].step, 3);
}

#[test]
fn a_task_that_changes_something_in_every_poll_is_no_storm() {
    fn counts(stage: &Stage) {
        let count = Rc::new(Tracked::new(0));
        stage.spawn("A", async move {
            for _ in 0..100 {
                count.update(|count| *count += 1);
                yield_now().await;
            }
        });
    }
    assert_eq!(told(counts), []);
    assert_eq!(noticed(counts), []);
}

// ---- poll over budget

fn looks(stage: &Stage, times: u32) {
    let count = Tracked::new(0);
    stage.spawn("A", async move { (0..times).for_each(|_| assert_eq!(count.get(), 0)) });
}

#[test]
fn a_poll_that_does_too_much_is_over_its_budget() {
    assert_eq!(told(|stage| looks(stage, 1_000)), []);
    let over = "one poll of A made 1001 operations on what tasks share, and may make 1000".to_owned();
    assert_eq!(told(|stage| looks(stage, 1_001)), [(1, over)]);
    assert_eq!(noticed(|stage| looks(stage, 1_001)), one("poll over budget", 1));
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn a_host_measures_polls_that_have_a_budget_of_time() {
    use unstuck::executor::host::thread;
    use unstuck::trace::{Cost, Lint};

    let executor = Executor::new();
    executor.watch(Rules { time: Some(ms(5)), ..Rules::default() });
    let main = executor.spawn(async {
        yield_now().await;
        std::thread::sleep(ms(20));
    });
    thread::run(&executor, main).unwrap();
    let lints = executor.take_lints();
    let [Lint::PollOverBudget { cost: Cost::Time { taken, .. }, .. }] = lints[..] else { panic!("{lints:?}") };
    assert!(taken >= ms(20));
}

// ---- borrow over an await

fn borrows_over_an_await(stage: &Stage) {
    let jobs = Rc::new(Tracked::new(vec![1]));
    let held = jobs.clone();
    stage.spawn("A", async move {
        let seen = held.borrow().unwrap();
        yield_now().await;
        assert_eq!(*seen, [1]);
    });
    stage.spawn("B", async move {
        if let Ok(mut jobs) = jobs.borrow_mut() {
            jobs.pop();
            jobs.push(1);
        }
    });
}

#[test]
fn a_borrow_that_is_held_while_its_task_gives_way_is_noticed() {
    assert_eq!(told(borrows_over_an_await), [(1, "A gave way while it held a borrow of a cell".to_owned())]);
    // B before A, between its two steps, and after it; A before and after B leave no other trace.
    assert_eq!(noticed(borrows_over_an_await), one("borrow over an await", 3));
}

#[test]
fn a_borrow_that_ends_before_the_await_is_none() {
    fn ends_it(stage: &Stage) {
        let jobs = Tracked::new(vec![1]);
        stage.spawn("A", async move {
            jobs.borrow_mut().unwrap().push(2);
            yield_now().await;
        });
    }
    assert_eq!(told(ends_it), []);
}

#[test]
fn a_conflict_names_both_places() {
    let cell = Tracked::new(0);
    let (held, line) = (cell.borrow_mut().unwrap(), line!());
    let conflict = cell.borrow().map(drop).unwrap_err();
    assert_eq!(
        conflict.to_string(),
        format!(
            "the cell cannot be borrowed at {file}:{}: it is borrowed since {file}:{line}; end that borrow first",
            line + 1,
            file = file!()
        )
    );
    drop(held);
    assert_eq!(*cell.borrow().unwrap(), 0);
}

// ---- who is watched

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

// ---- none

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

// ---- what they do to a check

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
