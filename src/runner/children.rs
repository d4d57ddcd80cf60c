//! Children: jobs that a job submits as its own, and that cannot outlive it.

use core::task::Waker;

use super::engine::State;
use super::table::Key;
use crate::trace::CancelReason;

#[derive(Default)]
pub(super) struct Family {
    parent: Option<Key>,
    /// Those whose code is not gone yet.
    children: Vec<Key>,
    /// Who waits for the last child to go.
    closing: Option<Waker>,
}

impl State {
    pub(super) fn adopt(&mut self, parent: Key, child: Key) {
        self.table[child.slot()].rare().family.parent = Some(parent);
        self.table[parent.slot()].rare().family.children.push(child);
    }

    /// Asks the children to stop; true when none is left. Otherwise `waker` is woken when the last has gone.
    #[inline]
    pub(super) fn close_family(&mut self, parent: Key, waker: &Waker) -> bool {
        let Some(rare) = &self.table[parent.slot()].rare else { return true };
        if rare.family.children.is_empty() {
            return true;
        }
        for child in rare.family.children.clone() {
            self.cancel(child, CancelReason::ParentEnded);
        }
        let family = &mut self.table[parent.slot()].rare().family;
        family.closing = Some(waker.clone()).filter(|_| !family.children.is_empty());
        family.closing.is_none()
    }

    /// The code of a child is gone.
    pub(super) fn leave_family(&mut self, slot: u32) {
        let child = self.table.key(slot);
        let Some(parent) = self.table[slot].rare().family.parent.take() else { return };
        let Some(parent) = self.table.get(parent) else { return };
        let family = &mut parent.rare().family;
        family.children.retain(|other| *other != child);
        if family.children.is_empty() {
            let closing = family.closing.take();
            self.wake(closing);
        }
    }
}
