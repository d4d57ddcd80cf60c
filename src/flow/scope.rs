//! How a node, or an attempt of it, is asked to stop.

use core::cell::{Cell, OnceCell};

use crate::sync::{CancelToken, Cancelled};
use crate::trace::CancelReason;

/// A part of a run that can be asked to stop alone, and stops with what is around it.
///
/// A token is made only when somebody needs one to hold. Until then the reason is a plain value: whoever sets it,
/// such as a time limit, runs in the same task and polls what it limits right after.
#[derive(Default)]
pub(super) struct Scope {
    around: Option<CancelToken>,
    own: OnceCell<CancelToken>,
    reason: Cell<Option<CancelReason>>,
}

impl Scope {
    pub(super) fn within(around: CancelToken) -> Self {
        Scope { around: Some(around), ..Scope::default() }
    }

    /// A scope inside this one, which is not cancelled itself but by what is around it, or through its token.
    pub(super) fn open(&self) -> Scope {
        Scope { around: self.own.get().or(self.around.as_ref()).cloned(), ..Scope::default() }
    }

    /// A scope inside this one.
    pub(super) fn inner(&self) -> Scope {
        Scope::within(self.token().clone())
    }

    pub(super) fn reason(&self) -> Option<CancelReason> {
        match self.own.get() {
            Some(own) => own.reason(),
            None => self.reason.get().or_else(|| self.around.as_ref()?.reason()),
        }
    }

    /// Asks to stop; false when that was asked before, and then the first reason stays.
    pub(super) fn cancel(&self, reason: CancelReason) -> bool {
        if self.reason().is_some() {
            return false;
        }
        self.reason.set(Some(reason));
        if let Some(own) = self.own.get() {
            own.cancel(reason);
        }
        true
    }

    pub(super) fn token(&self) -> &CancelToken {
        self.own.get_or_init(|| {
            let own = self.around.as_ref().map_or_else(CancelToken::new, CancelToken::child);
            if let Some(reason) = self.reason.get() {
                own.cancel(reason);
            }
            own
        })
    }

    /// Waits until another task asks to stop; none when no other task can.
    pub(super) fn cancelled(&self) -> Option<Cancelled> {
        Some(self.own.get().or(self.around.as_ref())?.cancelled())
    }
}
