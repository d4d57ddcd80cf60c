//! Getting into the queue: what is checked, who waits, who has to make room.

use core::any::TypeId;
use core::fmt;
use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use super::agenda::Due;
use super::body::{BoxedBody, Factory, Outcome};
use super::engine::{Engine, State};
use super::events::What;
use super::handle::TaskHandle;
use super::job::{IfDuplicate, Limit, Submission, Wishes};
use super::record::JobId;
use super::shutdown::Life;
use super::status::{Step, TaskStatus};
use super::store::StoreError;
use super::table::{Key, Rare};
use crate::executor::{Sleep, sleep};
use crate::sync::waiters::Place as Seat;
use crate::time::Duration;
use crate::trace::Place;

/// What [`TaskRunner::submit`](super::TaskRunner::submit) does when the queue is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubmitPolicy {
    /// Refuses the job.
    Reject,
    /// Waits for a place; who came first gets the next.
    #[default]
    Wait,
    /// Waits for a place, and refuses the job when none has come in this time.
    WaitTimeout(Duration),
    /// Evicts the job that has been in line longest.
    DropOldest,
    /// Evicts the job that came last among those of the lowest priority, which may be the one submitted.
    DropLowestPriority,
}

/// Why a job was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The queue is full.
    Full,
    /// No place came free in the time that the policy allows.
    NoPlaceInTime,
    /// The runner accepts nothing any more.
    Closed,
    /// There is a job of this id already.
    DuplicateId(JobId),
    /// A job of this key is in flight, which may not be joined or gives something else.
    DuplicateKey(JobId),
    /// The store could not take down the job.
    NotStored(StoreError),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Full => f.write_str("the queue is full"),
            Refusal::NoPlaceInTime => f.write_str("no place in the queue came free in time"),
            Refusal::Closed => f.write_str("the runner is closed and accepts no more jobs"),
            Refusal::DuplicateId(id) => write!(f, "there is a job {id} already"),
            Refusal::DuplicateKey(id) => write!(f, "a job of the same key is in flight: {id}"),
            Refusal::NotStored(error) => write!(f, "the job could not be stored: {error}"),
        }
    }
}

/// A job that was not accepted, and why. Nothing of it is left in the runner.
pub struct SubmitError<F: Factory> {
    /// Why it was not accepted.
    pub refusal: Refusal,
    /// The job, to be submitted again or elsewhere.
    pub submission: Box<Submission<F>>,
}

impl<F: Factory> fmt::Display for SubmitError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl<F: Factory> fmt::Debug for SubmitError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmitError").field("refusal", &self.refusal).finish_non_exhaustive()
    }
}

impl<F: Factory> std::error::Error for SubmitError<F> {}

/// What becomes of a submission at one moment.
pub(super) enum Check {
    Accept,
    /// Accept, after this one was evicted.
    Evict(u32),
    Join(Key),
    Wait,
    Refuse(Refusal),
}

enum Placed<F: Factory> {
    Done(TaskHandle<F::Output, F::Error>),
    Refused(SubmitError<F>),
    Wait(Submission<F>),
}

/// What the runner knows of a submitter.
#[derive(Clone, Copy)]
pub(super) struct Submitter {
    pub(super) parent: Option<Key>,
    pub(super) may_wait: bool,
    /// The place that it was handed, as a ticket.
    pub(super) place: Option<u64>,
}

impl Engine {
    pub(super) fn submit_now<F: Factory>(
        self: &Rc<Self>,
        submission: Submission<F>,
        parent: Option<Key>,
    ) -> Result<TaskHandle<F::Output, F::Error>, SubmitError<F>> {
        match self.place(submission, Submitter { parent, may_wait: false, place: None }) {
            Placed::Done(handle) => Ok(handle),
            Placed::Refused(error) => Err(error),
            Placed::Wait(_) => unreachable!("who may not wait is not told to"),
        }
    }

