//! How a primitive appears in a trace: its name, its number, who holds it and who waits for it.

use core::cell::Cell;

use crate::executor::{Mark, Permit, entered, entered_recorder, with_entered};
use crate::trace::{Event, Name, ObjectId, Place, Wait};

/// The face of a primitive towards the recorder.
pub(crate) struct Object {
    name: Name,
    id: Cell<Option<ObjectId>>,
    mark: Mark,
}

impl Object {
    /// Belongs to the executor that is entered now, or, outside of one, to the first that touches it.
    pub(crate) fn new(name: Name) -> Self {
        let id = entered().map(|core| core.new_object());
        Object { name, id: Cell::new(id), mark: Mark::new() }
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

    /// The running task has it now, and asked for it at this place.
    #[inline]
    pub(crate) fn acquired(&self, at: Place) {
        with_entered(|core| {
            if let Some(task) = core.current() {
                core.hold(|| Permit { object: self.id(), task, name: self.name, at });
                core.record(|| Event::Acquired { task, object: self.id(), name: self.name });
            }
        });
    }

    /// The running task gave it back.
    #[inline]
    pub(crate) fn released(&self) {
        with_entered(|core| {
            let task = core.current();
            core.give_back(task, || self.id());
            core.record(|| Event::Released { task, object: self.id(), name: self.name });
        });
    }

    /// The running task waits for it.
    #[inline]
    pub(crate) fn awaited(&self, at: Place) {
        if let Some(core) = entered_recorder() {
            core.record_wait(|| Wait::Object { object: self.id(), name: self.name }, at);
        }
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
            let id = entered().map_or(ObjectId(u32::MAX), |core| core.new_object());
            self.id.set(Some(id));
            id
        })
    }
}
