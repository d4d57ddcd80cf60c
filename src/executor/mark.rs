//! What an object of the library carries to report that it was touched.

use std::rc::Rc;

use super::core::Core;
use super::probe::Probe;
use super::registry::{entered, may_be_attended, with_entered};
use crate::trace::{ObjectId, Place};

/// How an object reports that it was touched. An object that was made while nobody attended reports nothing.
pub(crate) struct Mark(Option<(Rc<Probe>, u64)>);

/// What objects without a number share: nobody asks which of them was touched.
const NUMBERLESS: u64 = 1;

impl Mark {
    /// The mark of the next object that the running task makes.
    #[inline]
    pub(crate) fn new() -> Self {
        if may_be_attended() { Mark::of_next_object() } else { Mark(None) }
    }

    #[inline(never)]
    fn of_next_object() -> Self {
        let of = |core: &Rc<Core>| {
            let probe = core.probe();
            (probe.clone(), if probe.is_on() { probe.made(core.current_number()) } else { NUMBERLESS })
        };
        Mark(with_entered(|core| core.is_attended().then(|| of(core))).flatten())
    }

    /// Whether anybody hears what it reports.
    #[inline]
    pub(crate) fn is_heard(&self) -> bool {
        self.0.is_some()
    }

    /// The running step looked at the object.
    #[inline]
    pub(crate) fn read(&self) {
        if let Some((probe, bit)) = &self.0 {
            probe.read(*bit);
        }
    }

    /// The running step changed the object.
    #[inline]
    pub(crate) fn write(&self) {
        if let Some((probe, bit)) = &self.0 {
            probe.write(*bit);
        }
    }

    /// A permit of the object, which a task took, is given back while no executor runs.
    #[cold]
    pub(crate) fn give_back(&self, object: ObjectId) {
        if let Some((probe, _)) = &self.0 {
            probe.gave_back_outside(object);
        }
    }

    /// The running task takes a borrow of the object, which it may hold over an await.
    pub(crate) fn borrow(&self, at: Place) -> Option<Borrowing> {
        let (probe, _) = self.0.as_ref()?;
        let task = entered()?.current()?;
        Some(Borrowing { number: probe.watch.borrowed(task, at), probe: probe.clone() })
    }
}

/// A borrow that is known for as long as this lives.
pub(crate) struct Borrowing {
    probe: Rc<Probe>,
    number: u64,
}

impl Drop for Borrowing {
    fn drop(&mut self) {
        self.probe.watch.gave_back(self.number);
    }
}
