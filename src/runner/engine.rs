//! The state of a runner, and the rule by which it is changed: no foreign code runs while it is borrowed.
//!
//! What a change causes, such as a wake-up or the drop of somebody's value, is noted as an [`Effects`] and done when
//! the borrow has ended.

use core::cell::{Cell, RefCell};
use core::task::Waker;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::admit::{Answer, Parked};
use super::agenda::Agenda;
use super::body::BoxedBody;
use super::builder::Settings;
use super::clerk::Clerk;
use super::events::{EventLog, What};
use super::pool::Pool;
use super::queue::Queue;
use super::rate::Rate;
use super::record::{JobId, TaskRecord};
use super::shutdown::{Life, ShutdownReport};
use super::stats::Counters;
use super::status::Step;
use super::table::{Key, Table};
use super::worker::Worker;
use crate::executor::{Core, spawn_on};
use crate::sync::CancelToken;
use crate::sync::object::Object;
use crate::sync::waiters::Waiters;
use crate::time::Instant;
use crate::trace::CancelReason;

pub(super) struct Engine {
    pub(super) core: Rc<Core>,
    pub(super) settings: Rc<Settings>,
    state: RefCell<State>,
    /// The job that is being polled.
    pub(super) current: Cell<Option<Key>>,
    /// That job began to wait for its own runner.
    pub(super) waits_inside: Cell<bool>,
    pub(super) queue_face: Object,
    pub(super) place_face: Object,
    pub(super) result_face: Object,
}

pub(super) struct State {
    core: Rc<Core>,
    pub(super) settings: Rc<Settings>,
    pub(super) life: Life,
    pub(super) table: Table,
    pub(super) next_id: u64,
    pub(super) queue: Queue,
    pub(super) tickets: u64,
    /// Jobs in front of a full queue, by ticket, and what became of those whose submitters do not know yet.
    pub(super) parked: BTreeMap<u64, Parked>,
    pub(super) answers: BTreeMap<u64, Answer>,
    pub(super) pool: Pool,
    pub(super) agenda: Agenda,
    pub(super) rate: Option<Rate>,
    pub(super) lanes: BTreeMap<Rc<str>, usize>,
    pub(super) keys: BTreeMap<Rc<str>, Key>,
    pub(super) finished: VecDeque<Key>,
    pub(super) dead: VecDeque<Key>,
    pub(super) report: ShutdownReport,
    pub(super) counters: Counters,
    pub(super) events: EventLog,
    pub(super) on_idle: Waiters,
    pub(super) on_empty: Waiters,
    pub(super) on_gone: Waiters,
    pub(super) spares: Vec<BoxedBody>,
    pub(super) effects: Effects,
}

/// What is to be done when nothing is borrowed.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) pending: bool,
    wakes: Vec<Waker>,
    garbage: Vec<BoxedBody>,
    tokens: Vec<(CancelToken, CancelReason)>,
    workers: Vec<u32>,
    clerk: bool,
    saves: Vec<TaskRecord>,
    removals: Vec<JobId>,
}

/// How many empty boxes are kept for the next jobs.
const SPARES: usize = 64;

impl Engine {
    pub(super) fn new(core: Rc<Core>, settings: Settings) -> Rc<Self> {
        let settings = Rc::new(settings);
        let state = State::new(core.clone(), settings.clone());
        Rc::new(Engine {
            core,
            settings,
            state: RefCell::new(state),
            current: Cell::new(None),
            waits_inside: Cell::new(false),
            queue_face: Object::new("the runner's queue"),
            place_face: Object::new("a place in the queue"),
            result_face: Object::new("a job's result"),
        })
    }

    /// Changes the state, and then does what that caused.
    #[inline]
    pub(super) fn change<R>(self: &Rc<Self>, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.state.borrow_mut();
        let result = change(&mut state);
        if state.effects.pending {
            drop(state);
            self.take_effect();
        }
        result
    }

