//! Getting into the queue, as the submitter sees it.

use core::any::TypeId;
use core::fmt;
use core::future::Future;
use core::mem;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::admit::{Answer, Check, Entry, MayWait, Parked};
use super::body::{Factory, Outcome};
use super::engine::{Engine, State};
use super::handle::TaskHandle;
use super::job::{Submission, Wishes};
use super::record::JobId;
use super::store::StoreError;
use super::table::Key;
use crate::executor::{Sleep, TIME_LIMIT, sleep};
use crate::time::Duration;
use crate::trace::{CancelReason, Place};

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

/// What the runner says to a submission.
enum Placed<F: Factory> {
    Done(TaskHandle<F::Output, F::Error>),
    Refused(SubmitError<F>),
    /// It stands in front of the full queue, with this ticket.
    Parked(Parking<F>),
}

struct Parking<F: Factory> {
    ticket: u64,
    /// What cannot be taken out of the box again, should the job be given back.
    kept: Option<F>,
    alarm: Option<Sleep>,
}

impl Engine {
    pub(super) fn submit_now<F: Factory>(
        self: &Rc<Self>,
        mut submission: Submission<F>,
        parent: Option<Key>,
    ) -> Result<TaskHandle<F::Output, F::Error>, SubmitError<F>> {
        let placed = match self.place(&mut submission, parent, MayWait::No) {
            Ok(handle) => return Ok(handle),
            Err(check) => self.place_by(check, submission, parent, None),
        };
        match placed {
            Placed::Done(handle) => Ok(handle),
            Placed::Refused(error) => Err(error),
            Placed::Parked(_) => unreachable!("who may not wait is not told to"),
        }
    }

    /// Takes in a job for which there is a place, out of `submission`; what else is to be done is the error.
    #[inline]
    fn place<F: Factory>(
        self: &Rc<Self>,
        submission: &mut Submission<F>,
        parent: Option<Key>,
        may_wait: MayWait,
    ) -> Result<TaskHandle<F::Output, F::Error>, Check> {
        let key = self.change(|state| match state.check(&submission.wishes, types_of::<F>(), may_wait) {
            Check::Accept if state.settings.store.is_none() => {
                let id = state.number(&submission.wishes);
                Ok(state.take_in(id, submission, parent))
            }
            check => Err(check),
        })?;
        Ok(TaskHandle::of_new(self, key))
    }

    /// What a check that is not just acceptance demands; a store is told before anybody else.
    #[inline(never)]
    fn place_by<F: Factory>(
        self: &Rc<Self>,
        check: Check,
        mut submission: Submission<F>,
        parent: Option<Key>,
        waiter: Option<&Context<'_>>,
    ) -> Placed<F> {
        let checked = match check {
            Check::Join(key) => return Placed::Done(TaskHandle::joining(self, key)),
            Check::Refuse(refusal) => Err(refusal),
            check => self.write_ahead(&submission.wishes).map(|id| (id, check)),
        };
        let (id, check) = match checked {
            Ok(checked) => checked,
            Err(refusal) => return Placed::Refused(self.refused(refusal, submission)),
        };
        if let (Check::Wait, Some(waiter)) = (&check, waiter) {
            return Placed::Parked(self.park(id, submission, parent, waiter));
        }
        let key = self.change(|state| {
            if let Check::Evict(slot) = check {
                state.evict(slot);
            }
            state.take_in(id, &mut submission, parent)
        });
        Placed::Done(TaskHandle::of_new(self, key))
    }

    /// Leaves a job in front of the full queue.
    fn park<F: Factory>(
        self: &Rc<Self>,
        id: JobId,
        submission: Submission<F>,
        parent: Option<Key>,
        waiter: &Context<'_>,
    ) -> Parking<F> {
        let kept = submission.parcel.keep();
        let alarm = match self.look(|state| state.policy) {
            SubmitPolicy::WaitTimeout(limit) => Some(sleep(limit).labelled(TIME_LIMIT)),
            _ => None,
        };
        let ticket = self.change(|state| {
            let ticket = state.ticket();
            let entry = state.box_up(id, submission, parent);
            state.parked.insert(ticket, Parked { entry, waker: waiter.waker().clone() });
            ticket
        });
        Parking { ticket, kept, alarm }
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

    fn refused<F: Factory>(self: &Rc<Self>, refusal: Refusal, submission: Submission<F>) -> SubmitError<F> {
        self.change(|state| state.counters.refused += 1);
        SubmitError { refusal, submission: Box::new(submission) }
    }

    /// Gives a job that was parked back to its submitter.
    fn give_back<F: Factory>(self: &Rc<Self>, refusal: Refusal, mut entry: Entry, kept: Option<F>) -> SubmitError<F> {
        let parcel = F::take_back(entry.body.as_mut(), kept);
        let wishes = entry.wishes.clone();
        self.change(|state| state.withdraw(entry));
        self.refused(refusal, Submission { parcel, wishes })
    }
}

impl State {
    fn box_up<F: Factory>(&mut self, id: JobId, submission: Submission<F>, parent: Option<Key>) -> Entry {
        let Submission { mut parcel, wishes } = submission;
        let body = F::fill(&mut parcel, self.spares.pop());
        Entry { id, wishes, body, types: types_of::<F>(), parent }
    }

