//! Every job that is known, in slots that are reused with the memory that they hold.

use core::any::TypeId;
use core::ops::{Index, IndexMut};
use std::rc::Rc;

use super::agenda::DueKey;
use super::body::BoxedBody;
use super::children::Family;
use super::ids::Ids;
use super::job::{Label, Limit};
use super::queue::Link;
use super::record::{JobId, Progress, TaskRecord, Transition};
use super::status::{Failure, TaskStatus};
use crate::retry::{Delays, Retry};
use crate::sync::CancelToken;
use crate::sync::waiters::Waiters;
use crate::time::{Duration, Instant};
use crate::trace::CancelReason;

/// How many transitions a job remembers: the first, and the last ones.
const HISTORY: usize = 64;

pub(super) const NOBODY: u32 = u32::MAX;

/// Names a job's slot for as long as that is the job's: a slot and its generation in one word, so that what is
/// stored and loaded is always of one width. The two highest bits are the handles'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u64);

const GENERATIONS: u32 = 1 << 30;

pub(super) struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    ids: Ids,
}

pub(super) struct Slot {
    generation: u32,
    /// A job lives here.
    known: bool,
    pub(super) id: JobId,
    pub(super) status: TaskStatus,
    /// Its code is gone.
    pub(super) stopped: bool,
    /// How many handles there are.
    pub(super) handles: u32,
    /// Its record is kept.
    pub(super) recorded: bool,
    /// It is in the dead-letter list.
    pub(super) dead: bool,
    pub(super) priority: u8,
    pub(super) attempt: u32,
    pub(super) link: Link,
    pub(super) label: Option<Box<Label>>,
    pub(super) created: Instant,
    pub(super) queued: Instant,
    pub(super) started: Option<Instant>,
    pub(super) updated: Instant,
    pub(super) finished: Option<Instant>,
    pub(super) limit: Limit,
    pub(super) grace: Duration,
    /// Away while an attempt is under way.
    pub(super) body: Option<BoxedBody>,
    /// The types of its output and error.
    pub(super) types: Option<TypeId>,
    /// The number of the worker that runs the attempt.
    pub(super) worker: Option<u32>,
    pub(super) waiters: Waiters,
    /// What few jobs need.
    pub(super) rare: Option<Box<Rare>>,
}

#[derive(Default)]
pub(super) struct Rare {
    pub(super) text: Option<Rc<str>>,
    pub(super) progress: Option<Progress>,
    pub(super) watchers: Waiters,
    pub(super) token: Option<CancelToken>,
    pub(super) deadline: Option<Instant>,
    pub(super) due: Option<DueKey>,
    /// How long to wait for the next attempt.
    pub(super) pause: Option<Duration>,
    pub(super) retry: Option<(Retry, Delays)>,
    pub(super) lane: Option<Rc<str>>,
    /// The key of which at most one job is in flight.
    pub(super) unique: Option<Rc<str>>,
    pub(super) unstoppable: bool,
    pub(super) family: Family,
    /// The changes of status, if the job's times do not tell them.
    pub(super) history: Vec<Transition>,
}

impl Key {
    pub(super) const NOBODY: Key = Key::new(NOBODY, 0);

    #[inline]
    const fn new(slot: u32, generation: u32) -> Self {
        Key((generation as u64) << 32 | slot as u64)
    }

    #[inline]
    pub(super) fn slot(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

impl Table {
    pub(super) fn new() -> Self {
        Table { slots: Vec::new(), free: Vec::new(), ids: Ids::default() }
    }

    /// A slot for a new job, as its last job left it.
    #[inline(always)]
    pub(super) fn take(&mut self, id: JobId) -> (Key, &mut Slot) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::vacant());
            self.slots.len() as u32 - 1
        });
        self.ids.insert(id.0, slot);
        let job = &mut self.slots[slot as usize];
        (job.id, job.known) = (id, true);
        (Key::new(slot, job.generation), job)
    }

    /// Forgets a job; its box must be empty.
    #[inline(always)]
    pub(super) fn vacate(&mut self, slot: u32) {
        let job = &mut self.slots[slot as usize];
        (job.generation, job.known) = ((job.generation + 1) % GENERATIONS, false);
        self.ids.remove(job.id.0);
        self.free.push(slot);
    }

    #[inline]
    pub(super) fn key_of(&self, id: JobId) -> Option<Key> {
        let slot = self.ids.get(id.0)?;
        Some(self.key(slot))
    }

    #[inline]
    pub(super) fn key(&self, slot: u32) -> Key {
        Key::new(slot, self[slot].generation)
    }

    /// The slot, if it still is that job's.
    #[inline]
    pub(super) fn get(&mut self, key: Key) -> Option<&mut Slot> {
        self.slots.get_mut(key.slot() as usize).filter(|slot| slot.generation == key.generation())
    }

    /// The jobs that are known, by slot.
    pub(super) fn keys(&self) -> Vec<Key> {
        (0..self.slots.len() as u32).filter(|slot| self[*slot].known).map(|slot| self.key(slot)).collect()
    }
}

