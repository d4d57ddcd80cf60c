//! Who holds a permit of what: a program that ends while somebody does has lost it for good.

use core::cell::RefCell;

use super::core::Core;
use super::probe::Probe;
use crate::trace::{Lint, LintKind, Name, ObjectId, Place, TaskId};

/// A permit that a task holds, and where it asked for it.
pub(crate) struct Permit {
    pub(crate) object: ObjectId,
    pub(crate) task: TaskId,
    pub(crate) name: Name,
    pub(crate) at: Place,
}

/// The permits that were taken by tasks while somebody attended, and not given back since.
#[derive(Default)]
pub(super) struct Permits(RefCell<Vec<Permit>>);

impl Permits {
    pub(super) fn begin(&self) {
        self.0.borrow_mut().clear();
    }

    fn add(&self, permit: Permit) {
        self.0.borrow_mut().push(permit);
    }

    /// Forgets a permit of the object: that of the task, if it has one, since another may give back what it took.
    fn remove(&self, object: ObjectId, task: Option<TaskId>) {
        let mut permits = self.0.borrow_mut();
        let own = permits.iter().position(|permit| permit.object == object && Some(permit.task) == task);
        let any = || permits.iter().position(|permit| permit.object == object);
        if let Some(place) = own.or_else(any) {
            permits.remove(place);
        }
    }

    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn lints(&self) -> Vec<Lint> {
        let told = |permit: &Permit| Lint::PermitNotReturned { task: permit.task, what: permit.name, at: permit.at };
        self.0.borrow().iter().map(told).collect()
    }
}

impl Probe {
    /// Somebody gave back a permit that a task took, while no executor ran.
    pub(super) fn gave_back_outside(&self, object: ObjectId) {
        self.watch.permits.remove(object, None);
    }
}

impl Core {
    /// A task took a permit.
    pub(crate) fn hold(&self, permit: Permit) {
        self.probe.watch.permits.add(permit);
    }

    /// A task gave back a permit that a task took, or somebody who is none.
    pub(crate) fn give_back(&self, task: Option<TaskId>, object: ObjectId) {
        self.probe.watch.permits.remove(object, task);
    }

    /// How many permits the tasks hold.
    pub(crate) fn held(&self) -> usize {
        self.probe.watch.permits.len()
    }

    /// Whether tasks hold permits although none is left.
    pub(crate) fn has_kept_permits(&self) -> bool {
        self.alive() == 0 && self.held() > 0
    }

    /// Notices who took what and ended without giving it back, at the end of an execution.
    pub(crate) fn watch_permits(&self) {
        self.probe.watch.permits.lints().into_iter().for_each(|lint| self.lint(lint));
    }

    /// The first permit that was not given back, as far as that was noticed.
    pub(crate) fn kept_permit(&self) -> Option<Lint> {
        self.lints_from(0).into_iter().find(|lint| lint.kind() == LintKind::PermitNotReturned)
    }
}