    #[inline]
    fn place<F: Factory>(self: &Rc<Self>, submission: Submission<F>, submitter: Submitter) -> Placed<F> {
        let types = TypeId::of::<Outcome<F::Output, F::Error>>();
        let check = self.change(|state| state.check(&submission.wishes, types, submitter, self.settings.policy));
        let accepted = match check {
            Check::Wait => return Placed::Wait(submission),
            Check::Join(key) => return Placed::Done(TaskHandle::joining(self, key)),
            Check::Refuse(refusal) => Err(refusal),
            Check::Accept => self.write_ahead(&submission.wishes).map(|id| (id, None)),
            Check::Evict(slot) => self.write_ahead(&submission.wishes).map(|id| (id, Some(slot))),
        };
        let (id, evicted) = match accepted {
            Ok(accepted) => accepted,
            Err(refusal) => {
                self.change(|state| state.counters.refused += 1);
                return Placed::Refused(SubmitError { refusal, submission: Box::new(submission) });
            }
        };
        let Submission { factory, faces, wishes } = submission;
        let spare = self.change(|state| {
            if let Some(slot) = evicted {
                state.evict(slot);
            }
            state.spares.pop()
        });
        let body = factory.fill(faces, spare);
        let key = self.change(|state| state.accept(id, wishes, body, types, submitter, self));
        Placed::Done(TaskHandle::of_new(self, key))
    }

    /// Numbers the job, and takes it down in the store before anybody is told that it was accepted.
    #[inline]
    pub(super) fn write_ahead(self: &Rc<Self>, wishes: &Wishes) -> Result<JobId, Refusal> {
        let id = self.change(|state| state.number(wishes));
        if let Some(store) = &self.settings.store {
            store.put(&wishes.record(id, self.now())).map_err(Refusal::NotStored)?;
        }
        Ok(id)
    }
}

impl State {
    #[inline]
    pub(super) fn check(&self, wishes: &Wishes, types: TypeId, submitter: Submitter, policy: SubmitPolicy) -> Check {
        if !matches!(self.life, Life::Open) {
            return Check::Refuse(Refusal::Closed);
        }
        if let Some(rare) = &wishes.rare {
            if let Some(id) = rare.id.filter(|id| self.table.key_of(*id).is_some()) {
                return Check::Refuse(Refusal::DuplicateId(id));
            }
            if let Some((key, if_duplicate)) = &rare.key
                && let Some(double) = self.keys.get(key)
            {
                let other = &self.table[double.slot];
                let joins = *if_duplicate == IfDuplicate::Join && other.types == Some(types);
                return if joins { Check::Join(*double) } else { Check::Refuse(Refusal::DuplicateKey(other.id)) };
            }
        }
        if submitter.place.is_some() || self.has_place() {
            return Check::Accept;
        }
        match policy {
            SubmitPolicy::Wait | SubmitPolicy::WaitTimeout(_) if submitter.may_wait => Check::Wait,
            SubmitPolicy::Reject | SubmitPolicy::Wait | SubmitPolicy::WaitTimeout(_) => Check::Refuse(Refusal::Full),
            SubmitPolicy::DropOldest => self.queue.oldest(&self.table).map_or(Check::Accept, Check::Evict),
            SubmitPolicy::DropLowestPriority => match self.queue.last() {
                Some(last) if self.table[last].priority < wishes.priority => Check::Evict(last),
                _ => Check::Refuse(Refusal::Full),
            },
        }
    }

    pub(super) fn evict(&mut self, slot: u32) {
        self.settle_waiting(slot, Step::Evict);
    }

    /// Whether a newcomer may have a place: one is free, and nobody waits for it.
    #[inline]
    fn has_place(&self) -> bool {
        self.capacity.is_none_or(|capacity| self.queue.len() + self.reserved < capacity.get())
            && self.blocked_count == 0
    }

    /// A place came free: whoever has waited longest for one gets it.
    #[inline]
    pub(super) fn free_place(&mut self) {
        self.hand_out_places();
        self.tell_if_empty();
    }

    #[inline]
    pub(super) fn hand_out_places(&mut self) {
        while self.blocked_count > 0 && self.capacity.is_none_or(|all| self.queue.len() + self.reserved < all.get()) {
            let Some(waker) = self.blocked.serve_first() else { return };
            self.blocked_count -= 1;
            self.reserved += 1;
            self.wake(Some(waker));
        }
    }

