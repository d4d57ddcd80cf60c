//! What an executor notices about its tasks while somebody attends: while it records, while its schedules are
//! searched, or when it was told to [`watch`](super::Executor::watch).
//!
//! Nobody pays for this otherwise: the executor looks at one flag and goes another way. What is noticed depends on
//! nothing but the program and its schedule, so that a search, its recorded replay and the page notice the same.

use core::cell::{Cell, RefCell};

use super::core::Core;
use super::permits::Permits;
use super::registry;
use super::waker::WakeKey;
use crate::time::{Duration, Instant};
use crate::trace::{Cost, Event, Lint, Name, Place, Rules, TaskId, Unpolled};

#[derive(Default)]
pub(super) struct Watch {
    rules: Cell<Rules>,
    tally: Cell<Tally>,
    tasks: RefCell<Vec<Watched>>,
    /// Places of tasks whose last waker was dropped while they were not polled.
    suspects: RefCell<Vec<u32>>,
    /// Whether there are suspects or borrows, which most polls leave without a look at either.
    has_more_to_see: Cell<bool>,
    borrows: RefCell<Vec<Borrow>>,
    pub(super) permits: Permits,
    lints: RefCell<Vec<Lint>>,
    denied: Cell<bool>,
}

/// What the poll under way has done to what tasks share: operations below, changes among them above, and highest
/// whether the task woke itself. One number, so that a poll begins with one store.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally(u64);

impl Tally {
    const LOOK: u64 = 1;
    const CHANGE: u64 = (1 << 32) | 1;
    const OWN_WAKE: u64 = 1 << 63;

    fn operations(self) -> u32 {
        self.0 as u32
    }

    fn has_changed_anything(self) -> bool {
        (self.0 & !Tally::OWN_WAKE) >> 32 != 0
    }

    fn woke_itself(self) -> bool {
        self.0 & Tally::OWN_WAKE != 0
    }
}

/// A task in its place of the table.
struct Watched {
    key: WakeKey,
    spawned: Place,
    /// How many wakers of it there are.
    wakers: u32,
    /// In how many polls in a row it woke itself and changed nothing.
    idle_polls: u32,
}

impl Watched {
    fn counts(&self) -> (u32, u32) {
        (self.idle_polls, self.wakers)
    }
}

struct Borrow {
    number: u64,
    task: TaskId,
    at: Place,
    /// Whether it was told that it is held over an await.
    told: bool,
}

impl Watch {
    #[inline]
    pub(super) fn looked(&self) {
        self.tally.set(Tally(self.tally.get().0 + Tally::LOOK));
    }

    #[inline]
    pub(super) fn changed(&self) {
        self.tally.set(Tally(self.tally.get().0 + Tally::CHANGE));
    }

    fn woke_itself(&self) {
        self.tally.set(Tally(self.tally.get().0 | Tally::OWN_WAKE));
    }

    pub(super) fn spawned(&self, task: TaskId, key: WakeKey, at: Place) {
        let mut tasks = self.tasks.borrow_mut();
        let watched = Watched { key, spawned: at, wakers: 0, idle_polls: 0 };
        match tasks.get_mut(task.index()) {
            Some(place) => *place = watched,
            None => {
                // Tasks that were spawned before anybody attended are in places of their own, of nobody.
                let nobody = || Watched { key: WakeKey::NOBODY, spawned: at, wakers: 0, idle_polls: 0 };
                tasks.resize_with(task.index(), nobody);
                tasks.push(watched);
            }
        }
    }

    /// Counts a poll that left its task pending; true when that may be one too many, or nobody may be left to wake it.
    #[inline]
    fn counts_poll(&self, task: TaskId, awake: bool, has_changed_anything: bool) -> bool {
        let mut tasks = self.tasks.borrow_mut();
        let Some(watched) = tasks.get_mut(task.index()) else { return false };
        if awake && !has_changed_anything {
            watched.idle_polls += 1;
            watched.idle_polls == self.rules.get().self_wakes.max(1)
        } else {
            watched.idle_polls = 0;
            !awake && watched.wakers == 0
        }
    }

    /// Somebody cloned a waker.
    pub(super) fn cloned(&self, key: WakeKey) {
        if let Some(task) = self.tasks.borrow_mut().get_mut(key.index()).filter(|task| task.key == key) {
            task.wakers += 1;
        }
    }

