//! The handle of a job: wait for it, look at it, cancel it, or let it go.

use core::fmt;
use core::future::{Future, IntoFuture};
use core::marker::PhantomData;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::body::Outcome;
use super::cancel::CancelAnswer;
use super::engine::Engine;
use super::progress::ProgressStream;
use super::record::{JobId, TaskRecord, Transition};
use super::slot::Slot;
use super::status::{TaskError, TaskStatus};
use super::table::Key;
use crate::executor::{Timeout, timeout};
use crate::sync::waiters::Place as Seat;
use crate::time::Duration;
use crate::trace::{CancelReason, Place};

/// Waits for a job, any number of times, and acts on it.
///
/// Waiting and owning are different things: dropping the handle, or a future that waits for it, cancels nothing.
/// Clones are handles of the same job. What the job gave is kept until its last handle is dropped.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{SleepTask, TaskRunner, TaskStatus};
/// use unstuck::time::ms;
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     runner.start();
///     let handle = runner.submit(SleepTask::new(ms(500))).await.unwrap();
///     assert!(handle.wait_timeout(ms(100)).await.is_err()); // not yet, and the job goes on
///     assert_eq!(handle.wait().await.unwrap(), "slept for 500 ms");
///     assert_eq!(handle.wait().await.unwrap(), "slept for 500 ms"); // and again
///     assert_eq!(handle.status(), TaskStatus::Succeeded);
/// });
/// ```
#[must_use = "dropping a handle detaches its job; say `drop(handle)` if that is meant"]
pub struct TaskHandle<T, E> {
    engine: Rc<Engine>,
    hold: Hold,
    types: PhantomData<fn() -> (T, E)>,
}

/// A handle's key, and in the two bits that keys leave free, what its drop means. As a field of its own it would make
/// a handle three words, which are moved through memory instead of registers.
#[derive(Clone, Copy)]
struct Hold(u64);

impl Hold {
    /// Its job is cancelled when it is dropped.
    const CANCELS: u64 = 1 << 62;
    /// It is not counted any more.
    const SPENT: u64 = 1 << 63;

    #[inline]
    fn key(self) -> Key {
        Key(self.0 & !(Hold::CANCELS | Hold::SPENT))
    }

    #[inline]
    fn is(self, bit: u64) -> bool {
        self.0 & bit != 0
    }
}

impl<T, E> TaskHandle<T, E> {
    /// The handle that a new job has been counted for already.
    #[inline]
    pub(super) fn of_new(engine: &Rc<Engine>, key: Key) -> Self {
        TaskHandle { engine: engine.clone(), hold: Hold(key.0), types: PhantomData }
    }

    pub(super) fn joining(engine: &Rc<Engine>, key: Key) -> Self {
        engine.change(|state| state.table[key.slot()].handles += 1);
        TaskHandle::of_new(engine, key)
    }

    /// The number of the job.
    pub fn id(&self) -> JobId {
        self.engine.look(|state| state.table[self.key().slot()].id)
    }

    /// Where the job is in its life.
    pub fn status(&self) -> TaskStatus {
        self.engine.look(|state| state.table[self.key().slot()].status)
    }

    /// What is known of the job.
    pub fn record(&self) -> TaskRecord {
        self.engine.look(|state| state.table[self.key().slot()].record())
    }

    /// The changes of its status so far; of a very long list the first and the last ones.
    pub fn history(&self) -> Vec<Transition> {
        self.engine.look(|state| state.table[self.key().slot()].history())
    }

    /// Asks the job to stop, or takes it out of the line.
    pub fn cancel(&self, reason: CancelReason) -> CancelAnswer {
        self.engine.change(|state| state.cancel(self.key(), reason))
    }

    /// Changes the priority of a job that is in line; among its new equals it stands where it would have stood.
    /// False when it is not in line.
    pub fn set_priority(&self, priority: u8) -> bool {
        self.engine.change(|state| state.set_priority(self.key(), priority))
    }

