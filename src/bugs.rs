//! The catalogue: each bug in a buggy and a fixed version, under the same scenario and the same invariants.
//!
//! The source that a page shows is the source that runs. Each bug is a module: `stuck_flag.rs` sets the scenario and
//! states what must hold, `stuck_flag/` holds the versions, a file each, and `stuck_flag/report.rs` what a person has
//! to say about it. What a machine can know, a [`Proof`] finds out.

mod proof;
mod report;

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
use crate::explore::{Options, Strategy};
use crate::scenario::Stage;

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
    /// The versions: the buggy one first, the fixed one last, half-fixes in between.
    pub variants: &'static [Variant],
    /// How many schedules are tried in order at most. A fixed version with fewer kinds of schedules than that is
    /// proven to hold.
    pub bound: u64,
    /// What a person has to say about it.
    pub writeup: Writeup,
}

/// Where a bug was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In one of the documents that this project grew from, such as `the worker sample`.
    Seed(&'static str),
    /// In a public issue, such as `apalis-dev/apalis#219`.
    Issue(&'static str),
}

/// One version of a bug.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The id in the address.
    pub id: &'static str,
    /// What kind of version it is.
    pub role: Role,
    /// What to call it in a list.
    pub title: &'static str,
    /// The file below `src/bugs`.
    pub file: &'static str,
    /// The text of that file.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// With the bug.
    Buggy,
    /// With the tempting fix that is not one.
    HalfFix,
    /// Without the bug.
    Fixed,
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

impl Family {
    /// The name of the feature that brings the bugs of this family, and of the page's module with them.
    pub fn feature(self) -> &'static str {
        match self {
            Family::FlagsAndState => "flags",
            Family::Cancellation => "cancellation",
            Family::Timeouts => "timeouts",
            Family::QueuesAndPermits => "queues",
            Family::BreakersAndRetries => "breakers",
            Family::Futures => "futures",
        }
    }

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
            Origin::Issue(issue) => {
                let (repository, number) = issue.split_once('#')?;
                Some(format!("https://github.com/{repository}/issues/{number}"))
            }
        }
    }
}

impl Bug {
    /// Every bug, in the order of the catalogue: those of the families whose features are on.
    #[rustfmt::skip] // a line each, so that two branches can each add one
    pub const ALL: &'static [Bug] = &[
        #[cfg(feature = "flags")]
        stuck_flag::BUG,
        #[cfg(feature = "flags")]
        check_await_set::BUG,
        #[cfg(feature = "flags")]
        dropped_claim::BUG,
        #[cfg(feature = "cancellation")]
        lost_worker::BUG,
        #[cfg(feature = "cancellation")]
        cancelled_and_run::BUG,
        #[cfg(feature = "timeouts")]
        impatient_waiter::BUG,
        #[cfg(feature = "queues")]
        stranding_shutdown::BUG,
        #[cfg(feature = "timeouts")]
        whose_timeout::BUG,
        #[cfg(feature = "breakers")]
        half_open::BUG,
        #[cfg(feature = "queues")]
        waits_for_itself::BUG,
        #[cfg(feature = "flags")]
        observer::BUG,
        #[cfg(feature = "breakers")]
        retries::BUG,
        #[cfg(feature = "futures")]
        never_polled::BUG,
        #[cfg(feature = "flags")]
        removed_result::BUG,
        #[cfg(feature = "flags")]
        poll_loop::BUG,
        #[cfg(feature = "cancellation")]
        stubborn_task::BUG,
        #[cfg(feature = "cancellation")]
        orphans::BUG,
    ];

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
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// How its schedules are searched: some at random, and then one of every kind, up to the bound.
    pub fn search(&self) -> Options {
        Options::default().strategy(Strategy::Portfolio { samples: 100 }).executions(self.bound)
    }

    /// The first buggy version and the first fixed one.
    pub(crate) fn ends(&self) -> [&'static Variant; 2] {
        [Role::Buggy, Role::Fixed]
            .map(|role| self.variants_of(role).next().expect("a bug has a buggy and a fixed version"))
    }

    /// The versions of a role.
    pub fn variants_of(&self, role: Role) -> impl Iterator<Item = &'static Variant> {
        self.variants.iter().filter(move |variant| variant.role == role)
    }
}