    #[inline]
    fn take_in<F: Factory>(&mut self, id: JobId, submission: &mut Submission<F>, parent: Option<Key>) -> Key {
        let Submission { parcel, wishes } = submission;
        let body = F::fill(parcel, self.spares.pop());
        let ticket = self.ticket();
        self.accept(id, wishes, body, types_of::<F>(), parent, ticket)
    }
}

fn types_of<F: Factory>() -> TypeId {
    TypeId::of::<Outcome<F::Output, F::Error>>()
}

/// Waits until a job is accepted. See [`TaskRunner::submit`](super::TaskRunner::submit).
#[must_use = "a submission that is not awaited submits nothing"]
pub struct Submit<'a, F: Factory> {
    engine: &'a Rc<Engine>,
    parent: Option<Key>,
    stage: Stage<F>,
    at: Place,
}

enum Stage<F: Factory> {
    New(Submission<F>),
    Parked(Parking<F>),
    Done,
}

impl<'a, F: Factory> Submit<'a, F> {
    #[track_caller]
    pub(super) fn new(engine: &'a Rc<Engine>, submission: Submission<F>, parent: Option<Key>) -> Self {
        Submit { engine, parent, stage: Stage::New(submission), at: Location::caller() }
    }

    #[inline(never)]
    fn poll_otherwise(&mut self, check: Check, cx: &mut Context<'_>) -> Poll<SubmitResult<F>> {
        let Stage::New(submission) = mem::replace(&mut self.stage, Stage::Done) else { unreachable!("it is new") };
        match self.engine.place_by(check, submission, self.parent, Some(cx)) {
            Placed::Done(handle) => Poll::Ready(Ok(handle)),
            Placed::Refused(error) => Poll::Ready(Err(error)),
            Placed::Parked(parking) => {
                self.stage = Stage::Parked(parking);
                self.poll_parked(cx)
            }
        }
    }

    fn poll_parked(&mut self, cx: &mut Context<'_>) -> Poll<SubmitResult<F>> {
        let Stage::Parked(parking) = &mut self.stage else { unreachable!("it is parked") };
        let ticket = parking.ticket;
        let answer = self.engine.change(|state| {
            if let Some(parked) = state.parked.get_mut(&ticket) {
                parked.waker.clone_from(cx.waker());
            }
            state.answers.remove(&ticket)
        });
        let refused = match answer {
            Some(Answer::Accepted(key)) => {
                self.stage = Stage::Done;
                return Poll::Ready(Ok(TaskHandle::of_new(self.engine, key)));
            }
            Some(Answer::Refused(refusal, entry)) => Some((refusal, entry)),
            None if parking.alarm.as_mut().is_some_and(|alarm| Pin::new(alarm).poll(cx).is_ready()) => {
                let parked = self.engine.change(|state| state.parked.remove(&ticket));
                parked.map(|parked| (Refusal::NoPlaceInTime, parked.entry))
            }
            None => None,
        };
        if let Some((refusal, entry)) = refused {
            let kept = parking.kept.take();
            self.stage = Stage::Done;
            return Poll::Ready(Err(self.engine.give_back(refusal, entry, kept)));
        }
        self.engine.waits_inside.set(true);
        self.engine.place_face.awaited(self.at);
        Poll::Pending
    }
}

impl<F: Factory> Unpin for Submit<'_, F> {}

type SubmitResult<F> = Result<TaskHandle<<F as Factory>::Output, <F as Factory>::Error>, SubmitError<F>>;

impl<F: Factory> Future for Submit<'_, F> {
    type Output = SubmitResult<F>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let check = match &mut this.stage {
            Stage::New(submission) if !submission.parcel.is_empty() => {
                match this.engine.place(submission, this.parent, MayWait::Yes) {
                    Ok(handle) => return Poll::Ready(Ok(handle)),
                    Err(check) => check,
                }
            }
            Stage::Parked(_) => return this.poll_parked(cx),
            _ => panic!("a submission gives its handle once, and was polled after that"),
        };
        this.poll_otherwise(check, cx)
    }
}

/// A submission that nobody waits for any more is withdrawn, wherever it is.
impl<F: Factory> Drop for Submit<'_, F> {
    fn drop(&mut self) {
        let Stage::Parked(Parking { ticket, .. }) = &self.stage else { return };
        self.engine.change(|state| {
            if let Some(Parked { entry, .. }) = state.parked.remove(ticket) {
                return state.withdraw(entry);
            }
            match state.answers.remove(ticket) {
                Some(Answer::Accepted(key)) => {
                    state.cancel(key, CancelReason::Requested);
                    state.table[key.slot()].handles -= 1;
                    state.forget_if_unwanted(key.slot());
                }
                Some(Answer::Refused(_, entry)) => state.withdraw(entry),
                None => {}
            }
        });
    }
}
