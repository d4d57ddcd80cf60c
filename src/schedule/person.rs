use super::{Choice, Replay, Scheduler};

/// Makes the choices that a person made, and then waits for the next.
pub struct Person<'a> {
    made: Replay<'a>,
    steps: usize,
}

impl<'a> Person<'a> {
    /// The scheduler that makes these choices, one a step, and then stops.
    pub fn new(choices: &'a [Choice]) -> Self {
        Person { made: Replay::new(choices), steps: choices.len() }
    }
}

impl Scheduler for Person<'_> {
    fn choose(&mut self, step: u32, options: &[Choice]) -> Option<usize> {
        match step as usize <= self.steps {
            true => self.made.choose(step, options),
            false => None,
        }
    }

    fn waits(&self) -> bool {
        true
    }

    fn answers(&mut self, step: u32) -> &[u32] {
        self.made.answers(step)
    }
}
