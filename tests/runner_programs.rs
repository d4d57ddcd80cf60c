//! Random programs against a runner, on the virtual clock: whatever is submitted, cancelled, paused, resized and
//! waited for, every job ends once and says so to everybody, and nothing is left behind.

#![cfg(not(target_arch = "wasm32"))]

use std::cell::{Cell, RefCell};
use std::num::NonZeroUsize;
use std::rc::Rc;

use proptest::prelude::*;
use unstuck::runner::{
    JobId, Overflow, Shutdown, Submission, SubmitPolicy, TaskCx, TaskError, TaskHandle, TaskRunner, TaskStatus, job,
};
use unstuck::time::{Duration, ms};
use unstuck::trace::CancelReason;
use unstuck::{Executor, sleep, spawn, timeout};

#[derive(Clone, Debug)]
enum Action {
    Submit { work: Work, priority: u8, patience: Option<u8> },
    Cancel { job: usize },
    Pause,
    Resume,
    Resize { workers: usize },
    Prioritise { job: usize, priority: u8 },
    WaitBriefly { job: usize, time: u8 },
    Sleep { time: u8 },
    DropHandle { job: usize },
}

#[derive(Clone, Debug)]
enum Work {
    Returns { after: u8 },
    Fails { after: u8, attempts: u8 },
    Panics { after: u8 },
    TimesOut { limit: u8 },
    Tidies { limit: u8, grace: u8 },
    MissesDeadline { within: u8 },
    Unstoppable { after: u8, limit: u8 },
    Parent { children: u8, waits: bool },
}

#[derive(Clone, Debug)]
struct Program {
    workers: usize,
    capacity: usize,
    policy: u8,
    actions: Vec<Action>,
    end: u8,
    /// What the scheduler chooses by.
    seed: u64,
}

fn work() -> impl Strategy<Value = Work> {
    let time = || 0..6u8;
    prop_oneof![
        3 => time().prop_map(|after| Work::Returns { after }),
        1 => (time(), 1..4u8).prop_map(|(after, attempts)| Work::Fails { after, attempts }),
        1 => time().prop_map(|after| Work::Panics { after }),
        1 => time().prop_map(|limit| Work::TimesOut { limit }),
        1 => (time(), time()).prop_map(|(limit, grace)| Work::Tidies { limit, grace }),
        1 => time().prop_map(|within| Work::MissesDeadline { within }),
        1 => (time(), time()).prop_map(|(after, limit)| Work::Unstoppable { after, limit }),
        1 => (1..3u8, any::<bool>()).prop_map(|(children, waits)| Work::Parent { children, waits }),
    ]
}

/// How long a submitter waits; none does not wait at all.
fn patience() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![Just(None), (0..3u8).prop_map(Some), Just(Some(200))]
}

fn action() -> impl Strategy<Value = Action> {
    let job = || 0..12usize;
    prop_oneof![
        6 => (work(), 0..3u8, patience()).prop_map(|(work, priority, patience)| Action::Submit { work, priority, patience }),
        2 => job().prop_map(|job| Action::Cancel { job }),
        1 => Just(Action::Pause),
        2 => Just(Action::Resume),
        1 => (1..4usize).prop_map(|workers| Action::Resize { workers }),
        1 => (job(), 0..3u8).prop_map(|(job, priority)| Action::Prioritise { job, priority }),
        1 => (job(), 0..4u8).prop_map(|(job, time)| Action::WaitBriefly { job, time }),
        3 => (0..5u8).prop_map(|time| Action::Sleep { time }),
        1 => job().prop_map(|job| Action::DropHandle { job }),
    ]
}

fn program() -> impl Strategy<Value = Program> {
    let actions = prop::collection::vec(action(), 1..14);
    (1..4usize, 1..4usize, 0..5u8, actions, 0..4u8, any::<u64>()).prop_map(
        |(workers, capacity, policy, actions, end, seed)| Program { workers, capacity, policy, actions, end, seed },
    )
}

type Handle = TaskHandle<u32, String>;
type Outcome = Result<u32, TaskError<String>>;

