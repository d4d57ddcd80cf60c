//! The way of a submission into the runner, or back to its submitter.

use core::task::Context;
use std::rc::Rc;

use super::admit::{Check, Entry, MayWait, Parked};
use super::engine::{Engine, State};
use super::factory::{Factory, Types, types_of};
use super::handle::TaskHandle;
use super::job::Submission;
use super::record::JobId;
use super::refusal::{Refusal, SubmitError};
use super::table::Key;
use super::wishes::Wishes;
use crate::executor::{Sleep, TIME_LIMIT, sleep};

/// What the runner says to a submission.
pub(super) enum Placed<F: Factory> {
    Done(TaskHandle<F::Output, F::Error>),
    Refused(SubmitError<F>),
    /// It stands in front of the full queue, with this ticket.
    Parked(Parking<F>),
}

pub(super) struct Parking<F: Factory> {
    pub(super) ticket: u64,
    /// What cannot be taken out of the box again, should the job be given back.
    pub(super) kept: Option<F>,
    pub(super) alarm: Option<Box<Sleep>>,
}

/// What a submission is told before it is boxed.
enum Checked {
    Numbered(JobId, Check),
    Joins(Key),
    Refused(Refusal),
}

impl Engine {
    pub(super) fn submit_now<F: Factory>(
        self: &Rc<Self>,
        mut submission: Submission<F>,
        parent: Option<Key>,
    ) -> Result<TaskHandle<F::Output, F::Error>, SubmitError<F>> {
        if let Some(handle) = self.place_at_once(&mut submission, parent) {
            return Ok(handle);
        }
        match self.place_with_care(&mut submission, parent, None) {
            Placed::Done(handle) => Ok(handle),
            Placed::Refused(error) => Err(error),
            Placed::Parked(_) => unreachable!("who may not wait is not told to"),
        }
    }

    /// Takes in a job that asks for nothing rare, out of `submission`, if there is a place for it.
    #[inline]
    pub(super) fn place_at_once<F: Factory>(
        self: &Rc<Self>,
        submission: &mut Submission<F>,
        parent: Option<Key>,
    ) -> Option<TaskHandle<F::Output, F::Error>> {
        let key = self.change(|state| {
            if !state.welcomes(&submission.wishes) || !state.has_room() {
                return Key::NOBODY;
            }
            let id = state.number(&submission.wishes);
            state.take_in(id, submission, parent)
        });
        (key != Key::NOBODY).then(|| TaskHandle::of_new(self, key))
    }

    /// Places a job after every check; a store is told before anybody else.
    #[inline(never)]
    pub(super) fn place_with_care<F: Factory>(
        self: &Rc<Self>,
        submission: &mut Submission<F>,
        parent: Option<Key>,
        waiter: Option<&Context<'_>>,
    ) -> Placed<F> {
        let may_wait = if waiter.is_some() { MayWait::Yes } else { MayWait::No };
        let (id, check) = match self.check_and_number(&submission.wishes, types_of::<F>, may_wait) {
            Checked::Numbered(id, check) => (id, check),
            Checked::Joins(key) => return Placed::Done(TaskHandle::joining(self, key)),
            Checked::Refused(refusal) => {
                return Placed::Refused(SubmitError { refusal, submission: Box::new(submission.take()) });
            }
        };
        if let (Check::Wait(limit), Some(waiter)) = (&check, waiter) {
            let kept = submission.parcel.keep();
            let alarm = limit.map(|limit| Box::new(sleep(limit).labelled(TIME_LIMIT).in_reserve()));
            let ticket = self.change(|state| state.park(id, submission, parent, waiter));
            return Placed::Parked(Parking { ticket, kept, alarm });
        }
        let key = self.change(|state| {
            if let Check::Evict(slot) = check {
                state.evict(slot);
            }
            state.take_in(id, submission, parent)
        });
        Placed::Done(TaskHandle::of_new(self, key))
    }

    fn check_and_number(self: &Rc<Self>, wishes: &Wishes, types: Types, may_wait: MayWait) -> Checked {
        let checked = match self.look(|state| state.check(wishes, types, may_wait)) {
            Check::Join(key) => return Checked::Joins(key),
            Check::Refuse(refusal) => Err(refusal),
            check => self.write_ahead(wishes).map(|id| (id, check)),
        };
        match checked {
            Ok((id, check)) => Checked::Numbered(id, check),
            Err(refusal) => {
                self.change(|state| state.counters.refused += 1);
                Checked::Refused(refusal)
            }
        }
    }

    /// Numbers the job, and takes it down in the store before anybody is told that it was accepted.
    pub(super) fn write_ahead(self: &Rc<Self>, wishes: &Wishes) -> Result<JobId, Refusal> {
        let id = self.change(|state| state.number(wishes));
        if let Some(store) = &self.settings.store {
            store.put(&wishes.record(id, self.now())).map_err(Refusal::NotStored)?;
        }
        Ok(id)
    }

    /// Gives a job that was parked back to its submitter.
    pub(super) fn give_back<F: Factory>(
        self: &Rc<Self>,
        refusal: Refusal,
        mut entry: Entry,
        kept: Option<F>,
    ) -> SubmitError<F> {
        let parcel = F::take_back(entry.body.as_mut(), kept);
        let wishes = self.withdraw_refused(entry);
        SubmitError { refusal, submission: Box::new(Submission { parcel, wishes }) }
    }

    #[inline(never)]
    fn withdraw_refused(self: &Rc<Self>, entry: Entry) -> Wishes {
        let wishes = entry.wishes.clone();
        self.change(|state| {
            state.withdraw(entry);
            state.counters.refused += 1;
        });
        wishes
    }
}

impl State {
    /// Leaves a job in front of the full queue.
    fn park<F: Factory>(
        &mut self,
        id: JobId,
        submission: &mut Submission<F>,
        parent: Option<Key>,
        waiter: &Context<'_>,
    ) -> u64 {
        let Submission { parcel, wishes } = submission;
        let body = F::fill(parcel, self.spares.pop());
        let entry = Entry { id, wishes: wishes.take(), body, types: types_of::<F>, parent };
        self.leave_in_front(entry, waiter)
    }

    #[inline(never)]
    fn leave_in_front(&mut self, entry: Entry, waiter: &Context<'_>) -> u64 {
        let ticket = self.ticket();
        self.parked.push(ticket, Parked { entry, waker: waiter.waker().clone() });
        ticket
    }

    #[inline]
    fn take_in<F: Factory>(&mut self, id: JobId, submission: &mut Submission<F>, parent: Option<Key>) -> Key {
        let Submission { parcel, wishes } = submission;
        let body = F::fill(parcel, self.spares.pop());
        let ticket = self.ticket();
        self.accept(id, wishes, body, types_of::<F>, parent, ticket)
    }
}
