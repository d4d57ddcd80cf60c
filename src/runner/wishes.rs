//! What is asked of a runner for a job.

use std::borrow::Cow;
use std::rc::Rc;

use super::job::IfDuplicate;
use super::record::JobId;
use crate::retry::Retry;
use crate::time::{Duration, nanos};

/// What is asked for a job.
#[derive(Clone)]
pub(super) struct Wishes {
    pub(super) label: Option<Box<Label>>,
    pub(super) priority: u8,
    pub(super) timeout: Limit,
    /// What few jobs ask for.
    pub(super) rare: Option<Box<Rare>>,
}

/// What a job is called; one without a label is called `job`.
#[derive(Clone)]
pub(super) struct Label {
    pub(super) name: Cow<'static, str>,
    pub(super) kind: Cow<'static, str>,
}

const UNNAMED: Label = Label { name: Cow::Borrowed("job"), kind: Cow::Borrowed("job") };

impl Label {
    pub(super) fn name(label: Option<&Label>) -> &str {
        label.map_or("job", |label| &label.name)
    }

    pub(super) fn kind(label: Option<&Label>) -> &str {
        label.map_or("job", |label| &label.kind)
    }
}

/// The time for one attempt, in nanoseconds: it is added to the clock before each. A single word, since every
/// submission is moved with it, and no time is longer than 292 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit(u64);

impl Limit {
    /// What the runner says.
    pub(super) const DEFAULT: Limit = Limit(u64::MAX);
    pub(super) const NONE: Limit = Limit(u64::MAX - 1);
    const LONGEST: u64 = (1 << 63) - 3;
    const COOPERATIVE: u64 = 1 << 63;

    pub(super) fn hard(time: Duration) -> Self {
        Limit(nanos(time).min(Limit::LONGEST))
    }

    /// Asked to stop first, and dropped when it does not within its grace.
    pub(super) fn cooperative(time: Duration) -> Self {
        Limit(Limit::hard(time).0 | Limit::COOPERATIVE)
    }

    /// The nanoseconds, if there is a limit, and whether it is cooperative. The runner says `usual`.
    #[inline]
    pub(super) fn of(self, usual: Option<u64>) -> (Option<u64>, bool) {
        match self {
            Limit::DEFAULT => (usual, false),
            Limit::NONE => (None, false),
            Limit(time) => (Some(time & !Limit::COOPERATIVE), time & Limit::COOPERATIVE != 0),
        }
    }
}

#[derive(Clone, Default)]
pub(super) struct Rare {
    pub(super) id: Option<JobId>,
    pub(super) grace: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) retry: Option<Retry>,
    pub(super) lane: Option<Rc<str>>,
    pub(super) key: Option<(Rc<str>, IfDuplicate)>,
    pub(super) unstoppable: bool,
}

impl Wishes {
    pub(super) fn new(label: Option<Box<Label>>, timeout: Limit) -> Self {
        Wishes { label, priority: PRIORITY, timeout, rare: None }
    }

    /// Moves out everything that was asked for.
    pub(super) fn take(&mut self) -> Self {
        let Wishes { label, priority, timeout, rare } = self;
        Wishes { label: label.take(), priority: *priority, timeout: *timeout, rare: rare.take() }
    }

    pub(super) fn label(&mut self) -> &mut Label {
        self.label.get_or_insert_with(|| Box::new(UNNAMED))
    }

    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}

/// The priority of a job that asks for none.
pub(super) const PRIORITY: u8 = 128;
