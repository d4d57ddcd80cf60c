//! Which steps raced, and where their other order must be tried.

use super::Reduced;
use super::frame::Duty;
use crate::executor::Footprint;
use crate::explore::step::Who;

/// The other order of a race between the step `earlier` and a step of `who` begins with `who`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) earlier: usize,
    /// The claim stands for as long as this step does.
    pub(super) since: usize,
    pub(super) who: Who,
}

impl Reduced {
    /// Notes what happens before the new step, and what must be tried because an earlier step raced with it.
    #[inline]
    pub(super) fn order(&mut self, new: usize) {
        let (who, touched) = (self.frames[new].chosen, self.frames[new].touched);
        if who.is_barrier() {
            self.before.set_all(new);
            return;
        }
        self.before.clear(new);
        for earlier in (0..new).rev() {
            let frame = &self.frames[earlier];
            if self.before.has(new, earlier) || !frame.touched.conflicts(&touched) {
                continue;
            }
            let is_barrier = frame.chosen.is_barrier();
            if !is_barrier && frame.chosen != who && self.could_come_first(earlier, new) {
                self.want_other_order(earlier, new);
            }
            self.before.add(new, earlier);
            if is_barrier {
                return; // and all that is earlier comes before the barrier
            }
        }
    }

    /// Whether the step `new` could be made without the step `earlier` and all that follows from it.
    fn could_come_first(&self, earlier: usize, new: usize) -> bool {
        let who = self.frames[new].chosen;
        let last = (earlier + 1..new).rev().find(|step| self.frames[*step].chosen == who);
        if last.is_none() && self.frames[earlier].enabled & who.bit() != 0 {
            return true;
        }
        let wakes = |step: usize| self.frames[step].touched.wakes(who.number()) && !self.before.has(step, earlier);
        !who.is_cancel() && (last.unwrap_or(earlier + 1)..new).any(wakes)
    }

    /// Steps `earlier` and `new` race. Their other order begins with one of the steps that do not follow from
    /// `earlier` and that nothing comes before, or with `new` itself: one of these must be tried in its place.
    fn want_other_order(&mut self, earlier: usize, new: usize) {
        let leaders = self.leaders(earlier, new);
        let who = self.frames[new].chosen;
        let place = &mut self.frames[earlier];
        let settled = place.wanted | place.asleep;
        if leaders & settled != 0 {
            return;
        }
        if leaders == 0 {
            place.wanted |= who.bit();
        } else if settled & who.bit() == 0 {
            place.wanted |= Who::first_of(leaders).bit();
            return;
        }
        self.claims.push(Claim { earlier, since: new, who });
    }

    /// Who makes the steps between `earlier` and `end` that do not follow from `earlier` and that nothing else among
    /// them comes before.
    fn leaders(&self, earlier: usize, end: usize) -> u128 {
        let mut leaders = 0;
        for step in (earlier + 1..end).filter(|step| !self.before.has(*step, earlier)) {
            let comes_before = |other| !self.before.has(other, earlier) && self.before.has(step, other);
            if !(earlier + 1..step).any(comes_before) {
                leaders |= self.frames[step].chosen.bit();
            }
        }
        leaders
    }

    /// Looks at every claim in the light of the whole execution.
    pub(super) fn settle_claims(&mut self) {
        let claims = core::mem::take(&mut self.claims);
        let end = self.frames.len();
        for claim in &claims {
            let others = (claim.earlier + 1..end).filter(|step| !self.before.has(*step, claim.earlier));
            let others = others.filter(|step| self.frames[*step].chosen != claim.who);
            let others = others.fold(Footprint::default(), |all, step| all.union(self.frames[step].touched));
            let place = &self.frames[claim.earlier];
            let made = place.sleepers.iter().find(|sleeper| sleeper.who == claim.who).map(|sleeper| sleeper.touched);
            if others == Footprint::default() || made.is_some_and(|made| !made.conflicts(&others)) {
                continue;
            }
            let leaders = self.leaders(claim.earlier, end);
            let place = &mut self.frames[claim.earlier];
            if leaders & (place.wanted | place.asleep) != 0 || leaders == 0 {
                continue;
            }
            match made {
                Some(_) => place.wanted |= Who::first_of(leaders).bit(),
                None => place.owe(Duty { who: claim.who, others, leaders }),
            }
        }
        self.claims = claims;
    }
}
