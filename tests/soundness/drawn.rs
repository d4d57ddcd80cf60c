//! Programs that are drawn, and what a search sees of each.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use unstuck::explore::{Options, Report, Shard, Strategy, check};
use unstuck::scenario::Stage;

pub const NAMES: [&str; 3] = ["A", "B", "C"];

pub type Outcomes = Rc<RefCell<BTreeSet<String>>>;

/// Sets the stage for a program, whose outcomes are written down.
pub type Set<P> = fn(&Stage, &P, &Outcomes);

/// Xorshift, so that the programs are the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * bound as u64) >> 32) as usize
    }
}

pub fn outcomes<P>(set: Set<P>, program: &P, strategy: Strategy, bound: u64) -> (Report, BTreeSet<String>) {
    outcomes_of_part(set, program, strategy, bound, Shard::WHOLE)
}

pub fn outcomes_of_part<P>(
    set: Set<P>,
    program: &P,
    strategy: Strategy,
    bound: u64,
    shard: Shard,
) -> (Report, BTreeSet<String>) {
    let outcomes = Outcomes::default();
    let options = Options { shrinking: 0, shard, ..Options::default().strategy(strategy).executions(bound) };
    let report = check(&|stage: &Stage| set(stage, program, &outcomes), &options);
    (report, outcomes.take())
}

/// Draws so many programs with few enough schedules, and compares the search of one schedule of every kind with the
/// search of all.
pub fn compare<P: core::fmt::Debug>(count: u32, set: Set<P>, draw: fn(&mut Dice) -> P) {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut compared, mut naive, mut reduced, mut blocked) = (0, 0, 0, 0);
    while compared < count {
        let program = draw(&mut dice);
        let (all, every_outcome) = outcomes(set, &program, Strategy::Naive, 3_000);
        if !all.exhausted {
            continue;
        }
        let (few, found) = outcomes(set, &program, Strategy::Exhaustive, 100_000);
        assert!(few.exhausted, "{program:?}");
        assert_eq!(found, every_outcome, "{program:?}\n{few}\n{all}");
        assert_eq!(few.holds(), all.holds(), "{program:?}");
        assert!(few.executions <= all.executions, "{program:?}");
        compared += 1;
        (naive, reduced, blocked) = (naive + all.executions, reduced + few.executions, blocked + few.blocked);
    }
    println!("{compared} programs, {naive} schedules, {reduced} kinds, {blocked} blocked");
}