    /// Somebody dropped a waker.
    pub(super) fn dropped(&self, key: WakeKey) {
        if let Some(task) = self.tasks.borrow_mut().get_mut(key.index()).filter(|task| task.key == key) {
            task.wakers = task.wakers.saturating_sub(1);
            if task.wakers == 0 {
                self.suspects.borrow_mut().push(key.index() as u32);
                self.has_more_to_see.set(true);
            }
        }
    }

    /// Somebody took a borrow that can be held over an await; its number is to be given back.
    pub(super) fn borrowed(&self, task: TaskId, at: Place) -> u64 {
        let mut borrows = self.borrows.borrow_mut();
        let number = borrows.last().map_or(0, |last| last.number + 1);
        borrows.push(Borrow { number, task, at, told: false });
        self.has_more_to_see.set(true);
        number
    }

    pub(super) fn gave_back(&self, number: u64) {
        self.borrows.borrow_mut().retain(|borrow| borrow.number != number);
    }

    /// Forgets what was, for the next execution.
    pub(super) fn begin(&self) {
        self.rules.set(Rules::default());
        self.tally.set(Tally::default());
        self.tasks.borrow_mut().clear();
        self.suspects.borrow_mut().clear();
        self.has_more_to_see.set(false);
        self.borrows.borrow_mut().clear();
        self.permits.begin();
        self.lints.borrow_mut().clear();
        self.denied.set(false);
    }
}

impl Core {
    /// From now on notices what tasks do. Those that were spawned before are not among them.
    pub(super) fn attend(&self) {
        self.attended.set(true);
        registry::expect_attention();
    }

    /// Whether anybody attends.
    #[inline]
    pub(crate) fn is_attended(&self) -> bool {
        self.attended.get()
    }

    /// From when on lints speak in this execution.
    pub(crate) fn set_rules(&self, rules: Rules) {
        self.probe.watch.rules.set(rules);
    }

    pub(crate) fn rules(&self) -> Rules {
        self.probe.watch.rules.get()
    }

    /// Whether a lint broke what is checked.
    #[inline]
    pub(crate) fn has_denied_lint(&self) -> bool {
        self.probe.watch.denied.get()
    }

    /// Whether anything was noticed in this execution.
    #[inline]
    pub(crate) fn has_lints(&self) -> bool {
        !self.probe.watch.lints.borrow().is_empty()
    }

    /// What was noticed in this execution from the `first` on.
    pub(crate) fn lints_from(&self, first: usize) -> Vec<Lint> {
        self.probe.watch.lints.borrow().get(first..).map_or_else(Vec::new, <[Lint]>::to_vec)
    }

    pub(super) fn take_lints(&self) -> Vec<Lint> {
        self.probe.watch.lints.take()
    }

    /// Notices something, once for each place in the source.
    #[cold]
    #[inline(never)]
    pub(super) fn lint(&self, lint: Lint) {
        let watch = &self.probe.watch;
        let is_same = |known: &Lint| known.kind() == lint.kind() && known.place() == lint.place();
        if watch.lints.borrow().iter().any(is_same) {
            return;
        }
        if watch.rules.get().denies(lint.kind()) {
            watch.denied.set(true);
        }
        watch.lints.borrow_mut().push(lint.clone());
        self.record(|| Event::Linted { lint });
    }

    pub(super) fn watch_spawn(&self, task: TaskId, at: Place) {
        self.probe.watch.spawned(task, self.key_of(task), at);
        self.probe.watch.changed();
    }

    pub(super) fn watch_wake(&self, task: TaskId) {
        match self.current() == Some(task) {
            true => self.probe.watch.woke_itself(),
            false => self.probe.watch.changed(),
        }
    }

    #[inline]
    pub(super) fn watch_poll(&self) {
        self.probe.watch.tally.set(Tally::default());
    }

    /// A poll of the task is over. Whoever is `awake` woke itself and is in line again.
    #[inline]
    pub(super) fn watch_end_of_poll(&self, task: TaskId, is_pending: bool, awake: bool) {
        let watch = &self.probe.watch;
        let tally = watch.tally.get();
        let awake = awake || tally.woke_itself();
        let is_near = is_pending && watch.counts_poll(task, awake, tally.has_changed_anything());
        if is_near || tally.operations() > watch.rules.get().operations || watch.has_more_to_see.get() {
            self.see_more(task, is_pending, awake);
        }
    }

