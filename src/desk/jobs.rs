//! The jobs that a person submits: each a small recipe, which runs here and again in virtual time.

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::lanes::Lanes;
use super::order::Work;
use super::words;
use crate::executor::{note, sleep};
use crate::runner::{Factory, Failure, HashTask, Job, Submission, TaskCx, TaskRecord, TaskStatus, job};
use crate::time::{Duration, Instant, Span, ms};
use crate::trace::Name;

/// Work that is not ours, such as reading a file: an attempt of it.
pub type Foreign = Rc<dyn Fn(TaskCx) -> Pin<Box<dyn Future<Output = Result<String, String>>>>>;

/// What a job does.
#[derive(Clone)]
pub(super) enum Recipe {
    Sleep(Duration),
    Hash { bytes: usize, seed: u8 },
    Fail { after: Duration },
    Stubborn(Duration),
    Foreign { name: Rc<str>, attempt: Foreign },
}

const HASHED: usize = 2_000_000;
const FILE: Name = "file";
const HASH: Name = "hash";
/// The kinds of jobs whose time is known only when they have run.
pub(super) const TIMED: [Name; 2] = [FILE, HASH];

impl Recipe {
    /// The recipe of the job with this number, so that equal orders give jobs that differ.
    pub(super) fn of(work: Work, number: u64) -> Self {
        match work {
            // 700 has no divisor in common with 19, so that all nineteen come once before any comes again.
            Work::Sleep => Recipe::Sleep(ms(200 + number * 700 % 1_900)),
            Work::Hash => Recipe::Hash { bytes: HASHED, seed: number as u8 },
            Work::Fail => Recipe::Fail { after: ms(150) },
            Work::Stubborn => Recipe::Stubborn(ms(3_000)),
        }
    }

    /// Whether its time is known only when it has run.
    pub(super) fn is_timed(&self) -> bool {
        TIMED.contains(&self.kind())
    }

    /// What takes as long as the job of `record` did, and ends as it did.
    pub(super) fn retold(record: &TaskRecord, now: Instant) -> Self {
        let took = words::times(record, now).1.unwrap_or_default();
        let end = match (&record.status, &record.error) {
            (TaskStatus::Failed(Failure::Error), Some(error)) => Err(error.clone()),
            _ => Ok(record.result.clone().unwrap_or_default()),
        };
        let left_an_end = matches!(record.status, TaskStatus::Succeeded | TaskStatus::Failed(Failure::Error));
        // What was stopped would have gone on.
        let took = if left_an_end { took } else { took + ms(1) };
        let attempt = move |_: TaskCx| -> Pin<Box<dyn Future<Output = _>>> {
            let end = end.clone();
            Box::pin(async move {
                sleep(took).labelled("the last byte").await;
                end
            })
        };
        Recipe::Foreign { name: Rc::from(&*record.name), attempt: Rc::new(attempt) }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Recipe::Sleep(time) => format!("sleep {}", Span(*time)),
            Recipe::Hash { bytes, .. } => format!("hash {} MB", bytes / 1_000_000),
            Recipe::Fail { after } => format!("fail after {}", Span(*after)),
            Recipe::Stubborn(time) => format!("stubborn {}", Span(*time)),
            Recipe::Foreign { name, .. } => name.to_string(),
        }
    }

    pub(super) fn kind(&self) -> Name {
        match self {
            Recipe::Sleep(_) => "sleep",
            Recipe::Hash { .. } => HASH,
            Recipe::Fail { .. } => "fail",
            Recipe::Stubborn(_) => "stubborn",
            Recipe::Foreign { .. } => FILE,
        }
    }

    /// The recipe as a job, whose attempts are drawn in the lanes of their workers.
    pub(super) fn submission(
        self,
        lanes: Rc<Lanes>,
    ) -> Submission<impl Factory<Output = String, Error = String> + use<>> {
        let (name, kind) = (self.name(), self.kind());
        let is_stubborn = matches!(self, Recipe::Stubborn(_));
        let submission = job(move |cx: TaskCx| {
            let (recipe, lanes) = (self.clone(), lanes.clone());
            async move {
                let _in_lane = lanes.begin(&cx);
                let id = cx.id().0;
                note(format!("began job {id}: {}", recipe.name()));
                let result = recipe.attempt(cx).await;
                // The job has failed, and not the worker.
                if let Err(error) = &result {
                    note(format!("sees job {id} fail: {error}"));
                }
                result
            }
        });
        let submission = submission.name(name).kind(kind).show(String::clone);
        if is_stubborn { submission.unstoppable() } else { submission }
    }

    async fn attempt(self, cx: TaskCx) -> Result<String, String> {
        match self {
            Recipe::Sleep(time) => {
                sleep(time).await;
                Ok(format!("slept for {}", Span(time)))
            }
            Recipe::Hash { bytes, seed } => {
                let hash = Rc::new(HashTask::new(vec![seed; bytes]));
                hash.run(cx).await.map_err(|never| match never {})
            }
            Recipe::Fail { after } => {
                sleep(after).labelled("the service").await;
                Err("the service said no".to_owned())
            }
            Recipe::Stubborn(time) => {
                sleep(time).labelled("work that cannot be stopped").await;
                Ok("ended when it pleased".to_owned())
            }
            Recipe::Foreign { attempt, .. } => attempt(cx).await,
        }
    }
}
