//! The waker: three small numbers in the place of a pointer.
//!
//! A [`Waker`] is a data pointer and a table of functions. Ours never points at anything: the data is a packed
//! [`WakeKey`], so cloning a waker copies a word, dropping it does nothing, and the steady state of an executor
//! allocates nothing for wake-ups. This is the only file of the crate that holds `unsafe`.

use core::ptr;
use core::task::{Context, RawWaker, RawWakerVTable, Waker};

use super::registry;
use super::wake::wake;
use crate::trace::TaskId;

/// Which slot of which executor, and which of the tasks that lived there one after the other.
///
/// The generation wraps, so that a waker which outlives its task by a full turn (16 million tasks in the same slot;
/// 512 where pointers have 32 bits) may wake the task that lives there now. Futures are written to bear a wake-up
/// that means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WakeKey(usize);

#[cfg(target_pointer_width = "64")]
mod bits {
    pub(super) const INDEX: u32 = 24;
    pub(super) const GENERATION: u32 = 24;
    pub(super) const EXECUTOR: u32 = 16;
}
#[cfg(not(target_pointer_width = "64"))]
mod bits {
    pub(super) const INDEX: u32 = 18;
    pub(super) const GENERATION: u32 = 9;
    pub(super) const EXECUTOR: u32 = 5;
}

/// How many tasks one executor can hold at a time.
pub(super) const MAX_TASKS: usize = INDICES - 1;
/// How many executors can live in one process at a time.
pub(super) const MAX_EXECUTORS: usize = 1 << bits::EXECUTOR;
const INDICES: usize = 1 << bits::INDEX;
const GENERATION_AT: u32 = bits::INDEX + bits::EXECUTOR;
const _: () = assert!(GENERATION_AT + bits::GENERATION == usize::BITS);

impl WakeKey {
    /// The last place of the last executor, which an executor never fills: it holds a task less than it could number.
    pub(super) const NOBODY: WakeKey = WakeKey(usize::MAX);

    /// The key of the first task of an executor, whose generations start at `epoch`.
    pub(super) fn new(executor: usize, epoch: u32) -> Self {
        WakeKey(executor << bits::INDEX).of(TaskId::new(0, epoch))
    }

    /// The key of a task, when this one is that of the first: the generation stands highest, so that it wraps in the
    /// sum by itself.
    #[inline]
    pub(super) fn of(self, task: TaskId) -> WakeKey {
        let distance = (task.generation() as usize) << GENERATION_AT | task.index();
        WakeKey(self.0.wrapping_add(distance))
    }

    /// The key that a waker carries, if it is one of ours of which nobody counts the clones.
    #[inline]
    pub(super) fn carried_by(waker: &Waker) -> Option<WakeKey> {
        ptr::eq(waker.vtable(), &PLAIN).then(|| WakeKey(waker.data().addr()))
    }

    #[inline]
    pub(super) fn executor(self) -> usize {
        (self.0 >> bits::INDEX) % MAX_EXECUTORS
    }

    #[inline]
    pub(super) fn index(self) -> usize {
        self.0 % INDICES
    }

    /// A waker that wakes the task of this key.
    #[inline]
    pub(super) fn waker(self) -> Waker {
        self.waker_of(&PLAIN)
    }

    /// A waker that wakes the task of this key, and whose clones are counted. It counts for nothing itself, and must
    /// not be dropped.
    #[inline]
    pub(super) fn counted_waker(self) -> Waker {
        self.waker_of(&COUNTED)
    }

    #[inline]
    #[allow(unsafe_code)]
    fn waker_of(self, functions: &'static RawWakerVTable) -> Waker {
        // SAFETY: `RawWakerVTable` asks that its functions be safe to call from any thread with the data that
        // `clone` returned, and that the resources behind the data live until `drop`. Our data is a number:
        //   - `clone` copies it, and `drop` has nothing to give back; where clones are counted, both look the executor
        //     up as below, and add to a number or subtract from it;
        //   - `wake` and `wake_by_ref` turn it back into a key and look the executor up: in the table of this
        //     thread, where it is found only if it lives on this thread, and otherwise in a table behind a lock.
        //     An executor or a task that is gone is not found, and the wake-up does nothing.
        // No function dereferences the data, so no lifetime, alignment or aliasing is involved.
        unsafe { Waker::new(ptr::without_provenance(self.0), functions) }
    }
}

/// Wakes the task that is polled; if it is one of ours, without a call through the functions of its waker.
#[inline]
pub(crate) fn give_way(cx: &Context<'_>) {
    match WakeKey::carried_by(cx.waker()) {
        Some(key) => wake(key),
        None => cx.waker().wake_by_ref(),
    }
}

static PLAIN: RawWakerVTable = RawWakerVTable::new(
    |data| RawWaker::new(data, &PLAIN),
    |data| wake(WakeKey(data.addr())),
    |data| wake(WakeKey(data.addr())),
    |_| {},
);

/// The wakers of an executor that somebody attends.
static COUNTED: RawWakerVTable = RawWakerVTable::new(
    |data| {
        registry::count_clone(WakeKey(data.addr()));
        RawWaker::new(data, &COUNTED)
    },
    |data| {
        wake(WakeKey(data.addr()));
        registry::count_drop(WakeKey(data.addr()));
    },
    |data| wake(WakeKey(data.addr())),
    |data| registry::count_drop(WakeKey(data.addr())),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gives_back_what_was_packed() {
        for (executor, index, generation) in [(0, 0, 0), (7, 3, 1), (MAX_EXECUTORS - 1, MAX_TASKS as u32 - 1, 500)] {
            let first = WakeKey::new(executor, u32::MAX);
            let key = first.of(TaskId::new(index, generation));
            assert_eq!((key.executor(), key.index()), (executor, index as usize));
            assert_ne!(key, first.of(TaskId::new(index, generation + 1)));
        }
    }

    #[test]
    fn a_waker_gives_back_the_key_that_it_carries() {
        let key = WakeKey::new(7, 1);
        assert_eq!(WakeKey::carried_by(&key.waker()), Some(key));
        assert_eq!(WakeKey::carried_by(Waker::noop()), None);
    }

    #[test]
    fn a_waker_of_nobody_does_nothing() {
        let waker = WakeKey::NOBODY.waker();
        waker.wake_by_ref();
        waker.wake();
    }
}
