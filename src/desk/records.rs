//! The table of records: which there are, which match, which are in view.

use std::collections::{BTreeMap, BTreeSet};

use super::board::{RecordRow, TableView};
use super::order::{Query, RecordColumn, Show};
use super::words;
use crate::runner::{CancelAnswer, JobId, TaskRecord, TaskRunner, TaskStatus};
use crate::snapshot;
use crate::time::Instant;

/// A copy of the runner's records, of which only those are read again that changed.
#[derive(Default)]
pub(super) struct Records {
    all: BTreeMap<JobId, TaskRecord>,
    changed: BTreeSet<JobId>,
    /// Those that live, which change without an event: how far they have come.
    living: BTreeSet<JobId>,
    answers: BTreeMap<JobId, CancelAnswer>,
    query: Query,
    /// The records that match, in order; none when that has to be found out again.
    matching: Option<Vec<JobId>>,
}

impl Records {
    pub(super) fn new(records: Vec<TaskRecord>) -> Self {
        Records { all: records.into_iter().map(|record| (record.id, record)).collect(), ..Records::default() }
    }

    pub(super) fn get(&self, id: JobId) -> Option<&TaskRecord> {
        self.all.get(&id)
    }

    pub(super) fn touch(&mut self, id: JobId) {
        self.changed.insert(id);
    }

    pub(super) fn answered(&mut self, id: JobId, answer: CancelAnswer) {
        self.answers.insert(id, answer);
    }

    pub(super) fn look(&mut self, query: Query) {
        let same = query.filter == self.query.filter && query.show == self.query.show;
        if !(same && query.by == self.query.by && query.descending == self.query.descending) {
            self.matching = None;
        }
        self.query = query;
    }

    /// Reads all of them again, when it is not known which have changed.
    pub(super) fn read_all(&mut self, runner: &TaskRunner) {
        self.all = runner.records().into_iter().map(|record| (record.id, record)).collect();
        self.living =
            self.all.values().filter(|record| !record.status.is_terminal()).map(|record| record.id).collect();
        self.changed.clear();
        self.matching = None;
    }

    /// Reads those again that have changed.
    pub(super) fn refresh(&mut self, runner: &TaskRunner) {
        let changed = core::mem::take(&mut self.changed);
        if !changed.is_empty() {
            self.matching = None;
        }
        for id in changed {
            self.read(runner, id);
        }
        let running = |id: &&JobId| self.all.get(*id).is_some_and(|record| record.status.is_running());
        let running: Vec<JobId> = self.living.iter().filter(running).copied().collect();
        for id in running {
            self.read(runner, id);
        }
    }

    fn read(&mut self, runner: &TaskRunner, id: JobId) {
        match runner.get_record(id) {
            Some(record) => {
                match record.status.is_terminal() {
                    true => self.living.remove(&id),
                    false => self.living.insert(id),
                };
                self.all.insert(id, record);
            }
            // It made room for younger ones.
            None => {
                self.all.remove(&id);
                self.living.remove(&id);
                self.answers.remove(&id);
            }
        }
    }

    /// The part that was asked for.
    pub(super) fn show(&mut self, now: Instant) -> TableView {
        let matching = match self.matching.take() {
            Some(matching) => matching,
            None => self.find(now),
        };
        let first = (self.query.first as usize).min(matching.len());
        let end = matching.len().min(first + self.query.count as usize);
        let rows = matching[first..end].iter().map(|id| self.row(&self.all[id], now)).collect();
        let (total, count) = (self.all.len(), matching.len());
        let records = words::count(total, "record", "records");
        let label =
            if count == total { records } else { format!("{} of {records}", snapshot::grouped(count as u64)) };
        let empty = match (total, count) {
            (0, _) => "Nothing was submitted yet. Press Sleep or Failing, or drop a file.",
            (_, 0) => "No record matches.",
            _ => "",
        };
        self.matching = Some(matching);
        let (total, matching, first) = (total as u32, count as u32, first as u32);
        TableView { total, matching, label, empty: empty.to_owned(), first, rows }
    }

    fn find(&self, now: Instant) -> Vec<JobId> {
        let words: Vec<&str> = self.query.filter.split_whitespace().collect();
        let matching =
            self.all.values().filter(|record| shows(self.query.show, record.status) && matches(record, &words));
        let mut matching: Vec<&TaskRecord> = matching.collect();
        match self.query.by {
            RecordColumn::Id => {}
            RecordColumn::Name => matching.sort_by_cached_key(|record| natural(&record.name)),
            RecordColumn::Status => matching.sort_by_key(|record| words::status(record.status)),
            RecordColumn::Waited => matching.sort_by_key(|record| words::times(record, now).0),
            RecordColumn::Ran => matching.sort_by_key(|record| words::times(record, now).1),
        }
        if self.query.descending {
            matching.reverse();
        }
        matching.into_iter().map(|record| record.id).collect()
    }

    fn row(&self, record: &TaskRecord, now: Instant) -> RecordRow {
        let id = record.id.0;
        let lives = !record.status.is_terminal();
        let (waited, ran) = words::times(record, now);
        let running = record.status.is_running();
        RecordRow {
            id,
            name: record.name.clone(),
            job: record.kind.clone(),
            tone: words::tone(record.status),
            status: words::status(record.status).to_owned(),
            waited: words::time(waited),
            ran: words::time(ran),
            progress: record.progress.filter(|_| running).map(|progress| progress.fraction() as f32 * 100.0),
            result: words::result(record),
            answer: self.answers.get(&record.id).map_or("", |answer| words::answer(*answer)).to_owned(),
            cancel: format!("Cancel job {id}"),
            lives,
        }
    }
}

fn shows(show: Show, status: TaskStatus) -> bool {
    use TaskStatus::*;
    match show {
        Show::All => true,
        Show::Waiting => matches!(status, Queued | Retrying),
        Show::Running => status.is_running(),
        Show::Succeeded => status == Succeeded,
        Show::Failed => matches!(status, Failed(_)),
        Show::Cancelled => matches!(status, Cancelled(_) | Evicted),
        Show::Interrupted => status == Interrupted,
    }
}

/// Whether every word is somewhere in the record, in whatever case. Nothing is allocated: there may be thousands.
fn matches(record: &TaskRecord, words: &[&str]) -> bool {
    let texts = [Some(&record.name), record.result.as_ref(), record.error.as_ref()];
    words.iter().all(|word| {
        let number = word.trim_start_matches('#').parse() == Ok(record.id.0);
        number || has(words::status(record.status), word) || texts.iter().flatten().any(|text| has(text, word))
    })
}

fn has(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// Sorts by words, and what is called alike by its number: `sleep 900 ms` comes before `sleep 1.2 s`.
fn natural(name: &str) -> (String, u64) {
    let digits = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = digits
        .split_at(digits.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(digits.len()));
    let scale = if unit.trim_start().starts_with('s') { 1e6 } else { 1e3 };
    let word = &name[..name.len() - digits.len()];
    (word.to_lowercase(), (number.parse().unwrap_or(0.0) * scale) as u64)
}
