//! The catalogue: each bug in a buggy and a fixed version, under the same scenario and the same invariants.
//!
//! The source that a page shows is the source that runs. Each bug is a module: `stuck_flag.rs` sets the scenario and
//! states what must hold, `stuck_flag/` holds the versions, a file each, and `stuck_flag/report.rs` what a person has
//! to say about it. What a machine can know, a [`Proof`] finds out.

mod proof;
mod report;
mod texts;

mod cancelled_and_run;
mod check_await_set;
mod dropped_claim;
mod half_open;
mod impatient_waiter;
mod lost_worker;
mod never_polled;
mod observer;
mod orphans;
mod poll_loop;
mod removed_result;
mod retries;
mod stranding_shutdown;
mod stubborn_task;
mod stuck_flag;
mod waits_for_itself;
mod whose_timeout;

mod asyncio;
mod job_server;

pub use self::proof::{Proof, Proven};
pub use self::report::Writeup;
pub use self::texts::{Source, Texts};
use crate::explore::{self, Options, Strategy};
use crate::scenario::{Run, Stage};

/// A few lines with a bug, and the same lines without it.
#[derive(Clone, Copy, Debug)]
pub struct Bug {
    /// The id in the address.
    pub id: &'static str,
    /// The number in the catalogue.
    pub number: u32,
    /// A short name.
    pub title: &'static str,
    /// What goes wrong, in one sentence.
    pub sentence: &'static str,
    /// Where it stands in the catalogue.
    pub family: Family,
    /// Where it was seen, the first place first.
    pub origins: &'static [Origin],
    /// The versions, at most one of each [`Role`], in the order of these: a bug need not have a half-fix.
    pub variants: &'static [Variant],
    /// How many schedules are tried in order at most. A fixed version with fewer kinds of schedules than that is
    /// proven to hold.
    pub bound: u64,
    /// What a person has to say about it; nothing without the feature `texts`.
    pub writeup: Writeup,
}

/// Where a bug was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In one of the documents that this project grew from, such as `a Python task runner`.
    Seed(&'static str),
    /// In a public repository, such as `Bruce-Moe/build-demo-2025`.
    Repository(&'static str),
    /// In a public issue, such as `apalis-dev/apalis#219`.
    Issue(&'static str),
}

/// One version of a bug.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// What kind of version it is.
    pub role: Role,
    /// The file below `src/bugs`.
    pub file: &'static str,
    /// The text of that file; empty without the feature `texts`.
    pub source: &'static str,
    /// Sets the stage.
    pub scenario: fn(&Stage),
    /// How it fails; none for a version that holds.
    pub fails: Option<Fails>,
}

/// How a version fails at the least: what a search of its schedules comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fails {
    /// What should hold and breaks.
    pub invariant: &'static str,
    /// The schedule with the fewest preemptions, and then switches, under which it breaks, such as `replay-A.B`.
    pub schedule: &'static str,
}

/// What kind of version it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// With the bug.
    Buggy,
    /// With the tempting fix that is not one.
    HalfFix,
    /// Without the bug.
    Fixed,
}

impl Role {
    /// The id of such a version in an address.
    pub fn id(self) -> &'static str {
        match self {
            Role::Buggy => "buggy",
            Role::HalfFix => "half-fix",
            Role::Fixed => "fixed",
        }
    }

    /// What to call such a version in a list.
    pub fn title(self) -> &'static str {
        match self {
            Role::Buggy => "as found",
            Role::HalfFix => "half-fix",
            Role::Fixed => "fixed",
        }
    }
}

/// The families of the catalogue, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Flags and state.
    FlagsAndState,
    /// Cancellation.
    Cancellation,
    /// Timeouts.
    Timeouts,
    /// Queues and permits.
    QueuesAndPermits,
    /// Breakers and retries.
    BreakersAndRetries,
    /// Futures themselves.
    Futures,
}

#[cfg(not(feature = "texts"))]
impl Variant {
    /// The same versions without their sources.
    const fn unread<const N: usize>(variants: &[Variant]) -> [Variant; N] {
        let mut unread = [variants[0]; N];
        let mut place = 0;
        while place < N {
            unread[place] = Variant { source: "", ..variants[place] };
            place += 1;
        }
        unread
    }
}

impl Family {
    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Family::FlagsAndState => "Flags and state",
            Family::Cancellation => "Cancellation",
            Family::Timeouts => "Timeouts",
            Family::QueuesAndPermits => "Queues and permits",
            Family::BreakersAndRetries => "Breakers and retries",
            Family::Futures => "Futures themselves",
        }
    }
}

