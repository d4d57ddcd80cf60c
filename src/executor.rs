//! A single-threaded executor that decides nothing.
//!
//! It offers *who is ready* and *poll this one*. Running live, stepping and exploring are three loops around these
//! two; who chooses is a [schedule](crate::schedule), what time it is is told by a [host], and without a host the
//! clock is virtual.
//!
//! ```text
//!                 ┌──────────── woken: timer, lock, message ◀──────────┐
//!                 ▼                                                    │
//!  spawn ──▶ ready (in line) ──▶ polled ──▶ waits: for time, an object, a task
//!                 │                 │                                  │
//!                 └── cancel ───────┼────────────── cancel ────────────┤
//!                                   ▼                                  ▼
//!                         returned or panicked               cancelled: future dropped
//! ```
//!
//! ```
//! use unstuck::time::ms;
//! use unstuck::{Executor, sleep, spawn};
//!
//! let executor = Executor::new();
//! let answer = executor.block_on(async {
//!     let slow = spawn(async {
//!         sleep(ms(3_600_000)).await;
//!         42
//!     });
//!     slow.await.unwrap()
//! });
//! assert_eq!(answer, 42); // an hour later, by a clock that did not wait
//! ```

mod core;
mod end;
pub mod host;
mod join;
mod line;
mod log;
mod mark;
mod must_poll;
mod permits;
mod poll;
mod probe;
mod registry;
mod search;
mod slot;
mod table;
mod timers;
mod wait;
mod wake;
mod waker;
mod watch;

use ::core::fmt::Display;
use ::core::future::Future;
use std::rc::{Rc, Weak};

pub(crate) use self::core::Core;
pub use self::join::{JoinError, JoinHandle};
pub(crate) use self::mark::{Borrowing, Mark};
pub use self::must_poll::{MustPoll, must_poll};
pub(crate) use self::permits::Permit;
pub use self::poll::Polled;
pub(crate) use self::probe::{Answer, Footprint, MAX_NUMBERS, task_bit};
pub(crate) use self::registry::{entered, entered_now, entered_recorder, may_be_attended, with_entered};
pub(crate) use self::slot::caught;
pub use self::wait::{Elapsed, Sleep, Timeout, YieldNow, now, sleep, sleep_until, timeout, yield_now};
pub(crate) use self::wait::{TIME_LIMIT, poll_in_time};
pub(crate) use self::waker::give_way;
use crate::time::{Duration, Instant};
use crate::trace::{CancelReason, Event, Lint, Note, NoteKind, Place, Rules, TaskId, Trace};

/// An executor and the tasks that it owns.
///
/// Dropping it drops the future of every task. Handles of those tasks then resolve to
/// [`JoinError::Cancelled`] with [`CancelReason::Shutdown`].
pub struct Executor {
    core: Rc<Core>,
}

impl Default for Executor {
    fn default() -> Self {
        Executor::new()
    }
}

impl Executor {
    /// An executor with a virtual clock, which records nothing.
    pub fn new() -> Self {
        Executor { core: Core::new() }
    }

    /// An executor with a virtual clock that records a [`Trace`].
    pub fn recording() -> Self {
        let executor = Executor::new();
        executor.core.log().start();
        executor.core.attend();
        executor
    }

    /// From now on notices what its tasks do that programs seldom mean, by these rules: [`Executor::take_lints`] says
    /// what that was. An executor that records does so anyway, by [the default rules](Rules::default).
    ///
    /// A poll then costs a few instructions more. Tasks that were spawned before are not watched.
    ///
    /// ```
    /// use std::future::pending;
    /// use unstuck::Executor;
    /// use unstuck::trace::{LintKind, Rules};
    ///
    /// let executor = Executor::new();
    /// executor.watch(Rules::default());
    /// drop(executor.spawn(pending::<()>()));
    /// executor.run();
    ///
    /// let kinds: Vec<LintKind> = executor.take_lints().iter().map(|lint| lint.kind()).collect();
    /// assert_eq!(kinds, [LintKind::LostWaker]);
    /// ```
    pub fn watch(&self, rules: Rules) {
        self.core.set_rules(rules);
        self.core.attend();
    }

    /// What was noticed since the last call, once for each place in the source.
    pub fn take_lints(&self) -> Vec<Lint> {
        self.core.take_lints()
    }

