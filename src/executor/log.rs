//! The recorder: off by default, and then each event costs one look at a flag.

use core::cell::{Cell, RefCell};

use crate::time::Instant;
use crate::trace::{Event, Trace};

#[derive(Default)]
pub(super) struct Log {
    on: Cell<bool>,
    trace: RefCell<Trace>,
}

impl Log {
    pub(super) fn start(&self) {
        self.on.set(true);
    }

    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.on.get()
    }

    #[inline]
    pub(super) fn push(&self, now: Instant, event: Event) {
        self.trace.borrow_mut().push(now, event);
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        if self.on.get() { self.trace.borrow().entries().len() } else { 0 }
    }

    pub(super) fn retract_waits(&self, from: usize) {
        self.trace.borrow_mut().retract_waits(from);
    }

    pub(super) fn begin_step(&self) {
        if self.on.get() {
            self.trace.borrow_mut().begin_step();
        }
    }

    /// Begins a step, and records its first event.
    #[inline]
    pub(super) fn begin_step_with(&self, now: Instant, event: Event) {
        let mut trace = self.trace.borrow_mut();
        trace.begin_step();
        trace.push(now, event);
    }

    pub(super) fn with<R>(&self, read: impl FnOnce(&Trace) -> R) -> R {
        read(&self.trace.borrow())
    }

    pub(super) fn take(&self) -> Trace {
        self.trace.take()
    }
}
