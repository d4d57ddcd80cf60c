//! What is to be seen of a desk: everything that it has, at one moment.

use super::board::{Board, Controls, QueueView, QueuedJob, ReportView};
use super::records::Records;
use super::{Desk, Shared, settings, words};
use crate::executor::now;
use crate::runner::{JobId, Stats, TaskRecord};
use crate::snapshot::grouped;

/// How many of the jobs in line are shown.
const SHOWN_IN_LINE: usize = 40;

impl Desk {
    /// The runner at this moment.
    pub fn board(&self) -> Board {
        let Shared { front, records, plots, settings, example, .. } = &*self.shared;
        self.shared.told.set(false);
        let (now, stats, workers) = (now(), front.runner.stats(), settings.borrow().workers.get());
        let mut records = records.borrow_mut();
        match self.shared.lost_track.take() {
            true => records.read_all(&front.runner),
            false => records.refresh(&front.runner),
        }
        let mut plots = plots.borrow_mut();
        plots.sample(now, &stats);
        let (report, example) = (front.report(), example.borrow().clone());
        let is_working = stats.running + stats.in_flight > 0;
        let prints = example.as_ref().is_some_and(|example| example.running);
        Board {
            status: words::runner(&stats, self.shared.closed.get(), report.is_some()),
            said: front.said(),
            kept: self.shared.kept.clone(),
            controls: self.controls(&stats, report.is_some()),
            numbers: words::figures(&stats),
            lanes: front.lanes.show(now, workers, |id| records.get(id)),
            queue: self.queue(&stats, &records),
            table: records.show(now),
            plots: plots.show(),
            report: report.map(|report| ReportView {
                sentence: words::report(&report),
                figures: words::report_figures(&report),
            }),
            moves: is_working || prints || front.lanes.is_in_view(now),
            example,
        }
    }

    fn controls(&self, stats: &Stats, over: bool) -> Controls {
        let settings = self.shared.settings.borrow();
        Controls {
            workers: settings.workers.get() as u32,
            capacity: settings.capacity.get() as u32,
            policy: settings.policies(),
            priority: settings.priorities(),
            timeout: settings.timeouts(),
            retry: settings.retries(),
            paused: stats.paused,
            open: !self.shared.closed.get(),
            over,
            replayable: self.is_replayable(),
        }
    }

    fn queue(&self, stats: &Stats, records: &Records) -> QueueView {
        let front = &self.shared.front;
        let capacity = stats.capacity.unwrap_or(usize::MAX);
        let told = |record: &TaskRecord| settings::told(record.priority) + &record.name;
        let named = |id: JobId| QueuedJob {
            id: id.0,
            name: records.get(id).map_or_else(String::new, told),
            colour: (id.0 % 8) as u8,
        };
        let more = stats.queued.saturating_sub(SHOWN_IN_LINE);
        let blocked = if stats.blocked_submitters > 0 { front.blocked() } else { Vec::new() };
        QueueView {
            label: format!("{} of {} places taken", grouped(stats.queued as u64), grouped(capacity as u64)),
            filled: (stats.queued as f32 / capacity as f32 * 100.0).min(100.0),
            first: front.runner.in_line(SHOWN_IN_LINE).into_iter().map(named).collect(),
            more: if more > 0 { format!("and {} more", grouped(more as u64)) } else { String::new() },
            empty: if stats.queued == 0 { "Nobody is in line.".to_owned() } else { String::new() },
            blocked,
        }
    }
}
