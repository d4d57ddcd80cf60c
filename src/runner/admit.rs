//! Who gets into the queue: what is checked, who waits in front of it, who has to make room.

use core::task::Waker;

use super::agenda::Due;
use super::body::BoxedBody;
use super::engine::State;
use super::factory::Types;
use super::job::IfDuplicate;
use super::record::JobId;
use super::refusal::Refusal;
use super::shutdown::Life;
use super::slot::Rare;
use super::status::Step;
use super::submit::SubmitPolicy;
use super::table::Key;
use super::wishes::{self, Wishes};
use crate::overwrite::overwrite;
use crate::time::Duration;
use crate::trace::CancelReason;

/// What becomes of a submission at one moment.
pub(super) enum Check {
    Accept,
    /// Accept, after this one was evicted.
    Evict(u32),
    Join(Key),
    /// Wait for a place, and at most so long.
    Wait(Option<Duration>),
    Refuse(Refusal),
}

/// Whether a submitter can wait for a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MayWait {
    Yes,
    No,
}

/// A job that has a number, and no place in the queue yet.
pub(super) struct Entry {
    pub(super) id: JobId,
    pub(super) wishes: Wishes,
    pub(super) body: BoxedBody,
    pub(super) types: Types,
    pub(super) parent: Option<Key>,
}

/// A job in front of a full queue, and who is to be told.
pub(super) struct Parked {
    pub(super) entry: Entry,
    pub(super) waker: Waker,
}

/// What became of a job that was parked.
pub(super) enum Answer {
    Accepted(Key),
    Refused(Box<(Refusal, Entry)>),
}

impl State {
    /// Whether a job can be taken in right away where there is a place for it: it asks for nothing rare, and nobody else
    /// is to be told first.
    #[inline]
    pub(super) fn welcomes(&self, wishes: &Wishes) -> bool {
        wishes.rare.is_none() && self.settings.store.is_none() && matches!(self.life, Life::Open)
    }

    /// What becomes of a job that is submitted now, or that was first in line when a place came free.
    pub(super) fn check(&self, wishes: &Wishes, types: Types, may_wait: MayWait) -> Check {
        match self.check_names(wishes, types) {
            Some(check) => check,
            // Where there is room nobody waits for it: a place that comes free is handed over at once.
            None if self.has_room() => Check::Accept,
            None => self.check_full(wishes, may_wait),
        }
    }

    /// What is to be said whether or not there is room.
    fn check_names(&self, wishes: &Wishes, types: Types) -> Option<Check> {
        if !matches!(self.life, Life::Open) {
            return Some(Check::Refuse(Refusal::Closed));
        }
        let rare = wishes.rare.as_ref()?;
        if let Some(id) = rare.id.filter(|id| self.table.key_of(*id).is_some() || self.is_parked(*id)) {
            return Some(Check::Refuse(Refusal::DuplicateId(id)));
        }
        let (unique, if_duplicate) = rare.key.as_ref()?;
        let double = *self.keys.get(unique)?;
        let other = &self.table[double.slot()];
        let joins = *if_duplicate == IfDuplicate::Join && other.types.is_some_and(|others| others() == types());
        Some(if joins { Check::Join(double) } else { Check::Refuse(Refusal::DuplicateKey(other.id)) })
    }

    fn check_full(&self, wishes: &Wishes, may_wait: MayWait) -> Check {
        match self.policy {
            SubmitPolicy::Wait if may_wait == MayWait::Yes => Check::Wait(None),
            SubmitPolicy::WaitTimeout(limit) if may_wait == MayWait::Yes => Check::Wait(Some(limit)),
            SubmitPolicy::Reject | SubmitPolicy::Wait | SubmitPolicy::WaitTimeout(_) => Check::Refuse(Refusal::Full),
            SubmitPolicy::DropOldest => self.queue.oldest(&self.table).map_or(Check::Accept, Check::Evict),
            SubmitPolicy::DropLowestPriority => match self.queue.last() {
                Some(last) if self.table[last].priority < wishes.priority => Check::Evict(last),
                _ => Check::Refuse(Refusal::Full),
            },
        }
    }

    #[inline]
    pub(super) fn has_room(&self) -> bool {
        self.capacity.is_none_or(|capacity| self.queue.len() < capacity.get())
    }

    pub(super) fn evict(&mut self, slot: u32) {
        self.settle_waiting(slot, Step::Evict);
    }

    /// A place came free: whoever has waited longest for one gets it, and is in line before anybody else can be.
    #[inline]
    pub(super) fn free_place(&mut self) {
        if !self.parked.is_empty() {
            self.hand_places_over();
        }
        self.tell_if_empty();
    }

    fn hand_places_over(&mut self) {
        while self.has_room() {
            let Some((ticket, Parked { entry, waker })) = self.parked.pop_first() else { break };
            let answer = match self.check_names(&entry.wishes, entry.types) {
                None => {
                    let Entry { id, mut wishes, body, types, parent } = entry;
                    Answer::Accepted(self.accept(id, &mut wishes, body, types, parent, ticket))
                }
                Some(Check::Join(key)) => {
                    self.table[key.slot()].handles += 1;
                    self.table.touch(key.slot());
                    self.withdraw(entry);
                    Answer::Accepted(key)
                }
                Some(Check::Refuse(refusal)) => Answer::Refused(Box::new((refusal, entry))),
                Some(_) => unreachable!("names alone neither accept nor wait"),
            };
            self.answers.push(ticket, answer);
            self.wake(Some(waker));
        }
    }

