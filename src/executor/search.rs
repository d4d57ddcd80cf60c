//! What a search of schedules asks of an executor that it runs over and over.

use std::rc::Rc;

use super::core::Core;
use super::poll::Polled;
use super::probe::{MAX_NUMBERS, SET_UP};
use super::registry;
use super::slot::{Slot, Stage};
use crate::time::Instant;
use crate::trace::{CancelReason, TaskId};

impl Core {
    /// Makes this the executor that free functions mean, until the guard is dropped.
    pub(crate) fn enter(self: &Rc<Self>) -> registry::Entered {
        registry::enter(self)
    }

    /// Begins to tell tasks and objects apart by their origin.
    pub(crate) fn start_probe(&self) {
        self.attend();
        self.probe.start();
        self.table.borrow_mut().keeps_places = true;
    }

    /// Drops every task, and is as if new, except that boxes and places are kept.
    pub(crate) fn reset(&self) {
        // What is cut off here is no step, and nobody looks at it.
        self.attended.set(false);
        self.probe.deafly(|| self.cancel_all(CancelReason::Shutdown));
        let mut index = 0;
        loop {
            let emptied = self.table.borrow_mut().empty(index);
            let Some(body) = emptied else { break };
            if let Some(mut body) = body {
                body.as_mut().clear();
                self.table.borrow_mut().slots[index].body = Some(body);
            }
            index += 1;
        }
        let table = &mut *self.table.borrow_mut();
        table.ready.clear();
        table.free.clear();
        table.free.extend((0..table.slots.len() as u32).rev());
        self.timers.borrow_mut().clear();
        self.now.set(Instant::ZERO);
        self.objects.set(0);
        self.given.set(0);
        self.droppable.borrow_mut().clear();
        self.drops.set(false);
        self.ties.set(false);
        self.lost_panic.take();
        self.probe.begin();
        self.probe.watch.begin();
        self.attend();
    }

    /// Whether a task panicked while nobody held its handle.
    #[inline]
    pub(crate) fn has_lost_panic(&self) -> bool {
        self.lost_panic.borrow().is_some()
    }

    /// The last task that panicked while nobody held its handle, and its message.
    pub(crate) fn take_lost_panic(&self) -> Option<(TaskId, Rc<str>)> {
        self.lost_panic.take()
    }

    /// The ready tasks as a set of numbers.
    #[inline]
    pub(crate) fn ready_numbers(&self) -> u64 {
        let table = self.table.borrow();
        let ready = table.ready.iter().filter(|task| table.is_ready(**task));
        ready.fold(0, |set, task| set | 1 << (table.number(task.index()) % MAX_NUMBERS))
    }

    /// The number of the task at a place of the ready queue.
    pub(crate) fn number_at(&self, nth: usize) -> u32 {
        let table = self.table.borrow();
        table.ready.iter().nth(nth).map_or(SET_UP, |task| table.number(task.index()))
    }

    /// A search may drop the futures of tasks that are spawned with this name from now on.
    pub(crate) fn may_drop(&self, name: &str) {
        self.drops.set(true);
        self.droppable.borrow_mut().push(Rc::from(name));
    }

    /// From now on it is a choice who wins where a time limit and a result come in one poll.
    pub(crate) fn open_ties(&self) {
        self.ties.set(true);
    }

    /// Whether the time limit `until` is over, and wins whatever has come in the same poll.
    #[cold]
    pub(crate) fn time_wins(&self, until: Instant) -> bool {
        self.ties.get() && self.now.get() >= until && self.probe.answer(2) == 1
    }

    /// The tasks whose futures a search may drop now, in the order of their places.
    pub(crate) fn droppable(&self) -> Vec<TaskId> {
        if !self.drops.get() {
            return Vec::new();
        }
        let table = self.table.borrow();
        let droppable = table.slots.iter().enumerate().filter(|(_, slot)| slot.is_droppable());
        droppable.map(|(index, slot)| TaskId::new(index as u32, slot.generation)).collect()
    }

    /// The same tasks as a set of numbers, but for those that do not fit into one.
    #[inline]
    pub(crate) fn droppable_numbers(&self) -> u64 {
        if !self.drops.get() {
            return 0;
        }
        let table = self.table.borrow();
        let droppable = table.slots.iter().enumerate().filter(|(_, slot)| slot.is_droppable());
        let numbers = droppable.map(|(index, _)| table.number(index));
        numbers.filter(|number| *number < MAX_NUMBERS).fold(0, |set, number| set | 1 << number)
    }

    /// The task of this number, if it is in the table.
    pub(crate) fn of_number(&self, number: u32) -> Option<TaskId> {
        let table = self.table.borrow();
        let is_meant = |(index, slot): (usize, &Slot)| table.number(index) == number && slot.stage != Stage::Vacant;
        let index = table.slots.iter().enumerate().position(is_meant)?;
        Some(TaskId::new(index as u32, table.slots[index].generation))
    }

    /// The numbers of the ready tasks, by their places in the ready queue, out of which it takes those that are gone.
    pub(crate) fn queue_numbers_into(&self, numbers: &mut Vec<u32>) {
        let table = &mut *self.table.borrow_mut();
        table.tidy();
        numbers.extend(table.ready.iter().map(|task| table.number(task.index())));
    }

    /// Polls the ready task of this number.
    #[inline]
    pub(crate) fn poll_number(&self, number: u32) -> Polled {
        let taken = {
            let mut table = self.table.borrow_mut();
            let table = &mut *table;
            let is_meant = |task: &TaskId| table.number(task.index()) == number && table.is_ready(*task);
            let place = table.ready.iter().position(is_meant);
            place.and_then(|place| table.take_at(place))
        };
        self.poll_taken(taken)
    }

    /// Polls the task at a place of the ready queue, which the last one in line takes then. An entry of a task that is
    /// gone is thrown away.
    #[inline]
    pub(crate) fn poll_nth(&self, nth: usize) -> Polled {
        let taken = self.table.borrow_mut().draw_at(nth);
        let Some((task, body)) = taken else { return Polled::NotReady };
        let outer = self.begin_polling();
        let polled = self.poll_noticing(task, body);
        self.end_polling(outer);
        polled
    }

    /// The length of the ready queue, in which entries of tasks that are gone count too.
    #[inline]
    pub(crate) fn queue_len(&self) -> usize {
        self.table.borrow().ready.len()
    }
}
