//! What a queue holds, and who stands in line at either end of it.
//!
//! Nothing here calls anybody: whoever is to be woken is given back, to be woken once nothing is borrowed.

use core::task::Waker;
use std::collections::VecDeque;

use super::super::turn::Came;
use super::super::waiters::Waiters;

pub(super) struct Stock<T> {
    pub(super) places: usize,
    values: VecDeque<T>,
    /// How many of the first values were handed to takers, who have not been polled since. The others are nobody's yet,
    /// and there are none while somebody waits for one.
    handed: usize,
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
            values: VecDeque::new(),
            handed: 0,
            takers: Waiters::default(),
            putters: Waiters::default(),
            is_called: false,
            is_closed: false,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is a value that is nobody's.
    #[inline]
    pub(super) fn has_free(&self) -> bool {
        self.values.len() > self.handed
    }

    #[inline]
    pub(super) fn has_place_for_newcomers(&self) -> bool {
        !self.is_called && self.putters.is_empty() && self.len() < self.places
    }

    /// Adds a value, and hands it to the taker who waits longest.
    #[inline]
    pub(super) fn add(&mut self, value: T) -> Option<Waker> {
        self.values.push_back(value);
        self.hand_over()
    }

    /// Hands the first value that is nobody's to the taker who waits longest.
    #[inline]
    fn hand_over(&mut self) -> Option<Waker> {
        let taker = self.takers.serve_first()?;
        self.handed += 1;
        Some(taker)
    }

    /// A taker has come. Who was served because the queue was closed has what is left.
    #[inline]
    pub(super) fn take(&mut self, came: Came) -> Option<T> {
        match came {
            Came::AtOnce => self.take_free(),
            Came::Served => {
                self.handed = self.handed.saturating_sub(1);
                self.values.pop_front()
            }
        }
    }

    /// The first value that is nobody's.
    #[inline]
    pub(super) fn take_free(&mut self) -> Option<T> {
        match self.handed {
            0 => self.values.pop_front(),
            _ => self.take_behind_handed(),
        }
    }

    #[inline(never)]
    fn take_behind_handed(&mut self) -> Option<T> {
        self.values.remove(self.handed)
    }

    /// A taker who was handed a value is gone: hands the value to the next.
    pub(super) fn hand_on(&mut self) -> Option<Waker> {
        self.handed = self.handed.checked_sub(1)?;
        self.hand_over()
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