    /// Refuses everybody who waits for a place.
    pub(super) fn refuse_parked(&mut self) -> usize {
        let count = self.parked.len();
        while let Some((ticket, Parked { entry, waker })) = self.parked.pop_first() {
            self.answers.push(ticket, Answer::Refused(Box::new((Refusal::Closed, entry))));
            self.wake(Some(waker));
        }
        count
    }

    /// What became of a job in front of the queue; none while it waits, and then its submitter is woken by `waker`.
    pub(super) fn answer(&mut self, ticket: u64, waker: &Waker) -> Option<Answer> {
        if let Some(parked) = self.parked.get_mut(ticket) {
            parked.waker.clone_from(waker);
            return None;
        }
        self.answers.remove(ticket)
    }

    /// Nobody waits any more for what becomes of a job in front of the queue.
    pub(super) fn withdraw_parked(&mut self, ticket: u64) {
        if let Some(Parked { entry, .. }) = self.parked.remove(ticket) {
            return self.withdraw(entry);
        }
        match self.answers.remove(ticket) {
            Some(Answer::Accepted(key)) => {
                self.cancel(key, CancelReason::Requested);
                self.table[key.slot()].handles -= 1;
                self.forget_if_unwanted(key.slot());
            }
            Some(Answer::Refused(refused)) => self.withdraw(refused.1),
            None => {}
        }
    }

    /// A job that was numbered does not come after all.
    pub(super) fn withdraw(&mut self, entry: Entry) {
        self.unsave(entry.id);
        self.discard(entry.body);
    }

    fn is_parked(&self, id: JobId) -> bool {
        let is_answered = |answer: &Answer| matches!(answer, Answer::Refused(refused) if refused.1.id == id);
        self.parked.items().any(|parked| parked.entry.id == id) || self.answers.items().any(is_answered)
    }

    /// The id of a new job: the one that it asks for, or the next.
    #[inline]
    pub(super) fn number(&mut self, wishes: &Wishes) -> JobId {
        match wishes.rare.as_ref().and_then(|rare| rare.id) {
            None => {
                self.next_id += 1;
                JobId(self.next_id - 1)
            }
            Some(id) => {
                // Counting goes on above what was asked for, but for ids so high that it never gets there.
                self.next_id = if id.0 < u64::MAX / 2 { self.next_id.max(id.0 + 1) } else { self.next_id };
                id
            }
        }
    }

    /// Takes a job in, and what is asked for it out of `wishes`.
    pub(super) fn accept(
        &mut self,
        id: JobId,
        wishes: &mut Wishes,
        body: BoxedBody,
        types: Types,
        parent: Option<Key>,
        ticket: u64,
    ) -> Key {
        let now = self.now();
        let (key, job) = self.table.take(id);
        job.begin_life(now);
        job.label = wishes.label.take();
        (job.priority, job.limit) = (wishes.priority, wishes.timeout);
        (job.types, job.handles) = (Some(types), 1);
        // Whoever lived here left no body.
        overwrite(&mut job.body, Some(body));
        if self.core.is_attended() {
            self.table.show_face(key.slot());
        }
        let is_rare = wishes.rare.is_some() || self.settings.retry.is_some();
        if is_rare {
            self.set_up_rare(key, wishes.rare.take());
        }
        if let Some(parent) = parent {
            self.adopt(parent, key);
        }
        self.counters.arrived();
        self.tell_of_step(key.slot(), None);
        self.queue.join(&mut self.table, key.slot(), ticket);
        if is_rare {
            self.watch_deadline(key);
        }
        self.call_workers();
        key
    }

    #[inline(never)]
    fn set_up_rare(&mut self, key: Key, wanted: Option<Box<wishes::Rare>>) {
        let now = self.now();
        let wanted = wanted.map(|wanted| *wanted).unwrap_or_default();
        let retry = wanted.retry.or_else(|| self.settings.retry.clone());
        let id = self.table[key.slot()].id;
        let unique = wanted.key.map(|(unique, _)| unique);
        if let Some(unique) = &unique {
            self.keys.insert(unique.clone(), key);
        }
        *self.table[key.slot()].rare() = Rare {
            grace: wanted.grace,
            deadline: wanted.deadline.map(|within| now + within),
            retry: retry.map(|retry| {
                retry.began(now);
                let delays = retry.backoff().delays(id.0);
                (retry, delays)
            }),
            lane: wanted.lane,
            unique,
            unstoppable: wanted.unstoppable,
            ..Rare::default()
        };
    }

    pub(super) fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// Ends the job in line when its deadline comes, if it has one.
    pub(super) fn watch_deadline(&mut self, key: Key) {
        if let Some(at) = self.table[key.slot()].rare().deadline {
            self.write_due(key, at, Due::Deadline);
        }
    }
}
