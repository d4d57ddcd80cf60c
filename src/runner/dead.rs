//! The dead-letter list: jobs that used up their retries, kept to be tried again by decision.

use core::fmt;
use std::rc::Rc;

use super::admit::{Check, MayWait};
use super::cancel::UnknownJob;
use super::engine::{Engine, State};
use super::handle::TaskHandle;
use super::job::IfDuplicate;
use super::record::JobId;
use super::refusal::Refusal;
use super::table::Key;
use super::wishes::{Rare, Wishes};

/// Why a dead letter was not submitted again. It stays in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResubmitError {
    /// The list holds no job of this id.
    NotDead(UnknownJob),
    /// The runner did not accept it.
    Refused(Refusal),
}

impl fmt::Display for ResubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResubmitError::NotDead(UnknownJob(id)) => write!(f, "there is no job {id} in the dead-letter list"),
            ResubmitError::Refused(refusal) => refusal.fmt(f),
        }
    }
}

impl std::error::Error for ResubmitError {}

impl Engine {
    pub(super) fn resubmit(self: &Rc<Self>, id: JobId) -> Result<JobId, ResubmitError> {
        let dead = self.look(|state| state.dead.iter().copied().find(|key| state.table[key.slot()].id == id));
        let dead = dead.ok_or(ResubmitError::NotDead(UnknownJob(id)))?;
        let (mut wishes, types) = self.change(|state| (state.wishes_of(dead), state.table[dead.slot()].types));
        let types = types.expect("a dead letter has run");
        let evicted = match self.look(|state| state.check(&wishes, types, MayWait::No)) {
            Check::Accept => None,
            Check::Evict(slot) => Some(slot),
            Check::Refuse(refusal) => return Err(ResubmitError::Refused(refusal)),
            Check::Join(_) | Check::Wait(_) => unreachable!("who may neither wait nor join is not told to"),
        };
        let new = self.write_ahead(&wishes).map_err(ResubmitError::Refused)?;
        let mut body = self.change(|state| state.table[dead.slot()].body.take()).expect("a dead letter has its body");
        let revived = body.as_mut().revive().expect("a dead letter keeps its factory");
        let key = self.change(|state| {
            state.table[dead.slot()].body = Some(body);
            state.dead.retain(|key| *key != dead);
            state.unbury(dead.slot());
            if let Some(slot) = evicted {
                state.evict(slot);
            }
            let ticket = state.ticket();
            state.accept(new, &mut wishes, revived, types, None, ticket)
        });
        drop(TaskHandle::<(), ()>::of_new(self, key));
        Ok(new)
    }
}

impl State {
    /// What was asked for a job, but for its deadline, which has passed or would mean another moment now.
    fn wishes_of(&self, key: Key) -> Wishes {
        let job = &self.table[key.slot()];
        let rare = job.rare.as_deref().map(|rare| Rare {
            id: None,
            grace: rare.grace,
            deadline: None,
            retry: rare.retry.as_ref().map(|(retry, _)| retry.clone()),
            lane: rare.lane.clone(),
            key: rare.unique.clone().map(|unique| (unique, IfDuplicate::Reject)),
            unstoppable: rare.unstoppable,
        });
        Wishes { label: job.label.clone(), priority: job.priority, timeout: job.limit, rare: rare.map(Box::new) }
    }
}
