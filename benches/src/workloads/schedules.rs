//! `busy3-random`, `needle-random`: a run of a small program under a schedule
//! that was drawn, and how many schedules there are when each kind is tried.

use std::time::Duration;

use unstuck::explore::{Options, Strategy, check, samples};
use unstuck::scenario::Stage;

use crate::stopwatch;

pub const EXECUTIONS: u64 = 4_000;

pub fn busy_in_unstuck() -> Duration {
    draw(&samples::busy(3, true), true)
}

pub fn needle_in_unstuck() -> Duration {
    draw(&samples::needle, false)
}

fn draw(scenario: &dyn Fn(&Stage), holds: bool) -> Duration {
    let options = Options { shrinking: 0, ..Options::default().strategy(Strategy::Random).executions(EXECUTIONS) };
    let mut report = None;
    let time = stopwatch::time(|| report = Some(check(scenario, &options)));
    let report = report.expect("the search has ended");
    assert_eq!((report.samples, report.holds()), (EXECUTIONS, holds), "{report}");
    time
}

/// Prints a line for every program whose number of kinds of schedules is
/// known: how many the search tries, and how many it gives up half-way.
#[cfg(not(target_arch = "wasm32"))]
pub fn count() {
    for workers in 2..=7 {
        count_one(&format!("busy({workers}) fixed"), &samples::busy(workers, true));
    }
    for workers in 3..=5 {
        count_one(&format!("busy({workers}) buggy"), &samples::busy(workers, false));
    }
    count_one("needle", &samples::needle);
    for tasks in 2..=5 {
        count_one(&format!("disjoint({tasks})"), &samples::disjoint(tasks));
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn count_one(name: &str, scenario: &dyn Fn(&Stage)) {
    let all = Options::default().strategy(Strategy::Exhaustive).executions(u64::MAX);
    let mut report = None;
    let time = stopwatch::time(|| report = Some(check(scenario, &Options { shrinking: 0, ..all })));
    let report = report.expect("the search has ended");
    assert!(report.exhausted, "{report}");
    println!("count {name} executions={} blocked={}", report.executions, report.blocked);
    eprintln!("{name} took {time:.1?}");
}

/// The same programs for the peers, which see threads and their own locks: a
/// step is what lies between two awaits, as it is with us.
#[cfg(not(target_arch = "wasm32"))]
mod peers {
    use std::future::poll_fn;
    use std::sync::{Arc, Mutex};
    use std::task::Poll;
    use std::time::Duration;

    use shuttle::scheduler::RandomScheduler;
    use shuttle::{Config, FailurePersistence, Runner};

    use super::EXECUTIONS;
    use crate::stopwatch;

    const JOBS: usize = 3;
    const SEED: u64 = 1;

    pub fn busy_in_shuttle() -> Duration {
        in_shuttle(|| {
            shuttle::future::block_on(async {
                let office = Arc::new(Mutex::new(Office::default()));
                let workers: Vec<_> = (0..3).map(|_| shuttle::future::spawn(work(office.clone()))).collect();
                for worker in workers {
                    worker.await.expect("a worker returns");
                }
            });
        })
    }

    pub fn needle_in_shuttle() -> Duration {
        in_shuttle(|| {
            shuttle::future::block_on(async {
                let flag = Arc::new(Mutex::new(false));
                let raised = flag.clone();
                let mut tasks = vec![shuttle::future::spawn(async move {
                    *raised.lock().expect("nobody panics") = true;
                    give_way(1).await;
                    *raised.lock().expect("nobody panics") = false;
                })];
                tasks.push(shuttle::future::spawn(async move {
                    give_way(10).await;
                    std::hint::black_box(*flag.lock().expect("nobody panics"));
                }));
                tasks.extend((0..3).map(|_| shuttle::future::spawn(give_way(20))));
                for task in tasks {
                    task.await.expect("a task returns");
                }
            });
        })
    }

    fn in_shuttle(program: impl Fn() + Send + Sync + 'static) -> Duration {
        let mut config = Config::new();
        config.failure_persistence = FailurePersistence::None;
        config.silence_warnings = true;
        let scheduler = RandomScheduler::new_from_seed(SEED, EXECUTIONS as usize);
        stopwatch::time(|| {
            Runner::new(scheduler, config).run(program);
        })
    }

    #[derive(Default)]
    struct Office {
        busy: bool,
        done: [bool; JOBS],
        claims: [u8; JOBS],
    }

    async fn work(office: Arc<Mutex<Office>>) {
        {
            let mut office = office.lock().expect("nobody panics");
            if office.busy {
                return;
            }
            office.busy = true;
        }
        give_way(1).await;
        let job = {
            let mut office = office.lock().expect("nobody panics");
            let Some(job) = office.done.iter().rposition(|done| !done) else { return };
            office.claims[job] += 1;
            assert!(office.claims[job] < 2, "claimed twice");
            job
        };
        give_way(1).await;
        let mut office = office.lock().expect("nobody panics");
        office.done[job] = true;
        office.busy = false;
    }

    /// Not shuttle's own yield, which is a hint to its schedulers.
    async fn give_way(times: u32) {
        for _ in 0..times {
            let mut woken = false;
            poll_fn(|cx| {
                if woken {
                    return Poll::Ready(());
                }
                woken = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
    }

    /// loom draws nothing: these are the first of the schedules that it tries
    /// in order. Its steps are operations of its atomics and locks.
    pub fn busy_in_loom() -> Duration {
        use loom::sync::atomic::{AtomicBool, Ordering::SeqCst};

        let mut model = loom::model::Builder::new();
        model.max_permutations = Some(EXECUTIONS as usize);
        model.checkpoint_interval = EXECUTIONS as usize;
        stopwatch::time(|| {
            model.check(|| {
                let busy = loom::sync::Arc::new(AtomicBool::new(false));
                let jobs = loom::sync::Arc::new(loom::sync::Mutex::new(([false; JOBS], [0u8; JOBS])));
                let worker = || {
                    let (busy, jobs) = (busy.clone(), jobs.clone());
                    loom::thread::spawn(move || {
                        if busy.swap(true, SeqCst) {
                            return;
                        }
                        let job = {
                            let (done, claims) = &mut *jobs.lock().expect("nobody panics");
                            let Some(job) = done.iter().rposition(|done| !done) else { return };
                            claims[job] += 1;
                            assert!(claims[job] < 2, "claimed twice");
                            job
                        };
                        jobs.lock().expect("nobody panics").0[job] = true;
                        busy.store(false, SeqCst);
                    })
                };
                let workers = [worker(), worker(), worker()];
                for worker in workers {
                    worker.join().expect("a worker returns");
                }
            });
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub use peers::*;
