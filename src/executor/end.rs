//! How a task ends, and what its handle may ask about that.

use core::any::Any;
use core::pin::Pin;
use core::task::Waker;
use std::rc::Rc;

use super::core::Core;
use super::slot::{Body, End, Stage};
use super::wake;
use crate::trace::{CancelReason, Ending, Event, TaskId};

impl Core {
    /// Drops the future of a task that was cancelled while it was polled.
    #[cold]
    #[inline(never)]
    pub(super) fn drop_polled(&self, task: TaskId, mut body: Pin<Box<dyn Body>>) {
        let stage = self.table.borrow().slots[task.index()].stage;
        let Stage::Doomed(reason) = stage else {
            unreachable!("a polled task is still polled or doomed, not {stage:?}")
        };
        body.as_mut().clear();
        self.end_cancelled(task, body, reason);
    }

    /// Drops the task's future. False when it had ended already.
    pub(crate) fn cancel(&self, task: TaskId, reason: CancelReason) -> bool {
        wake::catch_up();
        let (body, is_new) = {
            let mut table = self.table.borrow_mut();
            let number = table.number(task.index());
            let Some(slot) = table.slot(task) else { return false };
            self.probe.looked(number);
            if !slot.stage.is_alive() {
                return false;
            }
            self.probe.killed(number);
            match slot.body.take() {
                Some(body) => (body, slot.stage == Stage::New),
                None => {
                    slot.stage = Stage::Doomed(reason);
                    return true;
                }
            }
        };
        self.drop_future(task, body, reason);
        if self.is_attended() {
            self.watch_cancel(task, is_new);
        }
        true
    }

    #[cold]
    fn watch_cancel(&self, task: TaskId, is_new: bool) {
        self.probe.watch.changed();
        if is_new {
            self.watch_unpolled(task);
        }
        if self.current().is_none() {
            self.watch_suspects();
        }
    }

    /// Runs the destructors of a task's future as that task, so that what they do is seen as its doing.
    fn drop_future(&self, task: TaskId, mut body: Pin<Box<dyn Body>>, reason: CancelReason) {
        if let Some(slot) = self.table.borrow_mut().slot(task) {
            slot.stage = Stage::Doomed(reason);
        }
        let (interrupted, outer) = (wake::interrupt(), self.current.replace(task));
        body.as_mut().clear();
        wake::resume(interrupted);
        self.current.set(outer);
        self.end_cancelled(task, body, reason);
    }

    fn end_cancelled(&self, task: TaskId, body: Pin<Box<dyn Body>>, reason: CancelReason) {
        let watched = self.table.borrow().is_watched(task);
        self.end(task, body, End::Cancelled(reason), watched);
    }

    /// Ends a task whose future returned or was dropped. Whether it is watched says whether anybody may still ask.
    #[inline(never)]
    pub(super) fn end(&self, task: TaskId, mut body: Pin<Box<dyn Body>>, end: End, watched: bool) {
        if self.is_attended() {
            self.tell_end(task, &*body, end, watched);
        }
        // What nobody will ask for is dropped here, where no borrow is held; the empty box stays if it is small.
        let kept = if watched || body.as_mut().clear() { Some(body) } else { None };
        let joiner = self.table.borrow_mut().settle(task, end, kept);
        if let Some(joiner) = joiner {
            joiner.wake();
        }
    }

    /// Tells whoever attends how a task ended.
    #[inline(never)]
    fn tell_end(&self, task: TaskId, body: &dyn Body, end: End, watched: bool) {
        self.record(|| Event::Ended { task, how: ending(end, body) });
        self.probe.ended(self.table.borrow().number(task.index()), watched);
        if end == End::Panicked && !watched {
            self.lost_panic.replace(body.panic_message().map(|message| (task, message)));
        }
    }

    /// Empties the box of a slot that was just vacated, outside of any borrow, and offers it to the next task.
    fn reuse_or_drop(&self, task: TaskId, mut body: Pin<Box<dyn Body>>) {
        if !body.as_mut().clear() {
            return;
        }
        let mut table = self.table.borrow_mut();
        let slot = &mut table.slots[task.index()];
        // What `clear` ran may have spawned into this slot already.
        if slot.stage == Stage::Vacant && slot.body.is_none() {
            slot.body = Some(body);
        }
    }

    /// Cancels every task, and those that are spawned by their destructors.
    pub(super) fn cancel_all(&self, reason: CancelReason) {
        let mut from = 0;
        loop {
            let next = self.table.borrow().alive_from(from);
            match next {
                Some(task) => {
                    self.cancel(task, reason);
                    from = task.index() + 1;
                }
                // What was spawned meanwhile may have got a place that was passed.
                None if from > 0 => from = 0,
                None => return,
            }
        }
    }

    /// How the task ended; none while it lives. Stores the waker in the meantime.
    pub(super) fn join<T: 'static>(&self, task: TaskId, waker: &Waker) -> Option<Result<T, Ending>> {
        let mut body = {
            let mut table = self.table.borrow_mut();
            self.probe.looked(table.number(task.index()));
            let slot = table.slot(task).expect("a watched task keeps its slot");
            let Stage::Ended(end) = slot.stage else {
                match table.joiner(task.index()) {
                    Some(joiner) => (**joiner).clone_from(waker),
                    empty => *empty = Some(Box::new(waker.clone())),
                }
                return None;
            };
            let body = slot.body.take().expect("an ended task keeps its box");
            (body, end)
        };
        let (body, end) = (&mut body.0, body.1);
        let mut output = None::<T>;
        body.as_mut().take_output(&mut output as &mut dyn Any);
        Some(match output {
            Some(output) => Ok(output),
            None => Err(ending(end, &**body)),
        })
    }

    pub(super) fn is_ended(&self, task: TaskId) -> bool {
        let mut table = self.table.borrow_mut();
        let number = table.number(task.index());
        let Some(slot) = table.slot(task) else { return true };
        self.probe.looked(number);
        !slot.stage.is_alive() && !matches!(slot.stage, Stage::Doomed(_))
    }

    /// Nobody will ask how this task ended.
    #[inline]
    pub(super) fn unwatch(&self, task: TaskId) {
        if self.is_attended() {
            self.tell_unwatched(task);
        }
        let has_left_anything = self.table.borrow_mut().unwatch(task);
        if has_left_anything {
            self.tidy_up_after(task);
        }
    }

    #[inline(never)]
    fn tell_unwatched(&self, task: TaskId) {
        self.probe.unwatched(self.table.borrow().number(task.index()));
    }

    /// Drops what a task has left that nobody watches any more.
    #[inline(never)]
    fn tidy_up_after(&self, task: TaskId) {
        let (joiner, leftover) = {
            let mut table = self.table.borrow_mut();
            (table.take_joiner(task.index()), table.vacate(task))
        };
        drop(joiner);
        if let Some(body) = leftover {
            self.reuse_or_drop(task, body);
        }
    }
}

fn ending(end: End, body: &dyn Body) -> Ending {
    match end {
        End::Returned => Ending::Returned,
        End::Panicked => Ending::Panicked(body.panic_message().unwrap_or_else(|| Rc::from(""))),
        End::Cancelled(reason) => Ending::Cancelled(reason),
    }
}
