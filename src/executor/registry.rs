//! Which executors live where, so that a waker, which is only a number, finds its own.
//!
//! The executors of a thread are found without a lock. A wake-up from another thread is left in a list behind a
//! lock, and the executor's driver is told to come and take it.

use core::cell::{Cell, RefCell};
use core::mem::{self, ManuallyDrop};
use core::task::Waker;
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::core::Core;
use super::wake;
use super::waker::{MAX_EXECUTORS, WakeKey};
use crate::sorted::Sorted;
use crate::time::Instant;

thread_local! {
    static LIVE_HERE: RefCell<Vec<Option<Rc<Core>>>> = const { RefCell::new(Vec::new()) };
    // Whoever enters leaves again, so at the end of a thread there is nothing to drop; and what need not be dropped is
    // found without asking whether it was.
    static ENTERED: RefCell<ManuallyDrop<Option<Rc<Core>>>> = const { RefCell::new(ManuallyDrop::new(None)) };
    /// Whether the one that is entered records.
    static RECORDS: Cell<bool> = const { Cell::new(false) };
    /// Whether somebody may attend to the one that is entered.
    static ATTENDED: Cell<bool> = const { Cell::new(false) };
}

static EVERYWHERE: Mutex<Everywhere> =
    Mutex::new(Everywhere { mailboxes: Sorted::new(), free: Vec::new(), numbers: 0 });

struct Everywhere {
    mailboxes: Sorted<usize, Mailbox>,
    /// Numbers of executors that are gone, with the first generation that their successor may use.
    free: Vec<(usize, u32)>,
    numbers: usize,
}

#[derive(Default)]
struct Mailbox {
    wakes: Vec<WakeKey>,
    driver: Option<Waker>,
    /// Whether wakers were cloned or dropped on other threads, so that nobody knows how many there are.
    wakers_escaped: bool,
}

fn everywhere() -> MutexGuard<'static, Everywhere> {
    // The guarded code cannot panic half-way, so a poisoned lock holds consistent data.
    EVERYWHERE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the new executor a number, and makes it known on this thread.
pub(super) fn register(make: impl FnOnce(usize, u32) -> Core) -> Rc<Core> {
    let (number, epoch) = {
        let mut all = everywhere();
        let (number, epoch) = all.free.pop().unwrap_or_else(|| {
            all.numbers += 1;
            (all.numbers - 1, 0)
        });
        assert!(number < MAX_EXECUTORS, "at most {MAX_EXECUTORS} executors can live at a time; drop one first");
        all.mailboxes.insert(number, Mailbox::default());
        (number, epoch)
    };
    let core = Rc::new(make(number, epoch));
    LIVE_HERE.with_borrow_mut(|live| {
        live.resize_with(live.len().max(number + 1), || None);
        live[number] = Some(core.clone());
    });
    core
}

/// Forgets an executor; its wakers do nothing from now on.
pub(super) fn unregister(core: &Core) {
    let number = core.number();
    // When the thread is ending, its table may be gone already, and with it the entry.
    let _ = LIVE_HERE.try_with(|live| live.borrow_mut()[number].take());
    let mut all = everywhere();
    all.mailboxes.remove(&number);
    all.free.push((number, core.next_epoch()));
}

/// The executor of this number, if it lives on this thread.
#[inline]
pub(super) fn with_local<R>(number: usize, f: impl FnOnce(&Core) -> R) -> Option<R> {
    LIVE_HERE.try_with(|live| live.borrow().get(number)?.as_deref().map(f)).ok().flatten()
}

/// Leaves the wake-up for an executor on another thread.
#[cold]
pub(super) fn wake_remotely(key: WakeKey) {
    let driver = everywhere().mailboxes.get_mut(&key.executor()).and_then(|mailbox| {
        mailbox.wakes.push(key);
        mailbox.driver.take()
    });
    if let Some(driver) = driver {
        driver.wake();
    }
}

/// A counted waker was cloned.
pub(super) fn count_clone(key: WakeKey) {
    with_local(key.executor(), |core| core.probe().watch.cloned(key)).unwrap_or_else(|| let_escape(key));
}

/// A counted waker was dropped.
pub(super) fn count_drop(key: WakeKey) {
    with_local(key.executor(), |core| core.probe().watch.dropped(key)).unwrap_or_else(|| let_escape(key));
}

#[cold]
fn let_escape(key: WakeKey) {
    if let Some(mailbox) = everywhere().mailboxes.get_mut(&key.executor()) {
        mailbox.wakers_escaped = true;
    }
}

/// Whether wakers of the executor may live that nobody has counted.
pub(super) fn has_escaped(number: usize) -> bool {
    everywhere().mailboxes.get(&number).is_none_or(|mailbox| mailbox.wakers_escaped)
}

pub(super) fn take_remote_wakes(number: usize) -> Vec<WakeKey> {
    everywhere().mailboxes.get_mut(&number).map(|mailbox| mem::take(&mut mailbox.wakes)).unwrap_or_default()
}

pub(super) fn set_remote_driver(number: usize, driver: &Waker) {
    if let Some(mailbox) = everywhere().mailboxes.get_mut(&number) {
        mailbox.driver = Some(driver.clone());
    }
}

/// Makes `core` the executor that free functions such as `sleep` mean, until the guard is dropped.
pub(super) fn enter(core: &Rc<Core>) -> Entered {
    // What was noted belongs to the outer one.
    let interrupted = wake::interrupt();
    Entered { outer: replace_entered(Some(core.clone())), interrupted }
}

fn replace_entered(core: Option<Rc<Core>>) -> Option<Rc<Core>> {
    RECORDS.set(core.as_ref().is_some_and(|core| core.is_recorded()));
    ATTENDED.set(core.as_ref().is_some_and(|core| core.is_attended()));
    ENTERED.with(|entered| ManuallyDrop::into_inner(entered.replace(ManuallyDrop::new(core))))
}

pub(crate) struct Entered {
    outer: Option<Rc<Core>>,
    /// Whose poll we are inside of.
    interrupted: wake::Interrupted,
}

impl Drop for Entered {
    fn drop(&mut self) {
        wake::resume(self.interrupted);
        drop(replace_entered(self.outer.take()));
    }
}

/// The executor that is running, or whose set-up is being run.
#[inline]
pub(crate) fn entered() -> Option<Rc<Core>> {
    with_entered(Rc::clone)
}

/// The executor that is running, if it records a trace.
#[inline]
pub(crate) fn entered_recorder() -> Option<Rc<Core>> {
    if RECORDS.get() { entered() } else { None }
}

/// Whether somebody may attend to the executor that is running. When not, there is no need to look for it in order to
/// tell it anything.
#[inline]
pub(crate) fn may_be_attended() -> bool {
    ATTENDED.get()
}

/// Somebody attends from now on, perhaps to the one that is entered.
pub(super) fn expect_attention() {
    ATTENDED.set(true);
}

/// Looks at the executor that is running; cheaper than to have it. `look` calls nobody's code.
#[inline]
pub(crate) fn with_entered<R>(look: impl FnOnce(&Rc<Core>) -> R) -> Option<R> {
    // When the thread is ending, nobody is running any more.
    ENTERED.try_with(|entered| entered.borrow().as_ref().map(look)).ok().flatten()
}

/// The time on the clock of the executor that is running.
#[inline]
pub(crate) fn entered_now() -> Option<Instant> {
    with_entered(|core| core.now())
}
