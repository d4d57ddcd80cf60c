//! Plays a program, and checks what must hold on the way and at its end.

use std::cell::{Cell, RefCell};
use std::num::NonZeroUsize;
use std::rc::Rc;

use unstuck::runner::{JobId, Overflow, Shutdown, SubmitPolicy, TaskRunner, TaskStatus};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Executor, sleep, spawn, timeout};

use super::jobs::{Seen, Watched, submission, units, watch};
use super::program::{Action, Program};

pub fn policy(number: u8) -> SubmitPolicy {
    match number {
        0 => SubmitPolicy::Reject,
        1 => SubmitPolicy::Wait,
        2 => SubmitPolicy::WaitTimeout(ms(2)),
        3 => SubmitPolicy::DropOldest,
        _ => SubmitPolicy::DropLowestPriority,
    }
}

pub async fn run(program: Program) {
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

pub async fn step(
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

pub fn check_limit(runner: &TaskRunner, seen: &Seen) {
    let limit = seen.limit.get().max(seen.was_larger.get());
    let stats = runner.stats();
    assert!(stats.in_flight <= limit, "{} slots are taken, and there are {limit}", stats.in_flight);
    seen.was_larger.set(seen.was_larger.get().min(stats.in_flight));
}

pub fn check_ends(runner: &TaskRunner, jobs: &[Watched]) {
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
pub fn check_lives(mut events: unstuck::runner::Events) {
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
pub fn drive(executor: &Executor, mut seed: u64) {
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
