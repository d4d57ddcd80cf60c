//! What is kept of jobs that have ended, and for how long.

use core::mem;

use super::body::BoxedBody;
use super::engine::State;
use super::table::Key;

/// The jobs whose records are kept; where there is no more room, the next takes the place of the oldest.
pub(super) struct Kept {
    jobs: Vec<Key>,
    oldest: usize,
    /// How many there may be; none without a bound.
    most: Option<usize>,
}

impl Kept {
    pub(super) const fn new(most: Option<usize>) -> Self {
        Kept { jobs: Vec::new(), oldest: 0, most }
    }

    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Keeps one more, and gives back the one that has to go.
    #[inline(always)]
    fn push(&mut self, job: Key) -> Option<Key> {
        if self.most.is_none_or(|most| self.jobs.len() < most) {
            self.jobs.push(job);
            return None;
        }
        let Some(oldest) = self.jobs.get_mut(self.oldest) else { return Some(job) };
        let oldest = mem::replace(oldest, job);
        self.oldest = if self.oldest + 1 == self.jobs.len() { 0 } else { self.oldest + 1 };
        Some(oldest)
    }
}

impl State {
    #[inline(always)]
    pub(super) fn keep_record(&mut self, key: Key) {
        let Some(oldest) = self.finished.push(key) else { return };
        let job = &mut self.table[oldest.slot()];
        job.recorded = false;
        let is_forgotten = job.is_forgotten();
        if self.settings.store.is_some() {
            self.unsave(self.table[oldest.slot()].id);
        }
        if is_forgotten {
            self.forget_if_unwanted(oldest.slot());
        }
    }

    pub(super) fn bury(&mut self, slot: u32) {
        self.dead.push_back(self.table.key(slot));
        if self.dead.len() > self.settings.dead_letters
            && let Some(oldest) = self.dead.pop_front()
        {
            self.unbury(oldest.slot());
        }
    }

    pub(super) fn unbury(&mut self, slot: u32) {
        self.table[slot].dead = false;
        self.forget_if_unwanted(slot);
    }

    /// Lets go of what nobody can ask for any more.
    #[inline(never)]
    pub(super) fn forget_if_unwanted(&mut self, slot: u32) {
        if let Some(body) = self.forget(slot) {
            self.discard(body);
        }
    }

    /// Like [`State::forget_if_unwanted`], and leaves the box to the caller.
    #[inline]
    pub(super) fn forget(&mut self, slot: u32) -> Option<BoxedBody> {
        self.table.touch(slot);
        let job = &mut self.table[slot];
        if job.handles > 0 || !job.status.is_terminal() || !job.stopped || job.dead {
            return None;
        }
        let unwanted = job.body.take();
        if job.is_forgotten() {
            self.table.vacate(slot);
        }
        unwanted
    }
}
