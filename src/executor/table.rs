//! The tasks of an executor: their slots, which of these are free, and who is ready.

use core::future::Future;
use core::hint::black_box;
use core::mem;
use core::pin::Pin;
use core::task::Waker;

use super::line::Line;
use super::probe::SET_UP;
use super::slot::{Body, End, Slot, Stage, boxed};
use super::timers::Sleeper;
use super::waker::{MAX_TASKS, WakeKey};
use crate::overwrite::overwrite;
use crate::trace::TaskId;

#[derive(Default)]
pub(super) struct Table {
    pub(super) slots: Vec<Slot>,
    /// The numbers by which a search knows the tasks, by their places. Empty unless somebody searches, so that a slot
    /// need not carry what nobody asks for.
    numbers: Vec<u32>,
    /// Who waits for the end of a task, by its place: for most of them nobody does, and a slot need not carry that.
    joiners: Vec<Option<Box<Waker>>>,
    pub(super) free: Vec<u32>,
    /// Tasks in the order in which they became ready; an entry whose task is gone is skipped.
    pub(super) ready: Line,
    pub(super) alive: usize,
    /// Whether a place stays its task's after the end, so that a late wake-up still finds whom it means.
    pub(super) keeps_places: bool,
}

impl Table {
    pub(super) fn is_ready(&self, task: TaskId) -> bool {
        let slot = &self.slots[task.index()];
        slot.generation == task.generation() && slot.stage.is_in_line()
    }

    /// Whether the task waits for somebody to wake it.
    pub(super) fn is_waiting(&self, task: TaskId) -> bool {
        let is_meant = |slot: &&Slot| slot.generation == task.generation();
        self.slots.get(task.index()).filter(is_meant).is_some_and(|slot| slot.stage == Stage::Waiting)
    }

    /// The task in a place.
    #[inline]
    pub(super) fn task_at(&self, index: usize) -> Option<TaskId> {
        let slot = self.slots.get(index)?;
        Some(TaskId::new(index as u32, slot.generation))
    }

    /// The first task that is alive, from this place on.
    pub(super) fn alive_from(&self, index: usize) -> Option<TaskId> {
        let place = self.slots.get(index..)?.iter().position(|slot| slot.stage.is_alive())?;
        self.task_at(index + place)
    }

    /// The number by which a search knows the task in this place.
    #[inline]
    pub(super) fn number(&self, index: usize) -> u32 {
        self.numbers.get(index).copied().unwrap_or(SET_UP)
    }

    pub(super) fn set_number(&mut self, index: usize, number: u32) {
        if index >= self.numbers.len() {
            self.numbers.resize(index + 1, SET_UP);
        }
        self.numbers[index] = number;
    }

    pub(super) fn slot(&mut self, task: TaskId) -> Option<&mut Slot> {
        self.slots.get_mut(task.index()).filter(|slot| slot.generation == task.generation())
    }

    /// Takes a task out of the line, and its box out of its slot, for a poll.
    pub(super) fn take(&mut self, task: TaskId) -> Option<Pin<Box<dyn Body>>> {
        let place = self.ready.iter().position(|ready| *ready == task)?;
        if !self.is_ready(task) {
            return None;
        }
        self.ready.remove(place);
        self.begin_poll(task)
    }

    /// The task that a key means, if `first` is that of the first task and its place was not given to another.
    #[inline]
    pub(super) fn task_of(&self, first: WakeKey, key: WakeKey) -> Option<TaskId> {
        self.task_at(key.index()).filter(|task| first.of(*task) == key)
    }

    /// Puts the task that a key means in line; none when it stands there already, or has ended.
    #[inline]
    pub(super) fn wake(&mut self, first: WakeKey, key: WakeKey) -> Option<TaskId> {
        let task = self.task_of(first, key)?;
        let slot = &mut self.slots[task.index()];
        slot.stage = match slot.stage {
            Stage::Waiting => Stage::Ready,
            Stage::Polled => Stage::Woken,
            _ => return None,
        };
        self.ready.push_back(task);
        Some(task)
    }

    /// Looks in passing at the boxes of those who are about to be woken: the memory of all of them is then fetched at
    /// once, where every poll would wait for that of its own.
    pub(super) fn look_at(&self, sleepers: &[Sleeper]) {
        for sleeper in sleepers {
            if let Sleeper::Task(key) = sleeper
                && let Some(body) = self.slots.get(key.index()).and_then(|slot| slot.body.as_ref())
            {
                black_box(body.is_running());
            }
        }
    }

    /// Takes the box of a task that has just left the line; none when it is gone or is being polled already.
    #[inline]
    pub(super) fn begin_poll(&mut self, task: TaskId) -> Option<Pin<Box<dyn Body>>> {
        let slot = &mut self.slots[task.index()];
        if slot.generation != task.generation() || !slot.stage.is_in_line() {
            return None;
        }
        slot.stage = Stage::Polled;
        slot.body.take()
    }

    /// Gives the box back after a poll that left its task pending, or to the caller when the task was cancelled
    /// meanwhile. Whoever is `awake` woke itself and is not in line yet.
    #[inline]
    pub(super) fn end_poll(
        &mut self,
        task: TaskId,
        body: Pin<Box<dyn Body>>,
        awake: bool,
    ) -> Result<(), Pin<Box<dyn Body>>> {
        let slot = &mut self.slots[task.index()];
        slot.stage = match slot.stage {
            Stage::Polled if awake => {
                self.ready.push_back(task);
                Stage::Ready
            }
            Stage::Polled => Stage::Waiting,
            Stage::Woken => Stage::Ready,
            _ => return Err(body),
        };
        overwrite(&mut slot.body, Some(body));
        Ok(())
    }

