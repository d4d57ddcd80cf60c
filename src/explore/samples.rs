//! Small programs whose numbers of schedules are known, to measure a search by.

use std::rc::Rc;

use crate::executor::yield_now;
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::trace::Name;

const NAMES: [Name; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

/// Up to eight workers and three jobs: each worker that finds nobody busy claims the last job.
///
/// The buggy worker looks in one step and says that it is busy in the next; the fixed one does both in one.
///
/// ```
/// use unstuck::explore::{Options, check, samples};
///
/// assert!(!check(&samples::busy(2, false), &Options::default()).holds());
/// assert!(check(&samples::busy(2, true), &Options::default()).holds());
/// ```
pub fn busy(workers: usize, fixed: bool) -> impl Fn(&Stage) + Copy {
    move |stage| {
        let office = Rc::new(Office { busy: Tracked::new(false), jobs: Tracked::new(Jobs::default()) });
        for name in &NAMES[..workers] {
            stage.spawn(name, work(office.clone(), fixed));
        }
        stage.always("a job is claimed at most once", move || {
            office.jobs.with(|jobs| match jobs.claims.iter().position(|claims| *claims > 1) {
                None => Ok(()),
                Some(job) => Err(format!("job {job} was claimed {} times", jobs.claims[job])),
            })
        });
    }
}

struct Office {
    busy: Tracked<bool>,
    jobs: Tracked<Jobs>,
}

struct Jobs {
    open: [bool; 3],
    claims: [u8; 3],
}

impl Default for Jobs {
    fn default() -> Self {
        Jobs { open: [true; 3], claims: [0; 3] }
    }
}

impl Jobs {
    fn claim_last(&mut self) -> Option<usize> {
        let job = self.open.iter().rposition(|open| *open)?;
        self.claims[job] += 1;
        Some(job)
    }
}

async fn work(office: Rc<Office>, fixed: bool) {
    if office.busy.get() {
        return;
    }
    if fixed {
        office.busy.set(true);
    }
    yield_now().await;
    if !fixed {
        office.busy.set(true);
    }
    let Some(job) = office.jobs.update(Jobs::claim_last) else { return };
    yield_now().await;
    office.jobs.update(|jobs| jobs.open[job] = false);
    office.busy.set(false);
}

/// A window of one step in 76: a flag is up between two steps of A, and B looks at it once, in its eleventh step.
pub fn needle(stage: &Stage) {
    let flag = Rc::new(Tracked::new(false));
    let seen = Rc::new(Tracked::new(false));
    let raised = flag.clone();
    stage.spawn("A", async move {
        raised.set(true);
        yield_now().await;
        raised.set(false);
    });
    let sees = seen.clone();
    stage.spawn("B", async move {
        give_way(10).await;
        if flag.get() {
            sees.set(true);
        }
    });
    for name in &NAMES[2..5] {
        stage.spawn(name, give_way(20));
    }
    stage.always("nobody sees the flag", move || match seen.get() {
        false => Ok(()),
        true => Err("B saw the flag".to_owned()),
    });
}

async fn give_way(times: u32) {
    for _ in 0..times {
        yield_now().await;
    }
}

/// Each task works three steps on its own, and in a fourth on what is everybody's.
pub fn disjoint(tasks: usize) -> impl Fn(&Stage) + Copy {
    move |stage| {
        let count = Rc::new(Tracked::new(0));
        for name in &NAMES[..tasks] {
            let (own, count) = (Tracked::new(0), count.clone());
            stage.spawn(name, async move {
                for step in 0..3 {
                    own.set(step);
                    yield_now().await;
                }
                count.set(count.get() + 1);
            });
        }
        stage.finally("everybody counted", move || match count.get() {
            all if all == tasks => Ok(()),
            counted => Err(format!("{counted} of {tasks} counted")),
        });
    }
}
