//! Facts that break nothing by themselves, and yet mostly mean trouble.

use core::fmt;
use std::rc::Rc;

use super::{Name, Place, Spot, TaskId};
use crate::time::{Duration, Span};

/// Something that an executor saw a program do, and that a program seldom means.
///
/// A lint is a fact, not a failure: it stands in the trace and in the report of a search, and breaks a check only
/// where that is [asked for](Rules::deny). The idea, and the words where there were some, are those of the warnings
/// of tokio-console.
#[expect(missing_docs, reason = "the variant's sentence names its fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lint {
    /// A task, or a future of the library, was made at `at` and dropped before anybody polled it.
    NeverPolled { what: Unpolled, at: Place },
    /// The task, which was spawned at `at`, waits while nobody holds its waker.
    LostWaker { task: TaskId, at: Place },
    /// The task, which was spawned at `at`, woke itself in so many polls in a row and changed nothing in any of them.
    SelfWakeStorm { task: TaskId, polls: u32, at: Place },
    /// A single poll of the task, which was spawned at `at`, cost more than it may.
    PollOverBudget { task: TaskId, cost: Cost, at: Place },
    /// The task gave way while it held a borrow of a tracked cell that it took at `at`.
    BorrowOverAwait { task: TaskId, at: Place },
    /// The task ended and never gave back the permit that it took at `at`.
    PermitNotReturned { task: TaskId, what: Name, at: Place },
}

/// What nobody polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpolled {
    /// A task.
    Task(TaskId),
    /// A future of the library, by the name of what it waits for.
    Future(Name),
}

/// What a poll cost, and what it may cost.
#[expect(missing_docs, reason = "the variant's sentence names its fields")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Looks at and changes of what tasks share, wake-ups and spawned tasks: the same in every run.
    Operations { made: u32, budget: u32 },
    /// Time on the clock of a host.
    Time { taken: Duration, budget: Duration },
}

/// The kinds of [`Lint`], in the order in which reports have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LintKind {
    /// [`Lint::NeverPolled`].
    NeverPolled,
    /// [`Lint::LostWaker`].
    LostWaker,
    /// [`Lint::SelfWakeStorm`].
    SelfWakeStorm,
    /// [`Lint::PollOverBudget`].
    PollOverBudget,
    /// [`Lint::BorrowOverAwait`].
    BorrowOverAwait,
    /// [`Lint::PermitNotReturned`].
    PermitNotReturned,
}

impl LintKind {
    /// Every kind.
    pub const ALL: [LintKind; 6] = [
        LintKind::NeverPolled,
        LintKind::LostWaker,
        LintKind::SelfWakeStorm,
        LintKind::PollOverBudget,
        LintKind::BorrowOverAwait,
        LintKind::PermitNotReturned,
    ];

    /// The name by which reports call it, such as `lost waker`.
    pub fn name(self) -> Name {
        match self {
            LintKind::NeverPolled => "never polled",
            LintKind::LostWaker => "lost waker",
            LintKind::SelfWakeStorm => "self-wake storm",
            LintKind::PollOverBudget => "poll over budget",
            LintKind::BorrowOverAwait => "borrow over an await",
            LintKind::PermitNotReturned => "permit not returned",
        }
    }

