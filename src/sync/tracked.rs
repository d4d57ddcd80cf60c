//! State that tasks share without waiting for it.

use core::cell::{Cell, Ref, RefCell, RefMut};
use core::fmt;
use core::ops::{Deref, DerefMut};
use core::panic::Location;

use crate::executor::{Borrowing, Mark};
use crate::trace::Place;

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
    held: Cell<Held>,
}

/// How many guards there are, and where the last of them was taken.
#[derive(Clone, Copy, Default)]
struct Held {
    guards: u32,
    at: Option<Place>,
}

impl<T> Tracked<T> {
    /// A cell with this value.
    pub fn new(value: T) -> Self {
        Tracked { mark: Mark::new(), value: RefCell::new(value), held: Cell::default() }
    }

    /// A copy of the value.
    ///
    /// # Panics
    ///
    /// While the value is borrowed by [`borrow_mut`](Tracked::borrow_mut); this is so for all that follows, too, where
    /// it changes the value also while it is borrowed by [`borrow`](Tracked::borrow). The message names both places.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        self.mark.read();
        *self.look()
    }

    /// Puts a value in the place of the one that was there.
    #[inline]
    #[track_caller]
    pub fn set(&self, value: T) {
        drop(self.replace(value));
    }

    /// Puts a value in the place of the one that was there, and gives that back.
    #[inline]
    #[track_caller]
    pub fn replace(&self, value: T) -> T {
        self.mark.write();
        core::mem::replace(&mut *self.change(), value)
    }

    /// Looks at the value.
    #[inline]
    #[track_caller]
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.mark.read();
        look(&self.look())
    }

    /// Changes the value in place.
    ///
    /// # Panics
    ///
    /// When `change` looks at the same cell.
    #[inline]
    #[track_caller]
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        self.mark.write();
        change(&mut self.change())
    }

    /// Borrows the value, to look at it for a while. Dropping the guard ends the borrow.
    ///
    /// A guard that is held over an await is a lint, [`BorrowOverAwait`](crate::finding::Lint::BorrowOverAwait):
    /// whoever else wants to change the value meanwhile is refused.
    ///
    /// # Errors
    ///
    /// While somebody else changes the value: says where both borrows are.
    ///
    /// ```
    /// use unstuck::sync::Tracked;
    ///
    /// let jobs = Tracked::new(vec!["A", "B"]);
    /// let seen = jobs.borrow().unwrap();
    /// assert_eq!(seen.len(), 2);
    /// assert!(jobs.borrow_mut().is_err()); // `seen` is used below
    /// assert_eq!(*seen, ["A", "B"]);
    /// ```
    #[track_caller]
    pub fn borrow(&self) -> Result<Borrowed<'_, T>, Conflict> {
        let at = Location::caller();
        self.mark.read();
        let value = self.value.try_borrow().map_err(|_| self.conflict(at))?;
        Ok(Borrowed { value, _guard: self.guard(at), mark: &self.mark })
    }

    /// Borrows the value, to change it for a while. Dropping the guard ends the borrow.
    ///
    /// A guard that is held over an await is a lint, as with [`borrow`](Tracked::borrow).
    ///
    /// # Errors
    ///
    /// While somebody else looks at the value or changes it: says where both borrows are.
    #[track_caller]
    pub fn borrow_mut(&self) -> Result<BorrowedMut<'_, T>, Conflict> {
        let at = Location::caller();
        self.mark.write();
        let value = self.value.try_borrow_mut().map_err(|_| self.conflict(at))?;
        Ok(BorrowedMut { value, _guard: self.guard(at), mark: &self.mark })
    }

    fn guard(&self, at: Place) -> Guard<'_> {
        self.held.set(Held { guards: self.held.get().guards + 1, at: Some(at) });
        Guard { held: &self.held, _known: self.mark.borrow(at) }
    }

    #[inline]
    #[track_caller]
    fn look(&self) -> Ref<'_, T> {
        match self.value.try_borrow() {
            Ok(value) => value,
            Err(_) => self.refuse(Location::caller()),
        }
    }

    #[inline]
    #[track_caller]
    fn change(&self) -> RefMut<'_, T> {
        match self.value.try_borrow_mut() {
            Ok(value) => value,
            Err(_) => self.refuse(Location::caller()),
        }
    }

    #[cold]
    #[track_caller]
    fn refuse(&self, wanted: Place) -> ! {
        panic!("{}", self.conflict(wanted))
    }

    fn conflict(&self, wanted: Place) -> Conflict {
        let held = self.held.get();
        Conflict { held: held.at.filter(|_| held.guards > 0), wanted }
    }
}

/// A borrow was refused, because another one is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Where the other borrow was taken; none when that is a closure which is running.
    pub held: Option<Place>,
    /// Where the borrow was asked for.
    pub wanted: Place,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the cell cannot be borrowed at {}:{}: ", self.wanted.file(), self.wanted.line())?;
        match self.held {
            Some(held) => write!(f, "it is borrowed since {}:{}; end that borrow first", held.file(), held.line()),
            None => f.write_str("a closure that was given to it is running; borrow it after that has returned"),
        }
    }
}

impl std::error::Error for Conflict {}

/// A value that is being looked at. See [`Tracked::borrow`].
#[must_use = "a borrow ends when its guard is dropped"]
pub struct Borrowed<'a, T> {
    value: Ref<'a, T>,
    _guard: Guard<'a>,
    mark: &'a Mark,
}

/// A value that is being changed. See [`Tracked::borrow_mut`].
#[must_use = "a borrow ends when its guard is dropped"]
pub struct BorrowedMut<'a, T> {
    value: RefMut<'a, T>,
    _guard: Guard<'a>,
    mark: &'a Mark,
}

/// One of the borrows that [`Held`] counts.
struct Guard<'a> {
    held: &'a Cell<Held>,
    _known: Option<Borrowing>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let held = self.held.get();
        self.held.set(Held { guards: held.guards - 1, ..held });
    }
}

// A guard may be used, and dropped, in a later step than it was taken in: each step tells what it touches.

impl<T> Deref for Borrowed<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.mark.read();
        &self.value
    }
}

impl<T> Drop for Borrowed<'_, T> {
    fn drop(&mut self) {
        self.mark.read();
    }
}

impl<T> Deref for BorrowedMut<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.mark.read();
        &self.value
    }
}

impl<T> DerefMut for BorrowedMut<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.mark.write();
        &mut self.value
    }
}

impl<T> Drop for BorrowedMut<'_, T> {
    fn drop(&mut self) {
        self.mark.write();
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
