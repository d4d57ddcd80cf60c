//! A failing schedule is shrunk to the least one: whoever found it, and as all schedules that cost less confirm.

use std::collections::BTreeSet;

use unstuck::explore::{Options, Strategy, check, replay, samples};
use unstuck::scenario::Stage;
use unstuck::schedule::{Choice, Scheduler};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Preemptions and switches.
type Cost = (u32, u32);

/// One of all schedules that cost less than a limit, which leaves nothing of the search under test to be trusted.
#[derive(Default)]
struct Cheap {
    limit: Cost,
    steps: Vec<Step>,
}

/// What could be chosen, and which of it was.
struct Step {
    options: Vec<Choice>,
    chosen: usize,
}

impl Cheap {
    /// What the first `steps` of them cost.
    fn cost(&self, steps: usize) -> Cost {
        let steps = &self.steps[..steps];
        let pairs = steps.windows(2).map(|pair| (&pair[0].options[pair[0].chosen], &pair[1]));
        let switches = pairs.filter(|(before, step)| step.options[step.chosen] != **before);
        let is_left = |(before, step): &(&Choice, &Step)| step.options.contains(before);
        let (left, other): (Vec<_>, Vec<_>) = switches.partition(is_left);
        (left.len() as u32, (left.len() + other.len()) as u32)
    }

    /// Goes on to the first choice from here on that keeps the cost below the limit; false when there is none.
    fn choose_from(&mut self, step: usize) -> bool {
        while self.steps[step].chosen < self.steps[step].options.len() {
            if self.cost(step + 1) < self.limit {
                return true;
            }
            self.steps[step].chosen += 1;
        }
        false
    }

    /// Turns to the next schedule; false when all were tried.
    fn turn(&mut self) -> bool {
        while let Some(last) = self.steps.len().checked_sub(1) {
            self.steps[last].chosen += 1;
            if self.choose_from(last) {
                return true;
            }
            self.steps.pop();
        }
        false
    }
}

impl Scheduler for Cheap {
    fn choose(&mut self, step: u32, options: &[Choice]) -> Option<usize> {
        let step = step as usize - 1;
        if step == self.steps.len() {
            self.steps.push(Step { options: options.to_vec(), chosen: 0 });
            if !self.choose_from(step) {
                self.steps.pop();
                return None;
            }
        }
        Some(self.steps[step].chosen)
    }
}

/// How many schedules cost less than that, and how many of them fail.
fn cheaper(scenario: &dyn Fn(&Stage), limit: Cost) -> (u32, u32) {
    let mut cheap = Cheap { limit, ..Cheap::default() };
    let (mut tried, mut failing) = (0, 0);
    loop {
        let run = Stage::run(scenario, &mut cheap);
        tried += 1;
        failing += u32::from(!run.findings().is_empty());
        if !cheap.turn() {
            return (tried, failing);
        }
    }
}

#[test]
fn two_hundred_seeds_shrink_to_one_schedule() {
    let schedules = (0..200).map(|seed| {
        let options = Options { stop_at_first: true, ..Options::default().seed(seed).executions(10_000) };
        check(&samples::busy(4, false), &options).failure.unwrap().schedule
    });
    let different: BTreeSet<String> = schedules.collect();
    assert_eq!(different.into_iter().collect::<Vec<_>>(), ["replay-A.B.B.A"]);
}

#[test]
fn no_schedule_of_two_to_five_tasks_that_costs_less_fails() {
    for workers in 2..=5 {
        let scenario = samples::busy(workers, false);
        let options = Options { stop_at_first: true, ..Options::default() };
        let failure = check(&scenario, &options).failure.unwrap();
        let cost = (failure.preemptions, failure.switches);
        let (tried, failing) = cheaper(&scenario, cost);
        assert_eq!((failure.is_least, failing), (true, 0), "{workers} workers, {tried} schedules cost less");
        assert!(tried > 1, "with {workers} workers some schedules cost less than {cost:?}");
        // The same enumeration sees the failure once the limit lets it.
        assert!(cheaper(&scenario, (cost.0, cost.1 + 1)).1 > 0);
    }
}

#[test]
fn whoever_looked_first_is_between_the_look_and_the_claim_twice() {
    // A is left after its look, B claims the last job, and A does, too.
    let failure = check(&samples::busy(5, false), &Options::default()).failure.unwrap();
    assert_eq!((failure.preemptions, failure.switches, failure.is_least), (2, 2, true));
    let run = replay(samples::busy(5, false), &failure.schedule);
    assert_eq!(&*run.findings()[0].sentence, "job 2 was claimed 2 times");
}

#[test]
fn what_any_strategy_finds_is_shrunk_to_the_same_schedule() {
    let strategies =
        [Strategy::Exhaustive, Strategy::Naive, Strategy::Random, Strategy::Pct { depth: 3 }, Strategy::Urw];
    for strategy in strategies {
        let options = Options { stop_at_first: true, ..Options::default().strategy(strategy) };
        let failure = check(&samples::busy(3, false), &options).failure.unwrap();
        assert_eq!((failure.schedule.as_str(), failure.is_least), ("replay-A.B.B.A", true), "{strategy:?}");
    }
}
