//! Getting into the queue, as the submitter sees it.

use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::rc::Rc;

use super::admit::Answer;
use super::engine::Engine;
use super::factory::Factory;
use super::handle::TaskHandle;
use super::job::Submission;
use super::place::{Parking, Placed};
use super::refusal::{Refusal, SubmitError};
use super::table::Key;
use crate::executor::Sleep;
use crate::overwrite::overwrite;
use crate::time::Duration;
use crate::trace::Place;

/// What [`TaskRunner::submit`](super::TaskRunner::submit) does when the queue is full.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{Refusal, SleepTask, SubmitPolicy, TaskRunner};
/// use unstuck::time::ms;
///
/// Executor::new().block_on(async {
///     let one = TaskRunner::builder().workers(1).capacity(1);
///     let runner = one.submit_policy(SubmitPolicy::WaitTimeout(ms(100))).build().unwrap();
///     let first = runner.submit(SleepTask::new(ms(5))).await.unwrap();
///     let error = runner.submit(SleepTask::new(ms(6))).await.unwrap_err();
///     assert_eq!(error.refusal, Refusal::NoPlaceInTime);
///     // The job comes back with the error, and can be submitted again.
///     runner.start();
///     first.await.unwrap();
///     assert!(runner.submit(*error.submission).await.is_ok());
/// });
/// ```
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
    fn poll_otherwise(&mut self, cx: &mut Context<'_>) -> Poll<SubmitResult<F>> {
        let Stage::New(submission) = &mut self.stage else { unreachable!("it is new") };
        let placed = self.engine.place_with_care(submission, self.parent, Some(cx));
        self.stage = Stage::Done;
        match placed {
            Placed::Done(handle) => Poll::Ready(Ok(handle)),
            Placed::Refused(error) => Poll::Ready(Err(error)),
            Placed::Parked(parking) => {
                let is_timed = parking.alarm.is_some();
                self.stage = Stage::Parked(parking);
                // There is no answer yet, but a time that is over at once.
                if is_timed { self.poll_parked(cx) } else { self.engine.await_place(self.at) }
            }
        }
    }

    fn poll_parked(&mut self, cx: &mut Context<'_>) -> Poll<SubmitResult<F>> {
        let Stage::Parked(parking) = &mut self.stage else { unreachable!("it is parked") };
        let answer = ready!(self.engine.answer_parked(parking.ticket, &mut parking.alarm, self.at, cx));
        let kept = parking.kept.take();
        self.stage = Stage::Done;
        Poll::Ready(match answer {
            Answer::Accepted(key) => Ok(TaskHandle::of_new(self.engine, key)),
            Answer::Refused(refused) => {
                let (refusal, entry) = *refused;
                Err(self.engine.give_back(refusal, entry, kept))
            }
        })
    }
}

impl Engine {
    /// What became of a job in front of the queue, which it leaves when it has waited as long as it may.
    fn answer_parked(
        self: &Rc<Self>,
        ticket: u64,
        alarm: &mut Option<Box<Sleep>>,
        at: Place,
        cx: &mut Context<'_>,
    ) -> Poll<Answer> {
        if let Some(answer) = self.change(|state| state.answer(ticket, cx.waker())) {
            return Poll::Ready(answer);
        }
        let is_late = alarm.as_mut().is_some_and(|alarm| Pin::new(alarm).poll(cx).is_ready());
        if is_late && let Some(parked) = self.change(|state| state.parked.remove(ticket)) {
            return Poll::Ready(Answer::Refused(Box::new((Refusal::NoPlaceInTime, parked.entry))));
        }
        self.await_place(at)
    }

    /// The running task waits for a place in the queue.
    fn await_place<T>(&self, at: Place) -> Poll<T> {
        self.waits_inside.set(true);
        self.place_face.awaited(at);
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
        match &mut this.stage {
            Stage::New(submission) => match this.engine.place_at_once(submission, this.parent) {
                Some(handle) => {
                    // It was emptied.
                    overwrite(&mut this.stage, Stage::Done);
                    Poll::Ready(Ok(handle))
                }
                None => this.poll_otherwise(cx),
            },
            Stage::Parked(_) => this.poll_parked(cx),
            Stage::Done => panic!("a submission gives its handle once, and was polled after that"),
        }
    }
}

/// A submission that nobody waits for any more is withdrawn, wherever it is.
impl<F: Factory> Drop for Submit<'_, F> {
    fn drop(&mut self) {
        if let Stage::Parked(Parking { ticket, .. }) = &self.stage {
            self.engine.withdraw_parked(*ticket);
        }
    }
}

impl Engine {
    #[inline(never)]
    fn withdraw_parked(self: &Rc<Self>, ticket: u64) {
        self.change(|state| state.withdraw_parked(ticket));
    }
}
