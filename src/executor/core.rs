//! The state of an executor, and everything that changes it.
//!
//! Two rules keep this file sound without a lock and without `unsafe`: no borrow of the table is held while foreign
//! code runs (a future, a waker, a `Drop`), and every change of a task's [`Stage`] is made here.

use core::any::Any;
use core::cell::{Cell, RefCell};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use super::line::Line;
use super::log::Log;
use super::probe::{MAX_NUMBERS, Probe, SET_UP};
use super::registry;
use super::slot::{Body, Droppable, End, Slot, Stage, boxed};
use super::timers::{TimerKey, Timers};
use super::waker::{MAX_TASKS, WakeKey};
use crate::time::Instant;
use crate::trace::{CancelReason, Ending, Event, ObjectId, Place, TaskId, Wait};

pub(crate) struct Core {
    number: usize,
    /// The generations of this executor start here, so that wakers of an earlier one of this number are stale.
    epoch: u32,
    table: RefCell<Table>,
    timers: RefCell<Timers>,
    now: Cell<Instant>,
    current: Cell<TaskId>,
    objects: Cell<u32>,
    /// Whom to tell that there is work, while nobody is running us.
    driver: RefCell<Option<Waker>>,
    driven: Cell<bool>,
    due: RefCell<Vec<Waker>>,
    closed: Cell<bool>,
    log: Log,
    probe: Rc<Probe>,
    /// The names of the tasks whose futures a search may drop.
    droppable: RefCell<Vec<Rc<str>>>,
    /// Whether there are such names.
    drops: Cell<bool>,
    /// How many permits the tasks hold.
    held: Cell<i64>,
    /// A task that panicked while nobody held its handle, and its message.
    lost_panic: RefCell<Option<(TaskId, Rc<str>)>>,
}

/// In the place of the current task while none is polled.
const NOBODY: TaskId = TaskId { index: u32::MAX, generation: 0 };

#[derive(Default)]
struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Tasks in the order in which they became ready; an entry whose task is gone is skipped.
    ready: Line,
    alive: usize,
    /// Whether a place stays its task's after the end, so that a late wake-up still finds whom it means.
    keeps_places: bool,
}

/// What a poll did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled {
    /// The task is not done yet.
    Pending,
    /// The task ended.
    Ended,
    /// The task was not ready, and nothing happened.
    NotReady,
}

