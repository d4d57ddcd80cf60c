//! The job server of the multi-claim report, simulated: it hands out jobs, and takes each for active until it is told
//! that it was completed or comes back.

use core::fmt;
use core::future::Future;
use std::rc::Rc;

use crate::executor::sleep;
use crate::sync::Tracked;
use crate::time::{Duration, ms};
use crate::trace::Name;

/// How long the server takes to answer.
pub(super) const ROUND_TRIP: Duration = ms(100);

/// A job that was handed over.
pub struct Job {
    name: Name,
    server: Rc<Server>,
}

impl Job {
    /// Does what is to be done.
    #[track_caller]
    pub fn run(&self) -> impl Future<Output = ()> + use<> {
        let done = sleep(self.server.each).labelled("the end of its job");
        let work = Work { job: self.name, server: self.server.clone() };
        self.server.worked_on.update(|jobs| jobs.push(self.name));
        async move {
            done.await;
            drop(work);
        }
    }
}

/// Somebody works on a job for as long as this lives.
struct Work {
    job: Name,
    server: Rc<Server>,
}

impl Drop for Work {
    fn drop(&mut self) {
        remove(&self.server.worked_on, self.job);
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What the server has been told of the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Idle,
    Busy,
}

pub struct Server {
    each: Duration,
    waiting: Tracked<Vec<Name>>,
    active: Tracked<Vec<Name>>,
    completed: Tracked<Vec<Name>>,
    /// What nobody tells the server: the jobs that somebody really works on.
    worked_on: Tracked<Vec<Name>>,
    status: Tracked<Status>,
}

impl Server {
    /// A server with these jobs, each of which takes so long.
    pub(super) fn with_jobs(jobs: &[Name], each: Duration) -> Rc<Self> {
        Rc::new(Server {
            each,
            waiting: Tracked::new(jobs.to_vec()),
            active: Tracked::default(),
            completed: Tracked::default(),
            worked_on: Tracked::default(),
            status: Tracked::new(Status::Idle),
        })
    }

    /// Asks for a job, and has it a round trip later.
    #[track_caller]
    pub fn claim(self: &Rc<Self>) -> impl Future<Output = Option<Job>> + use<> {
        let (server, answer) = (self.clone(), sleep(ROUND_TRIP).labelled("the server's answer"));
        async move {
            answer.await;
            let name = server.waiting.update(|waiting| (!waiting.is_empty()).then(|| waiting.remove(0)))?;
            server.active.update(|active| active.push(name));
            Some(Job { name, server })
        }
    }

    /// Tells the server that a job is done.
    pub fn complete_job(&self, job: &Job) {
        remove(&self.active, job.name);
        self.completed.update(|completed| completed.push(job.name));
    }

    /// Puts a job back for somebody else.
    pub fn give_back(&self, job: &Job) {
        remove(&self.active, job.name);
        self.waiting.update(|waiting| waiting.push(job.name));
    }

    /// Reads what the worker last wrote of itself, in a round trip.
    #[track_caller]
    pub fn status(self: &Rc<Self>) -> impl Future<Output = Status> + use<> {
        let (server, answer) = (self.clone(), sleep(ROUND_TRIP).labelled("the worker's status"));
        async move {
            answer.await;
            server.status.get()
        }
    }

    /// Writes the worker's status, which takes a round trip and a half.
    #[track_caller]
    pub fn set_status(self: &Rc<Self>, status: Status) -> impl Future<Output = ()> + use<> {
        let (server, written) = (self.clone(), sleep(ms(150)).labelled("the status to be written"));
        async move {
            written.await;
            server.status.set(status);
        }
    }

    pub(super) fn last_status(&self) -> Status {
        self.status.get()
    }

    pub(super) fn waiting(&self) -> Vec<Name> {
        self.waiting.with(Clone::clone)
    }

    pub(super) fn active(&self) -> Vec<Name> {
        self.active.with(Clone::clone)
    }

    pub(super) fn completed(&self) -> Vec<Name> {
        self.completed.with(Clone::clone)
    }

    /// Active jobs on which nobody works.
    pub(super) fn forgotten(&self) -> Vec<Name> {
        let is_forgotten = |job: &Name| !self.worked_on.with(|jobs| jobs.contains(job));
        self.active().into_iter().filter(is_forgotten).collect()
    }
}

fn remove(jobs: &Tracked<Vec<Name>>, job: Name) {
    jobs.update(|jobs| jobs.retain(|other| *other != job));
}

/// `job-1, job-2`, or `none`.
pub(super) fn names(jobs: Vec<Name>) -> String {
    if jobs.is_empty() { "none".to_owned() } else { jobs.join(", ") }
}
