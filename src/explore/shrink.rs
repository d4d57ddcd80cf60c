//! The least schedule that fails: fewest preemptions, then fewest switches, then first in the order of tasks.
//!
//! What the search found is not shortened bit by bit, which would depend on what it found. All schedules are tried in
//! the order of their cost, as in iterative context bounding (Musuvathi, Qadeer, PLDI 2007), until one fails.

use super::plain::{Cost, Plain};
use super::rig::{Rig, Verdict};
use super::step::Step;

/// A longer execution counts for more than one, so that a run without an end does not take all the time there is.
const STEPS_OF_AN_EXECUTION: u64 = 100;

pub(super) struct Shrink<'s> {
    rig: Rig<'s>,
    plain: Plain,
    best: Option<Least>,
    /// How many more executions may be spent.
    left: u64,
}

/// A failing schedule, up to the step that breaks something.
#[derive(Clone, Debug)]
pub(super) struct Least {
    pub(super) path: Vec<Step>,
    pub(super) cost: Cost,
    /// The last step, counted from 1, that cost a preemption.
    pub(super) last_preemption: Option<u32>,
    /// Whether there is none that costs less.
    pub(super) is_proven: bool,
}

impl<'s> Shrink<'s> {
    pub(super) fn new(rig: Rig<'s>, executions: u64) -> Self {
        Shrink { rig, plain: Plain::new(Cost { preemptions: 0, ..Cost::ANY }), best: None, left: executions }
    }

    /// Tries one more schedule; true when it is done.
    pub(super) fn try_next(&mut self, max_steps: u32) -> bool {
        let Shrink { rig, plain, best, left } = self;
        let failed = rig.inside(|rig| plain.try_next(rig, max_steps, true)) == Some(Verdict::Fails);
        if plain.is_crowded {
            return self.finish(false);
        }
        if failed {
            let (cost, last_preemption) = (plain.cost(), plain.last_preemption());
            *best = Some(Least { path: plain.path(), cost, last_preemption, is_proven: false });
            match cost.switches.checked_sub(1) {
                Some(fewer) => plain.budget.switches = fewer,
                None => return self.finish(true),
            }
        }
        *left = left.saturating_sub(1 + plain.steps() as u64 / STEPS_OF_AN_EXECUTION);
        let can_go_on = plain.step_back();
        match (can_go_on, &self.best) {
            (true, _) => self.left == 0 && self.finish(false),
            (false, Some(_)) => self.finish(true),
            (false, None) if self.plain.is_cut && self.left > 0 => {
                let preemptions = self.plain.budget.preemptions + 1;
                self.plain = Plain::new(Cost { preemptions, ..Cost::ANY });
                false
            }
            (false, None) => true,
        }
    }

    fn finish(&mut self, is_proven: bool) -> bool {
        if let Some(best) = &mut self.best {
            best.is_proven = is_proven;
        }
        true
    }

    /// The least schedule that fails, if one was found.
    pub(super) fn into_least(self) -> (Rig<'s>, Option<Least>) {
        (self.rig, self.best)
    }
}
