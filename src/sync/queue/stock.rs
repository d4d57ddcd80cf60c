//! What a queue holds, and who stands in line at either end of it.
//!
//! Nothing here calls anybody: whoever is to be woken is given back, to be woken once nothing is borrowed.

use core::task::Waker;
use std::collections::VecDeque;

use super::super::waiters::Waiters;

pub(super) struct Stock<T> {
    pub(super) places: usize,
    /// Values that are nobody's yet. There are none while somebody waits for one.
    free: VecDeque<T>,
    /// Values of takers who have been served and were not polled since. They came before those that are free.
    handed: VecDeque<T>,
    pub(super) takers: Waiters,
    /// Who waits for a place, one of whom at a time is called.
    pub(super) putters: Waiters,
    /// Whether one is called, who has neither put its value yet nor left. Nobody else is called before that, so that
    /// values come in the order of their putters under every schedule, and not in the order in which those who were
    /// called happen to be polled.
    is_called: bool,
    pub(super) is_closed: bool,
}

impl<T> Stock<T> {
    pub(super) fn new(places: usize) -> Self {
        Stock {
            places,
            free: VecDeque::new(),
            handed: VecDeque::new(),
            takers: Waiters::default(),
            putters: Waiters::default(),
            is_called: false,
            is_closed: false,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.free.len() + self.handed.len()
    }

    #[inline]
    pub(super) fn has_place_for_newcomers(&self) -> bool {
        !self.is_called && self.putters.is_empty() && self.len() < self.places
    }

    /// Adds a value, and hands it to the taker who waits longest.
    #[inline]
    pub(super) fn add(&mut self, value: T) -> Option<Waker> {
        let taker = self.takers.serve_first();
        let line = if taker.is_some() { &mut self.handed } else { &mut self.free };
        line.push_back(value);
        taker
    }

    /// The first value that is nobody's.
    #[inline]
    pub(super) fn take_free(&mut self) -> Option<T> {
        self.free.pop_front()
    }

    /// The value that was handed to a taker. One who was served because the queue was closed has what is left.
    #[inline]
    pub(super) fn take_handed(&mut self) -> Option<T> {
        self.handed.pop_front().or_else(|| self.free.pop_front())
    }

    /// A taker who was handed a value is gone: hands the value to the next.
    pub(super) fn hand_on(&mut self) -> Option<Waker> {
        let value = self.handed.pop_back()?;
        let taker = self.takers.serve_first();
        match taker {
            Some(_) => self.handed.push_back(value),
            None => self.free.push_front(value),
        }
        taker
    }

    /// Calls the putter who waits longest to a place that came free, unless somebody has been called already.
    #[inline]
    pub(super) fn call_putter(&mut self) -> Option<Waker> {
        if self.putters.is_empty() || self.is_called || self.len() >= self.places {
            return None;
        }
        self.is_called = true;
        self.putters.serve_first()
    }

    /// The putter who was called has come, or has gone: calls the next.
    pub(super) fn call_next_putter(&mut self) -> Option<Waker> {
        self.is_called = false;
        self.call_putter()
    }
}