impl Origin {
    /// Where to read on, for what is public.
    pub fn link(self) -> Option<String> {
        match self {
            Origin::Seed(_) => None,
            Origin::Repository(repository) => Some(format!("https://github.com/{repository}")),
            Origin::Issue(issue) => {
                let (repository, number) = issue.split_once('#')?;
                Some(format!("https://github.com/{repository}/issues/{number}"))
            }
        }
    }
}

/// Runs a bug as it was found under one schedule, such as a check or a link tells, and returns all that happened.
///
/// For its other versions, and for a scenario of your own, there is [`explore::replay`].
///
/// # Panics
///
/// When there is no bug of this id, and when `schedule` is none.
///
/// ```
/// use unstuck::bugs::replay;
///
/// let run = replay("stuck-flag", "replay-main.A.B.C.D.E.~.A.~.A.~.E.~.A");
/// let sentence = "A has left and nobody is served, but is_processing stays true";
/// assert_eq!(&*run.findings()[0].sentence, sentence);
/// ```
#[track_caller]
pub fn replay(id: &str, schedule: &str) -> Run {
    let Some(bug) = Bug::of_id(id) else {
        panic!("there is no bug “{id}”, or the crate was built without its family")
    };
    let [buggy, _] = bug.ends();
    explore::replay(buggy.scenario, schedule)
}

impl Bug {
    /// The bug that is opened when no other one is asked for.
    ///
    /// # Panics
    ///
    /// When the crate was built without any family of bugs.
    pub fn first() -> &'static Bug {
        Bug::ALL.first().expect("there is a bug: build with the feature `bugs`, or with that of one family")
    }

    /// The bug of this id.
    pub fn of_id(id: &str) -> Option<&'static Bug> {
        Bug::ALL.iter().find(|bug| bug.id == id)
    }

    /// The version of this id.
    pub fn variant(&self, id: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.role.id() == id)
    }

    /// How its schedules are searched: some at random, and then one of every kind, up to the bound.
    pub fn search(&self) -> Options {
        Options::default().strategy(Strategy::Portfolio { samples: 100 }).executions(self.bound)
    }

    /// The buggy version and the fixed one, which every bug has.
    pub fn ends(&self) -> [&'static Variant; 2] {
        [Role::Buggy, Role::Fixed].map(|role| {
            let found = self.variants.iter().find(|variant| variant.role == role);
            found.expect("a bug has a buggy and a fixed version")
        })
    }
}

/// A bug as it stands in the catalogue.
#[cfg(feature = "texts")]
#[allow(unused_macros, reason = "a build without bugs lists none")]
macro_rules! listed {
    ($bug:ident) => {
        $bug::BUG
    };
}

/// A bug as it stands in the catalogue: without what is only read, which is then not part of the program.
#[cfg(not(feature = "texts"))]
#[allow(unused_macros, reason = "a build without bugs lists none")]
macro_rules! listed {
    ($bug:ident) => {{
        const VARIANTS: [Variant; $bug::BUG.variants.len()] = Variant::unread($bug::BUG.variants);
        Bug { variants: &VARIANTS, writeup: Writeup::UNREAD, ..$bug::BUG }
    }};
}

macro_rules! catalogue {
    ($($bug:ident in $module:literal,)*) => {
        impl Bug {
            /// Every bug, in the order of the catalogue: those of the modules whose features are on.
            pub const ALL: &'static [Bug] = &[$(
                #[cfg(feature = $module)]
                listed!($bug),
            )*];

            /// The module of the page that has it, which is also the feature that brings it.
            pub fn module(&self) -> &'static str {
                let modules = [$(($bug::BUG.number, $module)),*];
                modules.into_iter().find(|(number, _)| *number == self.number).map_or("", |(_, module)| module)
            }
        }
    };
}

// Which bugs the page loads together, so that no module goes over its budget. What stands on the task runner carries that
// with it, and has a module of its own.
catalogue! {
    stuck_flag in "flags",
    check_await_set in "flags",
    dropped_claim in "flags",
    lost_worker in "workers",
    cancelled_and_run in "cancellation",
    impatient_waiter in "waiting",
    stranding_shutdown in "shutdown",
    whose_timeout in "timeouts",
    half_open in "breakers",
    waits_for_itself in "queues",
    observer in "flags",
    retries in "breakers",
    never_polled in "futures",
    removed_result in "results",
    poll_loop in "flags",
    stubborn_task in "stopping",
    orphans in "groups",
}
