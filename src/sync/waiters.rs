//! A line of waiting tasks: first come, first served, by handing over.
//!
//! Serving the first in line is a fact that the waiter finds when it is polled, not an announcement that others
//! could act on first. A waiter that was served and dropped before it looked gives back what it was served.

use core::task::Waker;
use std::collections::VecDeque;

/// A seat in the line: how many had come before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seat(u64);

struct Waiting {
    number: u64,
    /// None when it has gone away.
    waker: Option<Waker>,
}

/// Whoever comes gets the next number, so whoever has a number below that of the last who was served has been served
/// as well. A line that has seen its longest queue allocates no more.
#[derive(Default)]
pub(crate) struct Waiters {
    /// In the order of their numbers. The first one still waits.
    line: VecDeque<Waiting>,
    /// How many have come.
    came: u64,
    /// Everybody with a number below this one has been served, or has gone away.
    served: u64,
    /// How many in the line have gone away.
    gone: usize,
}

impl Waiters {
    #[inline]
    pub(crate) fn join(&mut self, waker: Waker) -> Seat {
        let number = self.came;
        self.came += 1;
        self.line.push_back(Waiting { number, waker: Some(waker) });
        Seat(number)
    }

    /// True when the waiter has been served, and with that its seat is gone; otherwise it waits on with `waker`.
    #[inline]
    pub(crate) fn is_served(&mut self, seat: Seat, waker: &Waker) -> bool {
        let is_served = seat.0 < self.served;
        if !is_served {
            self.wait_on(seat, waker);
        }
        is_served
    }

    /// The waiter goes away; true when it had been served, and what it was served must go to somebody else.
    #[inline]
    pub(crate) fn leave(&mut self, seat: Seat) -> bool {
        let is_served = seat.0 < self.served;
        if !is_served {
            self.go_away(seat);
        }
        is_served
    }

    /// Whether nobody waits to be served.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Serves the first in line; its waker is to be called once no borrow is held.
    #[inline]
    pub(crate) fn serve_first(&mut self) -> Option<Waker> {
        let first = self.line.pop_front()?;
        self.served = first.number + 1;
        if self.gone > 0 {
            self.tidy();
        }
        first.waker
    }

    #[inline(never)]
    fn wait_on(&mut self, seat: Seat, waker: &Waker) {
        if let Some(kept) = self.find(seat) {
            kept.clone_from(waker);
        }
    }

    #[inline(never)]
    fn go_away(&mut self, seat: Seat) {
        *self.find(seat) = None;
        self.gone += 1;
        self.tidy();
    }

    /// Drops those that have gone away from the front of the line, and all of them when they outnumber the rest.
    fn tidy(&mut self) {
        while self.line.front().is_some_and(|first| first.waker.is_none()) {
            self.line.pop_front();
            self.gone -= 1;
        }
        if self.gone > self.line.len() / 2 {
            self.line.retain(|waiting| waiting.waker.is_some());
            self.gone = 0;
        }
    }

    fn find(&mut self, seat: Seat) -> &mut Option<Waker> {
        let index = self.line.binary_search_by_key(&seat.0, |waiting| waiting.number);
        &mut self.line[index.expect("a seat belongs to one waiter")].waker
    }
}