    /// Says what there is to say after a poll, which is nothing after most of them.
    #[cold]
    #[inline(never)]
    fn see_more(&self, task: TaskId, is_pending: bool, awake: bool) {
        let watch = &self.probe.watch;
        let (made, rules) = (watch.tally.get().operations(), watch.rules.get());
        if made > rules.operations {
            self.lint_poll(task, Cost::Operations { made, budget: rules.operations });
        }
        if is_pending {
            let (polls, wakers) = watch.tasks.borrow().get(task.index()).map_or((0, 1), Watched::counts);
            if polls == rules.self_wakes.max(1) {
                self.with_spawned(task, |at| Lint::SelfWakeStorm { task, polls, at });
            }
            if !awake && wakers == 0 {
                self.watch_waker(task);
            }
            self.watch_borrows(task);
        }
        self.watch_suspects();
        watch.has_more_to_see.set(!watch.borrows.borrow().is_empty());
    }

    /// Polls at most `limit` ready tasks, and notices which of the polls took longer than `budget`; true when none was
    /// left before that.
    pub(super) fn poll_some_within(&self, limit: u32, budget: Duration, clock: &dyn Fn() -> Instant) -> bool {
        let mut before = clock();
        let outer = self.begin_polling();
        let is_out = (0..limit).any(|_| {
            if !self.poll_next() {
                return true;
            }
            let after = clock();
            let taken = after - core::mem::replace(&mut before, after);
            if taken > budget {
                self.lint_poll(self.current.get(), Cost::Time { taken, budget });
            }
            false
        });
        self.end_polling(outer);
        is_out
    }

    /// A poll of the task took this long by the clock of a host, or made so many operations.
    fn lint_poll(&self, task: TaskId, cost: Cost) {
        self.with_spawned(task, |at| Lint::PollOverBudget { task, cost, at });
    }

    /// Says that the task's waker is lost, if it waits and nobody can wake it.
    fn watch_waker(&self, task: TaskId) {
        if self.table.borrow().is_waiting(task) && !registry::has_escaped(self.number()) {
            self.with_spawned(task, |at| Lint::LostWaker { task, at });
        }
    }

    fn watch_borrows(&self, task: TaskId) {
        let watch = &self.probe.watch;
        if watch.borrows.borrow().is_empty() {
            return;
        }
        let mut held: Vec<Place> = Vec::new();
        for borrow in watch.borrows.borrow_mut().iter_mut().filter(|borrow| borrow.task == task && !borrow.told) {
            borrow.told = true;
            held.push(borrow.at);
        }
        held.into_iter().for_each(|at| self.lint(Lint::BorrowOverAwait { task, at }));
    }

    /// Looks at those whose last waker was dropped in this step.
    pub(super) fn watch_suspects(&self) {
        let watch = &self.probe.watch;
        if watch.suspects.borrow().is_empty() {
            return;
        }
        for index in watch.suspects.take() {
            let has_waker = watch.tasks.borrow()[index as usize].wakers != 0;
            let task = self.table.borrow().task_at(index as usize);
            if let (Some(task), false) = (task, has_waker) {
                self.watch_waker(task);
            }
        }
    }

    /// A task was dropped before its first poll.
    pub(super) fn watch_unpolled(&self, task: TaskId) {
        self.with_spawned(task, |at| Lint::NeverPolled { what: Unpolled::Task(task), at });
    }

    /// A future that waits for `name` was dropped before its first poll.
    #[cold]
    pub(crate) fn lint_unpolled(&self, name: Name, at: Place) {
        if self.is_attended() {
            self.lint(Lint::NeverPolled { what: Unpolled::Future(name), at });
        }
    }

    /// Notices something about a task that was spawned while somebody attended.
    fn with_spawned(&self, task: TaskId, lint: impl FnOnce(Place) -> Lint) {
        let key = self.key_of(task);
        let spawned = {
            let tasks = self.probe.watch.tasks.borrow();
            tasks.get(task.index()).filter(|watched| watched.key == key).map(|watched| watched.spawned)
        };
        if let Some(at) = spawned {
            self.lint(lint(at));
        }
    }
}
