//! What runs side by side, and belongs to the group that started it.

use core::cell::RefCell;
use core::fmt;
use core::future::{Future, poll_fn};
use core::num::NonZeroUsize;
use core::panic::Location;
use core::pin::{Pin, pin};
use core::task::{Poll, Waker};
use std::collections::VecDeque;
use std::rc::Rc;

use super::cx::RunCx;
use super::failure::Failure;
use super::workflow::{Outcome, Workflow};
use crate::executor::{JoinHandle, caught, note_dropped, spawn_named};
use crate::sorted::Sorted;
use crate::sync::CancelToken;
use crate::sync::object::Object;
use crate::trace::CancelReason;

/// Children under way, each a task of the executor, and the outcomes that nobody has taken yet.
///
/// Dropping it drops the children, at once.
pub(super) struct Children<T, E> {
    under_way: Sorted<usize, Child>,
    mailbox: Rc<Mailbox<T, E>>,
}

struct Child {
    cancel: CancelToken,
    task: JoinHandle<()>,
}

/// Which child ended, and how.
type Finished<T, E> = (usize, Result<T, Failure<E>>);

struct Mailbox<T, E> {
    outcomes: RefCell<VecDeque<Finished<T, E>>>,
    owner: RefCell<Option<Waker>>,
    face: Object,
}

impl<T: 'static, E: fmt::Display + 'static> Children<T, E> {
    pub(super) fn new() -> Self {
        let mailbox =
            Mailbox { outcomes: RefCell::default(), owner: RefCell::default(), face: Object::new("its children") };
        Children { under_way: Sorted::new(), mailbox: Rc::new(mailbox) }
    }

    pub(super) fn len(&self) -> usize {
        self.under_way.len()
    }

    /// Spawns a child under its name, as the node of `cx`.
    pub(super) fn spawn<W>(&mut self, index: usize, workflow: Rc<W>, input: W::Input, cx: RunCx<'static>)
    where
        W: Workflow<Output = T, Error = E> + 'static,
        W::Input: 'static,
    {
        let cancel = cx.cancel_token().clone();
        let name = cx.name().clone();
        let mut reply = Reply { index, mailbox: self.mailbox.clone(), cancel: cancel.clone(), outcome: None };
        let task = spawn_named(&name, async move {
            let outcome = panics_caught(pin!(cx.perform(&*workflow, input))).await;
            if let Err(Failure::Cancelled(reason)) = &outcome {
                note_dropped(format_args!("stopped: {reason}"));
            }
            reply.outcome = Some(outcome);
            drop(reply);
        });
        self.under_way.insert(index, Child { cancel, task });
    }

    /// The next outcome; none when no child is under way. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Option<Finished<T, E>> {
        if self.under_way.is_empty() {
            return None;
        }
        let (index, outcome) = poll_fn(|cx| {
            self.mailbox.face.write();
            let next = self.mailbox.outcomes.borrow_mut().pop_front();
            match next {
                Some(outcome) => Poll::Ready(outcome),
                None => {
                    self.mailbox.owner.replace(Some(cx.waker().clone()));
                    self.mailbox.face.awaited(Location::caller());
                    Poll::Pending
                }
            }
        })
        .await;
        self.under_way.remove(&index);
        Some((index, outcome))
    }

    /// Asks every child that is under way to stop.
    pub(super) fn cancel(&self, reason: CancelReason) {
        for child in self.under_way.values() {
            child.cancel.cancel(reason);
        }
    }

    /// Asks every child that is under way to stop, and waits until all have.
    pub(super) async fn stop(&mut self, reason: CancelReason) {
        self.cancel(reason);
        while self.next().await.is_some() {}
    }
}

impl<T, E> Drop for Children<T, E> {
    fn drop(&mut self) {
        for child in self.under_way.values() {
            child.cancel.cancel(CancelReason::ParentEnded);
            child.task.cancel(child.cancel.reason().unwrap_or(CancelReason::ParentEnded));
        }
    }
}

/// Takes a panic of a workflow that is not a task, such as somebody's own, for its failure.
fn panics_caught<T, E>(
    mut work: Pin<&mut impl Future<Output = Result<T, Failure<E>>>>,
) -> impl Future<Output = Result<T, Failure<E>>> {
    // It is dropped after it panicked, so nobody sees the state that it left.
    poll_fn(move |cx| {
        caught(|| work.as_mut().poll(cx)).unwrap_or_else(|message| Poll::Ready(Err(Failure::Panicked(message))))
    })
}

/// What a child owes its owner: also one whose task was dropped from outside.
struct Reply<T, E> {
    index: usize,
    mailbox: Rc<Mailbox<T, E>>,
    cancel: CancelToken,
    outcome: Option<Result<T, Failure<E>>>,
}

impl<T, E> Drop for Reply<T, E> {
    fn drop(&mut self) {
        let outcome = self
            .outcome
            .take()
            .unwrap_or_else(|| Err(Failure::Cancelled(self.cancel.reason().unwrap_or(CancelReason::Requested))));
        self.mailbox.face.write();
        self.mailbox.outcomes.borrow_mut().push_back((self.index, outcome));
        let owner = self.mailbox.owner.take();
        owner.into_iter().for_each(Waker::wake);
    }
}

/// The outcomes of jobs that ran side by side, by the order of the jobs.
pub(super) struct FannedOut<T, E> {
    /// None for a job that was never begun.
    pub(super) outcomes: Vec<Option<Result<T, Failure<E>>>>,
    pub(super) first_failure: Option<usize>,
}

/// Runs jobs side by side, at most `limit` at a time, in their order. With `stop_early`, the first failure ends the
/// others.
pub(super) async fn fan_out<W>(
    jobs: impl Iterator<Item = (Rc<W>, W::Input)>,
    limit: Option<NonZeroUsize>,
    stop_early: bool,
    cx: &RunCx<'_>,
) -> FannedOut<W::Output, W::Error>
where
    W: Workflow + 'static,
    W::Input: 'static,
    W::Output: 'static,
    W::Error: 'static,
{
    cx.running();
    let mut waiting: VecDeque<_> = jobs.map(|(job, input)| (cx.child(job.name()), job, input)).collect();
    let mut outcomes: Vec<Option<Outcome<W>>> = Vec::new();
    outcomes.resize_with(waiting.len(), || None);
    let mut children = Children::new();
    let (mut begun, mut first_failure) = (0, None);
    loop {
        while limit.is_none_or(|limit| children.len() < limit.get())
            && let Some((cx, job, input)) = waiting.pop_front()
        {
            children.spawn(begun, job, input, cx);
            begun += 1;
        }
        let Some((index, outcome)) = children.next().await else { break };
        let failed = outcome.is_err();
        outcomes[index] = Some(outcome);
        if failed && first_failure.is_none() {
            first_failure = Some(index);
            if stop_early {
                waiting.clear();
                children.cancel(CancelReason::ParentEnded);
            }
        }
        if cx.cancel_reason().is_some() {
            waiting.clear();
        }
    }
    FannedOut { outcomes, first_failure }
}
