//! Waking a task, and telling whoever drives the executor that there is work.

use core::task::Waker;

use super::core::Core;
use super::registry;
use super::slot::Stage;
use super::waker::WakeKey;
use crate::trace::{Event, TaskId};

/// Wakes the task of `key`, wherever its executor lives.
#[inline]
pub(super) fn wake(key: WakeKey) {
    match registry::with_local(key.executor(), |core| core.wake(key)) {
        Some(None) => {}
        Some(Some(driver)) => driver.wake(),
        None => registry::wake_remotely(key),
    }
}

impl Core {
    #[inline(always)]
    fn wake(&self, key: WakeKey) -> Option<Waker> {
        let task = {
            let mut table = self.table.borrow_mut();
            let table = &mut *table;
            let slot = table.slots.get_mut(key.index())?;
            if !key.is_of_generation(self.epoch.wrapping_add(slot.generation)) {
                return None;
            }
            self.probe.woke(slot.number);
            if slot.queued || slot.stage != Stage::Alive {
                return None;
            }
            slot.queued = true;
            let task = TaskId { index: key.index() as u32, generation: slot.generation };
            table.ready.push_back(task);
            task
        };
        if self.log().is_on() || self.driven.get() {
            return self.announce(task);
        }
        None
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
