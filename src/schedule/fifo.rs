use super::{Choice, Scheduler};

/// First in, first out: who has been ready longest runs.
pub struct Fifo;

impl Scheduler for Fifo {
    fn choose(&mut self, _step: u32, options: &[Choice]) -> Option<usize> {
        (!matches!(options[0], Choice::Cancel(_))).then_some(0)
    }
}
