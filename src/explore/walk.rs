//! Sampling: one execution after the other, each decided by drawn numbers.

use super::rig::{Rig, Verdict};
use super::step::Who;

/// A small generator, xorshift64 (Marsaglia, 2003), seeded through SplitMix64.
pub(super) struct Dice(u64);

impl Dice {
    /// The generator of the `nth` execution under this seed: each execution can be drawn again alone.
    pub(super) fn new(seed: u64, nth: u64) -> Self {
        Dice(mix(mix(seed) ^ nth) | 1)
    }

    #[inline]
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `bound`, which is not 0.
    #[inline]
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((self.next() >> 32) * bound) >> 32
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
pub(super) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// One in so many steps cancels a task, where the scenario allows that.
const STEPS_PER_CANCEL: u64 = 8;

/// How an execution ended, and how many steps it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Walked {
    /// None when it took more steps than are allowed.
    pub(super) verdict: Option<Verdict>,
    pub(super) steps: u32,
}

/// Who decides a walk.
#[derive(Clone, Debug)]
pub(super) enum Walker {
    /// Every ready task is as likely as the next.
    Random,
    Pct(Pct),
    Urw(Urw),
}

/// Priorities that change at drawn steps (Burckhardt et al., ASPLOS 2010).
#[derive(Clone, Debug)]
pub(super) struct Pct {
    depth: u32,
    /// The most steps of an execution so far: the changes are drawn among so many.
    longest: u64,
    priorities: Vec<u64>,
    changes: Vec<u64>,
}

/// A task is the likelier the more steps it is thought to have left, which is as many as it had in the execution
/// before (Zhao et al., ASPLOS 2025).
#[derive(Clone, Debug, Default)]
pub(super) struct Urw {
    expected: Vec<u64>,
    made: Vec<u64>,
}

impl Walker {
    pub(super) fn pct(depth: u32) -> Self {
        Walker::Pct(Pct { depth, longest: 1, priorities: Vec::new(), changes: Vec::new() })
    }

    /// Runs an execution from its beginning to its end.
    pub(super) fn walk(&mut self, rig: &mut Rig, mut dice: Dice, max_steps: u32) -> Walked {
        rig.draw_answers(dice.next());
        rig.begin();
        self.begin(&mut dice);
        let mut queue = Vec::new();
        let mut steps = 0;
        let verdict = loop {
            let ready = rig.queue_len();
            let cancels = rig.cancels();
            if cancels != 0 && dice.below(STEPS_PER_CANCEL) == 0 {
                let nth = dice.below(u64::from(cancels.count_ones()));
                rig.make(Who::cancelled(nth_of(cancels, nth)), &mut Vec::new());
            } else if ready == 0 {
                if !rig.advance() {
                    break Some(rig.rest());
                }
            } else if !rig.poll_nth(self.choose(rig, &mut dice, &mut queue, ready)) {
                continue;
            }
            steps += 1;
            if steps > max_steps {
                break None;
            }
        };
        rig.draw_answers(0);
        self.end(steps);
        Walked { verdict, steps }
    }

    fn begin(&mut self, dice: &mut Dice) {
        match self {
            Walker::Random => {}
            Walker::Pct(pct) => {
                pct.priorities.clear();
                pct.changes.clear();
                let Pct { depth, longest, changes, .. } = pct;
                changes.extend((1..*depth).map(|_| 1 + dice.below(*longest)));
            }
            Walker::Urw(urw) => {
                core::mem::swap(&mut urw.expected, &mut urw.made);
                urw.made.fill(0);
            }
        }
    }

    fn end(&mut self, steps: u32) {
        if let Walker::Pct(pct) = self {
            pct.longest = pct.longest.max(u64::from(steps));
        }
    }

    /// A place in the ready queue.
    #[inline]
    fn choose(&mut self, rig: &Rig, dice: &mut Dice, queue: &mut Vec<u32>, ready: usize) -> usize {
        if let Walker::Random = self {
            return if ready == 1 { 0 } else { dice.below(ready as u64) as usize };
        }
        rig.queue_into(queue);
        match self {
            // Whoever was in line is gone.
            _ if queue.is_empty() => 0,
            Walker::Random => 0,
            Walker::Pct(pct) => pct.choose(dice, queue, u64::from(rig.steps())),
            Walker::Urw(urw) => urw.choose(dice, queue),
        }
    }
}

impl Pct {
    fn choose(&mut self, dice: &mut Dice, queue: &[u32], step: u64) -> usize {
        let most = queue.iter().copied().max().map_or(0, |number| number as usize + 1);
        let above = u64::from(self.depth);
        while self.priorities.len() < most {
            self.priorities.push(above + dice.below(1 << 32));
        }
        let highest = queue.iter().enumerate().max_by_key(|(_, number)| self.priorities[**number as usize]);
        let Some((place, number)) = highest else { return 0 };
        if let Some(change) = self.changes.iter().position(|at| *at == step + 1) {
            self.priorities[*number as usize] = change as u64;
        }
        place
    }
}

impl Urw {
    fn choose(&mut self, dice: &mut Dice, queue: &[u32]) -> usize {
        let most = queue.iter().copied().max().map_or(0, |number| number as usize + 1);
        let width = most.max(self.made.len());
        self.expected.resize(width.max(self.expected.len()), 1);
        self.made.resize(width, 0);
        let left = |number: &u32| {
            let number = *number as usize;
            self.expected[number].saturating_sub(self.made[number]).max(1)
        };
        let mut drawn = dice.below(queue.iter().map(left).sum());
        let place = queue.iter().position(|number| {
            let left = left(number);
            let is_meant = drawn < left;
            drawn = drawn.saturating_sub(left);
            is_meant
        });
        let place = place.unwrap_or(0);
        self.made[queue[place] as usize] += 1;
        place
    }
}

fn nth_of(mut set: u64, nth: u64) -> u32 {
    for _ in 0..nth {
        set &= set - 1;
    }
    set.trailing_zeros()
}