    /// Waits until the code of the job is gone, and its slot free. Dropping the future stops waiting.
    #[track_caller]
    pub fn stopped(&self) -> Stopped<'_, T, E> {
        let is_over = |job: &Slot| job.status.is_terminal() && job.stopped;
        Stopped { handle: self, is_over, seat: None, at: Location::caller() }
    }

    /// Waits for the end of the job, and does not ask what came of it.
    #[track_caller]
    pub(super) fn ended(&self) -> Stopped<'_, T, E> {
        Stopped { handle: self, is_over: |job| job.status.is_terminal(), seat: None, at: Location::caller() }
    }

    /// How far the job has come, whenever that changes, until it ends.
    pub fn progress(&self) -> ProgressStream<T, E> {
        ProgressStream::new(self.clone())
    }

    /// Cancels the job when this handle, not one of its clones, is dropped.
    pub fn cancel_on_drop(mut self) -> Self {
        self.hold.0 |= Hold::CANCELS;
        self
    }

    pub(super) fn engine(&self) -> &Rc<Engine> {
        &self.engine
    }

    #[inline]
    pub(super) fn key(&self) -> Key {
        self.hold.key()
    }
}

impl<T: Clone + 'static, E: 'static> TaskHandle<T, E> {
    /// Waits for the end of the job and gives what came of it. Dropping the future stops waiting, and changes
    /// nothing for the job or for others who wait.
    ///
    /// # Errors
    ///
    /// A [`TaskError`], when the job did not give a value.
    #[track_caller]
    pub fn wait(&self) -> Wait<'_, T, E> {
        Wait { handle: Holder::Borrowed(self), seat: None, at: Location::caller() }
    }

    /// What came of the job, if it has ended.
    pub fn outcome(&self) -> Option<Result<T, TaskError<E>>> {
        self.engine.outcome(self.key())
    }

    /// Waits for the end of the job, and at most `limit`, counted from this call. The job does not notice when that
    /// is over.
    ///
    /// # Errors
    ///
    /// [`Elapsed`](crate::Elapsed), when the job has not ended by then.
    #[track_caller]
    pub fn wait_timeout(&self, limit: Duration) -> Timeout<Wait<'_, T, E>> {
        timeout(limit, self.wait())
    }
}

impl Engine {
    /// What came of a job that has ended.
    #[inline]
    pub(super) fn outcome<T: Clone + 'static, E: 'static>(self: &Rc<Self>, key: Key) -> Option<Outcome<T, E>> {
        let body = self.change(|state| {
            let job = &mut state.table[key.slot()];
            match TaskError::of_status(job.status) {
                Some(error) => Err(Some(Err(error))),
                None if job.status.is_terminal() => job.body.take().ok_or(None),
                None => Err(None),
            }
        });
        // The value is cloned, by its own code, while nothing is borrowed.
        let body = match body {
            Ok(body) => body,
            Err(known) => return known,
        };
        let outcome = body.outcome().downcast_ref::<Option<Outcome<T, E>>>();
        let outcome = outcome.expect("a handle is of the types of its job").clone();
        self.change(|state| state.table[key.slot()].body = Some(body));
        outcome
    }

    /// Moves out what came of a job, for whoever waits with its last handle, and counts that handle no more. None
    /// when there is another handle, or nothing to be moved.
    #[inline]
    fn last_outcome<T: 'static, E: 'static>(
        self: &Rc<Self>,
        key: Key,
        seat: &mut Option<Seat>,
    ) -> Option<Outcome<T, E>> {
        self.change(|state| {
            let job = &mut state.table[key.slot()];
            let body = job.body.as_mut()?;
            if !job.status.left_an_outcome() || job.handles != 1 || !job.stopped || job.dead {
                return None;
            }
            let mut outcome = None::<Outcome<T, E>>;
            let is_empty = body.as_mut().take_outcome(&mut outcome);
            if let Some(seat) = seat.take() {
                job.waiters().leave(seat);
            }
            job.handles = 0;
            match state.forget(key.slot()) {
                Some(body) if is_empty => state.keep_box(body),
                Some(body) => state.discard(body),
                None => {}
            }
            outcome
        })
    }
}

impl<T, E> Clone for TaskHandle<T, E> {
    fn clone(&self) -> Self {
        TaskHandle::joining(&self.engine, self.key())
    }
}

impl<T, E> Drop for TaskHandle<T, E> {
    #[inline]
    fn drop(&mut self) {
        if self.hold.is(Hold::SPENT) {
            return;
        }
        if self.hold.is(Hold::CANCELS) {
            self.cancel(CancelReason::Requested);
        }
        let unwanted = self.engine.change(|state| {
            state.table[self.key().slot()].handles -= 1;
            state.forget(self.key().slot())
        });
        if let Some(body) = unwanted {
            self.engine.discard(body);
        }
    }
}

