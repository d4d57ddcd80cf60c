//! The handle of a job: wait for it, look at it, cancel it, or let it go.

use core::fmt;
use core::future::IntoFuture;
use core::marker::PhantomData;
use core::panic::Location;
use std::rc::Rc;

use super::cancel::CancelAnswer;
use super::engine::Engine;
use super::progress::ProgressStream;
use super::record::{JobId, TaskRecord, Transition};
use super::status::{TaskError, TaskStatus};
use super::table::Key;
use super::waiting::{Holder, Stopped, Wait};
use crate::executor::{Timeout, timeout};
use crate::time::Duration;
use crate::trace::CancelReason;

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
        engine.change_job(key, |state| state.table[key.slot()].handles += 1);
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
        Stopped::new(self, |job| job.status.is_terminal() && job.stopped, Location::caller())
    }

    /// Waits for the end of the job, and does not ask what came of it.
    #[track_caller]
    pub(super) fn ended(&self) -> Stopped<'_, T, E> {
        Stopped::new(self, |job| job.status.is_terminal(), Location::caller())
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

    #[inline]
    pub(super) fn is_spent(&self) -> bool {
        self.hold.is(Hold::SPENT)
    }

    /// Whoever waited with it took what came of the job, and counted it no more.
    #[inline]
    pub(super) fn spend(&mut self) {
        self.hold.0 |= Hold::SPENT;
    }

    #[inline]
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
        Wait::new(Holder::Borrowed(self), Location::caller())
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

impl<T, E> Clone for TaskHandle<T, E> {
    fn clone(&self) -> Self {
        TaskHandle::joining(&self.engine, self.key())
    }
}

impl<T, E> Drop for TaskHandle<T, E> {
    #[inline]
    fn drop(&mut self) {
        if !self.is_spent() {
            self.engine.let_go(self.hold);
        }
    }
}

impl Engine {
    /// A handle is dropped.
    #[inline(never)]
    fn let_go(self: &Rc<Self>, hold: Hold) {
        let key = hold.key();
        if hold.is(Hold::CANCELS) {
            self.change(|state| state.cancel(key, CancelReason::Requested));
        }
        let unwanted = self.change_job(key, |state| {
            state.table[key.slot()].handles -= 1;
            state.forget(key.slot())
        });
        if let Some(body) = unwanted {
            self.discard(body);
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
        Wait::new(Holder::Owned(self), Location::caller())
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
