//! State that tasks share without waiting for it.

use core::cell::RefCell;
use core::fmt;

use crate::executor::Mark;

/// A cell that a schedule search can see.
///
/// A search tries two orders of two steps only if one of them writes what the other touches. What a task keeps in a
/// plain `Cell` and shares with others is invisible to it, and orders that matter would be left out; kept in a
/// `Tracked`, every look and every change is known. While nothing is searched it is a `RefCell`.
///
/// ```
/// use unstuck::sync::Tracked;
///
/// let busy = Tracked::new(false);
/// assert!(!busy.replace(true));
/// assert!(busy.get());
///
/// let jobs = Tracked::new(vec!["A"]);
/// jobs.update(|jobs| jobs.push("B"));
/// assert_eq!(jobs.with(Vec::len), 2);
/// ```
pub struct Tracked<T> {
    mark: Mark,
    value: RefCell<T>,
}

impl<T> Tracked<T> {
    /// A cell with this value.
    pub fn new(value: T) -> Self {
        Tracked { mark: Mark::new(), value: RefCell::new(value) }
    }

    /// A copy of the value.
    #[inline]
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        self.mark.read();
        *self.value.borrow()
    }

    /// Puts a value in the place of the one that was there.
    #[inline]
    pub fn set(&self, value: T) {
        drop(self.replace(value));
    }

    /// Puts a value in the place of the one that was there, and gives that back.
    #[inline]
    pub fn replace(&self, value: T) -> T {
        self.mark.write();
        self.value.replace(value)
    }

    /// Looks at the value.
    #[inline]
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.mark.read();
        look(&self.value.borrow())
    }

    /// Changes the value in place.
    ///
    /// # Panics
    ///
    /// When `change` looks at the same cell.
    #[inline]
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        self.mark.write();
        change(&mut self.value.borrow_mut())
    }
}

impl<T: Default> Default for Tracked<T> {
    fn default() -> Self {
        Tracked::new(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Tracked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|value| value.fmt(f))
    }
}
