//! Waking a task, and telling whoever drives the executor that there is work.
//!
//! Most tasks that are woken while they are polled wake themselves, in order to give way. Such a wake-up is only noted,
//! in a thread-local that costs a compare and a store, and the task is queued when its poll returns: the executor need
//! not be looked up, nor its table borrowed once more. [`catch_up`] queues it at once where the difference could be
//! seen: before anybody else is queued, so that tasks stay in the order in which they became ready, before anybody
//! looks at who is ready, and before anything is recorded.

use core::cell::Cell;
use core::task::Waker;

use super::core::Core;
use super::registry;
use super::slot::Stage;
use super::waker::WakeKey;
use crate::trace::{Event, TaskId};

thread_local! {
    /// The task that is being polled on this thread and may wake itself the short way.
    static POLLED: Cell<WakeKey> = const { Cell::new(WakeKey::NOBODY) };
    /// Whether it did.
    static AWAKE: Cell<bool> = const { Cell::new(false) };
}

/// Wakes the task of `key`, wherever its executor lives.
#[inline]
pub(super) fn wake(key: WakeKey) {
    if POLLED.get() == key {
        AWAKE.set(true);
    } else {
        wake_other(key);
    }
}

#[inline(never)]
fn wake_other(key: WakeKey) {
    catch_up();
    wake_now(key);
}

/// Queues the task that is being polled if it woke itself, as the first of those that are queued from now on.
#[inline]
pub(super) fn catch_up() {
    if AWAKE.replace(false) {
        wake_now(POLLED.get());
    }
}

fn wake_now(key: WakeKey) {
    match registry::with_local(key.executor(), |core| core.wake(key)) {
        Some(None) => {}
        Some(Some(driver)) => driver.wake(),
        None => registry::wake_remotely(key),
    }
}

/// Lets the task that is polled from now on wake itself the short way.
#[inline]
pub(super) fn begin_poll(task: WakeKey) {
    POLLED.set(task);
}

/// Ends what [`begin_poll`] began; true when the task woke itself and is not queued yet.
#[inline]
pub(super) fn end_poll() -> bool {
    POLLED.set(WakeKey::NOBODY);
    AWAKE.replace(false)
}

/// Interrupts the poll of the task that it gives back, so that others can be polled meanwhile.
pub(super) fn interrupt() -> WakeKey {
    catch_up();
    POLLED.replace(WakeKey::NOBODY)
}

/// Goes on with the poll that was interrupted.
pub(super) fn resume(task: WakeKey) {
    POLLED.set(task);
}

impl Core {
    #[inline(always)]
    fn wake(&self, key: WakeKey) -> Option<Waker> {
        let task = {
            let mut table = self.table.borrow_mut();
            let table = &mut *table;
            let number = table.number(key.index());
            let slot = table.slots.get_mut(key.index())?;
            let task = TaskId { index: key.index() as u32, generation: slot.generation };
            if self.key_of(task) != key {
                return None;
            }
            if self.is_attended() {
                self.probe.woke(number);
                self.watch_wake(task);
            }
            slot.stage = match slot.stage {
                Stage::Waiting => Stage::Ready,
                Stage::Polled => Stage::Woken,
                _ => return None,
            };
            table.ready.push_back(task);
            task
        };
        if self.log().is_on() || self.driven.get() {
            return self.announce(task);
        }
        None
    }

    /// Wakes them in order; tasks of this executor without looking it up for each.
    pub(super) fn wake_all(&self, wakers: impl Iterator<Item = Waker>) {
        catch_up();
        for waker in wakers {
            let own = WakeKey::carried_by(&waker).filter(|key| key.executor() == self.number);
            let driver = match own {
                Some(key) => self.wake(key),
                None => Some(waker),
            };
            if let Some(driver) = driver {
                driver.wake();
            }
        }
    }

    /// The task, whose poll has just ended, woke itself the short way.
    #[inline]
    pub(super) fn tell_of_own_waking(&self, task: TaskId) {
        if self.probe().asks_for_wakes() {
            self.probe().woke(self.current_number());
        }
        // Or it did so for the second time, and was queued after the first.
        if self.log().is_on() && self.table.borrow().slots[task.index()].stage == Stage::Polled {
            self.log().push(self.now(), Event::Woken { task, by: Some(task) });
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
