//! The same run in virtual time: what was done to the runner, done again on a stage, and every step of it.

use core::cell::RefCell;
use std::rc::Rc;

use super::board::Still;
use super::front::{Deed, Front};
use super::settings::Settings;
use crate::executor::sleep_until;
use crate::runner::{JobId, TaskRunner};
use crate::scenario::{Ended, MAX_STEPS, Run, Stage};
use crate::schedule::Fifo;
use crate::snapshot::{self, Film, Palette};
use crate::time::Instant;

/// Something that was done, and when.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) at: Instant,
    pub(super) deed: Deed,
}

/// A run that can be stepped both ways. It is what [`Desk::replay`](super::Desk::replay) gives.
pub struct Replay {
    run: Run,
    palette: Palette,
}

impl Replay {
    /// What `journal` tells, done to a runner of these settings whose jobs are counted from `first`.
    pub(super) fn of(settings: &Settings, first: JobId, journal: &[Entry]) -> Replay {
        let scene = |stage: &Stage| set(stage, settings, first, journal);
        let run = Stage::run(&scene, &mut Fifo);
        Replay { palette: Palette::of_run(&run), run }
    }

    /// The number of steps.
    pub fn last(&self) -> u32 {
        self.run.steps()
    }

    /// The whole run, for the timeline and the log.
    pub fn film(&self) -> Film {
        let sentence = match self.run.ended {
            Ended::TooLong => format!("It takes longer than {MAX_STEPS} steps, of which these are the first."),
            _ => "The same jobs, the same settings, and a clock that jumps.".to_owned(),
        };
        snapshot::film_of_run("The same run in virtual time", &sentence, &self.palette, &self.run)
    }

    /// What was true after a step, or after the last one.
    pub fn still(&self, step: u32) -> Still {
        let step = step.min(self.last());
        let (time, cells, tasks) = snapshot::still(&self.run, step, &self.palette);
        Still {
            step,
            last: self.last(),
            time: format!("t = {time}"),
            said: snapshot::tell_step(&self.run, step),
            cells,
            tasks,
            open_ended: false,
        }
    }
}

/// One task does everything at its time; it begins when the first of them is due.
fn set(stage: &Stage, settings: &Settings, first_job: JobId, journal: &[Entry]) {
    let (settings, journal) = (settings.clone(), journal.to_vec());
    let first = journal.first().map_or(Instant::ZERO, |entry| entry.at);
    let runner: Rc<RefCell<Option<TaskRunner>>> = Rc::default();
    let stats = move |runner: &Rc<RefCell<Option<TaskRunner>>>| runner.borrow().as_ref().map(TaskRunner::stats);
    for (name, read) in [
        ("in line", (|stats| stats.queued as u64) as fn(crate::runner::Stats) -> u64),
        ("running", |stats| stats.running as u64),
        ("blocked", |stats| stats.blocked_submitters as u64),
        ("succeeded", |stats| stats.succeeded),
        ("failed", |stats| stats.failed),
        ("cancelled", |stats| stats.cancelled),
    ] {
        let runner = runner.clone();
        stage.show(name, move || stats(&runner).map_or(0, read).to_string());
    }
    stage.spawn("main", async move {
        // The settings of a runner that was built once can be used to build another.
        let front = Front::open(&settings, TaskRunner::builder()).expect("these settings built the first one");
        front.count_from(first_job);
        runner.replace(Some(front.runner.clone()));
        for Entry { at, deed } in journal {
            sleep_until(Instant::ZERO + (at - first)).labelled("the next deed").await;
            front.act(deed);
        }
        // Workers that are idle for ever look like a deadlock, so they are let go when all is done.
        front.done().await;
        front.runner.close();
    });
}
