//! The state of an executor: spawning, and the clock.
//!
//! How a task is polled stands in `poll.rs`, how it ends in `end.rs`, how it is woken in `wake.rs`, what a search of
//! schedules asks for in `search.rs`, and what is known of a task in `table.rs`. Two rules keep these files sound without
//! a lock and without `unsafe`: no borrow of the table is held while foreign code runs (a future, a waker, a `Drop`), and
//! every change of a task's stage is made there.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::task::Waker;
use std::rc::Rc;

use super::log::Log;
use super::probe::{Probe, SET_UP};
use super::registry;
use super::table::Table;
use super::timers::{Sleeper, Ticket, Timers};
use super::wake;
use super::waker::WakeKey;
use crate::time::Instant;
use crate::trace::{Event, ObjectId, Place, TaskId, Wait};

pub(crate) struct Core {
    pub(super) number: usize,
    /// The generations of this executor start here, so that wakers of an earlier one of this number are stale.
    epoch: u32,
    /// The key of the first task. The others are told by their distance from it, which is an addition.
    pub(super) first_key: WakeKey,
    pub(super) table: RefCell<Table>,
    pub(super) timers: RefCell<Timers>,
    pub(super) now: Cell<Instant>,
    pub(super) current: Cell<TaskId>,
    pub(super) objects: Cell<u32>,
    /// How many numbers were given.
    pub(super) given: Cell<u64>,
    /// Whom to tell that there is work, while nobody is running us.
    pub(super) driver: RefCell<Option<Waker>>,
    pub(super) driven: Cell<bool>,
    due: RefCell<Vec<Sleeper>>,
    closed: Cell<bool>,
    /// Whether anybody records, searches, or asked for lints.
    pub(super) attended: Cell<bool>,
    log: Log,
    pub(super) probe: Rc<Probe>,
    /// The names of the tasks whose futures a search may drop.
    pub(super) droppable: RefCell<Vec<Rc<str>>>,
    /// Whether there are such names.
    pub(super) drops: Cell<bool>,
    /// Whether a time limit may win against a result of the same poll.
    pub(super) ties: Cell<bool>,
    /// A task that panicked while nobody held its handle, and its message.
    pub(super) lost_panic: RefCell<Option<(TaskId, Rc<str>)>>,
}

/// In the place of the current task while none is polled.
pub(super) const NOBODY: TaskId = TaskId::new(u32::MAX, 0);

impl Core {
    pub(super) fn new() -> Rc<Core> {
        registry::register(|number, epoch| Core {
            number,
            epoch,
            first_key: WakeKey::new(number, epoch),
            table: RefCell::default(),
            timers: RefCell::new(Timers::new()),
            now: Cell::new(Instant::ZERO),
            current: Cell::new(NOBODY),
            objects: Cell::new(0),
            given: Cell::new(0),
            driver: RefCell::new(None),
            driven: Cell::new(false),
            due: RefCell::new(Vec::new()),
            closed: Cell::new(false),
            attended: Cell::new(false),
            log: Log::default(),
            probe: Rc::default(),
            droppable: RefCell::default(),
            drops: Cell::new(false),
            ties: Cell::new(false),
            lost_panic: RefCell::default(),
        })
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// What the wakers of a task carry.
    #[inline]
    pub(super) fn key_of(&self, task: TaskId) -> WakeKey {
        self.first_key.of(task)
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
        self.current().map_or(SET_UP, |task| self.table.borrow().number(task.index()))
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

    /// A number that this executor has not given before. Whoever asks depends on all who asked before.
    pub(crate) fn give_number(&self) -> u64 {
        self.probe.gave_number();
        self.given.replace(self.given.get() + 1)
    }

    #[inline]
    pub(super) fn is_recorded(&self) -> bool {
        self.log.is_on()
    }

    /// Records what `event` makes, if anybody listens.
    #[inline]
    pub(crate) fn record(&self, event: impl FnOnce() -> Event) {
        if self.log.is_on() {
            self.record_now(event);
        }
    }

    #[cold]
    #[inline(never)]
    fn record_now(&self, event: impl FnOnce() -> Event) {
        // That the polled task woke itself came first.
        wake::catch_up();
        self.log.push(self.now.get(), event());
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

    /// How many events were recorded so far.
    #[inline]
    pub(crate) fn recorded(&self) -> usize {
        self.log.len()
    }

    /// Takes back the waits that were recorded since there were so many events.
    pub(crate) fn retract_waits(&self, from: usize) {
        if self.log.is_on() {
            wake::catch_up();
            self.log.retract_waits(from);
        }
    }

    pub(super) fn spawn<F>(&self, name: Option<&str>, future: F, at: Place) -> TaskId
    where
        F: Future + 'static,
    {
        wake::catch_up();
        let task = self.table.borrow_mut().move_in(future);
        if self.is_attended() {
            self.tell_spawn(task, name, at);
        }
        self.call_driver();
        task
    }

    /// Tells whoever attends of a new task.
    #[inline(never)]
    fn tell_spawn(&self, task: TaskId, name: Option<&str>, at: Place) {
        let number = self.probe.spawned(self.current_number());
        if number != SET_UP {
            self.table.borrow_mut().set_number(task.index(), number);
        }
        self.watch_spawn(task, at);
        if self.drops.get()
            && name.is_some_and(|name| self.droppable.borrow().iter().any(|droppable| **droppable == *name))
        {
            self.table.borrow_mut().slots[task.index()].droppable = true;
        }
        self.record(|| Event::Spawned {
            task,
            name: name.map_or_else(|| Rc::from(format!("task {task}")), Rc::from),
            by: self.current(),
            at,
        });
    }

    pub(super) fn arm(&self, deadline: Instant, waker: &Waker) -> Ticket {
        self.timers.borrow_mut().arm(deadline, waker)
    }

    pub(super) fn rearm(&self, timer: Ticket, waker: &Waker) {
        self.timers.borrow_mut().rearm(timer, waker);
    }

    pub(super) fn disarm(&self, deadline: Instant, timer: Ticket) {
        // What is due has fired before anybody could drop it.
        if deadline > self.now() {
            self.timers.borrow_mut().cancel(deadline, timer);
        }
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
        self.table.borrow().look_at(&due);
        self.wake_all(due.drain(..));
        self.due.replace(due);
        if self.is_attended() {
            self.watch_suspects();
        }
    }

    pub(crate) fn begin_step(&self) {
        self.log.begin_step();
    }
}
