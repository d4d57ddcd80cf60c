//! What is kept of jobs that have ended, and for how long.

use super::body::BoxedBody;
use super::engine::State;

impl State {
    #[inline(always)]
    pub(super) fn keep_record(&mut self, slot: u32) {
        let job = &mut self.table[slot];
        job.recorded = true;
        self.finished.push_back(job.key);
        if let Some(limit) = self.settings.retention
            && self.finished.len() > limit
            && let Some(oldest) = self.finished.pop_front()
        {
            let oldest = &mut self.table[oldest.slot()];
            oldest.recorded = false;
            let (id, slot, is_forgotten) = (oldest.id, oldest.key.slot(), oldest.is_forgotten());
            self.unsave(id);
            if is_forgotten {
                self.forget_if_unwanted(slot);
            }
        }
    }

    pub(super) fn bury(&mut self, slot: u32) {
        self.dead.push_back(self.table[slot].key);
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
    #[inline]
    pub(super) fn forget_if_unwanted(&mut self, slot: u32) {
        if let Some(body) = self.forget(slot) {
            self.discard(body);
        }
    }

    /// Like [`State::forget_if_unwanted`], and leaves the box to the caller.
    #[inline(always)]
    pub(super) fn forget(&mut self, slot: u32) -> Option<BoxedBody> {
        let job = &mut self.table[slot];
        job.touch();
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
