//! Our own runner under our own search: two workers and three jobs, one schedule of every kind.
//!
//! Each verb is a task of its own that is ready from the start, so a search tries it before, between and after all
//! that happens at its moment. What must hold is stated once, in [`set`], and is the same for all of them: every job
//! ends once and tells every waiter, no more run at a time than may, equals start in the order in which they came,
//! and after the shutdown nothing is left, not even a timer.

use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;

use unstuck::explore::{Options, Strategy, assert_holds_within};
use unstuck::retry::{Backoff, Retry};
use unstuck::runner::{Shutdown, Submission, TaskCx, TaskError, TaskHandle, TaskRunner, job};
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;
use unstuck::time::{Duration, Instant, ms};
use unstuck::trace::CancelReason;
use unstuck::{now, sleep, yield_now};

use Verb::*;
use Work::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// What a job does.
#[derive(Clone, Copy, Debug)]
enum Work {
    /// It gives way once.
    Yields,
    /// It takes a millisecond.
    Sleeps,
    /// It takes as long as it may: its result and its timeout are due at one instant.
    TakesAllItsTime,
    /// It fails at its first attempt, and is tried again at once, or a millisecond later.
    FailsOnce { again_after: u64 },
    /// It runs until it is asked to stop, which its time limit does too, and then takes a moment to tidy up.
    Tidies,
}

/// What somebody does to the runner.
#[derive(Clone, Copy, Debug)]
enum Verb {
    Cancel(usize),
    PauseAndResume,
    Resize(usize),
    ShutDown(Shutdown),
}

const DRAIN: Shutdown = Shutdown::Drain { within: ms(100) };
const NOW: Shutdown = Shutdown::Now;
const CANCEL: Shutdown = Shutdown::Cancel { grace: ms(1) };

#[derive(Clone, Copy)]
struct Play<'a> {
    jobs: [Work; 3],
    verbs: &'a [Verb],
    /// Places in the queue.
    places: usize,
    /// A task that may be dropped wherever it waits.
    dropped: Option<&'static str>,
}

impl<'a> Play<'a> {
    fn of(jobs: [Work; 3], verbs: &'a [Verb]) -> Self {
        Play { jobs, verbs, places: 3, dropped: None }
    }
}

type Outcome = Result<usize, TaskError<&'static str>>;
type Handle = TaskHandle<usize, &'static str>;

/// What is known of the jobs, by number.
#[derive(Default)]
struct Books {
    /// How many attempts are under way, and how many may be.
    under_way: usize,
    most: usize,
    limit: usize,
    /// The jobs in the order in which they were accepted and first started.
    accepted: Vec<usize>,
    started: Vec<usize>,
    attempts: [u32; 3],
    told: [Vec<Outcome>; 3],
    refused: usize,
    /// When the last shutdown came to its end, and those that took longer than they may.
    shut_at: Option<Instant>,
    overdue: Vec<Shutdown>,
}

type Shared = Rc<Tracked<Books>>;

/// An attempt, counted for as long as it is alive.
struct Attempt(Shared);

impl Attempt {
    fn begin(books: &Shared, job: usize) -> Self {
        books.update(|books| {
            books.under_way += 1;
            books.most = books.most.max(books.under_way.saturating_sub(books.limit));
            if books.attempts[job] == 0 {
                books.started.push(job);
            }
            books.attempts[job] += 1;
        });
        Attempt(books.clone())
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.0.update(|books| books.under_way -= 1);
    }
}

async fn attempt(cx: TaskCx, work: Work, job: usize, _counted: Attempt) -> Result<usize, &'static str> {
    match work {
        Work::Yields => yield_now().await,
        Work::Sleeps | Work::TakesAllItsTime => sleep(ms(1)).await,
        Work::FailsOnce { .. } if cx.attempt() == 1 => return Err("once"),
        Work::FailsOnce { .. } => {}
        Work::Tidies => {
            cx.cancel_token().cancelled().await;
            yield_now().await;
        }
    }
    Ok(job)
}

type Boxed = std::pin::Pin<Box<dyn Future<Output = Result<usize, &'static str>>>>;

fn submission(books: &Shared, work: Work, number: usize) -> Submission<impl FnMut(TaskCx) -> Boxed + use<>> {
    let books = books.clone();
    let plain =
        job(move |cx: TaskCx| -> Boxed { Box::pin(attempt(cx, work, number, Attempt::begin(&books, number))) });
    match work {
        Work::TakesAllItsTime => plain.timeout(ms(1)),
        Work::FailsOnce { again_after } => {
            plain.retry(Retry::new(NonZeroU32::new(2).unwrap(), Backoff::constant(ms(again_after))))
        }
        Work::Tidies => plain.cooperative_timeout(ms(1), ms(1)),
        _ => plain,
    }
}

