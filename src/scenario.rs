//! A program under examination: the tasks that it spawns, the state that it is about, what must hold.
//!
//! A scenario is a function that sets a [`Stage`]. It is set anew for every run, so it builds its whole world itself.
//!
//! ```
//! use std::cell::Cell;
//! use std::rc::Rc;
//! use unstuck::scenario::{Ended, Stage};
//! use unstuck::schedule::Fifo;
//! use unstuck::yield_now;
//!
//! fn two_increments(stage: &Stage) {
//!     let count = Rc::new(Cell::new(0));
//!     for name in ["A", "B"] {
//!         let count = count.clone();
//!         stage.spawn(name, async move {
//!             let seen = count.get();
//!             yield_now().await; // everybody reads before anybody writes
//!             count.set(seen + 1);
//!         });
//!     }
//!     stage.finally("no increment is lost", move || match count.get() {
//!         2 => Ok(()),
//!         seen => Err(format!("two tasks incremented, and the count is {seen}")),
//!     });
//! }
//!
//! let run = Stage::run(&two_increments, &mut Fifo);
//! assert_eq!(run.ended, Ended::AtRest);
//! assert_eq!(&*run.findings()[0].sentence, "two tasks incremented, and the count is 1");
//! ```

mod run;

use core::cell::{Cell, RefCell};
use core::future::Future;
use std::rc::Rc;

pub use self::run::{Ended, MAX_STEPS, Run};
use crate::executor::{Answer, Executor};
use crate::finding::{EVERY_TASK_ENDS, Rules, deadlock, kept, tell};
use crate::schedule::Choice;
use crate::trace::{CancelReason, Event, Name, Names, TaskId};

/// What a scenario is set on: an executor, named values to watch, and invariants.
pub struct Stage {
    executor: Executor,
    names: RefCell<Names>,
    values: RefCell<Vec<Value>>,
    invariants: RefCell<Vec<Invariant>>,
    /// How many lints were looked at.
    looked_at: Cell<usize>,
}

type Check = Box<dyn Fn() -> Result<(), String>>;

struct Value {
    name: Name,
    read: Box<dyn Fn() -> String>,
    last: RefCell<Rc<str>>,
}

struct Invariant {
    name: Name,
    when: When,
    check: Check,
    broken: Cell<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    AfterEveryStep,
    AtRest,
}

impl Stage {
    pub(crate) fn new(executor: Executor) -> Stage {
        Stage {
            executor,
            names: RefCell::default(),
            values: RefCell::default(),
            invariants: RefCell::default(),
            looked_at: Cell::new(0),
        }
    }

    pub(crate) fn set(&self, scenario: &dyn Fn(&Stage)) {
        self.executor.enter(|| scenario(self));
        self.look();
    }

    /// Clears the stage and sets it again, without looking at the values: nobody watches a search.
    pub(crate) fn set_again(&self, scenario: &dyn Fn(&Stage)) {
        self.executor.core().reset();
        self.values.borrow_mut().clear();
        self.invariants.borrow_mut().clear();
        scenario(self);
    }

    /// Checks what must hold after every step, or at rest, and tells `seen` of each: its place and whether it holds.
    #[inline]
    pub(crate) fn each_invariant(&self, at_rest: bool, mut seen: impl FnMut(usize, bool)) {
        let when = if at_rest { When::AtRest } else { When::AfterEveryStep };
        for (place, invariant) in self.invariants.borrow().iter().enumerate() {
            if invariant.when == when {
                seen(place, (invariant.check)().is_ok());
            }
        }
    }

    /// The name by which schedules call a task.
    pub(crate) fn name_of(&self, task: TaskId) -> Rc<str> {
        named(&self.names.borrow(), task).clone()
    }

    pub(crate) fn executor(&self) -> &Executor {
        &self.executor
    }

    /// Spawns a task. Its name is what schedules call it: letters, digits, `-` and `_`.
    #[track_caller]
    pub fn spawn<F>(&self, name: &str, future: F)
    where
        F: Future<Output = ()> + 'static,
    {
        drop(self.executor.spawn_named(name, future));
    }

    /// Lets a search drop the future of any task that is spawned with this name after this call, wherever it waits.
    pub fn may_be_cancelled(&self, name: &str) {
        self.executor.core().may_drop(name);
    }

    /// Lets a search decide who wins where a time limit, of a [`timeout`](crate::timeout), of a runner's job or of a
    /// workflow's [policies](crate::flow::Policies), and what it limits come in one poll. Without this the result always
    /// does; a clock that is less exact than ours, or a limit that is checked first, decides otherwise.
    pub fn time_may_win(&self) {
        self.executor.core().open_ties();
    }

    /// Shows a named value, read after every step.
    pub fn show(&self, name: Name, read: impl Fn() -> String + 'static) {
        let last = RefCell::new(Rc::from(""));
        self.values.borrow_mut().push(Value { name, read: Box::new(read), last });
    }

    /// States what must hold after every step. `check` says, with the values that it saw, why it does not. It runs
    /// inside of the executor, so that it can ask for the time.
    pub fn always(&self, name: Name, check: impl Fn() -> Result<(), String> + 'static) {
        self.state(name, When::AfterEveryStep, Box::new(check));
    }

