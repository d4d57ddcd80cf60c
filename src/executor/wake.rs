//! Waking a task, and telling whoever drives the executor that there is work.
//!
//! Most polls wake one task at most: their own, which gives way, or one that waited for what they did. Such a wake-up
//! is only noted, in a thread-local that costs two compares and a store, and the task is queued when the poll returns:
//! the executor need not be looked up, nor its table borrowed once more. [`catch_up`] queues it at once where the
//! difference could be seen: before anybody else is queued, so that tasks stay in the order in which they became ready,
//! before anybody looks at who is ready, and before anything is recorded.

use core::cell::Cell;
use core::task::Waker;
use std::rc::Rc;

use super::core::Core;
use super::registry;
use super::slot::Stage;
use super::timers::Sleeper;
use super::waker::{MAX_EXECUTORS, WakeKey};
use crate::trace::{Event, TaskId};

thread_local! {
    /// The number of the executor that is polling on this thread, if its wake-ups may be noted.
    static POLLING: Cell<usize> = const { Cell::new(NOBODY) };
    /// Which of its tasks was woken and is not queued yet.
    static NOTED: Cell<WakeKey> = const { Cell::new(WakeKey::NOBODY) };
}

/// In the place of the number of an executor.
const NOBODY: usize = MAX_EXECUTORS;

/// Wakes the task of `key`, wherever its executor lives.
#[inline]
pub(super) fn wake(key: WakeKey) {
    if POLLING.get() == key.executor() && NOTED.get() == WakeKey::NOBODY {
        NOTED.set(key);
    } else {
        wake_now(key);
    }
}

/// Queues whoever was noted, as the first of those that are queued from now on.
#[inline]
pub(super) fn catch_up() {
    if NOTED.get() != WakeKey::NOBODY {
        queue_noted();
    }
}

#[cold]
#[inline(never)]
fn queue_noted() {
    queue(NOTED.replace(WakeKey::NOBODY));
}

#[inline(never)]
fn wake_now(key: WakeKey) {
    catch_up();
    // The last is noted again, which is mostly the task that is polled and gives way.
    if POLLING.get() == key.executor() {
        NOTED.set(key);
    } else {
        queue(key);
    }
}

fn queue(key: WakeKey) {
    let is_meant = |core: &Rc<Core>| core.number == key.executor();
    // Mostly it is a task of the executor that runs.
    match registry::with_entered(|core| is_meant(core).then(|| core.wake(key))).flatten() {
        Some(driver) => driver.into_iter().for_each(Waker::wake),
        None => queue_elsewhere(key),
    }
}

#[inline(never)]
fn queue_elsewhere(key: WakeKey) {
    match registry::with_local(key.executor(), |core| core.wake(key)) {
        Some(driver) => driver.into_iter().for_each(Waker::wake),
        None => registry::wake_remotely(key),
    }
}

/// From now on a wake-up of a task of this executor may be noted, until [`end_polling`].
#[inline]
pub(super) fn begin_polling(executor: Option<usize>) {
    POLLING.set(executor.unwrap_or(NOBODY));
}

#[inline]
pub(super) fn end_polling() {
    POLLING.set(NOBODY);
    catch_up();
}

/// Who was noted, at the end of a poll, and is the caller's to queue.
#[inline]
pub(super) fn take_noted() -> WakeKey {
    NOTED.replace(WakeKey::NOBODY)
}

/// Interrupts the polls of the executor that it gives back, so that others can poll meanwhile.
pub(super) fn interrupt() -> Interrupted {
    catch_up();
    Interrupted(POLLING.replace(NOBODY))
}

/// Goes on with the polls that were interrupted.
pub(super) fn resume(Interrupted(executor): Interrupted) {
    POLLING.set(executor);
}

/// The number of an executor, or [`NOBODY`].
#[derive(Clone, Copy)]
pub(super) struct Interrupted(usize);

impl Core {
    #[inline]
    pub(super) fn wake(&self, key: WakeKey) -> Option<Waker> {
        if self.is_attended() {
            return self.wake_attended(key);
        }
        let task = self.table.borrow_mut().wake(self.first_key, key)?;
        if self.driven.get() { self.announce(task) } else { None }
    }

    /// The same while somebody attends: notices even who is woken that is in line already.
    #[inline(never)]
    fn wake_attended(&self, key: WakeKey) -> Option<Waker> {
        let task = {
            let mut table = self.table.borrow_mut();
            let task = table.task_of(self.first_key, key)?;
            self.probe.woke(table.number(task.index()));
            self.watch_wake(task);
            table.wake(self.first_key, key)?
        };
        if self.log().is_on() || self.driven.get() { self.announce(task) } else { None }
    }

    /// Wakes them in order; tasks of this executor without looking it up for each.
    pub(super) fn wake_all(&self, sleepers: impl Iterator<Item = Sleeper>) {
        catch_up();
        for sleeper in sleepers {
            let other = match sleeper {
                Sleeper::Task(key) if key.executor() == self.number => self.wake(key),
                Sleeper::Task(key) => Some(key.waker()),
                Sleeper::Other(waker) => Some(waker),
            };
            if let Some(other) = other {
                other.wake();
            }
        }
    }

    /// The task, whose poll has just ended, woke itself the short way.
    #[inline(always)]
    pub(super) fn tell_of_own_waking(&self, task: TaskId) {
        if self.probe().asks_for_wakes() {
            self.probe().woke(self.current_number());
        }
        if self.log().is_on() {
            self.record_own_waking(task);
        }
    }

    /// A call of its own, so that whoever only searches does not save registers for it.
    #[inline(never)]
    fn record_own_waking(&self, task: TaskId) {
        // Or it did so for the second time, and was queued after the first.
        if self.table.borrow().slots[task.index()].stage == Stage::Polled {
            self.log().push_own_waking(self.now(), task);
        }
    }

    #[cold]
    #[inline(never)]
    fn announce(&self, task: TaskId) -> Option<Waker> {
        self.record(|| Event::Woken { task, by: self.current() });
        self.driven.set(false);
        self.driver.take()
    }

    /// Whom to wake when a task becomes ready while nobody runs the executor.
    pub(super) fn set_driver(&self, driver: Option<&Waker>) {
        self.driven.set(driver.is_some());
        self.driver.replace(driver.cloned());
    }

    #[inline]
    pub(super) fn call_driver(&self) {
        if !self.driven.get() {
            return;
        }
        let driver = self.driver.take();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Takes in the wake-ups that other threads left, and asks to be told of the next one.
    pub(super) fn collect_remote_wakes(&self, driver: &Waker) {
        registry::set_remote_driver(self.number, driver);
        registry::take_remote_wakes(self.number).into_iter().for_each(|key| {
            self.wake(key);
        });
    }
}