impl<T, E> fmt::Debug for TaskHandle<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskHandle({} {})", self.id(), self.status())
    }
}

impl<T: Clone + 'static, E: 'static> IntoFuture for TaskHandle<T, E> {
    type Output = Result<T, TaskError<E>>;
    type IntoFuture = Wait<'static, T, E>;

    #[inline]
    #[track_caller]
    fn into_future(self) -> Wait<'static, T, E> {
        Wait { handle: Holder::Owned(self), seat: None, at: Location::caller() }
    }
}

impl<'a, T: Clone + 'static, E: 'static> IntoFuture for &'a TaskHandle<T, E> {
    type Output = Result<T, TaskError<E>>;
    type IntoFuture = Wait<'a, T, E>;

    #[track_caller]
    fn into_future(self) -> Wait<'a, T, E> {
        self.wait()
    }
}

enum Holder<'a, T, E> {
    Owned(TaskHandle<T, E>),
    Borrowed(&'a TaskHandle<T, E>),
}

impl<T, E> Holder<'_, T, E> {
    #[inline]
    fn get(&self) -> &TaskHandle<T, E> {
        match self {
            Holder::Owned(handle) => handle,
            Holder::Borrowed(handle) => handle,
        }
    }
}

impl<T: Clone + 'static, E: 'static> Holder<'_, T, E> {
    /// What came of the job: a copy, unless nobody else can ask for it.
    #[inline]
    fn outcome(&mut self, seat: &mut Option<Seat>) -> Option<Outcome<T, E>> {
        if let Holder::Owned(handle) = self {
            assert!(!handle.hold.is(Hold::SPENT), "a wait gives the outcome once, and was polled after that");
            if let Some(outcome) = handle.engine.last_outcome(handle.key(), seat) {
                handle.hold.0 |= Hold::SPENT;
                return Some(outcome);
            }
        }
        let handle = self.get();
        handle.engine.outcome(handle.key())
    }
}

/// Waits for the end of a job. See [`TaskHandle::wait`].
#[must_use = "a wait that is not awaited does not wait"]
pub struct Wait<'a, T, E> {
    handle: Holder<'a, T, E>,
    seat: Option<Seat>,
    at: Place,
}

impl<T: Clone + 'static, E: 'static> Future for Wait<'_, T, E> {
    type Output = Result<T, TaskError<E>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Some(outcome) = this.handle.outcome(&mut this.seat) {
            return Poll::Ready(outcome);
        }
        let handle = this.handle.get();
        let (engine, key) = (&handle.engine, handle.key());
        engine.take_seat(key, &mut this.seat, cx);
        engine.waits_inside.set(true);
        engine.result_face.awaited(this.at);
        Poll::Pending
    }
}

impl<T, E> Drop for Wait<'_, T, E> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            let handle = self.handle.get();
            let (engine, key) = (&handle.engine, handle.key());
            engine.change(|state| state.table[key.slot()].waiters().leave(seat));
        }
    }
}

impl Engine {
    /// Sits down among those who wait for a job, or stays there.
    fn take_seat(self: &Rc<Self>, key: Key, seat: &mut Option<Seat>, cx: &mut Context<'_>) {
        self.change(|state| {
            let waiters = state.table[key.slot()].waiters();
            let waits_on = seat.is_some_and(|seat| !waiters.is_served(seat, cx.waker()));
            if !waits_on {
                *seat = Some(waiters.join(cx.waker().clone()));
            }
        });
    }
}

/// Waits until the code of a job is gone. See [`TaskHandle::stopped`].
#[must_use = "a wait that is not awaited does not wait"]
pub struct Stopped<'a, T, E> {
    handle: &'a TaskHandle<T, E>,
    is_over: fn(&Slot) -> bool,
    seat: Option<Seat>,
    at: Place,
}

impl<T, E> Future for Stopped<'_, T, E> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let (engine, key) = (&this.handle.engine, this.handle.key());
        if engine.look(|state| (this.is_over)(&state.table[key.slot()])) {
            return Poll::Ready(());
        }
        engine.take_seat(key, &mut this.seat, cx);
        engine.waits_inside.set(true);
        engine.result_face.awaited(this.at);
        Poll::Pending
    }
}

impl<T, E> Drop for Stopped<'_, T, E> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            let (engine, key) = (&self.handle.engine, self.handle.key());
            engine.change(|state| state.table[key.slot()].waiters().leave(seat));
        }
    }
}
