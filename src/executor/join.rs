//! The handle of a spawned task: wait for it, cancel it, or let it go.

use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use super::core::Core;
use crate::trace::{CancelReason, Ending, Place, TaskId, Wait};

/// Waits for the end of a task and gives its output.
///
/// Waiting and owning are different things: dropping the handle, or a future that awaits it, cancels nothing, and
/// the task runs on.
///
/// ```
/// use unstuck::trace::CancelReason;
/// use unstuck::{Executor, JoinError, spawn};
///
/// Executor::new().block_on(async {
///     let stuck = spawn(std::future::pending::<()>());
///     stuck.cancel(CancelReason::Requested);
///     assert_eq!(stuck.await, Err(JoinError::Cancelled(CancelReason::Requested)));
/// });
/// ```
#[must_use = "dropping a handle detaches its task; say `drop(handle)` if that is meant"]
pub struct JoinHandle<T> {
    core: Rc<Core>,
    task: TaskId,
    taken: bool,
    output: PhantomData<fn() -> T>,
}

/// Why there is no output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinError {
    /// The future was dropped before it returned.
    Cancelled(CancelReason),
    /// The future panicked, with this message. Natively only: a panic ends a wasm instance.
    Panicked(Rc<str>),
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Cancelled(reason) => write!(f, "the task was cancelled: {reason}"),
            JoinError::Panicked(message) => write!(f, "the task panicked: {message}"),
        }
    }
}

impl std::error::Error for JoinError {}

impl<T: 'static> JoinHandle<T> {
    #[inline]
    #[track_caller]
    pub(super) fn spawn<F>(core: Rc<Core>, name: Option<&str>, future: F) -> Self
    where
        F: Future<Output = T> + 'static,
    {
        JoinHandle::spawn_at(core, name, future, Location::caller())
    }

    #[inline]
    pub(super) fn spawn_at<F>(core: Rc<Core>, name: Option<&str>, future: F, at: Place) -> Self
    where
        F: Future<Output = T> + 'static,
    {
        let task = core.spawn(name, future, at);
        JoinHandle { core, task, taken: false, output: PhantomData }
    }

    /// The task.
    pub fn id(&self) -> TaskId {
        self.task
    }

    /// Whether the task ended.
    pub fn is_finished(&self) -> bool {
        self.taken || self.core.is_ended(self.task)
    }

    /// Drops the task's future, now; its destructors run before this returns, unless the task is the caller
    /// itself. Returns false when it had ended already.
    pub fn cancel(&self, reason: CancelReason) -> bool {
        !self.taken && self.core.cancel(self.task, reason)
    }

    /// The output, if the task ended.
    pub(super) fn now_or_never(mut self) -> Option<Result<T, JoinError>> {
        match Pin::new(&mut self).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        }
    }
}

impl<T: 'static> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(!self.taken, "a handle gives its output once, and was polled after that");
        match self.core.join::<T>(self.task, cx.waker()) {
            None => {
                let task = self.task;
                self.core.record_wait(|| Wait::Task { task }, Location::caller());
                Poll::Pending
            }
            Some(result) => {
                self.taken = true;
                self.core.unwatch(self.task);
                Poll::Ready(result.map_err(|ending| match ending {
                    Ending::Cancelled(reason) => JoinError::Cancelled(reason),
                    Ending::Panicked(message) => JoinError::Panicked(message),
                    Ending::Returned => unreachable!("a handle takes the output only once"),
                }))
            }
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if !self.taken {
            self.core.unwatch(self.task);
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinHandle({})", self.task)
    }
}
