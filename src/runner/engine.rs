//! The state of a runner, and the rule by which it is changed: no foreign code runs while it is borrowed.
//!
//! What a change causes, such as a wake-up or the drop of somebody's value, is noted as an [`Effects`] and done when
//! the borrow has ended.

use core::cell::{Cell, RefCell};
use core::num::NonZeroUsize;
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
use super::status::{Step, TaskStatus};
use super::submit::SubmitPolicy;
use super::table::{Key, Table};
use super::tickets::ByTicket;
use super::worker::Worker;
use crate::executor::{Core, spawn_on};
use crate::sync::CancelToken;
use crate::sync::object::Object;
use crate::sync::waiters::Waiters;
use crate::time::Instant;
use crate::trace::{CancelReason, Place};

pub struct Engine {
    pub(super) core: Rc<Core>,
    pub(super) settings: Rc<Settings>,
    /// Where its tasks are said to be, since they stand for what is written there.
    pub(super) built_at: Place,
    state: RefCell<State>,
    /// Whoever was polled last began to wait for this runner.
    pub(super) waits_inside: Cell<bool>,
    pub(super) queue_face: Object,
    pub(super) place_face: Object,
    pub(super) result_face: Object,
    pub(super) end_face: Object,
}

pub(super) struct State {
    core: Rc<Core>,
    pub(super) settings: Rc<Settings>,
    pub(super) life: Life,
    pub(super) table: Table,
    pub(super) next_id: u64,
    pub(super) queue: Queue,
    pub(super) capacity: Option<NonZeroUsize>,
    pub(super) policy: SubmitPolicy,
    pub(super) tickets: u64,
    /// Jobs in front of a full queue, by ticket, and what became of those whose submitters do not know yet.
    pub(super) parked: ByTicket<Parked>,
    pub(super) answers: ByTicket<Answer>,
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
    pending: bool,
    wakes: VecDeque<Waker>,
    rare: VecDeque<Effect>,
}

enum Effect {
    Wake(Waker),
    Discard(BoxedBody),
    Fire(CancelToken, CancelReason),
    Worker(u32),
    Clerk,
    Store(StoreLine),
}

enum StoreLine {
    Put(TaskRecord),
    Remove(JobId),
}

/// How many empty boxes are kept for the next jobs.
const SPARES: usize = 64;
/// Boxes above this size are given back when their job is forgotten.
const KEEP_BYTES: usize = 1024;

impl Engine {
    pub(super) fn new(core: Rc<Core>, settings: Settings, built_at: Place) -> Rc<Self> {
        let settings = Rc::new(settings);
        let state = State::new(core.clone(), settings.clone());
        Rc::new(Engine {
            core,
            settings,
            built_at,
            state: RefCell::new(state),
            waits_inside: Cell::new(false),
            queue_face: Object::new("the runner's queue"),
            place_face: Object::new("a place in the queue"),
            result_face: Object::new("a job's result"),
            end_face: Object::new("the runner's end"),
        })
    }

    /// Changes the state, and then does what that caused.
    #[inline]
    pub(super) fn change<R>(self: &Rc<Self>, change: impl FnOnce(&mut State) -> R) -> R {
        self.queue_face.write();
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
        self.queue_face.read();
        look(&self.state.borrow())
    }

    /// Does what changes caused, one thing at a time, since each of them may cause more.
    fn take_effect(self: &Rc<Self>) {
        while let Some(effect) = self.next_effect() {
            match effect {
                Effect::Wake(waker) => waker.wake(),
                Effect::Discard(body) => self.discard(body),
                Effect::Fire(token, reason) => {
                    token.cancel(reason);
                }
                Effect::Worker(number) => {
                    let name = format!("worker-{}", number + 1);
                    spawn_on(&self.core, &name, self.built_at, Worker::new(self.clone(), number));
                }
                Effect::Clerk => spawn_on(&self.core, "clerk", self.built_at, Clerk::new(self.clone())),
                Effect::Store(line) => self.store(line),
            }
        }
    }

