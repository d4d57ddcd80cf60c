//! How a primitive appears in a trace: its name, its number, who holds it and who waits for it.

use core::cell::Cell;
use core::task::Poll;

use crate::executor::{Core, Mark, Permit, entered, entered_recorder, may_be_attended, with_entered};
use crate::trace::{Event, Name, ObjectId, Place, Wait};

/// The face of a primitive towards the recorder.
pub(crate) struct Object {
    name: Name,
    id: Cell<Option<ObjectId>>,
    mark: Mark,
}

impl Object {
    /// Belongs to the executor that is entered now, or, outside of one, to the first that touches it.
    #[inline(always)]
    pub(crate) fn new(name: Name) -> Self {
        let mark = Mark::new();
        // While nobody attends, nobody asks for its number either.
        let id = if mark.is_heard() { Object::new_id() } else { None };
        Object { name, id: Cell::new(id), mark }
    }

    /// The running step looked at it. A schedule search relies on every look and every change being told.
    #[inline]
    pub(crate) fn read(&self) {
        self.mark.read();
    }

    /// The running step changed it.
    #[inline]
    pub(crate) fn write(&self) {
        self.mark.write();
    }

    /// The running task has it now, and asked for it at this place; true when it is counted among what tasks hold, and
    /// then this is to be told when it is [given back](Object::released).
    #[inline]
    pub(crate) fn acquired(&self, at: Place) -> bool {
        may_be_attended() && self.tell_acquired(at)
    }

    #[inline(never)]
    fn tell_acquired(&self, at: Place) -> bool {
        let Some(core) = entered().filter(|core| core.is_attended()) else { return false };
        let Some(task) = core.current() else { return false };
        core.hold(Permit { object: self.id(), task, name: self.name, at });
        core.record(|| Event::Acquired { task, object: self.id(), name: self.name });
        true
    }

    /// The running task gave it back, or somebody who is none.
    #[inline]
    pub(crate) fn released(&self, is_counted: bool) {
        if is_counted || may_be_attended() {
            self.tell_released(is_counted);
        }
    }

    #[inline(never)]
    fn tell_released(&self, is_counted: bool) {
        match entered() {
            Some(core) if core.is_attended() => {
                let task = core.current();
                if is_counted {
                    core.give_back(task, self.id());
                }
                core.record(|| Event::Released { task, object: self.id(), name: self.name });
            }
            None if is_counted => self.mark.give_back(self.id()),
            _ => {}
        }
    }

    /// The running task waits for it.
    #[inline]
    pub(crate) fn awaited(&self, at: Place) {
        if let Some(core) = entered_recorder() {
            self.tell_awaited(&core, at);
        }
    }

    #[cold]
    #[inline(never)]
    fn tell_awaited(&self, core: &Core, at: Place) {
        core.record_wait(|| Wait::Object { object: self.id(), name: self.name }, at);
    }

    /// The running task waits for it, in a future that was made at this place.
    #[inline]
    pub(crate) fn pending<T>(&self, at: Place) -> Poll<T> {
        self.awaited(at);
        Poll::Pending
    }

    /// A future that waits for it, made at this place, was dropped before anybody polled it.
    #[cold]
    pub(crate) fn unpolled(&self, at: Place) {
        if let Some(core) = entered() {
            core.lint_unpolled(self.name, at);
        }
    }

    fn id(&self) -> ObjectId {
        self.id.get().unwrap_or_else(|| {
            let id = Object::new_id().unwrap_or(ObjectId(u32::MAX));
            self.id.set(Some(id));
            id
        })
    }

    #[inline(never)]
    fn new_id() -> Option<ObjectId> {
        with_entered(|core| core.new_object())
    }
}
