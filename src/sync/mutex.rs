//! A value that one task at a time may hold across awaits.

use core::cell::{RefCell, RefMut};
use core::future::Future;
use core::ops::{Deref, DerefMut};

use super::semaphore::{Permit, Semaphore};
use crate::trace::Name;

/// A fair mutual exclusion: the lock is handed over, first come, first served.
///
/// A value that is not held across an await needs no mutex on a single thread; a `Cell` or `RefCell` does.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::sync::Mutex;
///
/// Executor::new().block_on(async {
///     let names = Mutex::new("names", vec!["A"]);
///     names.lock().await.push("B");
///     assert_eq!(*names.lock().await, ["A", "B"]);
/// });
/// ```
pub struct Mutex<T> {
    turn: Semaphore,
    value: RefCell<T>,
}

impl<T> Mutex<T> {
    /// An unlocked mutex; `name` is what traces call it.
    pub fn new(name: Name, value: T) -> Self {
        Mutex { turn: Semaphore::new(name, 1), value: RefCell::new(value) }
    }

    /// Waits for the lock. Dropping the future leaves the line; a lock that it had been handed goes to the next.
    #[track_caller]
    pub fn lock(&self) -> impl Future<Output = MutexGuard<'_, T>> {
        let turn = self.turn.acquire();
        async move {
            let permit = turn.await;
            self.guard(permit)
        }
    }

    /// The lock, if nobody holds it or waits for it.
    #[track_caller]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let permit = self.turn.try_acquire()?;
        Some(self.guard(permit))
    }

    fn guard<'a>(&'a self, permit: Permit<'a>) -> MutexGuard<'a, T> {
        MutexGuard { value: self.value.borrow_mut(), _permit: permit }
    }
}

/// The lock of a [`Mutex`]; dropping it hands the lock on.
#[must_use = "dropping a guard unlocks at once"]
pub struct MutexGuard<'a, T> {
    // Fields are dropped in order: the value is given back before the next task may take it.
    value: RefMut<'a, T>,
    _permit: Permit<'a>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}
