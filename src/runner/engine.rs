//! The state of a runner, and the rule by which it is changed: no foreign code runs while it is borrowed.
//!
//! What a change causes, such as a wake-up or the drop of somebody's value, is noted as an [`Effects`] and done when
//! the borrow has ended.

use core::cell::{Cell, RefCell};
use core::num::NonZeroUsize;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::admit::{Answer, Parked};
use super::agenda::Agenda;
use super::body::BoxedBody;
use super::builder::Settings;
use super::effects::{Effect, Effects, StoreLine};
use super::events::{EventLog, What};
use super::keeping::Kept;
use super::pool::Pool;
use super::queue::Queue;
use super::rate::Rate;
use super::record::JobId;
use super::shutdown::{Life, ShutdownReport};
use super::stats::Counters;
use super::status::{Step, TaskStatus};
use super::submit::SubmitPolicy;
use super::table::{Key, Table};
use super::tickets::ByTicket;
use crate::executor::Core;
use crate::sorted::Sorted;
use crate::sync::object::Object;
use crate::sync::waiters::Waiters;
use crate::time::Instant;
use crate::trace::Place;

pub struct Engine {
    pub(super) core: Rc<Core>,
    pub(super) settings: Rc<Settings>,
    /// Where its tasks are said to be, since they stand for what is written there.
    pub(super) built_at: Place,
    pub(super) state: RefCell<State>,
    /// Whoever was polled last began to wait for this runner.
    pub(super) waits_inside: Cell<bool>,
    pub(super) queue_face: Object,
    pub(super) place_face: Object,
    pub(super) result_face: Object,
    pub(super) end_face: Object,
}

pub(super) struct State {
    pub(super) core: Rc<Core>,
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
    pub(super) lanes: Sorted<Rc<str>, usize>,
    pub(super) keys: BTreeMap<Rc<str>, Key>,
    pub(super) finished: Kept,
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

    /// Changes what the handles of a job see of it, and nothing else of the runner, so that a search of schedules need not
    /// try it before and after what happens to other jobs. Who changes that while changing more [touches](Table::touch)
    /// the job as well.
    #[inline]
    pub(super) fn change_job<R>(self: &Rc<Self>, key: Key, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.state.borrow_mut();
        let free = state.table.free();
        let is_known = state.table.touch(key.slot());
        let result = change(&mut state);
        // A slot that comes free is everybody's.
        if !is_known || state.table.free() != free {
            self.queue_face.write();
        }
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
            lanes: Sorted::new(),
            keys: BTreeMap::new(),
            finished: Kept::new(settings.retention),
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

    #[inline(never)]
    pub(super) fn save(&mut self, slot: u32) {
        let record = self.table[slot].record();
        self.effect(Effect::Store(StoreLine::Put(Box::new(record))));
    }

    #[inline]
    pub(super) fn unsave(&mut self, id: JobId) {
        if self.settings.store.is_some() {
            self.effect(Effect::Store(StoreLine::Remove(id)));
        }
    }

    #[inline(never)]
    pub(super) fn emit(&mut self, what: What) {
        let now = self.core.now();
        let wakes = &mut self.effects.wakes;
        self.events.push(now, what, wakes);
        self.effects.pending |= !wakes.is_empty();
    }
}