    #[inline]
    fn number(&mut self, wishes: &Wishes) -> JobId {
        let wanted = wishes.rare.as_ref().and_then(|rare| rare.id);
        let id = wanted.unwrap_or_else(|| {
            while self.table.key_of(JobId(self.next_id)).is_some() {
                self.next_id += 1;
            }
            JobId(self.next_id)
        });
        self.next_id = if wanted.is_some() { self.next_id } else { self.next_id + 1 };
        id
    }

    #[inline]
    pub(super) fn accept(
        &mut self,
        id: JobId,
        wishes: Wishes,
        body: BoxedBody,
        types: TypeId,
        submitter: Submitter,
        engine: &Engine,
    ) -> Key {
        let ticket = match submitter.place {
            Some(ticket) => {
                self.reserved -= 1;
                ticket
            }
            None => self.ticket(),
        };
        let key = self.set_up(id, wishes, types, engine);
        self.table[key.slot].body = Some(body);
        self.table[key.slot].handles = 1;
        if let Some(parent) = submitter.parent {
            self.adopt(parent, key);
        }
        self.counters.submitted += 1;
        self.events.count();
        if self.events.is_wanted() {
            self.emit(What::Moved { job: id, from: None, to: TaskStatus::Queued, attempt: 0 });
        }
        self.enqueue(key.slot, ticket);
        key
    }

    #[inline]
    fn set_up(&mut self, id: JobId, wishes: Wishes, types: TypeId, engine: &Engine) -> Key {
        let now = self.now();
        let key = self.table.take(id);
        let job = &mut self.table[key.slot];
        job.status = TaskStatus::Queued;
        job.stopped = true;
        (job.recorded, job.dead) = (false, false);
        (job.priority, job.attempt) = (wishes.priority, 0);
        job.name = wishes.name;
        job.kind = wishes.kind;
        (job.created, job.updated) = (now, now);
        (job.started, job.finished) = (None, None);
        job.limit = match (wishes.timeout, engine.settings.timeout) {
            (Limit::Default, Some(limit)) => Limit::Hard(limit),
            (limit, _) => limit,
        };
        job.grace = wishes.grace.unwrap_or(engine.settings.grace);
        job.types = Some(types);
        job.rare = None;
        job.history.clear();
        self.set_up_rare(key, wishes.rare, engine);
        self.counters.arrived();
        self.table[key.slot].remember(now);
        key
    }

    #[inline]
    fn set_up_rare(&mut self, key: Key, wanted: Option<Box<super::job::Rare>>, engine: &Engine) {
        if wanted.is_none() && engine.settings.retry.is_none() {
            return;
        }
        let now = self.now();
        let wanted = wanted.map(|wanted| *wanted).unwrap_or_default();
        let retry = wanted.retry.or_else(|| engine.settings.retry.clone());
        let id = self.table[key.slot].id;
        let unique = wanted.key.map(|(unique, _)| unique);
        if let Some(unique) = &unique {
            self.keys.insert(unique.clone(), key);
        }
        *self.table[key.slot].rare() = Rare {
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

    pub(super) fn enqueue_with_new_ticket(&mut self, slot: u32) {
        let ticket = self.ticket();
        self.enqueue(slot, ticket);
    }

    #[inline]
    fn enqueue(&mut self, slot: u32, ticket: u64) {
        let now = self.now();
        self.table[slot].queued = now;
        self.queue.join(&mut self.table, slot, ticket);
        if let Some(at) = self.table[slot].rare.as_ref().and_then(|rare| rare.deadline) {
            self.write_due(self.table.key(slot), at, Due::Deadline);
        }
        self.call_workers();
    }

    // ---- waiting for a place

    fn wait_for_place(&mut self, waker: &Waker) -> (Seat, u64) {
        self.blocked_count += 1;
        let ticket = self.ticket();
        (self.blocked.join(waker.clone()), ticket)
    }

    fn leave_places(&mut self, seat: Seat) {
        if self.blocked.leave(seat) {
            self.reserved -= 1;
            self.hand_out_places();
        } else {
            self.blocked_count -= 1;
        }
    }
}

/// Waits until a job is accepted. See [`TaskRunner::submit`](super::TaskRunner::submit).
#[must_use = "a submission that is not awaited submits nothing"]
pub struct Submit<'a, F: Factory> {
    engine: &'a Rc<Engine>,
    submission: Option<Submission<F>>,
    parent: Option<Key>,
    waiting: Option<Waiting>,
    at: Place,
}

struct Waiting {
    seat: Seat,
    ticket: u64,
    alarm: Option<Sleep>,
}

enum Wait {
    Placed(u64),
    Closed,
    NotYet,
}

impl<'a, F: Factory> Submit<'a, F> {
    #[track_caller]
    pub(super) fn new(engine: &'a Rc<Engine>, submission: Submission<F>, parent: Option<Key>) -> Self {
        Submit { engine, submission: Some(submission), parent, waiting: None, at: Location::caller() }
    }

