//! A run: what happened, who decided what, and why it went no further.

use super::Stage;
use crate::executor::Executor;
use crate::finding::{Finding, Lint};
use crate::schedule::{Choice, Scheduler};
use crate::trace::{Event, Names, Trace};

/// A run that takes more steps is stopped: it would not end, or nobody could read it.
pub const MAX_STEPS: u32 = 20_000;

/// A run that came to its end, or to where its scheduler stopped it.
#[derive(Clone, Debug)]
pub struct Run {
    /// All that happened.
    pub trace: Trace,
    /// The names of the tasks, as schedules call them.
    pub names: Names,
    /// The decision of each step, the first step first.
    pub choices: Vec<Choice>,
    /// What could happen next.
    pub options: Vec<Choice>,
    /// Why it went no further.
    pub ended: Ended,
}

/// Why a run went no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is ready and no timer is armed.
    AtRest,
    /// The scheduler stopped.
    Stopped,
    /// It took [`MAX_STEPS`].
    TooLong,
}

impl Run {
    /// What broke, in the order of steps.
    pub fn findings(&self) -> Vec<Finding> {
        Finding::of(&self.trace)
    }

    /// What was noticed beside, in the order of steps: the step, and the lint.
    pub fn lints(&self) -> impl Iterator<Item = (u32, &Lint)> {
        self.trace.entries().iter().filter_map(|entry| match &entry.event {
            Event::Linted { lint } => Some((entry.step, lint)),
            _ => None,
        })
    }

    /// The number of steps.
    pub fn steps(&self) -> u32 {
        self.choices.len() as u32
    }
}

impl Stage {
    /// Sets `scenario` on a new stage and runs it, recording, with `scheduler` deciding every step.
    pub fn run(scenario: &dyn Fn(&Stage), scheduler: &mut dyn Scheduler) -> Run {
        let stage = Stage::new(Executor::recording());
        stage.set(scenario);
        let mut choices = Vec::new();
        let mut options = stage.options();
        let ended = loop {
            let step = choices.len() as u32 + 1;
            if options.is_empty() {
                stage.check_at_rest();
                break Ended::AtRest;
            }
            if step > MAX_STEPS {
                break Ended::TooLong;
            }
            let Some(chosen) = scheduler.choose(step, &options) else {
                let is_left = options.iter().any(|option| !matches!(option, Choice::Cancel(_)));
                if is_left || scheduler.waits() {
                    break Ended::Stopped;
                }
                stage.check_at_rest();
                break Ended::AtRest;
            };
            let choice = stage.make(options.swap_remove(chosen), scheduler.answers(step));
            stage.look();
            choices.push(choice);
            options = stage.options();
        };
        Run { trace: stage.executor.take_trace(), names: stage.names.take(), choices, options, ended }
    }
}
