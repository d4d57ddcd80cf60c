//! A runner, jobs of all sorts, and everything that can be done to it.
//!
//! Each verb is a task of its own that is ready from the start, so a search tries it before, between and after all
//! that happens at its moment. What must hold is stated once, in [`set`], and is the same for all of them: every job
//! ends once and tells every waiter, no more run at a time than may, equals start in the order in which they came,
//! and after the shutdown nothing is left, not even a timer.

use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;

use unstuck::retry::{Backoff, Retry};
use unstuck::runner::{Shutdown, Submission, TaskCx, TaskError, TaskHandle, TaskRunner, job};
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;
use unstuck::time::{Duration, Instant, ms};
use unstuck::trace::CancelReason;
use unstuck::{now, sleep, yield_now};

/// What a job does.
#[derive(Clone, Copy, Debug)]
pub enum Work {
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
pub enum Verb {
    Cancel(usize),
    PauseAndResume,
    Resize(usize),
    ShutDown(Shutdown),
}

pub const DRAIN: Shutdown = Shutdown::Drain { within: ms(100) };
pub const NOW: Shutdown = Shutdown::Now;
pub const CANCEL: Shutdown = Shutdown::Cancel { grace: ms(1) };

#[derive(Clone, Copy)]
pub struct Play<'a> {
    pub jobs: [Work; 3],
    pub verbs: &'a [Verb],
    /// Places in the queue.
    pub places: usize,
    /// Whether a time limit may win against a result of the same poll.
    pub time_may_win: bool,
    /// A task that may be dropped wherever it waits.
    pub dropped: Option<&'static str>,
}

impl<'a> Play<'a> {
    pub fn of(jobs: [Work; 3], verbs: &'a [Verb]) -> Self {
        Play { jobs, verbs, places: 3, time_may_win: false, dropped: None }
    }
}

type Outcome = Result<usize, TaskError<&'static str>>;
type Handle = TaskHandle<usize, &'static str>;

/// What is known of the jobs, by number: each fact in a cell of its own, so that a search need not try the orders of
/// those that have nothing to do with each other.
#[derive(Default)]
struct Books {
    running: Tracked<Running>,
    /// The jobs in the order in which they were first started.
    started: Tracked<Vec<usize>>,
    /// How many were accepted, and how many refused.
    answered: Tracked<(usize, usize)>,
    told: [Tracked<Vec<Outcome>>; 3],
    /// When the last shutdown came to its end, and those that took longer than they may.
    shut: Tracked<(Option<Instant>, Vec<Shutdown>)>,
}

/// How many attempts are under way, how many too many there were at most, and how many may be.
#[derive(Default)]
struct Running {
    under_way: usize,
    over: usize,
    limit: usize,
}

type Shared = Rc<Books>;
type Handles = Rc<[Tracked<Option<Handle>>; 3]>;

/// An attempt, counted for as long as it is alive.
struct Attempt(Shared);

