//! A line of waiting tasks: first come, first served, by handing over.
//!
//! Serving the first in line is a fact that the waiter finds when it is polled, not an announcement that others
//! could act on first. A waiter that was served and dropped before it looked gives back what it was served.

use core::mem;
use core::task::Waker;

/// A place in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u32);

enum Seat {
    Free,
    Waiting { waker: Waker, before: Option<u32>, after: Option<u32> },
    Served,
}

/// Seats are reused, so a line that has seen its longest queue allocates no more.
#[derive(Default)]
pub(crate) struct Waiters {
    seats: Vec<Seat>,
    free: Vec<u32>,
    first: Option<u32>,
    last: Option<u32>,
}

impl Waiters {
    pub(crate) fn join(&mut self, waker: Waker) -> Place {
        let seat = Seat::Waiting { waker, before: self.last, after: None };
        let number = match self.free.pop() {
            Some(number) => {
                self.seats[number as usize] = seat;
                number
            }
            None => {
                self.seats.push(seat);
                self.seats.len() as u32 - 1
            }
        };
        match self.last {
            Some(last) => self.link(last).1.replace(number),
            None => self.first.replace(number),
        };
        self.last = Some(number);
        Place(number)
    }

    /// True when the waiter has been served, and with that its place is free; otherwise it waits on with `waker`.
    pub(crate) fn is_served(&mut self, place: Place, waker: &Waker) -> bool {
        match &mut self.seats[place.0 as usize] {
            Seat::Served => {
                self.vacate(place.0);
                true
            }
            Seat::Waiting { waker: kept, .. } => {
                kept.clone_from(waker);
                false
            }
            Seat::Free => unreachable!("a place belongs to one waiter"),
        }
    }

    /// The waiter goes away; true when it had been served, and what it was served must go to somebody else.
    pub(crate) fn leave(&mut self, place: Place) -> bool {
        let served = matches!(self.seats[place.0 as usize], Seat::Served);
        if !served {
            self.unlink(place.0);
        }
        self.vacate(place.0);
        served
    }

    /// Whether nobody waits to be served.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Serves the first in line; its waker is to be called once no borrow is held.
    #[inline]
    pub(crate) fn serve_first(&mut self) -> Option<Waker> {
        let first = self.first?;
        let Seat::Waiting { waker, after, .. } = mem::replace(&mut self.seats[first as usize], Seat::Served) else {
            unreachable!("whoever stands in line waits");
        };
        self.first = after;
        match after {
            Some(after) => *self.link(after).0 = None,
            None => self.last = None,
        }
        Some(waker)
    }

    fn unlink(&mut self, number: u32) {
        let (before, after) = {
            let (before, after) = self.link(number);
            (*before, *after)
        };
        match before {
            Some(before) => *self.link(before).1 = after,
            None => self.first = after,
        }
        match after {
            Some(after) => *self.link(after).0 = before,
            None => self.last = before,
        }
    }

    fn link(&mut self, number: u32) -> (&mut Option<u32>, &mut Option<u32>) {
        match &mut self.seats[number as usize] {
            Seat::Waiting { before, after, .. } => (before, after),
            _ => unreachable!("whoever stands in line waits"),
        }
    }

    fn vacate(&mut self, number: u32) {
        self.seats[number as usize] = Seat::Free;
        self.free.push(number);
    }
}
