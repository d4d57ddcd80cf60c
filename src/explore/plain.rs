//! Every schedule without any reduction, in a fixed order, and within a budget if one is given.
//!
//! For comparing the reduced search with, and for shrinking: within the least budget under which anything fails, the
//! first schedule that fails is the least one.

use super::rig::{Rig, Verdict};
use super::step::{Step, Who};
use crate::executor::Answer;

/// What makes a schedule hard to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    /// How often a task was left that could have gone on, was cancelled, or met a fault.
    pub(super) preemptions: u32,
    /// How often another task ran than before.
    pub(super) switches: u32,
}

impl Cost {
    pub(super) const NONE: Cost = Cost { preemptions: 0, switches: 0 };
    pub(super) const ANY: Cost = Cost { preemptions: u32::MAX, switches: u32::MAX };

    fn fits(self, budget: Cost) -> bool {
        self.preemptions <= budget.preemptions && self.switches <= budget.switches
    }
}

struct Frame {
    enabled: u128,
    left: u128,
    chosen: Who,
    answers: Vec<Answer>,
    verdict: Verdict,
    /// The cost of the steps up to this one.
    cost: Cost,
    /// Who was polled last, this step included.
    last: Who,
}

pub(super) struct Plain {
    frames: Vec<Frame>,
    pub(super) budget: Cost,
    /// Whether anything was left out because of the budget.
    pub(super) is_cut: bool,
    /// Whether it met more tasks than fit into a set, and cannot go on.
    pub(super) is_crowded: bool,
}

impl Plain {
    pub(super) fn new(budget: Cost) -> Self {
        Plain { frames: Vec::new(), budget, is_cut: false, is_crowded: false }
    }

    pub(super) fn path(&self) -> Vec<Step> {
        let answers = |frame: &Frame| frame.answers.iter().map(|answer| answer.given).collect();
        self.frames.iter().map(|frame| Step { who: frame.chosen, answers: answers(frame) }).collect()
    }

    pub(super) fn cost(&self) -> Cost {
        self.frames.last().map_or(Cost::NONE, |frame| frame.cost)
    }

    /// The last step, counted from 1, that cost a preemption.
    pub(super) fn last_preemption(&self) -> Option<u32> {
        let before = core::iter::once(0).chain(self.frames.iter().map(|frame| frame.cost.preemptions));
        let costs = self.frames.iter().zip(before).map(|(frame, before)| frame.cost.preemptions > before);
        costs.enumerate().filter(|(_, costs)| *costs).last().map(|(step, _)| step as u32 + 1)
    }

    pub(super) fn steps(&self) -> usize {
        self.frames.len()
    }

    /// Runs the next execution, which fails when it takes too many steps; none when the budget allows it no end.
    pub(super) fn try_next(&mut self, rig: &mut Rig, max_steps: u32, stop_at_failure: bool) -> Option<Verdict> {
        rig.begin();
        if let Some(last) = self.frames.len().checked_sub(1) {
            for frame in &self.frames[..last] {
                rig.repeat(frame.chosen, &frame.answers, frame.verdict);
            }
            self.make_last(rig);
        }
        loop {
            if rig.is_crowded() {
                self.is_crowded = true;
                return None;
            }
            let enabled = rig.enabled();
            if enabled == 0 || self.frames.last().is_some_and(|frame| frame.chosen == Who::REST) {
                return Some(rig.rest());
            }
            if stop_at_failure && rig.verdict() == Verdict::Fails {
                return Some(Verdict::Fails);
            }
            if self.frames.len() >= max_steps as usize {
                return Some(Verdict::Fails);
            }
            if !self.push(enabled) {
                return None;
            }
            self.make_last(rig);
        }
    }

    fn push(&mut self, enabled: u128) -> bool {
        let mut frame = Frame {
            enabled,
            left: enabled,
            chosen: Who::CLOCK,
            answers: Vec::new(),
            verdict: Verdict::Holds,
            cost: Cost::NONE,
            last: Who::CLOCK,
        };
        let (before, last) = self.frames.last().map_or((Cost::NONE, Who::CLOCK), |frame| (frame.cost, frame.last));
        let chosen = choose(&mut frame, before, last, self.budget, &mut self.is_cut);
        self.frames.push(frame);
        if !chosen {
            self.frames.pop();
        }
        chosen
    }

    fn make_last(&mut self, rig: &mut Rig) {
        let last = self.frames.len() - 1;
        let frame = &mut self.frames[last];
        rig.make(frame.chosen, &mut frame.answers);
        frame.verdict = rig.verdict();
    }

    pub(super) fn step_back(&mut self) -> bool {
        while let Some(mut frame) = self.frames.pop() {
            let (before, last) =
                self.frames.last().map_or((Cost::NONE, Who::CLOCK), |frame| (frame.cost, frame.last));
            let faults = |frame: &Frame| frame.answers.iter().filter(|answer| answer.given > 0).count() as u32;
            let free = frame.cost.preemptions - faults(&frame);
            while super::reduced::turn(&mut frame.answers) {
                frame.cost.preemptions = free + faults(&frame);
                if frame.cost.fits(self.budget) {
                    self.frames.push(frame);
                    return true;
                }
                self.is_cut = true;
            }
            if choose(&mut frame, before, last, self.budget, &mut self.is_cut) {
                self.frames.push(frame);
                return true;
            }
        }
        false
    }
}

/// Takes the next of those that are left and that the budget allows.
fn choose(frame: &mut Frame, before: Cost, last: Who, budget: Cost, is_cut: &mut bool) -> bool {
    while frame.left != 0 {
        let who = Who::first_of(frame.left);
        frame.left &= !who.bit();
        let cost = before.plus(who, last, frame.enabled);
        if cost.fits(budget) {
            (frame.chosen, frame.cost) = (who, cost);
            frame.last = if who.is_barrier() || who.is_cancel() { last } else { who };
            return true;
        }
        *is_cut = true;
    }
    false
}

impl Cost {
    fn plus(self, who: Who, last: Who, enabled: u128) -> Cost {
        if who.is_barrier() || who == last {
            return self;
        }
        if who.is_cancel() {
            return Cost { preemptions: self.preemptions + 1, ..self };
        }
        let leaves = last != Who::CLOCK && enabled & last.bit() != 0;
        Cost {
            preemptions: self.preemptions + u32::from(leaves),
            switches: self.switches + u32::from(last != Who::CLOCK),
        }
    }
}