    /// States what must hold when nothing can happen any more.
    pub fn finally(&self, name: Name, check: impl Fn() -> Result<(), String> + 'static) {
        self.state(name, When::AtRest, Box::new(check));
    }

    /// States from when on lints speak, and which of them break what must hold, such as
    /// `Rules::default().deny(LintKind::LostWaker)`.
    pub fn lint_by(&self, rules: Rules) {
        self.executor.core().set_rules(rules);
    }

    fn state(&self, name: Name, when: When, check: Check) {
        self.invariants.borrow_mut().push(Invariant { name, when, check, broken: Cell::new(false) });
    }

    /// Every ready task, in the order in which they became ready; when none is, the clock, if a timer is armed; and
    /// then every task that may be cancelled.
    fn options(&self) -> Vec<Choice> {
        let ready = self.executor.ready();
        let names = self.names.borrow();
        let mut options: Vec<Choice> = ready.iter().map(|task| Choice::Poll(named(&names, *task).clone())).collect();
        if ready.is_empty() {
            options.extend(self.executor.next_deadline().map(|_| Choice::Advance));
        }
        options
            .extend(self.executor.core().droppable().iter().map(|task| Choice::Cancel(named(&names, *task).clone())));
        options
    }

    /// Makes an option happen, and says what it was, with the answers that were asked for.
    pub(crate) fn make(&self, choice: Choice, answers: &[u32]) -> Choice {
        match choice {
            Choice::Advance => {
                self.executor.advance();
                Choice::Advance
            }
            Choice::Poll(name) | Choice::PollWith(name, _) => {
                let task = self.task_of(&name, self.executor.ready());
                let probe = self.executor.core().probe();
                let answers: Vec<Answer> = answers.iter().map(|given| Answer { given: *given, ways: 0 }).collect();
                probe.prepare(&answers);
                self.executor.poll(task);
                Choice::poll(name, probe.answered().iter().map(|answer| answer.given).collect())
            }
            Choice::Cancel(name) => {
                let task = self.task_of(&name, self.executor.core().droppable());
                self.executor.core().begin_step();
                self.executor.cancel(task, CancelReason::Requested);
                Choice::Cancel(name)
            }
        }
    }

    fn task_of(&self, name: &Rc<str>, among: Vec<TaskId>) -> TaskId {
        let names = self.names.borrow();
        among
            .into_iter()
            .find(|task| named(&names, *task) == name)
            .expect("an option names a task that can be chosen")
    }

    /// Names the tasks that were spawned, looks at the values, and checks what must always hold.
    pub(crate) fn look(&self) {
        self.learn_names();
        for value in self.values.borrow().iter() {
            let now: Rc<str> = Rc::from((value.read)());
            if *value.last.borrow() != now {
                self.executor.record(Event::Changed { name: value.name, value: now.clone() });
                value.last.replace(now);
            }
        }
        self.check(When::AfterEveryStep);
        if let Some((task, message)) = self.executor.core().take_lost_panic() {
            let sentence = Rc::from(format!("{} panicked: {message}", self.name_of(task)));
            self.executor.record(Event::Broken { invariant: "no task panics", sentence });
        }
        self.look_at_lints();
    }

    /// Lints that are denied break what must hold.
    fn look_at_lints(&self) {
        let core = self.executor.core();
        let lints = core.lints_from(self.looked_at.get());
        self.looked_at.set(self.looked_at.get() + lints.len());
        for lint in lints.iter().filter(|lint| core.rules().denies(lint.kind())) {
            let sentence = Rc::from(tell(lint, &self.names.borrow()));
            self.executor.record(Event::Broken { invariant: lint.kind().rule(), sentence });
        }
    }

    fn check_at_rest(&self) {
        self.check(When::AtRest);
        let names = self.names.borrow();
        let core = self.executor.core();
        let broken = match self.executor.alive() {
            0 if core.has_kept_permits() => {
                core.watch_permits();
                core.kept_permit().map(|lint| (lint.kind().rule(), kept(&lint, &names)))
            }
            0 => None,
            _ => self.executor.trace(|trace| deadlock(trace, &names)).map(|told| (EVERY_TASK_ENDS, told)),
        };
        if let Some((invariant, sentence)) = broken {
            self.executor.record(Event::Broken { invariant, sentence: Rc::from(sentence) });
        }
    }

    /// Reports each invariant once: while it stays broken there is nothing new to say.
    fn check(&self, when: When) {
        let _entered = self.executor.core().enter();
        for invariant in self.invariants.borrow().iter().filter(|invariant| invariant.when == when) {
            let result = (invariant.check)();
            let was_broken = invariant.broken.replace(result.is_err());
            if let (Err(sentence), false) = (result, was_broken) {
                let sentence = Rc::from(sentence);
                self.executor.record(Event::Broken { invariant: invariant.name, sentence });
            }
        }
    }

    fn learn_names(&self) {
        let mut names = self.names.borrow_mut();
        self.executor.trace(|trace| {
            for entry in trace.of_step(trace.steps()) {
                if let Event::Spawned { task, name, .. } = &entry.event {
                    names.learn(*task, name);
                }
            }
        });
    }
}

/// The name of a task that was spawned on a stage.
fn named(names: &Names, task: TaskId) -> &Rc<str> {
    names.get(task).expect("a stage names its tasks before it looks at them")
}
