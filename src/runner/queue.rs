//! The line of jobs that may start: highest priority first, and among equals in the order of their tickets.
//!
//! Each priority has a list that runs through the slots of the table, so that joining, leaving from the middle and
//! taking the first cost the same, and nothing is allocated.

use super::table::{NOBODY, Table};

const LEVELS: usize = 256;

pub(super) struct Queue {
    levels: Box<[Ends; LEVELS]>,
    /// A bit per priority that has jobs.
    occupied: [u64; LEVELS / 64],
    /// The highest of them, if there are any.
    top: usize,
    len: usize,
}

#[derive(Clone, Copy)]
struct Ends {
    first: u32,
    last: u32,
}

/// A job's place in the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Means nothing of the first of its priority.
    pub(super) before: u32,
    pub(super) after: u32,
    pub(super) ticket: u64,
}

impl Queue {
    pub(super) fn new() -> Self {
        let empty = Ends { first: NOBODY, last: NOBODY };
        Queue { levels: Box::new([empty; LEVELS]), occupied: [0; LEVELS / 64], top: 0, len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Puts a job in line: behind every equal with a smaller ticket, and as a rule that is behind all of them.
    #[inline]
    pub(super) fn join(&mut self, table: &mut Table, slot: u32, ticket: u64) {
        let job = &mut table[slot];
        let ends = &mut self.levels[job.priority as usize];
        let last = ends.last;
        job.link = Link { before: last, after: NOBODY, ticket };
        self.len += 1;
        if last == NOBODY {
            let priority = job.priority as usize;
            return self.begin(slot, priority);
        }
        let link = &mut table[last].link;
        if link.ticket < ticket {
            (link.after, ends.last) = (slot, slot);
        } else {
            self.join_before(table, slot, last);
        }
    }

    /// Puts a job in line before this equal, or before one that stands before that.
    #[cold]
    #[inline(never)]
    fn join_before(&mut self, table: &mut Table, slot: u32, mut after: u32) {
        let ticket = table[slot].link.ticket;
        let ends = &mut self.levels[table[slot].priority as usize];
        let mut before = table[after].link.before;
        while after != ends.first && table[before].link.ticket > ticket {
            (after, before) = (before, table[before].link.before);
        }
        table[slot].link = Link { before, after, ticket };
        table[after].link.before = slot;
        if after == ends.first {
            ends.first = slot;
        } else {
            table[before].link.after = slot;
        }
    }

    /// Takes the first job out of the line.
    #[inline(always)]
    pub(super) fn pop_first(&mut self, table: &mut Table) -> Option<u32> {
        let ends = &mut self.levels[self.top];
        let first = ends.first;
        if first == NOBODY {
            return None;
        }
        ends.first = table[first].link.after;
        self.len -= 1;
        if ends.first == NOBODY {
            ends.last = NOBODY;
            self.empty(self.top);
        }
        Some(first)
    }

    /// A job is the only one of its priority.
    #[inline(never)]
    fn begin(&mut self, slot: u32, priority: usize) {
        self.levels[priority] = Ends { first: slot, last: slot };
        self.occupied[priority / 64] |= 1 << (priority % 64);
        self.top = self.highest();
    }

    /// A priority has no jobs any more.
    #[inline(never)]
    fn empty(&mut self, priority: usize) {
        self.occupied[priority / 64] &= !(1 << (priority % 64));
        self.top = self.highest();
    }

    #[inline(never)]
    fn highest(&self) -> usize {
        let word = self.occupied.iter().rposition(|bits| *bits != 0);
        word.map_or(0, |word| word * 64 + self.occupied[word].ilog2() as usize)
    }

    /// Takes a job out of the line.
    pub(super) fn leave(&mut self, table: &mut Table, slot: u32) {
        let priority = table[slot].priority as usize;
        let Link { before, after, .. } = table[slot].link;
        let ends = &mut self.levels[priority];
        let is_first = ends.first == slot;
        if is_first {
            ends.first = after;
        } else {
            table[before].link.after = after;
        }
        match after {
            NOBODY => ends.last = if is_first { NOBODY } else { before },
            after => table[after].link.before = before,
        }
        self.len -= 1;
        if ends.first == NOBODY {
            self.empty(priority);
        }
    }

    /// The first job in line for which `may_start` holds.
    pub(super) fn first(&self, table: &Table, mut may_start: impl FnMut(u32) -> bool) -> Option<u32> {
        for word in (0..self.occupied.len()).rev() {
            let mut bits = self.occupied[word];
            while bits != 0 {
                let bit = 63 - bits.leading_zeros() as usize;
                let mut slot = self.levels[word * 64 + bit].first;
                while slot != NOBODY {
                    if may_start(slot) {
                        return Some(slot);
                    }
                    slot = table[slot].link.after;
                }
                bits &= !(1 << bit);
            }
        }
        None
    }

    /// The first `most` jobs in line, in the order in which they will start.
    pub(super) fn front(&self, table: &Table, most: usize) -> Vec<u32> {
        let mut front = Vec::new();
        self.first(table, |slot| {
            if front.len() < most {
                front.push(slot);
            }
            front.len() == most
        });
        front
    }

    /// The last in line of the lowest priority.
    pub(super) fn last(&self) -> Option<u32> {
        let word = self.occupied.iter().position(|bits| *bits != 0)?;
        let bit = self.occupied[word].trailing_zeros() as usize;
        Some(self.levels[word * 64 + bit].last)
    }

    /// Whoever holds the smallest ticket, whatever the priority.
    pub(super) fn oldest(&self, table: &Table) -> Option<u32> {
        let firsts = self.levels.iter().map(|ends| ends.first).filter(|slot| *slot != NOBODY);
        firsts.min_by_key(|slot| table[*slot].link.ticket)
    }
}