impl Core {
    pub(super) fn new() -> Rc<Core> {
        registry::register(|number, epoch| Core {
            number,
            epoch,
            table: RefCell::default(),
            timers: RefCell::new(Timers::new()),
            now: Cell::new(Instant::ZERO),
            current: Cell::new(NOBODY),
            objects: Cell::new(0),
            driver: RefCell::new(None),
            driven: Cell::new(false),
            due: RefCell::new(Vec::new()),
            closed: Cell::new(false),
            log: Log::default(),
            probe: Rc::default(),
            droppable: RefCell::default(),
            drops: Cell::new(false),
            held: Cell::new(0),
            lost_panic: RefCell::default(),
        })
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// The first generation that a later executor of this number may use.
    pub(super) fn next_epoch(&self) -> u32 {
        let used = self.table.borrow().slots.iter().map(|slot| slot.generation).max().unwrap_or(0);
        self.epoch.wrapping_add(used).wrapping_add(1)
    }

    /// From now on nothing is spawned any more.
    pub(super) fn close(&self) {
        self.closed.set(true);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    pub(crate) fn probe(&self) -> &Rc<Probe> {
        &self.probe
    }

    pub(crate) fn now(&self) -> Instant {
        self.now.get()
    }

    /// The task that is being polled.
    pub(crate) fn current(&self) -> Option<TaskId> {
        Some(self.current.get()).filter(|task| *task != NOBODY)
    }

    /// The number by which a search knows the task that is being polled.
    #[inline]
    pub(crate) fn current_number(&self) -> u32 {
        self.current().map_or(SET_UP, |task| self.table.borrow().slots[task.index()].number)
    }

    pub(crate) fn alive(&self) -> usize {
        self.table.borrow().alive
    }

    pub(super) fn armed_timers(&self) -> usize {
        self.timers.borrow().len()
    }

    pub(crate) fn new_object(&self) -> ObjectId {
        let number = self.objects.get();
        self.objects.set(number + 1);
        ObjectId(number)
    }

    #[inline]
    pub(crate) fn record(&self, event: impl FnOnce() -> Event) {
        self.log.push(self.now.get(), event);
    }

    /// Records what the current task waits for.
    #[inline]
    pub(crate) fn record_wait(&self, on: impl FnOnce() -> Wait, at: Place) {
        if self.log.is_on()
            && let Some(task) = self.current()
        {
            self.record(|| Event::Waits { task, on: on(), at });
        }
    }

    // ---- spawning

    pub(super) fn spawn<F>(&self, name: Option<&str>, future: F, at: Place) -> TaskId
    where
        F: Future + 'static,
    {
        let number = if self.probe.is_on() { self.probe.spawned(self.current_number()) } else { SET_UP };
        let task = self.move_in(future, number);
        if self.drops.get()
            && name.is_some_and(|name| self.droppable.borrow().iter().any(|droppable| **droppable == *name))
        {
            self.table.borrow_mut().slots[task.index()].droppable = Droppable::OnceItWaits;
        }
        self.record(|| Event::Spawned {
            task,
            name: name.map_or_else(|| Rc::from(format!("task {task}")), Rc::from),
            by: self.current(),
            at,
        });
        self.call_driver();
        task
    }

    fn move_in<F>(&self, future: F, number: u32) -> TaskId
    where
        F: Future + 'static,
    {
        let mut table = self.table.borrow_mut();
        let table = &mut *table;
        let task = match table.free.pop() {
            Some(index) => table.move_into(index, future),
            None => table.append(future),
        };
        if number != SET_UP {
            table.slots[task.index()].number = number;
        }
        table.ready.push_back(task);
        table.alive += 1;
        task
    }

    // ---- polling

    /// The tasks that can be polled, in the order in which they became ready.
    pub(super) fn ready_into(&self, tasks: &mut Vec<TaskId>) {
        let table = self.table.borrow();
        tasks.extend(table.ready.iter().copied().filter(|task| table.is_ready(*task)));
    }

    pub(super) fn has_ready(&self) -> bool {
        let table = self.table.borrow();
        table.ready.iter().any(|task| table.is_ready(*task))
    }

    /// Polls the task that has been ready longest.
    #[inline]
    pub(super) fn poll_next(&self) -> Option<Polled> {
        let mut table = self.table.borrow_mut();
        let task = table.ready.pop_front()?;
        let slot = &mut table.slots[task.index()];
        if slot.generation != task.generation || !slot.queued || slot.stage != Stage::Alive {
            return Some(Polled::NotReady);
        }
        slot.queued = false;
        let Some(body) = slot.body.take() else { return Some(Polled::NotReady) };
        drop(table);
        Some(self.poll_body(task, body))
    }

    pub(super) fn poll(&self, task: TaskId) -> Polled {
        let taken = self.table.borrow_mut().take(task);
        match taken {
            Some(body) => self.poll_body(task, body),
            None => Polled::NotReady,
        }
    }

    #[cold]
    #[inline(never)]
    fn record_poll(&self, task: TaskId) {
        self.log.begin_step();
        self.record(|| Event::Polled { task });
    }

    #[inline]
    fn poll_body(&self, task: TaskId, mut body: Pin<Box<dyn Body>>) -> Polled {
        if self.log.is_on() {
            self.record_poll(task);
        }
        let waker = core::mem::ManuallyDrop::new(
            WakeKey::new(self.number, task.index, self.epoch.wrapping_add(task.generation)).waker(),
        );
        let outer = self.current.replace(task);
        let polled = body.as_mut().poll(&mut Context::from_waker(&waker));
        if polled.is_pending() {
            let mut table = self.table.borrow_mut();
            let slot = &mut table.slots[task.index()];
            if slot.stage == Stage::Alive {
                // The place is empty since the poll began.
                core::mem::forget(slot.body.replace(body));
                if slot.droppable == Droppable::OnceItWaits {
                    slot.droppable = Droppable::Yes;
                }
                self.current.set(outer);
                return Polled::Pending;
            }
        }
        self.finish(task, body, polled);
        self.current.set(outer);
        Polled::Ended
    }

    #[inline(never)]
    fn finish(&self, task: TaskId, mut body: Pin<Box<dyn Body>>, polled: Poll<End>) {
        let doomed = self.table.borrow().slots[task.index()].stage;
        let end = match (polled, doomed) {
            (Poll::Ready(end), _) => end,
            (Poll::Pending, Stage::Doomed(reason)) => {
                body.as_mut().clear();
                End::Cancelled(reason)
            }
            (Poll::Pending, stage) => unreachable!("a polled task is alive or doomed, not {stage:?}"),
        };
        self.end(task, body, end);
    }

    // ---- ending

    /// Drops the task's future. False when it had ended already.
    pub(crate) fn cancel(&self, task: TaskId, reason: CancelReason) -> bool {
        let body = {
            let mut table = self.table.borrow_mut();
            let Some(slot) = table.slot(task) else { return false };
            self.probe.looked(slot.number);
            if slot.stage != Stage::Alive {
                return false;
            }
            self.probe.killed(slot.number);
            match slot.body.take() {
                Some(body) => body,
                None => {
                    slot.stage = Stage::Doomed(reason);
                    return true;
                }
            }
        };
        self.drop_future(task, body, reason);
        true
    }

    /// Runs the destructors of a task's future as that task, so that what they do is seen as its doing.
    fn drop_future(&self, task: TaskId, mut body: Pin<Box<dyn Body>>, reason: CancelReason) {
        if let Some(slot) = self.table.borrow_mut().slot(task) {
            slot.stage = Stage::Doomed(reason);
        }
        let outer = self.current.replace(task);
        body.as_mut().clear();
        self.current.set(outer);
        self.end(task, body, End::Cancelled(reason));
    }

    fn end(&self, task: TaskId, body: Pin<Box<dyn Body>>, end: End) {
        self.record(|| Event::Ended { task, how: ending(end, &*body) });
        let mut body = body;
        let (watched, number) = self.table.borrow().watched(task);
        self.probe.ended(number, watched);
        if end == End::Panicked && !watched {
            self.lost_panic.replace(body.panic_message().map(|message| (task, message)));
        }
        // What nobody will ask for is dropped here, where no borrow is held; the empty box stays if it is small.
        let kept = if watched || body.as_mut().clear() { Some(body) } else { None };
        let joiner = self.table.borrow_mut().settle(task, end, kept);
        if let Some(joiner) = joiner {
            joiner.wake();
        }
    }

    /// Empties the box of a slot that was just vacated, outside of any borrow, and offers it to the next task.
    fn reuse_or_drop(&self, task: TaskId, leftover: Option<Pin<Box<dyn Body>>>) {
        let Some(mut body) = leftover else { return };
        if !body.as_mut().clear() {
            return;
        }
        let mut table = self.table.borrow_mut();
        let slot = &mut table.slots[task.index()];
        // What `clear` ran may have spawned into this slot already.
        if slot.stage == Stage::Vacant && slot.body.is_none() {
            slot.body = Some(body);
        }
    }

    /// Cancels every task, and those that are spawned by their destructors.
    pub(super) fn cancel_all(&self, reason: CancelReason) {
        loop {
            let next = {
                let table = self.table.borrow();
                let alive = |(_, slot): &(usize, &Slot)| slot.stage == Stage::Alive;
                table
                    .slots
                    .iter()
                    .enumerate()
                    .find(alive)
                    .map(|(index, slot)| TaskId { index: index as u32, generation: slot.generation })
            };
            match next {
                Some(task) => self.cancel(task, reason),
                None => return,
            };
        }
    }

    // ---- what handles ask

    /// How the task ended; none while it lives. Stores the waker in the meantime.
    pub(super) fn join<T: 'static>(&self, task: TaskId, waker: &Waker) -> Option<Result<T, Ending>> {
        let mut body = {
            let mut table = self.table.borrow_mut();
            let slot = table.slot(task).expect("a watched task keeps its slot");
            self.probe.looked(slot.number);
            let Stage::Ended(end) = slot.stage else {
                match slot.joiner.as_mut() {
                    Some(joiner) => (**joiner).clone_from(waker),
                    None => slot.joiner = Some(Box::new(waker.clone())),
                }
                return None;
            };
            let body = slot.body.take().expect("an ended task keeps its box");
            (body, end)
        };
        let (body, end) = (&mut body.0, body.1);
        let mut output = None::<T>;
        body.as_mut().take_output(&mut output as &mut dyn Any);
        Some(match output {
            Some(output) => Ok(output),
            None => Err(ending(end, &**body)),
        })
    }

    pub(super) fn is_ended(&self, task: TaskId) -> bool {
        let mut table = self.table.borrow_mut();
        let Some(slot) = table.slot(task) else { return true };
        self.probe.looked(slot.number);
        !matches!(slot.stage, Stage::Alive | Stage::Doomed(_))
    }

    /// Nobody will ask how this task ended.
    pub(super) fn unwatch(&self, task: TaskId) {
        let leftover = {
            let mut table = self.table.borrow_mut();
            let Some(slot) = table.slot(task) else { return };
            (slot.watched, slot.joiner) = (false, None);
            match slot.stage {
                Stage::Ended(_) => table.vacate(task),
                _ => None,
            }
        };
        self.reuse_or_drop(task, leftover);
    }

    // ---- waking

    #[inline(always)]
    fn wake(&self, key: WakeKey) -> Option<Waker> {
        let task = {
            let mut table = self.table.borrow_mut();
            let table = &mut *table;
            let slot = table.slots.get_mut(key.index())?;
            if !key.is_of_generation(self.epoch.wrapping_add(slot.generation)) {
                return None;
            }
            self.probe.woke(slot.number);
            if slot.queued || slot.stage != Stage::Alive {
                return None;
            }
            slot.queued = true;
            let task = TaskId { index: key.index() as u32, generation: slot.generation };
            table.ready.push_back(task);
            task
        };
        if self.log.is_on() || self.driven.get() {
            return self.announce(task);
        }
        None
    }

    #[cold]
    #[inline(never)]
    fn announce(&self, task: TaskId) -> Option<Waker> {
        self.record(|| Event::Woken { task, by: self.current() });
        self.driven.set(false);
        self.driver.take()
    }

    /// Whom to wake when a task becomes ready while nobody runs the executor.
    pub(super) fn set_driver(&self, driver: Option<&Waker>) {
        self.driven.set(driver.is_some());
        self.driver.replace(driver.cloned());
    }

    #[inline]
    fn call_driver(&self) {
        if !self.driven.get() {
            return;
        }
        let driver = self.driver.take();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Takes in the wake-ups that other threads left, and asks to be told of the next one.
    pub(super) fn collect_remote_wakes(&self, driver: &Waker) {
        registry::set_remote_driver(self.number, driver);
        registry::take_remote_wakes(self.number).into_iter().for_each(|key| {
            self.wake(key);
        });
    }

    // ---- time

    pub(super) fn arm(&self, deadline: Instant, waker: &Waker) -> TimerKey {
        self.timers.borrow_mut().arm(deadline, waker.clone())
    }

    pub(super) fn rearm(&self, timer: TimerKey, waker: &Waker) {
        self.timers.borrow_mut().rearm(timer, waker);
    }

    pub(super) fn disarm(&self, timer: TimerKey) {
        self.timers.borrow_mut().cancel(timer);
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.timers.borrow_mut().earliest()
    }

    /// Moves the clock forward and wakes whoever waited for a moment up to `now`, in order of deadlines.
    pub(crate) fn advance_to(&self, now: Instant) {
        if now > self.now.get() {
            self.now.set(now);
            self.record(|| Event::Advanced { to: now });
        }
        let mut due = self.due.take();
        self.timers.borrow_mut().fire(now, &mut due);
        due.drain(..).for_each(Waker::wake);
        self.due.replace(due);
    }

    pub(crate) fn begin_step(&self) {
        self.log.begin_step();
    }

    // ---- searching: the same executor, over and over

    /// Makes this the executor that free functions mean, until the guard is dropped.
    pub(crate) fn enter(self: &Rc<Self>) -> registry::Entered {
        registry::enter(self)
    }

    /// Begins to tell tasks and objects apart by their origin.
    pub(crate) fn start_probe(&self) {
        self.probe.start();
        self.table.borrow_mut().keeps_places = true;
    }

    /// Drops every task, and is as if new, except that boxes and places are kept.
    pub(crate) fn reset(&self) {
        self.cancel_all(CancelReason::Shutdown);
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
        self.droppable.borrow_mut().clear();
        self.drops.set(false);
        self.held.set(0);
        self.lost_panic.take();
        self.probe.begin();
    }

    /// A task took a permit, or gave one back.
    pub(crate) fn hold(&self, change: i64) {
        self.held.set(self.held.get() + change);
    }

    /// How many permits the tasks hold.
    pub(crate) fn held(&self) -> i64 {
        self.held.get()
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
        ready.fold(0, |set, task| set | 1 << (table.slots[task.index()].number % MAX_NUMBERS))
    }

    /// The number of the task at a place of the ready queue.
    pub(crate) fn number_at(&self, nth: usize) -> u32 {
        let table = self.table.borrow();
        table.ready.iter().nth(nth).map_or(SET_UP, |task| table.slots[task.index()].number)
    }

    /// A search may drop the futures of tasks that are spawned with this name from now on.
    pub(crate) fn may_drop(&self, name: &str) {
        self.drops.set(true);
        self.droppable.borrow_mut().push(Rc::from(name));
    }

    /// The tasks whose futures a search may drop now, in the order of their places.
    pub(crate) fn droppable(&self) -> Vec<TaskId> {
        if !self.drops.get() {
            return Vec::new();
        }
        let table = self.table.borrow();
        let may_drop = |(_, slot): &(usize, &Slot)| slot.droppable == Droppable::Yes && slot.stage == Stage::Alive;
        let droppable = table.slots.iter().enumerate().filter(may_drop);
        droppable.map(|(index, slot)| TaskId { index: index as u32, generation: slot.generation }).collect()
    }

    /// The same tasks as a set of numbers.
    #[inline]
    pub(crate) fn droppable_numbers(&self) -> u64 {
        if !self.drops.get() {
            return 0;
        }
        let table = self.table.borrow();
        let may_drop = |slot: &&Slot| slot.droppable == Droppable::Yes && slot.stage == Stage::Alive;
        table.slots.iter().filter(may_drop).fold(0, |set, slot| set | 1 << (slot.number % MAX_NUMBERS))
    }

    /// The task of this number, if it is in the table.
    pub(crate) fn of_number(&self, number: u32) -> Option<TaskId> {
        let table = self.table.borrow();
        let index = table.slots.iter().position(|slot| slot.number == number && slot.stage != Stage::Vacant)?;
        Some(TaskId { index: index as u32, generation: table.slots[index].generation })
    }

    /// The numbers of the ready tasks, in the order in which they became ready.
    pub(crate) fn queue_numbers_into(&self, numbers: &mut Vec<u32>) {
        let table = self.table.borrow();
        let ready = table.ready.iter().filter(|task| table.is_ready(**task));
        numbers.extend(ready.map(|task| table.slots[task.index()].number));
    }

    /// Polls the ready task of this number.
    #[inline]
    pub(crate) fn poll_number(&self, number: u32) -> Polled {
        let taken = {
            let mut table = self.table.borrow_mut();
            let table = &mut *table;
            let is_meant = |task: &TaskId| table.slots[task.index()].number == number && table.is_ready(*task);
            let place = table.ready.iter().position(is_meant);
            place.and_then(|place| table.take_at(place))
        };
        match taken {
            Some((task, body)) => self.poll_body(task, body),
            None => Polled::NotReady,
        }
    }

    /// Polls the task that has been ready longest but `nth`; entries of tasks that are gone are thrown away.
    #[inline]
    pub(crate) fn poll_nth(&self, nth: usize) -> Polled {
        let taken = self.table.borrow_mut().take_at(nth);
        match taken {
            Some((task, body)) => self.poll_body(task, body),
            None => Polled::NotReady,
        }
    }

    /// The length of the ready queue, in which entries of tasks that are gone count too.
    #[inline]
    pub(crate) fn queue_len(&self) -> usize {
        self.table.borrow().ready.len()
    }
}

impl Table {
    fn is_ready(&self, task: TaskId) -> bool {
        let slot = &self.slots[task.index()];
        slot.generation == task.generation && slot.queued && slot.stage == Stage::Alive
    }

    fn slot(&mut self, task: TaskId) -> Option<&mut Slot> {
        self.slots.get_mut(task.index()).filter(|slot| slot.generation == task.generation)
    }

    fn take(&mut self, task: TaskId) -> Option<Pin<Box<dyn Body>>> {
        let place = self.ready.iter().position(|ready| *ready == task)?;
        if !self.is_ready(task) {
            return None;
        }
        self.ready.remove(place);
        let slot = &mut self.slots[task.index()];
        slot.queued = false;
        slot.body.take()
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
        self.slots.push(Slot { body, stage: Stage::Alive, queued: true, watched: true, ..Slot::vacant() });
        TaskId { index: index as u32, generation: 0 }
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
        (slot.stage, slot.queued, slot.watched) = (Stage::Alive, true, true);
        slot.droppable = Droppable::No;
        TaskId { index, generation: slot.generation }
    }

    /// Writes down how a task ended; its place is free again unless a handle may still ask.
    fn settle(&mut self, task: TaskId, end: End, body: Option<Pin<Box<dyn Body>>>) -> Option<Box<Waker>> {
        self.alive -= 1;
        let slot = &mut self.slots[task.index()];
        slot.body = body;
        if slot.watched {
            slot.stage = Stage::Ended(end);
        } else {
            slot.stage = Stage::Vacant;
            if !self.keeps_places {
                slot.generation = slot.generation.wrapping_add(1);
                self.free.push(task.index);
            }
        }
        slot.joiner.take()
    }

    #[inline]
    fn take_at(&mut self, place: usize) -> Option<(TaskId, Pin<Box<dyn Body>>)> {
        let task = *self.ready.iter().nth(place)?;
        self.ready.remove(place);
        if !self.is_ready(task) {
            return None;
        }
        let slot = &mut self.slots[task.index()];
        slot.queued = false;
        slot.body.take().map(|body| (task, body))
    }

    fn watched(&self, task: TaskId) -> (bool, u32) {
        let slot = &self.slots[task.index()];
        (slot.watched, slot.number)
    }

    /// Makes a place vacant and takes its box; none behind the last place.
    fn empty(&mut self, index: usize) -> Option<Option<Pin<Box<dyn Body>>>> {
        let slot = self.slots.get_mut(index)?;
        if slot.stage == Stage::Vacant && slot.number == SET_UP {
            return Some(None);
        }
        let full = slot.stage != Stage::Vacant;
        (slot.stage, slot.queued, slot.watched, slot.number) = (Stage::Vacant, false, false, SET_UP);
        slot.generation = slot.generation.wrapping_add(1);
        slot.joiner = None;
        Some(if full { slot.body.take() } else { None })
    }

    fn vacate(&mut self, task: TaskId) -> Option<Pin<Box<dyn Body>>> {
        let slot = &mut self.slots[task.index()];
        slot.stage = Stage::Vacant;
        let body = slot.body.take();
        if !self.keeps_places {
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(task.index);
        }
        body
    }
}

fn ending(end: End, body: &dyn Body) -> Ending {
    match end {
        End::Returned => Ending::Returned,
        End::Panicked => Ending::Panicked(body.panic_message().unwrap_or_else(|| Rc::from(""))),
        End::Cancelled(reason) => Ending::Cancelled(reason),
    }
}

/// Wakes the task of `key`, wherever its executor lives.
#[inline]
pub(super) fn wake(key: WakeKey) {
    match registry::with_local(key.executor(), |core| core.wake(key)) {
        Some(None) => {}
        Some(Some(driver)) => driver.wake(),
        None => registry::wake_remotely(key),
    }
}
