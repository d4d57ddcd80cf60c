//! Every schedule, one of each kind: source-DPOR with sleep sets.
//!
//! Two schedules are of one kind when one turns into the other by swapping neighbouring steps that commute (they are
//! linearisations of one Mazurkiewicz trace), and then they end alike. After each new step the search looks for
//! earlier steps that raced with it, and notes where another order must be tried (Abdulla, Aronis, Jonsson,
//! Sagonas, *Source sets*, J. ACM 64(4), 2017, doi 10.1145/3073408). Sleep sets (Godefroid, 1996) keep it from
//! trying a kind twice.
//!
//! The clock moves only when nobody is ready, so its steps conflict with every other and race with none. A
//! cancellation is a step that need not come, so nobody would see that it races with what makes it impossible:
//! wherever a step puts an end to a wait, dropping the task there is tried as well.
//!
//! A poll is a whole run of code, and what it touches depends on what it finds. Of two steps that raced it is known
//! what the later one touches after the earlier, and not what it would touch in its place. So when the other order
//! is taken to begin with the later step itself, that is only a [`Claim`]: it holds if that step, made first,
//! commutes with everything else that does not follow from the earlier one. It is looked at again at the end of
//! every execution, when all of that is known.

mod frame;
mod races;

use self::frame::{Frame, Sleeper};
use self::races::Claim;
use super::before::Before;
use super::options::Shard;
use super::rig::{Rig, Verdict};
use super::step::{Step, Who, cancels_of};
use super::walk::mix;
use crate::executor::{Answer, Footprint};

/// So many first steps decide who of several searchers goes on with a schedule.
const SHARED_STEPS: usize = 3;

pub(super) struct Reduced {
    frames: Vec<Frame>,
    /// In the order of `since`.
    claims: Vec<Claim>,
    before: Before,
    shard: Shard,
    beds: Vec<Vec<Sleeper>>,
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing could happen any more.
    Complete(Verdict),
    /// It takes more steps than are allowed.
    TooLong,
    /// Everything that could happen had been seen elsewhere.
    Blocked,
    /// So many tasks do not fit into a set.
    TooManyTasks,
    /// Another searcher goes on with it.
    Elsewhere,
}

impl Reduced {
    pub(super) fn new(shard: Shard) -> Self {
        Reduced { frames: Vec::new(), claims: Vec::new(), before: Before::default(), shard, beds: Vec::new() }
    }

    /// The steps of the last execution.
    pub(super) fn path(&self) -> Vec<Step> {
        self.choices().map(|(_, step)| step).collect()
    }

    /// The steps of the last execution, each with everybody who could have acted in its place.
    pub(super) fn choices(&self) -> impl Iterator<Item = (u128, Step)> {
        let answers = |frame: &Frame| frame.answers.iter().map(|answer| answer.given).collect();
        self.frames.iter().map(move |frame| (frame.enabled, Step { who: frame.chosen, answers: answers(frame) }))
    }

    /// The number of steps of the last execution.
    pub(super) fn steps(&self) -> usize {
        self.frames.len()
    }

    /// Forgets everything: the next execution is the first.
    pub(super) fn restart(&mut self) {
        while self.frames.last().is_some() {
            self.pop();
        }
        self.claims.clear();
    }

    /// Runs one more execution, of a kind that was not seen yet.
    pub(super) fn try_next(&mut self, rig: &mut Rig, max_steps: u32) -> Outcome {
        let tried = self.run(rig, max_steps);
        self.settle_claims();
        tried
    }

    fn run(&mut self, rig: &mut Rig, max_steps: u32) -> Outcome {
        rig.begin();
        if let Some(last) = self.frames.len().checked_sub(1) {
            for frame in &self.frames[..last] {
                rig.repeat(frame.chosen, &frame.answers, frame.verdict);
            }
            self.make_last(rig);
            if last < SHARED_STEPS && self.is_elsewhere(last + 1) {
                return Outcome::Elsewhere;
            }
        }
        loop {
            if rig.is_crowded() {
                return Outcome::TooManyTasks;
            }
            let enabled = rig.enabled();
            if enabled == 0 || self.frames.last().is_some_and(|frame| frame.chosen == Who::REST) {
                let is_short = self.frames.len() < SHARED_STEPS;
                return match is_short && self.is_elsewhere(SHARED_STEPS) {
                    true => Outcome::Elsewhere,
                    false => Outcome::Complete(rig.rest()),
                };
            }
            if self.frames.len() >= max_steps as usize {
                return Outcome::TooLong;
            }
            if !self.push(enabled) {
                return Outcome::Blocked;
            }
            self.make_last(rig);
            if self.frames.len() <= SHARED_STEPS && self.is_elsewhere(self.frames.len()) {
                return Outcome::Elsewhere;
            }
        }
    }