    /// The store first, so that nobody is told what could still be lost.
    #[inline]
    fn next_effect(&self) -> Option<Effect> {
        let effects = &mut self.state.borrow_mut().effects;
        if effects.rare.is_empty()
            && let Some(waker) = effects.wakes.pop_front()
        {
            effects.pending = !effects.wakes.is_empty();
            return Some(Effect::Wake(waker));
        }
        let effect = effects.rare.pop_front();
        effects.pending = effect.is_some();
        effect
    }

    /// Drops what is in a body, and keeps the box for the next job.
    #[inline]
    pub(super) fn discard(&self, mut body: BoxedBody) {
        body.as_mut().clear();
        self.state.borrow_mut().keep_box(body);
    }

    fn store(&self, line: StoreLine) {
        let Some(store) = &self.settings.store else { return };
        let written = match line {
            StoreLine::Put(record) => store.put(&record),
            StoreLine::Remove(id) => store.remove(id),
        };
        self.state.borrow_mut().counters.store_failures += u64::from(written.is_err());
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
            capacity: settings.capacity,
            policy: settings.policy,
            tickets: 0,
            parked: ByTicket::new(),
            answers: ByTicket::new(),
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
    pub(super) fn step(&mut self, slot: u32, step: Step) {
        let now = self.core.now();
        let job = &mut self.table[slot];
        let from = job.step(step, now);
        let to = job.status;
        self.stepped(slot, from, to);
    }

    /// Tells everybody who keeps books that a job came to its next status.
    #[inline(always)]
    pub(super) fn stepped(&mut self, slot: u32, from: TaskStatus, to: TaskStatus) {
        self.counters.moved(from, to);
        // What ended is saved when its text is known; see `settle_status`.
        if self.settings.store.is_some() && !to.is_terminal() {
            self.save(slot);
        }
        self.tell_of_step(slot, Some(from));
    }

    /// Tells the subscribers that a job came to its status.
    #[inline(always)]
    pub(super) fn tell_of_step(&mut self, slot: u32, from: Option<TaskStatus>) {
        self.events.count();
        if self.events.is_wanted() {
            let job = &self.table[slot];
            self.emit(What::Moved { job: job.id, from, to: job.status, attempt: job.attempt });
        }
    }

    pub(super) fn save(&mut self, slot: u32) {
        let record = self.table[slot].record();
        self.effect(Effect::Store(StoreLine::Put(record)));
    }

    pub(super) fn unsave(&mut self, id: JobId) {
        if self.settings.store.is_some() {
            self.effect(Effect::Store(StoreLine::Remove(id)));
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

    fn effect(&mut self, effect: Effect) {
        self.effects.pending = true;
        self.effects.rare.push_back(effect);
    }

    #[inline]
    pub(super) fn wake(&mut self, waker: Option<Waker>) {
        if let Some(waker) = waker {
            self.effects.pending = true;
            self.effects.wakes.push_back(waker);
        }
    }

    /// Serves everybody in a line.
    #[inline]
    pub(super) fn serve_all(&mut self, line: impl Fn(&mut State) -> &mut Waiters) {
        while let Some(waker) = line(self).serve_first() {
            self.wake(Some(waker));
        }
    }

    pub(super) fn discard(&mut self, body: BoxedBody) {
        self.effect(Effect::Discard(body));
    }

    pub(super) fn fire(&mut self, token: CancelToken, reason: CancelReason) {
        self.effect(Effect::Fire(token, reason));
    }

    pub(super) fn spawn_worker(&mut self, number: u32) {
        self.effect(Effect::Worker(number));
    }

    pub(super) fn spawn_clerk(&mut self) {
        self.effect(Effect::Clerk);
    }

    #[inline]
    pub(super) fn keep_box(&mut self, body: BoxedBody) {
        if size_of_val(&*body) <= KEEP_BYTES && self.spares.len() < SPARES {
            self.spares.push(body);
        }
    }
}
