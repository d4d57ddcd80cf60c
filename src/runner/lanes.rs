//! Lanes: jobs of one lane share a limit, and do not hold up the others.

use super::engine::State;
use super::table::Key;

impl State {
    pub(super) fn enter_lane(&mut self, slot: u32) {
        if let Some(lane) = self.table[slot].rare.as_ref().and_then(|rare| rare.lane.as_ref()) {
            match self.lanes.get_mut(lane) {
                Some(used) => *used += 1,
                None => drop(self.lanes.insert(lane.clone(), 1)),
            }
        }
    }

    #[inline(never)]
    pub(super) fn leave_lane(&mut self, slot: u32) {
        let Some(lane) = self.table[slot].rare.as_ref().and_then(|rare| rare.lane.as_ref()) else { return };
        let used = self.lanes.get_mut(lane).expect("who leaves a lane had entered it");
        *used -= 1;
        if *used == 0 {
            self.lanes.remove(lane);
        }
    }

    pub(super) fn set_priority(&mut self, key: Key, priority: u8) -> bool {
        let is_queued = self.table[key.slot()].status == super::TaskStatus::Queued;
        if is_queued {
            self.queue.leave(&mut self.table, key.slot());
            self.table[key.slot()].priority = priority;
            let ticket = self.table[key.slot()].link.ticket;
            self.queue.join(&mut self.table, key.slot(), ticket);
        }
        is_queued
    }
}
