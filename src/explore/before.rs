//! Which steps of an execution come before which others, whatever the schedule.

/// One row of bits per step, as wide as the longest execution so far.
pub(super) struct Before {
    bits: Vec<u64>,
    words: usize,
}

impl Default for Before {
    fn default() -> Self {
        Before { bits: Vec::new(), words: 1 }
    }
}

impl Before {
    /// Nothing comes before `step`, as far as is known yet.
    #[inline]
    pub(super) fn clear(&mut self, step: usize) {
        self.reserve(step);
        let from = step * self.words;
        self.bits[from..from + self.words].fill(0);
    }

    /// Everything so far comes before `step`.
    pub(super) fn set_all(&mut self, step: usize) {
        self.reserve(step);
        let row = &mut self.bits[step * self.words..][..self.words];
        row.fill(0);
        row[..step / 64].fill(u64::MAX);
        row[step / 64] = (1 << (step % 64)) - 1;
    }

    /// `earlier` comes before `step`, and with it all that comes before that.
    #[inline]
    pub(super) fn add(&mut self, step: usize, earlier: usize) {
        let (earlier_rows, rows) = self.bits.split_at_mut(step * self.words);
        let from = earlier * self.words;
        for (word, more) in rows.iter_mut().zip(&earlier_rows[from..from + self.words]) {
            *word |= more;
        }
        rows[earlier / 64] |= 1 << (earlier % 64);
    }

    #[inline]
    pub(super) fn has(&self, step: usize, earlier: usize) -> bool {
        self.bits[step * self.words + earlier / 64] >> (earlier % 64) & 1 != 0
    }

    fn reserve(&mut self, step: usize) {
        if step >= self.words * 64 {
            self.widen(self.words * 2);
        }
        let needed = (step + 1) * self.words;
        if self.bits.len() < needed {
            self.bits.resize(needed, 0);
        }
    }

    #[cold]
    fn widen(&mut self, words: usize) {
        let rows = self.bits.chunks(self.words);
        self.bits =
            rows.flat_map(|row| row.iter().copied().chain(core::iter::repeat_n(0, words - row.len()))).collect();
        self.words = words;
    }
}
