use super::{Choice, Fifo, Scheduler};

/// Makes recorded choices, and goes on first in, first out.
///
/// A choice that cannot be made is replaced by the first option, so that a schedule of one version of a program can
/// be followed by another as far as the two are alike.
pub struct Replay<'a> {
    choices: &'a [Choice],
}

impl<'a> Replay<'a> {
    /// The scheduler that makes these choices, one a step.
    pub fn new(choices: &'a [Choice]) -> Self {
        Replay { choices }
    }
}

impl Scheduler for Replay<'_> {
    fn choose(&mut self, step: u32, options: &[Choice]) -> Option<usize> {
        let wanted = self.choices.get(step as usize - 1);
        let place = options.iter().position(|option| wanted.is_some_and(|wanted| option.is_like(wanted)));
        place.or_else(|| Fifo.choose(step, options))
    }

    fn answers(&mut self, step: u32) -> &[u32] {
        self.choices.get(step as usize - 1).map_or(&[], Choice::answers)
    }
}
