//! What a future keeps that waits for its turn in a line.

use core::task::{Poll, Waker};

use super::object::Object;
use super::waiters::{Seat, Waiters};
use crate::trace::Place;

/// Somebody's turn: asked for at a place in the source, then awaited in line, then over.
pub(super) struct Turn {
    stage: Stage,
    at: Place,
}

enum Stage {
    /// Nobody has polled it.
    New,
    InLine(Seat),
    Over,
}

/// How a turn came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// There was no need to wait.
    AtOnce,
    /// In line: it was served.
    Served,
}

impl Turn {
    #[inline]
    pub(super) fn new(at: Place) -> Self {
        Turn { stage: Stage::New, at }
    }

    /// Where it was asked for.
    #[inline]
    pub(super) fn at(&self) -> Place {
        self.at
    }

    #[inline]
    pub(super) fn is_new(&self) -> bool {
        matches!(self.stage, Stage::New)
    }

    #[inline]
    pub(super) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    /// Ready when it comes: at once for a newcomer to whom the way `is_free`, and else when somebody serves it in line.
    #[inline(always)]
    pub(super) fn poll(&mut self, line: &mut Waiters, is_free: bool, waker: &Waker) -> Poll<Came> {
        let came = match self.stage {
            Stage::New if is_free => Came::AtOnce,
            Stage::New => {
                self.stage = Stage::InLine(line.join(waker.clone()));
                return Poll::Pending;
            }
            Stage::InLine(seat) if line.is_served(seat, waker) => Came::Served,
            Stage::InLine(_) => return Poll::Pending,
            Stage::Over => panic!("what waits in line is given once, and was polled after that"),
        };
        self.stage = Stage::Over;
        Poll::Ready(came)
    }

    /// The seat that is left behind when it is dropped.
    #[inline]
    pub(super) fn give_up(&self, object: &Object) -> Option<Seat> {
        match self.stage {
            Stage::New => object.unpolled(self.at),
            Stage::InLine(seat) => {
                object.write();
                return Some(seat);
            }
            Stage::Over => {}
        }
        None
    }
}