    /// Spawns a task. It is ready at once, and is polled when somebody chooses it.
    ///
    /// Dropping the handle lets the task run on.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        JoinHandle::spawn(self.core.clone(), None, future)
    }

    /// Spawns a task with a name, by which traces and schedules call it.
    ///
    /// Dropping the handle lets the task run on.
    #[track_caller]
    pub fn spawn_named<F>(&self, name: &str, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        JoinHandle::spawn(self.core.clone(), Some(name), future)
    }

    /// Runs `set_up` as if inside the executor: free functions such as [`spawn`] and what belongs to an executor,
    /// such as a mutex, mean this one.
    pub fn enter<R>(&self, set_up: impl FnOnce() -> R) -> R {
        let _entered = registry::enter(&self.core);
        set_up()
    }

    /// A handle that spawns from anywhere on this thread, and does not keep the executor alive.
    pub fn spawner(&self) -> Spawner {
        Spawner { core: Rc::downgrade(&self.core) }
    }

    /// The tasks that can be polled, in the order in which they became ready.
    pub fn ready(&self) -> Vec<TaskId> {
        let mut tasks = Vec::new();
        self.core.ready_into(&mut tasks);
        tasks
    }

    /// Polls a ready task once; of any other task it answers [`Polled::NotReady`].
    pub fn poll(&self, task: TaskId) -> Polled {
        let _entered = registry::enter(&self.core);
        self.core.poll(task)
    }

    /// Moves the virtual clock to the next deadline and wakes everybody who waited for it, in the order in which
    /// they began to wait. Returns the new time, or `None`, and does nothing, when no timer is armed.
    pub fn advance(&self) -> Option<Instant> {
        let deadline = self.core.next_deadline()?;
        self.core.begin_step();
        self.advance_to(deadline);
        Some(deadline)
    }

    /// Moves the clock to `now`, which a host read, and wakes everybody who waited for a moment up to it. The
    /// clock never moves back.
    pub fn advance_to(&self, now: Instant) {
        let _entered = registry::enter(&self.core);
        self.core.advance_to(now);
    }

    /// The time on this executor's clock.
    pub fn now(&self) -> Instant {
        self.core.now()
    }

    /// The earliest moment that a task waits for.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.core.next_deadline()
    }

    /// Polls ready tasks, first in, first out, until none is ready; returns the number of polls.
    ///
    /// Does not return while a task keeps waking itself.
    pub fn run_ready(&self) -> u64 {
        let _entered = registry::enter(&self.core);
        self.core.poll_all()
    }

    /// Polls at most `limit` ready tasks, first in, first out; true when more are ready.
    pub(crate) fn run_some(&self, limit: u32) -> bool {
        let _entered = registry::enter(&self.core);
        !self.core.poll_some(limit) && self.core.has_ready()
    }

    /// The same, and notices every poll that takes longer than `budget` by the clock of a host.
    pub(crate) fn run_some_within(&self, limit: u32, budget: Duration, clock: &dyn Fn() -> Instant) -> bool {
        let _entered = registry::enter(&self.core);
        !self.core.poll_some_within(limit, budget, clock) && self.core.has_ready()
    }

    /// Runs first in, first out, moving the virtual clock whenever no task is ready, until neither a ready task
    /// nor a timer is left. Tasks that wait for something else may remain; [`Executor::alive`] counts them.
    pub fn run(&self) {
        let _entered = registry::enter(&self.core);
        loop {
            self.core.poll_all();
            let Some(deadline) = self.core.next_deadline() else { return };
            self.core.begin_step();
            self.core.advance_to(deadline);
        }
    }

    /// Runs until `future` returns, on the virtual clock.
    ///
    /// # Panics
    ///
    /// When `future` waits for something that no task and no timer will bring, and when it panics.
    #[track_caller]
    pub fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + 'static,
    {
        let handle = self.spawn_named("main", future);
        while !handle.is_finished() {
            self.run_ready();
            if !handle.is_finished() && self.advance().is_none() {
                panic!("the future waits for something that no task and no timer will bring");
            }
        }
        match handle.now_or_never() {
            Some(Ok(output)) => output,
            Some(Err(error)) => panic!("{error}"),
            None => unreachable!("a finished task has a result"),
        }
    }

    /// The number of tasks that have not ended.
    pub fn alive(&self) -> usize {
        self.core.alive()
    }

    /// The number of timers that are armed.
    pub fn armed_timers(&self) -> usize {
        self.core.armed_timers()
    }

    /// Drops the task's future, now; a task that is just being polled is dropped when that poll returns.
    /// Returns false when it had ended already.
    pub fn cancel(&self, task: TaskId, reason: CancelReason) -> bool {
        let _entered = registry::enter(&self.core);
        self.core.cancel(task, reason)
    }

    /// Reads what was recorded so far, which is nothing unless the executor [records](Executor::recording).
    pub fn trace<R>(&self, read: impl FnOnce(&Trace) -> R) -> R {
        wake::catch_up();
        self.core.log().with(read)
    }

    /// Takes what was recorded so far, and leaves nothing.
    pub fn take_trace(&self) -> Trace {
        wake::catch_up();
        self.core.log().take()
    }

    /// Adds an event that the executor cannot know of, such as a value of the scenario.
    pub(crate) fn record(&self, event: Event) {
        self.core.record(|| event);
    }

    pub(crate) fn core(&self) -> &Rc<Core> {
        &self.core
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let entered = registry::enter(&self.core);
        self.core.cancel_all(CancelReason::Shutdown);
        self.core.close();
        drop(entered);
        registry::unregister(&self.core);
    }
}