    /// Whether a schedule that begins with the `steps` made so far is another searcher's. Every searcher says the
    /// same of a beginning, whatever else it knows.
    fn is_elsewhere(&self, steps: usize) -> bool {
        if self.shard.of == 1 || steps != SHARED_STEPS {
            return false;
        }
        let beginning = self.frames.iter().take(SHARED_STEPS).flat_map(|frame| {
            let answers = frame.answers.iter().map(|answer| u64::from(answer.given));
            core::iter::once(u64::from(frame.chosen.number()) << 1 | u64::from(frame.chosen.is_cancel()))
                .chain(answers)
        });
        !self.shard.has(beginning.fold(0, |mixed, part| mix(mixed ^ part)) >> 1)
    }

    /// Makes the step of the last frame for the first time.
    #[inline]
    fn make_last(&mut self, rig: &mut Rig) {
        let last = self.frames.len() - 1;
        let frame = &mut self.frames[last];
        frame.touched = rig.make(frame.chosen, &mut frame.answers);
        frame.touched_ever = frame.touched_ever.union(frame.touched);
        frame.verdict = rig.verdict();
        for duty in &frame.duties {
            let is_due = duty.who == frame.chosen && duty.others.conflicts(&frame.touched);
            if is_due && duty.leaders & frame.wanted == 0 {
                frame.wanted |= Who::first_of(duty.leaders).bit();
            }
        }
        // Whoever cannot act after this step could have acted before it.
        let struck = frame.touched.struck();
        let mut stopped = frame.enabled & (cancels_of(struck) | u128::from(struck)) & !frame.chosen.bit();
        frame.wanted |= stopped;
        if !frame.chosen.is_barrier() {
            while stopped != 0 {
                let who = Who::first_of(stopped);
                stopped &= !who.bit();
                self.claims.push(Claim { earlier: last, since: last, who });
            }
        }
        self.order(last);
    }

    /// Opens a new step with the first choice that is awake; false when all are asleep.
    #[inline]
    fn push(&mut self, enabled: u128) -> bool {
        let mut sleepers = self.beds.pop().unwrap_or_default();
        let mut asleep = 0;
        if let Some(before) = self.frames.last() {
            for sleeper in before.sleepers.iter().filter(|sleeper| sleeper.sleeps_on(&before.touched)) {
                asleep |= sleeper.who.bit();
                sleepers.push(*sleeper);
            }
        }
        let awake = enabled & !asleep;
        if awake == 0 {
            sleepers.clear();
            self.beds.push(sleepers);
            return false;
        }
        let chosen = Who::first_of(awake);
        // Searchers that know nothing of each other's races share what follows from all ways to begin.
        let is_shared = self.shard.of > 1 && self.frames.len() < SHARED_STEPS;
        self.frames.push(Frame {
            enabled,
            wanted: if is_shared { enabled } else { chosen.bit() },
            asleep,
            sleepers,
            chosen,
            answers: Vec::new(),
            touched: Footprint::default(),
            touched_ever: Footprint::default(),
            verdict: Verdict::Holds,
            duties: Vec::new(),
        });
        true
    }

    /// Goes back to the last step that has something left to try; false when none has.
    pub(super) fn step_back(&mut self) -> bool {
        loop {
            let Some(last) = self.frames.len().checked_sub(1) else { return false };
            while self.claims.last().is_some_and(|claim| claim.since >= last) {
                self.claims.pop();
            }
            let frame = &mut self.frames[last];
            if turn(&mut frame.answers) {
                return true;
            }
            let is_shared = self.shard.of > 1 && last < SHARED_STEPS;
            frame.sleepers.push(Sleeper { who: frame.chosen, touched: frame.touched_ever, is_shared });
            frame.asleep |= frame.chosen.bit();
            let left = frame.wanted & frame.enabled & !frame.asleep;
            if left != 0 {
                frame.chosen = Who::first_of(left);
                frame.touched_ever = Footprint::default();
                return true;
            }
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(frame) = self.frames.pop() {
            let mut bed = frame.sleepers;
            bed.clear();
            self.beds.push(bed);
        }
    }
}

/// Turns to the next answers; false, and none, when all were given.
pub(super) fn turn(answers: &mut Vec<Answer>) -> bool {
    while let Some(last) = answers.last_mut() {
        last.given += 1;
        if last.given < last.ways {
            return true;
        }
        answers.pop();
    }
    false
}
