//! Where deeds are done: the runner, and those who submit to it. The same here and in virtual time.

use core::cell::RefCell;
use core::num::NonZeroUsize;
use std::rc::Rc;

use super::jobs::Recipe;
use super::lanes::Lanes;
use super::settings::Settings;
use super::words;
use crate::executor::spawn_named;
use crate::retry::Retry;
use crate::runner::{
    BuildError, Builder, CancelAnswer, Factory, JobId, Refusal, Shutdown, ShutdownReport, Submission, SubmitPolicy,
    TaskRunner,
};
use crate::snapshot::{self, Sentence};
use crate::sync::Event;
use crate::time::{Duration, ms};
use crate::trace::CancelReason;

/// How long a job may tidy up after it was asked to stop.
const GRACE: Duration = ms(100);

/// Something that was done to the runner.
#[derive(Clone)]
pub(super) enum Deed {
    /// Somebody submits these jobs, one after the other.
    Submit {
        jobs: Vec<Recipe>,
        wishes: Wishes,
    },
    Cancel(JobId),
    Pause,
    Resume,
    Workers(NonZeroUsize),
    Capacity(NonZeroUsize),
    Policy(SubmitPolicy),
    Shutdown(Shutdown),
}

/// What is asked for with a job.
#[derive(Clone)]
pub(super) struct Wishes {
    pub(super) priority: u8,
    /// For one attempt.
    pub(super) timeout: Option<Duration>,
    pub(super) retry: Option<Retry>,
}

#[derive(Clone)]
pub(super) struct Front {
    pub(super) runner: TaskRunner,
    pub(super) lanes: Rc<Lanes>,
    shared: Rc<RefCell<Shared>>,
    /// Set while nobody has jobs to submit.
    all_submitted: Rc<Event>,
}

#[derive(Default)]
struct Shared {
    /// The number that the next job is to have; the runner counts on from there.
    count_from: Option<JobId>,
    submitters: Vec<Submitter>,
    names: u32,
    said: Option<Sentence>,
    /// How many were refused and why, as long as that is what is said.
    refused: Option<(usize, Refusal)>,
    report: Option<ShutdownReport>,
}

/// Somebody who has jobs to submit.
struct Submitter {
    name: u32,
    next: String,
    left: usize,
}

impl Wishes {
    fn ask<F: Factory>(&self, submission: Submission<F>) -> Submission<F> {
        let mut submission = submission.priority(self.priority);
        if let Some(limit) = self.timeout {
            submission = submission.timeout(limit);
        }
        if let Some(retry) = &self.retry {
            submission = submission.retry(retry.clone());
        }
        submission
    }
}

impl Front {
    pub(super) fn open(settings: &Settings, builder: Builder) -> Result<Front, BuildError> {
        let builder = builder.workers(settings.workers.get()).capacity(settings.capacity.get());
        let runner = builder.submit_policy(settings.policy).grace(GRACE).build()?;
        runner.start();
        let all_submitted = Rc::new(Event::new("the submitters"));
        all_submitted.set();
        Ok(Front { runner, lanes: Rc::default(), shared: Rc::default(), all_submitted })
    }

    /// The first job has this number, and those after it the next ones.
    pub(super) fn count_from(&self, first: JobId) {
        self.shared.borrow_mut().count_from = Some(first);
    }

    /// Waits until everything that was asked for is done.
    pub(super) async fn done(&self) {
        self.all_submitted.wait().await;
        self.runner.on_idle().await;
    }

    /// Does a deed, and gives the answer that a cancel gets.
    pub(super) fn act(&self, deed: Deed) -> Option<CancelAnswer> {
        match deed {
            Deed::Submit { jobs, wishes } => self.submit(jobs, wishes),
            Deed::Cancel(id) => return self.runner.cancel(id, CancelReason::Requested).ok(),
            Deed::Pause => self.runner.pause(),
            Deed::Resume => self.runner.resume(),
            Deed::Workers(workers) => self.runner.set_concurrency(workers),
            Deed::Capacity(places) => self.runner.set_capacity(Some(places)),
            Deed::Policy(policy) => self.runner.set_submit_policy(policy),
            Deed::Shutdown(how) => {
                let front = self.clone();
                drop(spawn_named("shutdown", async move {
                    let report = front.runner.shutdown(how).await;
                    front.shared.borrow_mut().report = Some(report);
                }));
            }
        }
        None
    }

    fn submit(&self, jobs: Vec<Recipe>, wishes: Wishes) {
        let front = self.clone();
        let name = {
            let mut shared = self.shared.borrow_mut();
            shared.names += 1;
            let (name, left) = (shared.names, jobs.len());
            shared.submitters.push(Submitter { name, next: String::new(), left });
            name
        };
        self.all_submitted.clear();
        drop(spawn_named(&format!("submit-{name}"), async move {
            let mut refused: Option<(usize, Refusal)> = None;
            for job in jobs {
                front.comes_next(name, &job);
                let mut submission = wishes.ask(job.submission(front.lanes.clone()));
                if let Some(id) = front.shared.borrow_mut().count_from.take() {
                    submission = submission.id(id);
                }
                match front.runner.submit(submission).await {
                    Ok(handle) => drop(handle),
                    Err(error) => {
                        refused = Some((refused.map_or(0, |(count, _)| count) + 1, error.refusal));
                    }
                }
            }
            front.leaves(name, refused);
        }));
    }

    fn comes_next(&self, name: u32, job: &Recipe) {
        let mut shared = self.shared.borrow_mut();
        if let Some(submitter) = shared.submitters.iter_mut().find(|submitter| submitter.name == name) {
            submitter.next = job.name();
            submitter.left -= 1;
        }
    }

    fn leaves(&self, name: u32, refused: Option<(usize, Refusal)>) {
        let was_last = {
            let mut shared = self.shared.borrow_mut();
            shared.submitters.retain(|submitter| submitter.name != name);
            if let Some((count, refusal)) = refused {
                let said = shared.refused.take().filter(|(_, known)| *known == refusal);
                let count = count + said.map_or(0, |(count, _)| count);
                shared.said = Some(words::refused(count, &refusal));
                shared.refused = Some((count, refusal));
            }
            shared.submitters.is_empty()
        };
        if was_last {
            self.all_submitted.set();
        }
    }

    /// Those who wait for a place, first come first.
    pub(super) fn blocked(&self) -> Vec<String> {
        let shared = self.shared.borrow();
        let tell = |submitter: &Submitter| match submitter.left {
            0 => submitter.next.clone(),
            left => format!("{}, and {} more", submitter.next, snapshot::grouped(left as u64)),
        };
        shared.submitters.iter().filter(|submitter| !submitter.next.is_empty()).map(tell).collect()
    }

    pub(super) fn say(&self, sentence: Option<Sentence>) {
        let mut shared = self.shared.borrow_mut();
        (shared.said, shared.refused) = (sentence, None);
    }

    pub(super) fn said(&self) -> Option<Sentence> {
        self.shared.borrow().said.clone()
    }

    pub(super) fn report(&self) -> Option<ShutdownReport> {
        self.shared.borrow().report.clone()
    }
}
