//! What a search can choose, as numbers that fit into a set.

use crate::executor::MAX_NUMBERS;

/// Who acts in a step: a task that is polled, one that is cancelled, or the clock.
///
/// Numbers below 64 are polls. The set-up of a scenario has number 0 among the tasks and is never polled, which makes
/// room for the clock, and above 64 for the end of an execution that could go on by a cancellation. Polls of tasks
/// that do not fit into a set follow above all of these; only who draws schedules meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Who(u32);

/// The first number of a poll that does not fit into a set, less the number of its task.
const CROWD: u32 = MAX_NUMBERS;

impl Who {
    pub(super) const CLOCK: Who = Who(0);
    pub(super) const REST: Who = Who(MAX_NUMBERS);

    pub(super) fn polled(number: u32) -> Who {
        Who(if number < MAX_NUMBERS { number } else { CROWD + number })
    }

    pub(super) fn cancelled(number: u32) -> Who {
        Who(MAX_NUMBERS + number % MAX_NUMBERS)
    }

    /// The first of a set.
    #[inline]
    pub(super) fn first_of(set: u128) -> Who {
        Who(set.trailing_zeros())
    }

    #[inline]
    pub(super) fn bit(self) -> u128 {
        1 << self.0
    }

    #[inline]
    pub(super) fn is_cancel(self) -> bool {
        self.0 > Who::REST.0 && self.0 < 2 * MAX_NUMBERS
    }

    /// Whether nobody could act before or after this who could have acted on the other side.
    #[inline]
    pub(super) fn is_barrier(self) -> bool {
        self == Who::CLOCK || self == Who::REST
    }

    #[inline]
    pub(super) fn number(self) -> u32 {
        if self.0 < 2 * MAX_NUMBERS { self.0 % MAX_NUMBERS } else { self.0 - CROWD }
    }

    /// The number of the task that is polled or cancelled.
    #[inline]
    pub(super) fn task(self) -> Option<u32> {
        (!self.is_barrier()).then(|| self.number())
    }
}

/// The cancellations of a set of polls.
#[inline]
pub(super) fn cancels_of(polls: u64) -> u128 {
    u128::from(polls) << MAX_NUMBERS
}

/// One step of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) who: Who,
    pub(super) answers: Vec<u32>,
}
