//! Who did what in the last seconds: a lane per worker.

use core::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::board::{WorkSpan, WorkerLane};
use super::words;
use crate::executor::entered_now;
use crate::runner::{JobId, TaskCx, TaskRecord, TaskStatus};
use crate::snapshot::Tone;
use crate::time::{Duration, Instant, ms};

/// How far back the lanes go.
pub(super) const WINDOW: Duration = ms(10_000);

/// Attempts that follow each other closer than this are drawn as one: nobody could tell them apart.
const BLUR: Duration = ms(20);

/// The attempts of each worker, by its number.
#[derive(Default)]
pub(super) struct Lanes {
    workers: RefCell<Vec<VecDeque<Stretch>>>,
}

struct Stretch {
    job: JobId,
    from: Instant,
    /// None while it is under way.
    to: Option<Instant>,
}

/// An attempt that is under way, until this is dropped.
pub(super) struct InLane {
    lanes: Rc<Lanes>,
    worker: usize,
    job: JobId,
}

impl Lanes {
    pub(super) fn begin(self: &Rc<Self>, cx: &TaskCx) -> InLane {
        let (worker, job) = (cx.worker().unwrap_or_default() as usize, cx.id());
        let from = entered_now().unwrap_or_default();
        let mut workers = self.workers.borrow_mut();
        if workers.len() <= worker {
            workers.resize_with(worker + 1, VecDeque::new);
        }
        let lane = &mut workers[worker];
        while lane.front().and_then(|stretch| stretch.to).is_some_and(|to| from - to > WINDOW) {
            lane.pop_front();
        }
        match lane.back_mut() {
            Some(last) if last.is_blurred(from) => (last.job, last.to) = (job, None),
            _ => lane.push_back(Stretch { job, from, to: None }),
        }
        InLane { lanes: self.clone(), worker, job }
    }

    /// What is to be seen of them at a moment. `record` knows the jobs.
    pub(super) fn show<'a>(
        &self,
        now: Instant,
        workers: usize,
        record: impl Fn(JobId) -> Option<&'a TaskRecord>,
    ) -> Vec<WorkerLane> {
        let kept = self.workers.borrow();
        let busy = |lane: &VecDeque<Stretch>| lane.back().is_some_and(|last| last.to.is_none());
        let shown = kept.iter().rposition(busy).map_or(0, |last| last + 1).max(workers);
        let none = VecDeque::new();
        (0..shown).map(|worker| show_lane(worker, kept.get(worker).unwrap_or(&none), now, &record)).collect()
    }

    /// Whether anything that was done is still to be seen, and moves with time.
    pub(super) fn is_in_view(&self, now: Instant) -> bool {
        let last = |lane: &VecDeque<Stretch>| lane.back().map(|last| last.to.unwrap_or(now));
        self.workers.borrow().iter().filter_map(last).any(|to| now - to <= WINDOW)
    }
}

impl Stretch {
    fn is_blurred(&self, next: Instant) -> bool {
        self.to.is_some_and(|to| next - to < BLUR && to - self.from < BLUR)
    }
}

impl Drop for InLane {
    fn drop(&mut self) {
        let now = entered_now().unwrap_or_default();
        let mut workers = self.lanes.workers.borrow_mut();
        let own = |stretch: &&mut Stretch| stretch.job == self.job && stretch.to.is_none();
        if let Some(stretch) = workers[self.worker].iter_mut().rfind(own) {
            stretch.to = Some(now);
        }
    }
}

fn show_lane<'a>(
    worker: usize,
    lane: &VecDeque<Stretch>,
    now: Instant,
    record: &impl Fn(JobId) -> Option<&'a TaskRecord>,
) -> WorkerLane {
    let in_view = |stretch: &&Stretch| stretch.to.is_none_or(|to| now - to < WINDOW);
    let current = lane.back().filter(|last| last.to.is_none()).and_then(|last| record(last.job));
    WorkerLane {
        name: format!("Worker {}", worker + 1),
        now: current.map_or_else(|| "idle".to_owned(), |record| format!("{}, job {}", record.name, record.id.0)),
        tone: current.map_or(Tone::Quiet, |record| words::tone(record.status)),
        spans: lane.iter().filter(in_view).map(|stretch| show_stretch(stretch, now, record(stretch.job))).collect(),
    }
}

fn show_stretch(stretch: &Stretch, now: Instant, record: Option<&TaskRecord>) -> WorkSpan {
    let (id, status) = (stretch.job.0, record.map_or(TaskStatus::Running, |record| record.status));
    // A job that waits for its next attempt has failed in this one.
    let tone = match (stretch.to, status) {
        (Some(_), TaskStatus::Retrying | TaskStatus::Queued | TaskStatus::Running) => Tone::Failed,
        _ => words::tone(status),
    };
    WorkSpan {
        id,
        from: place(stretch.from, now),
        to: stretch.to.map_or(100.0, |to| place(to, now)),
        tone,
        colour: (id % 8) as u8,
        title: format!("Job {id}, {}: {status}", record.map_or("gone", |record| &record.name)),
    }
}

/// From 0 at the left edge to 100 now.
fn place(at: Instant, now: Instant) -> f32 {
    (100.0 - (now - at).as_secs_f32() / WINDOW.as_secs_f32() * 100.0).max(0.0)
}