impl Attempt {
    fn begin(books: &Shared, job: usize, number: u32) -> Self {
        books.running.update(|running| {
            running.under_way += 1;
            running.over = running.over.max(running.under_way.saturating_sub(running.limit));
        });
        if number == 1 {
            books.started.update(|started| started.push(job));
        }
        Attempt(books.clone())
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.0.running.update(|running| running.under_way -= 1);
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
    let plain = job(move |cx: TaskCx| -> Boxed {
        let counted = Attempt::begin(&books, number, cx.attempt());
        Box::pin(attempt(cx, work, number, counted))
    });
    match work {
        Work::TakesAllItsTime => plain.timeout(ms(1)),
        Work::FailsOnce { again_after } => {
            plain.retry(Retry::new(NonZeroU32::new(2).unwrap(), Backoff::constant(ms(again_after))))
        }
        Work::Tidies => plain.cooperative_timeout(ms(1), ms(1)),
        _ => plain,
    }
}

pub fn set(stage: &Stage, play: &Play<'_>) {
    let books = Shared::default();
    books.running.update(|running| running.limit = 2);
    let runner = TaskRunner::builder().workers(2).capacity(play.places).build().unwrap();
    runner.start();
    if play.time_may_win {
        stage.time_may_win();
    }
    play.dropped.into_iter().for_each(|name| stage.may_be_cancelled(name));
    let handles = Handles::default();
    submit(stage, play, &runner, &books, &handles);
    for (nth, verb) in play.verbs.iter().copied().enumerate() {
        let (runner, books, handles) = (runner.clone(), books.clone(), handles.clone());
        stage.spawn(["first", "second", "third", "fourth"][nth], act(verb, runner, books, handles));
    }
    state(stage, runner, books, handles);
}

/// Submits the jobs, waits for all of them, and shuts the runner down, unless somebody else did.
fn submit(stage: &Stage, play: &Play<'_>, runner: &TaskRunner, books: &Shared, handles: &Handles) {
    let (runner, books, handles, jobs) = (runner.clone(), books.clone(), handles.clone(), play.jobs);
    stage.spawn("main", async move {
        for (number, work) in jobs.into_iter().enumerate() {
            match runner.submit(submission(&books, work, number)).await {
                Ok(handle) => {
                    books.answered.update(|(accepted, _)| *accepted += 1);
                    handles[number].set(Some(handle));
                }
                Err(_) => books.answered.update(|(_, refused)| *refused += 1),
            }
        }
        for number in 0..3 {
            if let Some(handle) = handles[number].with(Clone::clone) {
                let outcome = handle.wait().await;
                books.told[number].update(|told| told.push(outcome));
            }
        }
        shut_down(DRAIN, &runner, &books).await;
    });
}

async fn act(verb: Verb, runner: TaskRunner, books: Shared, handles: Handles) {
    match verb {
        Verb::Cancel(number) => {
            let handle = handles[number].with(Clone::clone);
            let _ = handle.map(|handle| handle.cancel(CancelReason::Requested));
        }
        Verb::PauseAndResume => {
            runner.pause();
            yield_now().await;
            runner.resume();
        }
        Verb::Resize(workers) => {
            books.running.update(|running| running.limit = workers);
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
    books.shut.update(|(shut_at, overdue)| {
        *shut_at = (*shut_at).max(Some(now()));
        if now() > until {
            overdue.push(how);
        }
    });
}

/// What must hold.
fn state(stage: &Stage, runner: TaskRunner, books: Shared, handles: Handles) {
    let seen = books.clone();
    stage.always("no more start than may run at a time", move || match seen.running.with(|running| running.over) {
        0 => Ok(()),
        over => Err(format!("{over} too many were under way")),
    });
    let seen = books.clone();
    stage.always("equals start in the order in which they came", move || {
        seen.started.with(|started| match started.is_sorted() {
            true => Ok(()),
            false => Err(format!("they started in the order {started:?}")),
        })
    });
    let seen = books.clone();
    stage.finally("every job ends once, and tells every waiter", move || {
        for number in 0..3 {
            let Some(handle) = handles[number].with(Clone::clone) else { continue };
            let ends = handle.history().iter().filter(|step| step.to.is_terminal()).count();
            let (outcome, told) = (handle.outcome(), seen.told[number].with(Clone::clone));
            if ends != 1 || !handle.status().is_terminal() || told != Vec::from_iter(outcome.clone()) {
                return Err(format!("job {number} has {ends} ends, {outcome:?}, and told {told:?}"));
            }
        }
        let (accepted, refused) = seen.answered.get();
        match accepted + refused {
            3 => Ok(()),
            _ => Err(format!("{accepted} were accepted and {refused} refused, of 3")),
        }
    });
    stage.finally("after the shutdown nothing is left", move || {
        let (shut_at, overdue) = books.shut.with(Clone::clone);
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