    /// A new task, which is ready.
    #[inline]
    pub(super) fn move_in<F>(&mut self, future: F) -> TaskId
    where
        F: Future + 'static,
    {
        let task = match self.free.pop() {
            Some(index) => self.move_into(index, future),
            None => self.append(future),
        };
        self.ready.push_back(task);
        self.alive += 1;
        task
    }

    #[inline]
    fn append<F>(&mut self, future: F) -> TaskId
    where
        F: Future + 'static,
    {
        let index = self.slots.len();
        assert!(index < MAX_TASKS, "an executor holds at most {MAX_TASKS} tasks at a time");
        let body = Some(boxed(future));
        // Room first, so that the slot is written to its place, and not to the stack and then copied.
        self.slots.reserve(1);
        self.slots.push(Slot { body, stage: Stage::New, watched: true, ..Slot::vacant() });
        TaskId::new(index as u32, 0)
    }

    fn move_into<F>(&mut self, index: u32, future: F) -> TaskId
    where
        F: Future + 'static,
    {
        let slot = &mut self.slots[index as usize];
        // A vacant slot's box is empty, so nothing is dropped here that could run foreign code.
        match slot.body.as_mut() {
            None => slot.body = Some(boxed(future)),
            Some(body) => {
                let mut future = Some(future);
                if !body.as_mut().refill(&mut future) {
                    slot.body = future.map(boxed);
                }
            }
        }
        (slot.stage, slot.watched) = (Stage::New, true);
        slot.droppable = false;
        TaskId::new(index, slot.generation)
    }

    /// Who waits for the end of the task in this place.
    pub(super) fn joiner(&mut self, index: usize) -> &mut Option<Box<Waker>> {
        if index >= self.joiners.len() {
            self.joiners.resize_with(index + 1, || None);
        }
        &mut self.joiners[index]
    }

    #[inline]
    pub(super) fn take_joiner(&mut self, index: usize) -> Option<Box<Waker>> {
        self.joiners.get_mut(index)?.take()
    }

    /// Writes down how a task ended; its place is free again unless a handle may still ask.
    pub(super) fn settle(&mut self, task: TaskId, end: End, body: Option<Pin<Box<dyn Body>>>) -> Option<Box<Waker>> {
        self.alive -= 1;
        let slot = &mut self.slots[task.index()];
        overwrite(&mut slot.body, body);
        if slot.watched {
            slot.stage = Stage::Ended(end);
        } else {
            self.free_place(task.index());
        }
        self.take_joiner(task.index())
    }

    /// Takes a task out of the line, in which the last one moves to its place.
    #[inline]
    pub(super) fn draw_at(&mut self, place: usize) -> Option<(TaskId, Pin<Box<dyn Body>>)> {
        let task = self.ready.swap_remove(place)?;
        self.begin_poll(task).map(|body| (task, body))
    }

    #[inline]
    pub(super) fn take_at(&mut self, place: usize) -> Option<(TaskId, Pin<Box<dyn Body>>)> {
        let task = self.ready.remove(place)?;
        self.begin_poll(task).map(|body| (task, body))
    }

    /// Takes tasks that are gone out of the line.
    pub(super) fn tidy(&mut self) {
        let slots = &self.slots;
        self.ready.retain(|task| {
            let slot = &slots[task.index()];
            slot.generation == task.generation() && slot.stage.is_in_line()
        });
    }

    #[inline]
    pub(super) fn is_watched(&self, task: TaskId) -> bool {
        self.slots[task.index()].watched
    }

    /// Nobody will ask how this task ended. True when that leaves something behind: its box, or who waits for it.
    #[inline]
    pub(super) fn unwatch(&mut self, task: TaskId) -> bool {
        let Some(slot) = self.slot(task) else { return false };
        slot.watched = false;
        matches!(slot.stage, Stage::Ended(_)) || self.joiners.get(task.index()).is_some_and(Option::is_some)
    }

    /// Makes a place vacant and takes its box; none behind the last place.
    pub(super) fn empty(&mut self, index: usize) -> Option<Option<Pin<Box<dyn Body>>>> {
        let number = self.numbers.get_mut(index).map(|number| mem::replace(number, SET_UP));
        let slot = self.slots.get_mut(index)?;
        if slot.stage == Stage::Vacant && number.unwrap_or(SET_UP) == SET_UP {
            return Some(None);
        }
        let full = slot.stage != Stage::Vacant;
        (slot.stage, slot.watched) = (Stage::Vacant, false);
        slot.generation = slot.generation.wrapping_add(1);
        let body = if full { slot.body.take() } else { None };
        self.take_joiner(index);
        Some(body)
    }

    /// Makes the place of a task vacant if it has ended, and takes its box.
    pub(super) fn vacate(&mut self, task: TaskId) -> Option<Pin<Box<dyn Body>>> {
        let slot = &mut self.slots[task.index()];
        if !matches!(slot.stage, Stage::Ended(_)) {
            return None;
        }
        let body = slot.body.take();
        self.free_place(task.index());
        body
    }

    /// The next task may have this place, unless places are kept.
    #[inline]
    fn free_place(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        slot.stage = Stage::Vacant;
        if !self.keeps_places {
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(index as u32);
        }
    }
}
