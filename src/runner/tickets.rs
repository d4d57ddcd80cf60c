//! What stands in a line by its ticket: joined in the order of the tickets, left from anywhere.

use std::collections::VecDeque;

pub(super) struct ByTicket<T> {
    line: VecDeque<(u64, T)>,
}

impl<T> ByTicket<T> {
    pub(super) const fn new() -> Self {
        ByTicket { line: VecDeque::new() }
    }

    /// Puts one behind the others, whose tickets are all smaller.
    pub(super) fn push(&mut self, ticket: u64, item: T) {
        debug_assert!(self.line.back().is_none_or(|(last, _)| *last < ticket), "tickets grow");
        self.line.push_back((ticket, item));
    }

    pub(super) fn pop_first(&mut self) -> Option<(u64, T)> {
        self.line.pop_front()
    }

    pub(super) fn get_mut(&mut self, ticket: u64) -> Option<&mut T> {
        let place = self.find(ticket)?;
        Some(&mut self.line[place].1)
    }

    pub(super) fn remove(&mut self, ticket: u64) -> Option<T> {
        let place = self.find(ticket)?;
        let removed = if place == 0 { self.line.pop_front() } else { self.line.remove(place) };
        removed.map(|(_, item)| item)
    }

    fn find(&self, ticket: u64) -> Option<usize> {
        match self.line.front() {
            // Whoever came first leaves first, as a rule.
            Some((first, _)) if *first == ticket => Some(0),
            _ => self.line.binary_search_by_key(&ticket, |(ticket, _)| *ticket).ok(),
        }
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.line.iter().map(|(_, item)| item)
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.line.len()
    }
}
