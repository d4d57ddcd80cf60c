//! A line of waiting tasks: first come, first served, by handing over.
//!
//! Serving the first in line is a fact that the waiter finds when it is polled, not an announcement that others
//! could act on first. A waiter that was served and dropped before it looked gives back what it was served.

use core::task::Waker;
use std::collections::VecDeque;

/// A seat in the line: how many had come before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seat(u64);

/// Whoever comes gets the next seat, and whoever has one before that of the first has been served.
///
/// Most lines have one waiter at a time, who stands where nothing need be counted. A line that has seen its longest
/// queue allocates no more.
#[derive(Default)]
pub(crate) struct Waiters {
    first: Option<(Seat, Waker)>,
    /// Those behind the first, in the order of their seats; without a waker those who have gone away.
    behind: VecDeque<(Seat, Option<Waker>)>,
    /// How many have come.
    came: u64,
    /// How many of those behind the first have gone away.
    gone: usize,
}

impl Waiters {
    #[inline]
    pub(crate) fn join(&mut self, waker: Waker) -> Seat {
        let seat = Seat(self.came);
        self.came += 1;
        match self.first {
            None => self.first = Some((seat, waker)),
            Some(_) => self.stand_behind(seat, waker),
        }
        seat
    }

    /// True when the waiter has been served, and with that its seat is gone; otherwise it waits on with `waker`.
    #[inline]
    pub(crate) fn is_served(&mut self, seat: Seat, waker: &Waker) -> bool {
        let is_served = self.has_served(seat);
        if !is_served {
            self.wait_on(seat, waker);
        }
        is_served
    }

    /// The waiter goes away; true when it had been served, and what it was served must go to somebody else.
    #[inline]
    pub(crate) fn leave(&mut self, seat: Seat) -> bool {
        let is_served = self.has_served(seat);
        if !is_served {
            self.go_away(seat);
        }
        is_served
    }

    /// Whether nobody waits to be served.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Serves the first in line; its waker is to be called once no borrow is held.
    #[inline]
    pub(crate) fn serve_first(&mut self) -> Option<Waker> {
        let (_, waker) = self.first.take()?;
        if !self.behind.is_empty() {
            self.move_up();
        }
        Some(waker)
    }

    #[inline]
    fn has_served(&self, seat: Seat) -> bool {
        self.first.as_ref().is_none_or(|(first, _)| seat < *first)
    }

    /// The next who has not gone away is the first.
    #[inline(never)]
    fn move_up(&mut self) {
        while self.first.is_none()
            && let Some((seat, waker)) = self.behind.pop_front()
        {
            self.gone -= usize::from(waker.is_none());
            self.first = waker.map(|waker| (seat, waker));
        }
    }

    #[inline(never)]
    fn stand_behind(&mut self, seat: Seat, waker: Waker) {
        self.behind.push_back((seat, Some(waker)));
    }

    #[inline(never)]
    fn wait_on(&mut self, seat: Seat, waker: &Waker) {
        match &mut self.first {
            Some((first, kept)) if *first == seat => kept.clone_from(waker),
            _ => {
                if let Some(kept) = self.find_behind(seat) {
                    kept.clone_from(waker);
                }
            }
        }
    }

    #[inline(never)]
    fn go_away(&mut self, seat: Seat) {
        if self.first.take_if(|(first, _)| *first == seat).is_some() {
            return self.move_up();
        }
        *self.find_behind(seat) = None;
        self.gone += 1;
        // Those who have gone away are forgotten when they outnumber the rest.
        if self.gone > self.behind.len() / 2 {
            self.behind.retain(|(_, waker)| waker.is_some());
            self.gone = 0;
        }
    }

    fn find_behind(&mut self, seat: Seat) -> &mut Option<Waker> {
        let index = self.behind.binary_search_by_key(&seat, |(seat, _)| *seat);
        &mut self.behind[index.expect("a seat belongs to one waiter")].1
    }
}