/// Spawns on an executor without keeping it alive.
#[derive(Clone)]
pub struct Spawner {
    core: Weak<Core>,
}

impl Spawner {
    /// Spawns a task. Dropping the handle lets it run on.
    ///
    /// # Errors
    ///
    /// The future, when the executor is gone.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> Result<JoinHandle<F::Output>, F>
    where
        F: Future + 'static,
    {
        match self.core.upgrade().filter(|core| !core.is_closed()) {
            Some(core) => Ok(JoinHandle::spawn(core, None, future)),
            None => Err(future),
        }
    }
}

/// Spawns a task with a name on an executor that may not be the one that runs the caller; nothing happens when it
/// is gone. It is said to have been spawned at `at`.
pub(crate) fn spawn_on<F>(core: &Rc<Core>, name: &str, at: Place, future: F)
where
    F: Future<Output = ()> + 'static,
{
    if !core.is_closed() {
        drop(JoinHandle::spawn_at(core.clone(), Some(name), future, at));
    }
}

/// Spawns a task on the executor that runs the caller. Dropping the handle lets it run on.
///
/// ```
/// use unstuck::time::ms;
/// use unstuck::{Executor, now, sleep, spawn};
///
/// Executor::new().block_on(async {
///     let answers = [300, 100].map(|takes| {
///         spawn(async move {
///             sleep(ms(takes)).await;
///             takes
///         })
///     });
///     let mut sum = 0;
///     for answer in answers {
///         sum += answer.await.unwrap();
///     }
///     assert_eq!((sum, now().to_string().as_str()), (400, "300 ms")); // side by side
/// });
/// ```
///
/// # Panics
///
/// Outside of an executor.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
{
    JoinHandle::spawn(running("spawn"), None, future)
}

/// Spawns a task with a name, by which traces and schedules call it, on the executor that runs the caller. Dropping the
/// handle lets it run on.
///
/// # Panics
///
/// Outside of an executor.
#[track_caller]
pub fn spawn_named<F>(name: &str, future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
{
    JoinHandle::spawn(running("spawn_named"), Some(name), future)
}

/// Asks for a number below `ways`: 0 when all goes well, which is always so outside of a search.
///
/// A search of schedules tries every answer, and so finds what breaks when something goes wrong at this place: a
/// request that fails, a reply that is lost, a crash.
///
/// ```
/// use unstuck::{Executor, fault};
///
/// let reply = Executor::new().block_on(async {
///     match fault(2) {
///         0 => Ok("done"),
///         _ => Err("the service said no"),
///     }
/// });
/// assert_eq!(reply, Ok("done"));
/// ```
pub fn fault(ways: u32) -> u32 {
    entered().filter(|core| core.current().is_some()).map_or(0, |core| core.probe().answer(ways))
}

/// Says something into the trace, as the task that runs: a sentence without its subject. Does nothing outside of
/// an executor; when nothing is recorded the text is not even made.
#[track_caller]
pub fn note(text: impl Display) {
    say(NoteKind::Fact, &text);
}

/// Like [`note`], for an error that the task met.
#[track_caller]
pub fn note_error(text: impl Display) {
    say(NoteKind::Error, &text);
}

/// Like [`note`], for work that is given up without an answer.
#[track_caller]
pub fn note_dropped(text: impl Display) {
    say(NoteKind::Dropped, &text);
}

#[track_caller]
fn say(kind: NoteKind, text: &dyn Display) {
    let at = ::core::panic::Location::caller();
    if let Some(core) = entered() {
        let task = core.current();
        core.record(|| Event::Noted { task, note: Note { text: Rc::from(text.to_string()), kind }, at });
    }
}

/// The executor that runs the caller.
#[inline]
#[track_caller]
pub(crate) fn running(what: &str) -> Rc<Core> {
    match entered() {
        Some(core) => core,
        None => outside(what),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn outside(what: &str) -> ! {
    panic!("`{what}` was called outside of an executor; call it in a task, or in `Executor::enter`")
}