impl Index<u32> for Table {
    type Output = Slot;
    #[inline]
    fn index(&self, slot: u32) -> &Slot {
        &self.slots[slot as usize]
    }
}

impl IndexMut<u32> for Table {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut Slot {
        &mut self.slots[slot as usize]
    }
}

impl Slot {
    fn vacant() -> Self {
        Slot {
            generation: 0,
            known: false,
            id: JobId(0),
            status: TaskStatus::Queued,
            stopped: true,
            handles: 0,
            recorded: false,
            dead: false,
            priority: 0,
            attempt: 0,
            link: Link { before: NOBODY, after: NOBODY, ticket: 0 },
            label: None,
            created: Instant::ZERO,
            queued: Instant::ZERO,
            started: None,
            updated: Instant::ZERO,
            finished: None,
            limit: Limit::None,
            grace: Duration::ZERO,
            body: None,
            types: None,
            worker: None,
            waiters: Waiters::default(),
            rare: None,
        }
    }

    /// Forgets what the last job of this slot left, for one that is accepted now.
    #[inline]
    pub(super) fn begin_life(&mut self, now: Instant) {
        (self.status, self.stopped) = (TaskStatus::Queued, true);
        (self.recorded, self.dead, self.attempt) = (false, false, 0);
        (self.created, self.updated) = (now, now);
        (self.started, self.finished) = (None, None);
        self.rare = None;
    }

    #[inline]
    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// The changes of status so far. Those of a life in one attempt are told by its times, so that only another
    /// life is written down.
    pub(super) fn history(&self) -> Vec<Transition> {
        match &self.rare {
            Some(rare) if !rare.history.is_empty() => rare.history.clone(),
            _ => self.plain_history().collect(),
        }
    }

    fn plain_history(&self) -> impl Iterator<Item = Transition> + use<> {
        let end = (self.finished, self.status);
        let queued = Some((self.created, TaskStatus::Queued));
        let lived = [queued, self.started.map(|at| (at, TaskStatus::Running)), end.0.map(|at| (at, end.1))];
        lived.into_iter().flatten().map(|(at, to)| Transition { at, to })
    }

    /// Writes down the change to `to`, if the job's times will not tell it.
    #[inline]
    pub(super) fn write_down(&mut self, to: TaskStatus, at: Instant) {
        let is_plain = to.is_terminal() || (to == TaskStatus::Running && self.attempt == 1);
        if !is_plain || self.rare.as_ref().is_some_and(|rare| !rare.history.is_empty()) {
            self.write_down_all(Transition { at, to });
        }
    }

    #[cold]
    fn write_down_all(&mut self, change: Transition) {
        let plain = self.plain_history();
        let history = &mut self.rare().history;
        if history.is_empty() {
            history.extend(plain);
        }
        if history.len() == HISTORY {
            history.remove(1);
        }
        history.push(change);
    }

    /// Whether there is, or will be, an outcome for a handle.
    pub(super) fn has_outcome_to_come(&self) -> bool {
        let says_it_all = super::TaskError::<()>::of_status(self.status).is_some();
        says_it_all || self.body.is_some() || !self.status.is_terminal()
    }

    pub(super) fn unstoppable(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.unstoppable)
    }

    /// Nobody will ask for it any more.
    #[inline]
    pub(super) fn is_forgotten(&self) -> bool {
        self.known && self.handles == 0 && self.status.is_terminal() && self.stopped && !self.recorded && !self.dead
    }

    pub(super) fn record(&self) -> TaskRecord {
        let text = self.rare.as_ref().and_then(|rare| rare.text.clone());
        let (result, error) = match self.status {
            TaskStatus::Succeeded => (text.map(|text| text.to_string()), None),
            status => (None, error_text(status, text)),
        };
        TaskRecord {
            id: self.id,
            name: Label::name(self.label.as_deref()).to_owned(),
            kind: Label::kind(self.label.as_deref()).to_owned(),
            status: self.status,
            created: self.created,
            started: self.started,
            updated: self.updated,
            finished: self.finished,
            priority: self.priority,
            attempt: self.attempt,
            progress: self.rare.as_ref().and_then(|rare| rare.progress),
            result,
            error,
        }
    }
}

fn error_text(status: TaskStatus, text: Option<Rc<str>>) -> Option<String> {
    match status {
        TaskStatus::Failed(Failure::Error) => text.map(|text| text.to_string()),
        TaskStatus::Failed(Failure::Panic) => Some(format!("panicked: {}", text.as_deref().unwrap_or(""))),
        TaskStatus::Failed(failure) => Some(failure.to_string()),
        TaskStatus::Cancelled(reason) => Some(format!("cancelled: {reason}")),
        TaskStatus::Evicted => Some("had to make room in a full queue".to_owned()),
        TaskStatus::Interrupted => Some("the program ended before the job did".to_owned()),
        _ => None,
    }
}

/// The reason for which a job in flight was asked to stop.
pub(super) fn asked_to_stop(status: TaskStatus) -> Option<CancelReason> {
    match status {
        TaskStatus::Stopping(reason) => Some(reason),
        _ => None,
    }
}