    fn begin_to_wait(&mut self, cx: &mut Context<'_>) {
        let (seat, ticket) = self.engine.change(|state| state.wait_for_place(cx.waker()));
        let alarm = match self.engine.settings.policy {
            SubmitPolicy::WaitTimeout(limit) => Some(sleep(limit).labelled("time limit")),
            _ => None,
        };
        self.waiting = Some(Waiting { seat, ticket, alarm });
    }

    /// Whether the place has come for which this waits; none when it waits for none.
    fn look_at_place(&mut self, cx: &mut Context<'_>) -> Option<Wait> {
        let Waiting { seat, ticket, .. } = self.waiting.as_ref()?;
        let (seat, ticket) = (*seat, *ticket);
        let wait = self.engine.change(|state| match state.life {
            Life::Open if state.blocked.is_served(seat, cx.waker()) => Wait::Placed(ticket),
            Life::Open => Wait::NotYet,
            _ => {
                state.leave_places(seat);
                Wait::Closed
            }
        });
        if !matches!(wait, Wait::NotYet) {
            self.waiting = None;
        }
        Some(wait)
    }

    /// Whether the time that the policy allows is over.
    fn is_too_late(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(Waiting { alarm: Some(alarm), .. }) = &mut self.waiting else { return false };
        let late = Pin::new(alarm).poll(cx).is_ready();
        if late {
            self.leave();
        }
        late
    }

    fn leave(&mut self) {
        if let Some(Waiting { seat, .. }) = self.waiting.take() {
            self.engine.change(|state| state.leave_places(seat));
        }
    }

    fn refuse(&mut self, refusal: Refusal) -> SubmitError<F> {
        self.engine.change(|state| state.counters.refused += 1);
        let submission = self.submission.take().expect("a submission is refused once");
        SubmitError { refusal, submission: Box::new(submission) }
    }
}

impl<F: Factory> Unpin for Submit<'_, F> {}

impl<F: Factory> Future for Submit<'_, F> {
    type Output = Result<TaskHandle<F::Output, F::Error>, SubmitError<F>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let place = match this.look_at_place(cx) {
            None => None,
            Some(Wait::Placed(ticket)) => Some(ticket),
            Some(Wait::Closed) => return Poll::Ready(Err(this.refuse(Refusal::Closed))),
            Some(Wait::NotYet) if this.is_too_late(cx) => {
                return Poll::Ready(Err(this.refuse(Refusal::NoPlaceInTime)));
            }
            Some(Wait::NotYet) => return Poll::Pending,
        };
        let submission = this.submission.take().expect("a submission was polled after it was accepted or refused");
        match this.engine.place(submission, Submitter { parent: this.parent, may_wait: true, place }) {
            Placed::Done(handle) => Poll::Ready(Ok(handle)),
            Placed::Refused(error) => {
                if place.is_some() {
                    this.engine.change(|state| state.give_place_back());
                }
                Poll::Ready(Err(error))
            }
            Placed::Wait(submission) => {
                this.submission = Some(submission);
                this.begin_to_wait(cx);
                if this.is_too_late(cx) {
                    return Poll::Ready(Err(this.refuse(Refusal::NoPlaceInTime)));
                }
                this.engine.waits_inside.set(true);
                this.engine.place_face.awaited(this.at);
                Poll::Pending
            }
        }
    }
}

impl State {
    /// A place that had been handed over is not needed after all.
    fn give_place_back(&mut self) {
        self.reserved -= 1;
        self.hand_out_places();
    }
}

impl<F: Factory> Drop for Submit<'_, F> {
    fn drop(&mut self) {
        self.leave();
    }
}
