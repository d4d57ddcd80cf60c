//! How a task ends, and what its handle may ask about that.

use core::any::Any;
use core::pin::Pin;
use core::task::{Poll, Waker};
use std::rc::Rc;

use super::core::Core;
use super::poll::Polled;
use super::slot::{Body, End, Slot, Stage};
use super::wake;
use crate::trace::{CancelReason, Ending, Event, TaskId};

impl Core {
    /// Ends a task whose future returned, or was cancelled while it was polled.
    #[inline(never)]
    pub(super) fn finish(&self, task: TaskId, mut body: Pin<Box<dyn Body>>, polled: Poll<End>) -> Polled {
        let end = match polled {
            Poll::Ready(end) => end,
            Poll::Pending => {
                let reason = self.doom(task);
                body.as_mut().clear();
                End::Cancelled(reason)
            }
        };
        self.end(task, body, end);
        // Whoever waited for it is in line before anybody else is polled.
        wake::catch_up();
        Polled::Ended
    }

    /// Why a task was cancelled that did not end by itself.
    fn doom(&self, task: TaskId) -> CancelReason {
        match self.table.borrow().slots[task.index()].stage {
            Stage::Doomed(reason) => reason,
            stage => unreachable!("a polled task is still polled or doomed, not {stage:?}"),
        }
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
        self.end(task, body, End::Cancelled(reason));
    }

    fn end(&self, task: TaskId, body: Pin<Box<dyn Body>>, end: End) {
        self.record(|| Event::Ended { task, how: ending(end, &*body) });
        let mut body = body;
        let (watched, number) = self.table.borrow().watched(task);
        self.probe.ended(number, watched);
        if end == End::Panicked && !watched {
            self.lost_panic.replace(body.panic_message().map(|message| (task, message)));
        }
        // What nobody will ask for is dropped here, where no borrow is held; the empty box stays if it is small.
        let kept = if watched || body.as_mut().clear() { Some(body) } else { None };
        let joiner = self.table.borrow_mut().settle(task, end, kept);
        if let Some(joiner) = joiner {
            joiner.wake();
        }
    }

    /// Empties the box of a slot that was just vacated, outside of any borrow, and offers it to the next task.
    fn reuse_or_drop(&self, task: TaskId, leftover: Option<Pin<Box<dyn Body>>>) {
        let Some(mut body) = leftover else { return };
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
        loop {
            let next = {
                let table = self.table.borrow();
                let alive = |(_, slot): &(usize, &Slot)| slot.stage.is_alive();
                table
                    .slots
                    .iter()
                    .enumerate()
                    .find(alive)
                    .map(|(index, slot)| TaskId::new(index as u32, slot.generation))
            };
            match next {
                Some(task) => self.cancel(task, reason),
                None => return,
            };
        }
    }

    // ---- what handles ask

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
    pub(super) fn unwatch(&self, task: TaskId) {
        let leftover = {
            let mut table = self.table.borrow_mut();
            if self.is_attended() {
                self.probe.unwatched(table.number(task.index()));
            }
            let Some(slot) = table.slot(task) else { return };
            slot.watched = false;
            let has_ended = matches!(slot.stage, Stage::Ended(_));
            table.take_joiner(task.index());
            if has_ended { table.vacate(task) } else { None }
        };
        self.reuse_or_drop(task, leftover);
    }
}

fn ending(end: End, body: &dyn Body) -> Ending {
    match end {
        End::Returned => Ending::Returned,
        End::Panicked => Ending::Panicked(body.panic_message().unwrap_or_else(|| Rc::from(""))),
        End::Cancelled(reason) => Ending::Cancelled(reason),
    }
}
