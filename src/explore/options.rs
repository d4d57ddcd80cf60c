//! What a search is asked for.

use crate::finding::{LintKind, Rules};

/// How schedules are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Some random schedules first, since most bugs show at once, and then one schedule of every kind.
    Portfolio {
        /// How many random schedules.
        samples: u64,
    },
    /// One schedule of every kind: two are of one kind when they differ only in the order of steps that commute.
    Exhaustive,
    /// Every schedule. For comparison: there are too many of them even in small programs.
    Naive,
    /// Every ready task is as likely as the next, in every step.
    Random,
    /// Tasks have drawn priorities, which change at `depth - 1` drawn steps (Burckhardt et al., ASPLOS 2010).
    Pct {
        /// How many steps have to come in a certain order for the bug to show.
        depth: u32,
    },
    /// Nearly uniform over schedules instead of steps: a task is the likelier, the more it has left to do
    /// (Zhao et al., ASPLOS 2025).
    Urw,
}

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How schedules are chosen.
    pub strategy: Strategy,
    /// The most executions.
    pub executions: u64,
    /// The most steps of an execution; one that takes more is a finding.
    pub steps: u32,
    /// The seed of what is drawn.
    pub seed: u64,
    /// Whether to stop at the first failing schedule, and only shrink that.
    pub stop_at_first: bool,
    /// Which part of the schedules to try.
    pub shard: Shard,
    /// The most executions spent on shrinking a failing schedule; one of more than 100 steps counts for several.
    pub shrinking: u64,
    /// How many moments of what is tried in order are kept for [`branches`](super::Exploration::branches); with 0,
    /// nothing is, which is fastest.
    pub kept_nodes: usize,
    /// From when on lints speak, and which of them fail a check.
    pub lints: Rules,
    /// The address of a page that shows the scenario, such as `http://127.0.0.1:8017/#/bug/stuck-flag`: the message of
    /// a failed test has the link to the failing schedule then.
    pub page: Option<&'static str>,
}

/// One part of a search that is shared between cores or machines: `index` of `of`.
///
/// Parts need not know of each other. Drawn schedules are dealt out one by one, and those that are tried in order by
/// their first steps; what is tried without reduction is not shared, and all done by part 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, counted from 0.
    pub index: u64,
    /// How many parts there are.
    pub of: u64,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Shard = Shard { index: 0, of: 1 };

    pub(super) fn has(self, nth: u64) -> bool {
        nth % self.of == self.index
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            strategy: Strategy::Portfolio { samples: 100 },
            executions: 100_000,
            steps: 2_000,
            seed: 1,
            stop_at_first: false,
            shard: Shard::WHOLE,
            shrinking: 100_000,
            kept_nodes: 0,
            lints: Rules::default(),
            page: None,
        }
    }
}

impl Options {
    /// The same with another strategy.
    pub fn strategy(self, strategy: Strategy) -> Self {
        Options { strategy, ..self }
    }

    /// The same with another bound on executions.
    pub fn executions(self, executions: u64) -> Self {
        Options { executions, ..self }
    }

    /// The same, but a schedule that shows a lint of this kind fails.
    pub fn deny(self, kind: LintKind) -> Self {
        Options { lints: self.lints.deny(kind), ..self }
    }

    /// The same for a scenario that a page shows at this address, such as `http://127.0.0.1:8017/#/bug/stuck-flag`.
    pub fn page(self, page: &'static str) -> Self {
        Options { page: Some(page), ..self }
    }

    /// The same with another seed.
    pub fn seed(self, seed: u64) -> Self {
        Options { seed, ..self }
    }
}

impl Strategy {
    /// The name by which reports call it.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Portfolio { .. } => "portfolio",
            Strategy::Exhaustive => "exhaustive",
            Strategy::Naive => "naive",
            Strategy::Random => "random",
            Strategy::Pct { .. } => "pct",
            Strategy::Urw => "urw",
        }
    }
}
