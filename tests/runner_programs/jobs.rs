//! The jobs of a program, what they saw themselves, and who waits for them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use unstuck::runner::{Submission, TaskCx, TaskError, TaskHandle, job};
use unstuck::time::{Duration, ms};
use unstuck::{sleep, spawn};

use super::program::Work;

pub type Handle = TaskHandle<u32, String>;

pub type Outcome = Result<u32, TaskError<String>>;

/// What the jobs themselves saw.
#[derive(Default)]
pub struct Seen {
    /// Attempts that hold a slot: they do not wait for their own runner.
    pub under_way: Cell<usize>,
    pub limit: Cell<usize>,
    /// Set when a resize may leave more running than the new limit allows.
    pub was_larger: Cell<usize>,
    pub broken: RefCell<Option<String>>,
}

/// Counts an attempt while it is alive.
pub struct UnderWay(Rc<Seen>);

impl UnderWay {
    pub fn new(seen: &Rc<Seen>) -> Self {
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

pub fn units(time: u8) -> Duration {
    ms(u64::from(time))
}

pub async fn attempt(cx: TaskCx, work: Work, seen: Rc<Seen>) -> Result<u32, String> {
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

pub async fn parent(cx: TaskCx, children: u8, waits: bool, seen: Rc<Seen>) -> Result<u32, String> {
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

pub fn submission(work: &Work, priority: u8, seen: &Rc<Seen>) -> Submission<impl FnMut(TaskCx) -> Attempt + use<>> {
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

pub type Attempt = std::pin::Pin<Box<dyn Future<Output = Result<u32, String>>>>;

/// Two waiters of a job and what they were told.
pub struct Watched {
    pub handle: Option<Handle>,
    pub told: [Rc<RefCell<Option<Outcome>>>; 2],
}

pub fn watch(handle: Handle) -> Watched {
    let told = [(); 2].map(|()| {
        let (told, handle) = (Rc::new(RefCell::new(None)), handle.clone());
        let note = told.clone();
        drop(spawn(async move { drop(note.replace(Some(handle.await))) }));
        told
    });
    Watched { handle: Some(handle), told }
}