    /// Looks at the state. What `look` does must be nobody else's code.
    #[inline]
    pub(super) fn look<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        look(&self.state.borrow())
    }

    fn take_effect(self: &Rc<Self>) {
        loop {
            let mut effects = core::mem::take(&mut self.state.borrow_mut().effects);
            if !effects.pending {
                return;
            }
            self.save(&mut effects);
            for (token, reason) in effects.tokens.drain(..) {
                token.cancel(reason);
            }
            for number in effects.workers.drain(..) {
                spawn_on(&self.core, &format!("worker {number}"), Worker::new(self.clone(), number));
            }
            if core::mem::take(&mut effects.clerk) {
                spawn_on(&self.core, "clerk", Clerk::new(self.clone()));
            }
            effects.wakes.drain(..).for_each(Waker::wake);
            for mut body in effects.garbage.drain(..) {
                body.as_mut().clear();
                self.state.borrow_mut().keep_box(body);
            }
            effects.pending = false;
            let mut state = self.state.borrow_mut();
            if !state.effects.pending {
                state.effects = effects;
                return;
            }
        }
    }

    fn save(&self, effects: &mut Effects) {
        let Some(store) = &self.settings.store else { return };
        let mut failures = 0;
        for record in effects.saves.drain(..) {
            failures += u64::from(store.put(&record).is_err());
        }
        for id in effects.removals.drain(..) {
            failures += u64::from(store.remove(id).is_err());
        }
        self.state.borrow_mut().counters.store_failures += failures;
    }

    #[inline]
    pub(super) fn now(&self) -> Instant {
        self.core.now()
    }
}

impl State {
    fn new(core: Rc<Core>, settings: Rc<Settings>) -> Self {
        State {
            core,
            life: Life::Open,
            table: Table::new(),
            next_id: 1,
            queue: Queue::new(),
            tickets: 0,
            parked: BTreeMap::new(),
            answers: BTreeMap::new(),
            pool: Pool::new(settings.workers),
            agenda: Agenda::default(),
            rate: settings.rate.map(Rate::new),
            lanes: BTreeMap::new(),
            keys: BTreeMap::new(),
            finished: VecDeque::new(),
            dead: VecDeque::new(),
            report: ShutdownReport::default(),
            counters: Counters::new(),
            events: EventLog::default(),
            on_idle: Waiters::default(),
            on_empty: Waiters::default(),
            on_gone: Waiters::default(),
            spares: Vec::new(),
            effects: Effects::default(),
            settings,
        }
    }

    #[inline]
    pub(super) fn now(&self) -> Instant {
        self.core.now()
    }

    /// Moves a job to its next status, and tells everybody who keeps books.
    #[inline]
    pub(super) fn step(&mut self, slot: u32, step: Step) {
        let now = self.core.now();
        let job = &mut self.table[slot];
        let from = job.status;
        let to = from.after(step);
        (job.status, job.updated) = (to, now);
        self.counters.moved(from, to);
        self.remember(slot, now);
        self.events.count();
        if self.events.is_wanted() {
            let (job, attempt) = (self.table[slot].id, self.table[slot].attempt);
            self.emit(What::Moved { job, from: Some(from), to, attempt });
        }
    }

    /// Notes the status of a job in its history and in the store.
    #[inline]
    fn remember(&mut self, slot: u32, now: Instant) {
        self.table[slot].remember(now);
        // What ended is saved when its text is known; see `settle_status`.
        if self.settings.store.is_some() && !self.table[slot].status.is_terminal() {
            self.save(slot);
        }
    }

    pub(super) fn save(&mut self, slot: u32) {
        let record = self.table[slot].record();
        self.effects.pending = true;
        self.effects.saves.push(record);
    }

    pub(super) fn unsave(&mut self, id: JobId) {
        if self.settings.store.is_some() {
            self.effects.pending = true;
            self.effects.removals.push(id);
        }
    }

    #[inline]
    pub(super) fn emit(&mut self, what: What) {
        let now = self.core.now();
        let wakes = &mut self.effects.wakes;
        self.events.push(now, what, wakes);
        self.effects.pending |= !wakes.is_empty();
    }

    // ---- effects

    #[inline]
    pub(super) fn wake(&mut self, waker: Option<Waker>) {
        if let Some(waker) = waker {
            self.effects.pending = true;
            self.effects.wakes.push(waker);
        }
    }

    /// Serves everybody in a line.
    #[inline]
    pub(super) fn serve_all(&mut self, line: impl Fn(&mut State) -> &mut Waiters) {
        while let Some(waker) = line(self).serve_first() {
            self.wake(Some(waker));
        }
    }

    #[inline]
    pub(super) fn discard(&mut self, body: BoxedBody) {
        self.effects.pending = true;
        self.effects.garbage.push(body);
    }

    pub(super) fn fire(&mut self, token: CancelToken, reason: CancelReason) {
        self.effects.pending = true;
        self.effects.tokens.push((token, reason));
    }

    pub(super) fn spawn_worker(&mut self, number: u32) {
        self.effects.pending = true;
        self.effects.workers.push(number);
    }

    pub(super) fn spawn_clerk(&mut self) {
        self.effects.pending = true;
        self.effects.clerk = true;
    }

    fn keep_box(&mut self, body: BoxedBody) {
        if body.is_small() && self.spares.len() < SPARES {
            self.spares.push(body);
        }
    }
}
