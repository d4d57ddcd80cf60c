//! A step of an execution that is searched, and what is known of it.

use crate::executor::{Answer, Footprint};
use crate::explore::rig::Verdict;
use crate::explore::step::Who;

/// A step of the current execution, and what is to be tried in its place.
pub(super) struct Frame {
    /// Who could be chosen.
    pub(super) enabled: u128,
    /// Who is to be tried, or was.
    pub(super) wanted: u128,
    /// Who need not be tried: what they would lead to was seen elsewhere.
    pub(super) asleep: u128,
    pub(super) sleepers: Vec<Sleeper>,
    pub(super) chosen: Who,
    pub(super) answers: Vec<Answer>,
    pub(super) touched: Footprint,
    /// What the step touched under any of the answers.
    pub(super) touched_ever: Footprint,
    pub(super) verdict: Verdict,
    pub(super) duties: Vec<Duty>,
}

/// A step that was tried before, and is not tried again until somebody has made one that conflicts with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sleeper {
    pub(super) who: Who,
    pub(super) touched: Footprint,
    /// Whether another searcher may have tried it, who may know of invariants what this one does not.
    pub(super) is_shared: bool,
}

impl Sleeper {
    /// What an invariant looks at is only learned on the way. But it cannot tell two orders apart if one of the steps
    /// changes no object at all, and more than that no searcher takes for granted of another.
    #[inline]
    pub(super) fn sleeps_on(&self, touched: &Footprint) -> bool {
        let may_be_told_apart = self.is_shared && self.touched.changes_objects() && touched.changes_objects();
        !may_be_told_apart && !self.touched.conflicts(touched)
    }
}

/// When `who` is tried and turns out to conflict with `others`, one of `leaders` must be tried too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Duty {
    pub(super) who: Who,
    pub(super) others: Footprint,
    pub(super) leaders: u128,
}

impl Frame {
    pub(super) fn owe(&mut self, duty: Duty) {
        let is_like = |known: &&mut Duty| known.who == duty.who && known.leaders == duty.leaders;
        match self.duties.iter_mut().find(is_like) {
            Some(known) => known.others = known.others.union(duty.others),
            None => self.duties.push(duty),
        }
    }
}
