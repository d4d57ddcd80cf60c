//! A map of a few entries.
//!
//! A B-tree is as good for thousands of entries, and each kind of it is four kilobytes of every module of the page that
//! has it. Where there are a few dozen, a list in the order of the keys is a tenth of that, and faster.

use core::borrow::Borrow;
use core::fmt;

/// Entries in the order of their keys, found by halving. Adding in the order of the keys takes constant time, anything
/// else as long as there are entries behind it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Sorted::new()
    }
}

impl<K, V> Sorted<K, V> {
    pub(crate) const fn new() -> Self {
        Sorted(Vec::new())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = V> {
        self.0.into_iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// The place of a key, or where it would stand.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|place| &self.0[place].1)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|place| &mut self.0[place].1)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(place) => Some(core::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|place| self.0.remove(place).1)
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Sorted<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Sorted;

    #[test]
    fn entries_stand_in_the_order_of_their_keys_and_a_key_stands_there_once() {
        let mut sorted = Sorted::new();
        let before = [(3, "c"), (1, "a"), (2, "b"), (3, "d")].map(|(key, value)| sorted.insert(key, value));
        assert_eq!(before, [None, None, None, Some("c")]);
        assert_eq!(format!("{sorted:?}"), r#"{1: "a", 2: "b", 3: "d"}"#);
        assert_eq!((sorted.remove(&2), sorted.remove(&2), sorted.get(&3)), (Some("b"), None, Some(&"d")));
        assert_eq!(format!("{sorted:?}"), r#"{1: "a", 3: "d"}"#);
    }
}
