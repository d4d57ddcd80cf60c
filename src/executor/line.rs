//! Who is ready, first in, first out.
//!
//! Two plain vectors rather than a ring: one is read from its front while the other one is written to, and they change
//! places when the first is empty. Both ends are then a compare and a move, which is less than half of a ring's
//! instructions.

use core::mem;

use crate::trace::TaskId;

#[derive(Default)]
pub(super) struct Line {
    leaving: Vec<TaskId>,
    left: usize,
    arriving: Vec<TaskId>,
}

impl Line {
    #[inline]
    pub(super) fn push_back(&mut self, task: TaskId) {
        self.arriving.push(task);
    }

    #[inline]
    pub(super) fn pop_front(&mut self) -> Option<TaskId> {
        match self.leaving.get(self.left) {
            Some(task) => {
                self.left += 1;
                Some(*task)
            }
            // Whoever is alone goes as it came.
            None if self.arriving.len() <= 1 => self.arriving.pop(),
            None => Some(self.turn()),
        }
    }

    /// The other end is the front from now on. Gives the first who stands there.
    #[cold]
    fn turn(&mut self) -> TaskId {
        self.leaving.clear();
        self.left = 1;
        mem::swap(&mut self.leaving, &mut self.arriving);
        self.leaving[0]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &TaskId> {
        self.leaving[self.left..].iter().chain(&self.arriving)
    }

    pub(super) fn len(&self) -> usize {
        self.leaving.len() - self.left + self.arriving.len()
    }

    pub(super) fn clear(&mut self) {
        self.leaving.clear();
        self.arriving.clear();
        self.left = 0;
    }

    /// Keeps only those that `stays` says of, in their order.
    pub(super) fn retain(&mut self, stays: impl Fn(&TaskId) -> bool) {
        self.leaving.drain(..self.left);
        self.left = 0;
        self.leaving.retain(&stays);
        self.arriving.retain(&stays);
    }

    /// Takes one out, and puts the last of the line in its place: for whoever draws, to whom the order says nothing.
    #[inline]
    pub(super) fn swap_remove(&mut self, place: usize) -> Option<TaskId> {
        // Whoever draws takes nobody from the front, so that all who came stand where they arrived.
        if self.left < self.leaving.len() {
            return self.remove(place);
        }
        (place < self.arriving.len()).then(|| self.arriving.swap_remove(place))
    }

    #[inline]
    pub(super) fn remove(&mut self, place: usize) -> Option<TaskId> {
        let first = self.leaving.len() - self.left;
        if place < first {
            Some(self.leaving.remove(self.left + place))
        } else {
            (place - first < self.arriving.len()).then(|| self.arriving.remove(place - first))
        }
    }
}