    /// What should hold, and does not where there is such a lint.
    pub fn rule(self) -> Name {
        match self {
            LintKind::NeverPolled => "every future is polled",
            LintKind::LostWaker => "no waker is lost",
            LintKind::SelfWakeStorm => "nobody waits by polling",
            LintKind::PollOverBudget => "every poll keeps to its budget",
            LintKind::BorrowOverAwait => "no borrow is held over an await",
            LintKind::PermitNotReturned => "every permit is returned",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for LintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Lint {
    /// Which kind it is of.
    pub fn kind(&self) -> LintKind {
        match self {
            Lint::NeverPolled { .. } => LintKind::NeverPolled,
            Lint::LostWaker { .. } => LintKind::LostWaker,
            Lint::SelfWakeStorm { .. } => LintKind::SelfWakeStorm,
            Lint::PollOverBudget { .. } => LintKind::PollOverBudget,
            Lint::BorrowOverAwait { .. } => LintKind::BorrowOverAwait,
            Lint::PermitNotReturned { .. } => LintKind::PermitNotReturned,
        }
    }

    /// Where in the source to look.
    pub fn place(&self) -> Place {
        match self {
            Lint::NeverPolled { at, .. }
            | Lint::LostWaker { at, .. }
            | Lint::SelfWakeStorm { at, .. }
            | Lint::PollOverBudget { at, .. }
            | Lint::BorrowOverAwait { at, .. }
            | Lint::PermitNotReturned { at, .. } => at,
        }
    }

    /// The same place in words, such as `src/worker.rs:12`.
    pub fn spot(&self) -> String {
        Spot(&self.place()).to_string()
    }

    /// Whose doing it is, unless it is nobody's.
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Lint::NeverPolled { what: Unpolled::Future(_), .. } => None,
            Lint::NeverPolled { what: Unpolled::Task(task), .. }
            | Lint::LostWaker { task, .. }
            | Lint::SelfWakeStorm { task, .. }
            | Lint::PollOverBudget { task, .. }
            | Lint::BorrowOverAwait { task, .. }
            | Lint::PermitNotReturned { task, .. } => Some(*task),
        }
    }

    /// What happened, and what to do about it, with the tasks called as `name` has them.
    pub fn tell(&self, name: impl Fn(TaskId) -> Rc<str>) -> String {
        match self {
            Lint::NeverPolled { what: Unpolled::Task(task), .. } => format!(
                "{} was spawned and dropped before its first poll: nothing of it ran; cancel it later, or do not spawn it",
                name(*task)
            ),
            Lint::NeverPolled { what: Unpolled::Future(what), .. } => {
                format!("a future that waits for {what} was made and dropped before its first poll: await it")
            }
            Lint::LostWaker { task, .. } => format!(
                "{} waits, and nobody holds its waker: only a cancellation can end it; keep a clone of the waker where \
                 what it waits for comes about, and wake it there",
                name(*task)
            ),
            Lint::SelfWakeStorm { task, polls, .. } => format!(
                "{} woke itself in {polls} polls in a row and changed nothing: it waits by polling; let whoever brings \
                 what it waits for wake it",
                name(*task)
            ),
            Lint::PollOverBudget { task, cost, .. } => {
                format!("one poll of {} {cost}: nobody else runs meanwhile; give way in between", name(*task))
            }
            Lint::BorrowOverAwait { task, .. } => format!(
                "{} gave way while it held a borrow of a cell: whoever else needs the cell meanwhile is refused; end \
                 the borrow before the await",
                name(*task)
            ),
            Lint::PermitNotReturned { task, what, .. } => {
                format!("{} has ended and never gave back {what}", name(*task))
            }
        }
    }
}

/// The sentence, with tasks called by their numbers.
impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = self.tell(|task| Rc::from(format!("task {task}")));
        write!(f, "{}: {told} ({})", self.kind(), Spot(&self.place()))
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cost::Operations { made, budget } => {
                write!(f, "made {made} operations on what tasks share, and may make {budget}")
            }
            Cost::Time { taken, budget } => write!(f, "took {}, and may take {}", Span(*taken), Span(*budget)),
        }
    }
}

/// From when on lints speak, and which of them break what is checked.
///
/// ```
/// use unstuck::explore::{Options, check};
/// use unstuck::finding::LintKind;
/// use unstuck::scenario::Stage;
/// use unstuck::{spawn, trace::CancelReason};
///
/// fn hasty(stage: &Stage) {
///     stage.spawn("main", async {
///         let child = spawn(async { unreachable!("nobody polls it") });
///         child.cancel(CancelReason::Requested);
///     });
/// }
///
/// let report = check(&hasty, &Options::default());
/// assert!(report.holds());
/// assert_eq!(report.lints[0].lint, "never polled");
///
/// let report = check(&hasty, &Options::default().deny(LintKind::NeverPolled));
/// assert_eq!(report.failure.unwrap().invariant, "every future is polled");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How often a task may wake itself in a row, without changing anything, before that is a storm. At least 1.
    pub self_wakes: u32,
    /// How many operations on what tasks share a poll may make.
    ///
    /// What a poll computes besides cannot be counted without a clock, which a run that can be repeated must not ask.
    pub operations: u32,
    /// How long a poll may take, when a live host measures it; with none no host looks at its clock for that.
    ///
    /// Without a host the clock is virtual and no poll takes any time.
    pub time: Option<Duration>,
    /// What [`deny`](Rules::deny) collects.
    pub denied: Denied,
}

/// A set of kinds of lints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Denied(u8);

impl Default for Rules {
    /// 32 polls, 1,000 operations, no limit of time, and nothing denied.
    fn default() -> Self {
        Rules { self_wakes: 32, operations: 1_000, time: None, denied: Denied::default() }
    }
}

impl Rules {
    /// The same, but a lint of this kind breaks what is checked.
    pub fn deny(self, kind: LintKind) -> Self {
        Rules { denied: Denied(self.denied.0 | kind.bit()), ..self }
    }

    /// Whether a lint of this kind breaks what is checked.
    pub fn denies(&self, kind: LintKind) -> bool {
        self.denied.0 & kind.bit() != 0
    }
}