fn set(stage: &Stage, play: &Play<'_>) {
    let books: Shared = Rc::new(Tracked::new(Books { limit: 2, ..Books::default() }));
    let runner = TaskRunner::builder().workers(2).capacity(play.places).build().unwrap();
    runner.start();
    play.dropped.into_iter().for_each(|name| stage.may_be_cancelled(name));
    let handles: Rc<Tracked<[Option<Handle>; 3]>> = Rc::default();
    submit(stage, play, &runner, &books, &handles);
    for (nth, verb) in play.verbs.iter().copied().enumerate() {
        let (runner, books, handles) = (runner.clone(), books.clone(), handles.clone());
        stage.spawn(["first", "second", "third"][nth], act(verb, runner, books, handles));
    }
    state(stage, runner, books, handles);
}

/// Submits the jobs, waits for all of them, and shuts the runner down, unless somebody else did.
fn submit(
    stage: &Stage,
    play: &Play<'_>,
    runner: &TaskRunner,
    books: &Shared,
    handles: &Rc<Tracked<[Option<Handle>; 3]>>,
) {
    let (runner, books, handles, jobs) = (runner.clone(), books.clone(), handles.clone(), play.jobs);
    stage.spawn("main", async move {
        for (number, work) in jobs.into_iter().enumerate() {
            match runner.submit(submission(&books, work, number)).await {
                Ok(handle) => {
                    books.update(|books| books.accepted.push(number));
                    handles.update(|handles| handles[number] = Some(handle));
                }
                Err(_) => books.update(|books| books.refused += 1),
            }
        }
        for number in 0..3 {
            if let Some(handle) = handles.with(|handles| handles[number].clone()) {
                let outcome = handle.wait().await;
                books.update(|books| books.told[number].push(outcome));
            }
        }
        shut_down(DRAIN, &runner, &books).await;
    });
}

async fn act(verb: Verb, runner: TaskRunner, books: Shared, handles: Rc<Tracked<[Option<Handle>; 3]>>) {
    match verb {
        Verb::Cancel(number) => {
            let handle = handles.with(|handles| handles[number].clone());
            let _ = handle.map(|handle| handle.cancel(CancelReason::Requested));
        }
        Verb::PauseAndResume => {
            runner.pause();
            yield_now().await;
            runner.resume();
        }
        Verb::Resize(workers) => {
            books.update(|books| books.limit = workers);
            runner.set_concurrency(NonZeroUsize::new(workers).unwrap());
        }
        Verb::ShutDown(how) => shut_down(how, &runner, &books).await,
    }
}

async fn shut_down(how: Shutdown, runner: &TaskRunner, books: &Shared) {
    let may_last = match how {
        Shutdown::Drain { within } => within,
        Shutdown::Cancel { grace } => grace,
        Shutdown::Now => Duration::ZERO,
    };
    let until = now() + may_last;
    runner.shutdown(how).await;
    books.update(|books| {
        books.shut_at = books.shut_at.max(Some(now()));
        if now() > until {
            books.overdue.push(how);
        }
    });
}

/// What must hold.
fn state(stage: &Stage, runner: TaskRunner, books: Shared, handles: Rc<Tracked<[Option<Handle>; 3]>>) {
    let seen = books.clone();
    stage.always("no more start than may run at a time", move || match seen.with(|books| books.most) {
        0 => Ok(()),
        over => Err(format!("{over} too many were under way")),
    });
    let seen = books.clone();
    stage.always("equals start in the order in which they came", move || {
        seen.with(|books| match books.started.is_sorted() {
            true => Ok(()),
            false => Err(format!("they started in the order {:?}", books.started)),
        })
    });
    let seen = books.clone();
    stage.finally("every job ends once, and tells every waiter", move || {
        for number in 0..3 {
            let Some(handle) = handles.with(|handles| handles[number].clone()) else { continue };
            let ends = handle.history().iter().filter(|step| step.to.is_terminal()).count();
            let (outcome, told) = (handle.outcome(), seen.with(|books| books.told[number].clone()));
            if ends != 1 || !handle.status().is_terminal() || told != Vec::from_iter(outcome.clone()) {
                return Err(format!("job {number} has {ends} ends, {outcome:?}, and told {told:?}"));
            }
        }
        let (accepted, refused) = seen.with(|books| (books.accepted.len(), books.refused));
        match accepted + refused {
            3 => Ok(()),
            _ => Err(format!("{accepted} were accepted and {refused} refused, of 3")),
        }
    });
    stage.finally("after the shutdown nothing is left", move || {
        let (shut_at, overdue) = books.with(|books| (books.shut_at, books.overdue.clone()));
        if shut_at != Some(now()) || !overdue.is_empty() {
            return Err(format!("it was shut down at {shut_at:?}, too late by {overdue:?}, and ends at {}", now()));
        }
        let stats = runner.stats();
        let left =
            (stats.queued, stats.running, stats.retrying, stats.in_flight, stats.lent, stats.blocked_submitters);
        match left {
            (0, 0, 0, 0, 0, 0) => Ok(()),
            _ => Err(format!("{left:?} are left")),
        }
    });
}