/// What the jobs themselves saw.
#[derive(Default)]
struct Seen {
    /// Attempts that hold a slot: they do not wait for their own runner.
    under_way: Cell<usize>,
    limit: Cell<usize>,
    /// Set when a resize may leave more running than the new limit allows.
    was_larger: Cell<usize>,
    broken: RefCell<Option<String>>,
}

/// Counts an attempt while it is alive.
struct UnderWay(Rc<Seen>);

impl UnderWay {
    fn new(seen: &Rc<Seen>) -> Self {
        seen.under_way.set(seen.under_way.get() + 1);
        let (under_way, limit) = (seen.under_way.get(), seen.limit.get().max(seen.was_larger.get()));
        // A panic here would only be the job's.
        if under_way > limit {
            seen.broken.replace(Some(format!("{under_way} attempts are under way at once, of {limit}")));
        }
        UnderWay(seen.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.set(self.0.under_way.get() - 1);
    }
}

fn units(time: u8) -> Duration {
    ms(u64::from(time))
}

async fn attempt(cx: TaskCx, work: Work, seen: Rc<Seen>) -> Result<u32, String> {
    let under_way = UnderWay::new(&seen);
    match work {
        Work::Returns { after } | Work::Unstoppable { after, .. } => sleep(units(after)).await,
        Work::Fails { after, .. } => {
            sleep(units(after)).await;
            return Err("failed".to_owned());
        }
        Work::Panics { after } => {
            sleep(units(after)).await;
            std::panic::resume_unwind(Box::new("panicked"));
        }
        Work::TimesOut { .. } | Work::MissesDeadline { .. } => sleep(ms(50)).await,
        Work::Tidies { .. } => {
            let _reason = cx.cancel_token().cancelled().await;
            sleep(ms(2)).await;
            return Err("tidied".to_owned());
        }
        Work::Parent { children, waits } => {
            // From here on it waits for its own runner, and holds no slot while it does.
            drop(under_way);
            return parent(cx, children, waits, seen).await;
        }
    }
    Ok(1)
}

async fn parent(cx: TaskCx, children: u8, waits: bool, seen: Rc<Seen>) -> Result<u32, String> {
    let mut sum = 0;
    for _ in 0..children {
        let work = Work::Returns { after: 2 };
        let seen = seen.clone();
        let child = job(move |cx| attempt(cx, work.clone(), seen.clone()));
        match cx.submit(child).await {
            Ok(handle) if waits => sum += handle.await.map_err(|error| error.to_string())?,
            Ok(handle) => drop(handle),
            Err(error) => return Err(error.to_string()),
        }
    }
    let _under_way = UnderWay::new(&seen);
    sleep(ms(1)).await;
    Ok(sum)
}

fn submission(work: &Work, priority: u8, seen: &Rc<Seen>) -> Submission<impl FnMut(TaskCx) -> Attempt + use<>> {
    let (given, seen) = (work.clone(), seen.clone());
    let factory = move |cx: TaskCx| -> Attempt { Box::pin(attempt(cx, given.clone(), seen.clone())) };
    let plain = job(factory).priority(priority);
    match *work {
        Work::Fails { attempts, .. } => plain.attempts(u32::from(attempts)),
        Work::TimesOut { limit } => plain.timeout(units(limit)),
        Work::Tidies { limit, grace } => plain.cooperative_timeout(units(limit), units(grace)),
        Work::MissesDeadline { within } => plain.deadline(units(within)),
        Work::Unstoppable { limit, .. } => plain.timeout(units(limit)).unstoppable(),
        _ => plain,
    }
}

type Attempt = std::pin::Pin<Box<dyn Future<Output = Result<u32, String>>>>;

/// Two waiters of a job and what they were told.
struct Watched {
    handle: Option<Handle>,
    told: [Rc<RefCell<Option<Outcome>>>; 2],
}

fn watch(handle: Handle) -> Watched {
    let told = [(); 2].map(|()| {
        let (told, handle) = (Rc::new(RefCell::new(None)), handle.clone());
        let note = told.clone();
        drop(spawn(async move { drop(note.replace(Some(handle.await))) }));
        told
    });
    Watched { handle: Some(handle), told }
}

fn policy(number: u8) -> SubmitPolicy {
    match number {
        0 => SubmitPolicy::Reject,
        1 => SubmitPolicy::Wait,
        2 => SubmitPolicy::WaitTimeout(ms(2)),
        3 => SubmitPolicy::DropOldest,
        _ => SubmitPolicy::DropLowestPriority,
    }
}

async fn run(program: Program) {
    let seen = Rc::new(Seen::default());
    seen.limit.set(program.workers);
    let runner = TaskRunner::builder().workers(program.workers).capacity(program.capacity);
    let runner = runner.submit_policy(policy(program.policy)).retention(0).dead_letters(0).build().unwrap();
    runner.start();
    let events = runner.subscribe(NonZeroUsize::new(100_000).unwrap(), Overflow::DropNewest);
    let jobs: Rc<RefCell<Vec<Watched>>> = Rc::default();
    let submitters = Rc::new(Cell::new(0));
    for action in program.actions {
        step(&runner, action, &jobs, &seen, &submitters).await;
        check_limit(&runner, &seen);
    }
    let end = match program.end {
        0 => Shutdown::Now,
        1 => Shutdown::Cancel { grace: ms(3) },
        2 => Shutdown::Drain { within: ms(5) },
        _ => Shutdown::Drain { within: ms(10_000) },
    };
    runner.shutdown(end).await;
    // Those who waited are told in their own time.
    sleep(ms(1)).await;
    assert_eq!(submitters.get(), 0, "a submitter is left waiting");
    assert_eq!(seen.broken.take(), None);
    check_ends(&runner, &jobs.borrow());
    check_lives(events);
    drop(jobs.take());
    assert_eq!(runner.records(), [], "jobs that nobody can ask for are kept");
}

async fn step(
    runner: &TaskRunner,
    action: Action,
    jobs: &Rc<RefCell<Vec<Watched>>>,
    seen: &Rc<Seen>,
    submitters: &Rc<Cell<usize>>,
) {
    let handle = |job: usize| jobs.borrow().get(job).and_then(|job| job.handle.clone());
    match action {
        Action::Submit { work, priority, patience: None } => {
            if let Ok(handle) = runner.try_submit(submission(&work, priority, seen)) {
                jobs.borrow_mut().push(watch(handle));
            }
        }
        Action::Submit { work, priority, patience: Some(patience) } => {
            let (runner, jobs, submitters) = (runner.clone(), jobs.clone(), submitters.clone());
            let submission = submission(&work, priority, seen);
            submitters.set(submitters.get() + 1);
            drop(spawn(async move {
                if let Ok(Ok(handle)) = timeout(units(patience), runner.submit(submission)).await {
                    jobs.borrow_mut().push(watch(handle));
                }
                submitters.set(submitters.get() - 1);
            }));
        }
        Action::Cancel { job } => drop(handle(job).map(|handle| handle.cancel(CancelReason::Requested))),
        Action::Pause => runner.pause(),
        Action::Resume => runner.resume(),
        Action::Resize { workers } => {
            seen.limit.set(workers);
            seen.was_larger.set(runner.stats().in_flight);
            runner.set_concurrency(NonZeroUsize::new(workers).unwrap());
        }
        Action::Prioritise { job, priority } => drop(handle(job).map(|handle| handle.set_priority(priority))),
        Action::WaitBriefly { job, time } => {
            if let Some(handle) = handle(job) {
                let _ = timeout(units(time), handle.wait()).await;
            }
        }
        Action::Sleep { time } => sleep(units(time)).await,
        Action::DropHandle { job } => {
            let dropped = jobs.borrow_mut().get_mut(job).and_then(|job| job.handle.take());
            drop(dropped);
        }
    }
}

fn check_limit(runner: &TaskRunner, seen: &Seen) {
    let limit = seen.limit.get().max(seen.was_larger.get());
    let stats = runner.stats();
    assert!(stats.in_flight <= limit, "{} slots are taken, and there are {limit}", stats.in_flight);
    seen.was_larger.set(seen.was_larger.get().min(stats.in_flight));
}

fn check_ends(runner: &TaskRunner, jobs: &[Watched]) {
    for job in jobs {
        let [first, second] = &job.told;
        let (first, second) = (first.borrow().clone(), second.borrow().clone());
        assert!(first.is_some(), "a waiter is left waiting");
        assert_eq!(first, second, "two waiters were told different things");
        if let Some(handle) = &job.handle {
            assert!(handle.status().is_terminal());
            assert_eq!(handle.outcome(), first);
        }
    }
    let stats = runner.stats();
    let ended = stats.succeeded + stats.failed + stats.cancelled + stats.evicted;
    assert_eq!((ended, stats.in_flight, stats.lent, stats.queued), (stats.submitted, 0, 0, 0));
}

/// Every job's events are a life: accepted once, ended once, and nothing after that.
fn check_lives(mut events: unstuck::runner::Events) {
    use unstuck::runner::{Delivery, What};
    let mut lives: std::collections::BTreeMap<JobId, TaskStatus> = Default::default();
    while let Some(delivery) = events.try_next() {
        let Delivery::Event(event) = delivery else { panic!("nothing is missed") };
        if let What::Moved { job, from, to, .. } = event.what {
            assert_eq!(lives.insert(job, to), from, "the events of {job} do not follow each other");
            assert!(!from.is_some_and(TaskStatus::is_terminal), "{job} went on after its end");
        }
    }
    assert!(lives.values().all(|status| status.is_terminal()), "a job has no end: {lives:?}");
}

/// Runs everything in an order drawn from `seed`, on the virtual clock, until nothing is left to do.
fn drive(executor: &Executor, mut seed: u64) {
    for _ in 0..100_000 {
        let ready = executor.ready();
        if ready.is_empty() && executor.advance().is_none() {
            return;
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if let Some(task) = ready.get((seed >> 33) as usize % ready.len().max(1)) {
            executor.poll(*task);
        }
    }
    panic!("there is no end");
}

fn check(program: Program) {
    let executor = Executor::new();
    let seed = program.seed;
    let main = executor.spawn(run(program));
    drive(&executor, seed);
    assert!(executor.block_on(main).is_ok());
    assert_eq!((executor.alive(), executor.armed_timers()), (0, 0), "tasks and timers are left behind");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_job_ends_once_and_says_so_to_everybody(program in program()) {
        check(program);
    }

    #[test]
    fn equals_start_in_the_order_in_which_they_came(
        priorities in prop::collection::vec(0..3u8, 1..30),
        workers in 1..4usize,
        capacity in 1..5usize,
        seed in any::<u64>(),
    ) {
        check_order(priorities, workers, capacity, seed);
    }
}

fn check_order(priorities: Vec<u8>, workers: usize, capacity: usize, seed: u64) {
    let (came, started) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(Vec::new())));
    let (given, noted) = (priorities.clone(), (came.clone(), started.clone()));
    let executor = Executor::new();
    let main = executor.spawn(async move {
        let runner = TaskRunner::builder().workers(workers).capacity(capacity).build().unwrap();
        runner.start();
        for (number, priority) in given.into_iter().enumerate() {
            let (runner, (came, started)) = (runner.clone(), noted.clone());
            drop(spawn(async move {
                let note = job(move |_| {
                    started.borrow_mut().push(number);
                    async {
                        sleep(ms(1)).await;
                        Ok::<_, String>(())
                    }
                });
                came.borrow_mut().push(number);
                drop(runner.submit(note.priority(priority)).await.unwrap());
            }));
        }
        sleep(ms(100)).await;
        runner.on_idle().await;
    });
    drive(&executor, seed);
    assert!(executor.block_on(main).is_ok());
    for priority in 0..3 {
        let equals = |order: &RefCell<Vec<usize>>| -> Vec<usize> {
            order.borrow().iter().copied().filter(|number| priorities[*number] == priority).collect()
        };
        assert_eq!(equals(&came), equals(&started));
    }
}