/// Tries one schedule of every kind.
fn every_kind(play: Play<'_>) {
    let options = Options::default().strategy(Strategy::Exhaustive);
    let report = assert_holds_within(options, |stage: &Stage| set(stage, &play));
    println!("{report}");
    assert!(report.exhausted && report.executions > 10, "{report}");
}

#[test]
fn whoever_runs_first_every_job_ends_and_tells_its_waiter() {
    every_kind(Play::of([Yields; 3], &[]));
    every_kind(Play::of([Yields, Sleeps, TakesAllItsTime], &[]));
}

#[test]
fn a_job_that_is_cancelled_at_any_moment_ends_once() {
    every_kind(Play::of([Yields; 3], &[Cancel(1)]));
    every_kind(Play::of([Yields, Sleeps, Yields], &[Cancel(1)]));
}

#[test]
fn a_result_a_time_limit_and_a_request_at_one_instant_end_a_job_once() {
    every_kind(Play::of([TakesAllItsTime, Tidies, TakesAllItsTime], &[Cancel(0)]));
    every_kind(Play::of([TakesAllItsTime, Tidies, TakesAllItsTime], &[Cancel(2)]));
}

#[test]
fn a_job_that_is_tried_again_keeps_no_place_and_loses_none() {
    every_kind(Play::of([FailsOnce { again_after: 0 }, Yields, Yields], &[]));
    every_kind(Play::of([FailsOnce { again_after: 1 }, Sleeps, Yields], &[Cancel(0)]));
}

#[test]
fn a_pause_holds_nobody_up_for_longer_than_it_lasts() {
    every_kind(Play::of([Yields, Sleeps, Yields], &[PauseAndResume]));
}

#[test]
fn a_runner_that_is_made_smaller_or_larger_starts_no_more_than_it_may() {
    every_kind(Play::of([Yields; 3], &[Resize(1)]));
    every_kind(Play::of([Yields, Sleeps, Sleeps], &[Resize(1), Resize(2)]));
}

#[test]
fn a_shutdown_at_any_moment_settles_everybody_within_its_time() {
    every_kind(Play::of([Sleeps, Yields, Yields], &[ShutDown(NOW)]));
    every_kind(Play::of([Tidies, Yields, FailsOnce { again_after: 1 }], &[ShutDown(CANCEL)]));
    every_kind(Play::of([Yields, Sleeps, Yields], &[ShutDown(DRAIN)]));
}

#[test]
fn a_shutdown_at_once_is_not_softened_by_a_gentler_one() {
    every_kind(Play::of([Tidies, Yields, Sleeps], &[ShutDown(NOW), ShutDown(CANCEL)]));
}

#[test]
fn submitters_before_a_full_queue_are_settled_too() {
    every_kind(Play { places: 1, ..Play::of([Yields, Sleeps, Yields], &[ShutDown(CANCEL)]) });
    every_kind(Play { places: 1, ..Play::of([Sleeps, Sleeps, Yields], &[Resize(1)]) });
}

#[test]
fn whoever_waits_is_told_even_when_a_worker_is_dropped_from_under_its_job() {
    every_kind(Play { dropped: Some("worker-1"), ..Play::of([Yields; 3], &[]) });
}

/// All of it at once has too many schedules for a test that everybody runs.
fn all_at_once(executions: u64) {
    let jobs = [TakesAllItsTime, FailsOnce { again_after: 1 }, Tidies];
    let verbs = [[Cancel(0), Resize(1), ShutDown(CANCEL)], [Cancel(1), PauseAndResume, ShutDown(DRAIN)]];
    for verbs in verbs {
        let play = Play { places: 2, ..Play::of(jobs, &verbs) };
        let options = Options::default().executions(executions);
        println!("{}", assert_holds_within(options, |stage: &Stage| set(stage, &play)));
    }
}

#[test]
fn all_of_it_at_once_holds_in_the_first_schedules() {
    all_at_once(3_000);
}

#[test]
#[ignore = "takes minutes; in a release build"]
fn all_of_it_at_once_holds_in_millions_of_schedules() {
    all_at_once(5_000_000);
}
