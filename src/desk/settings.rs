//! The settings of the runner, as a person sets them.

use core::num::{NonZeroU32, NonZeroUsize};

use super::front::Wishes;
use super::order::{OrderError, Setting};
use crate::retry::{Backoff, Retry};
use crate::runner::SubmitPolicy;
use crate::snapshot::{ChoiceOption, Chooser};
use crate::time::{Duration, Span, ms};

/// More lanes than this nobody could read.
const MOST_WORKERS: usize = 64;
const MOST_PLACES: usize = 100_000;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) workers: NonZeroUsize,
    pub(super) capacity: NonZeroUsize,
    pub(super) policy: SubmitPolicy,
    pub(super) priority: u8,
    pub(super) timeout: Option<Duration>,
    /// How often a job is tried; once without retries.
    pub(super) attempts: NonZeroU32,
}

const POLICIES: [(&str, &str, SubmitPolicy); 5] = [
    ("wait", "Wait for a place", SubmitPolicy::Wait),
    ("wait-1000", "Wait at most 1 s", SubmitPolicy::WaitTimeout(ms(1_000))),
    ("reject", "Reject", SubmitPolicy::Reject),
    ("drop-oldest", "Drop the oldest", SubmitPolicy::DropOldest),
    ("drop-lowest", "Drop the lowest priority", SubmitPolicy::DropLowestPriority),
];
const NORMAL: u8 = 128;
const PRIORITIES: [(&str, u8); 3] = [("High", 192), ("Normal", NORMAL), ("Low", 64)];
const TIMEOUTS: [u64; 5] = [0, 100, 500, 1_000, 5_000];
const ATTEMPTS: [u32; 3] = [1, 3, 5];
/// The delay before the first retry, which doubles each time.
const FIRST_DELAY: Duration = ms(200);

impl Default for Settings {
    fn default() -> Self {
        Settings {
            workers: NonZeroUsize::new(4).expect("four is not zero"),
            capacity: NonZeroUsize::new(20).expect("twenty is not zero"),
            policy: SubmitPolicy::Wait,
            priority: NORMAL,
            timeout: None,
            attempts: NonZeroU32::MIN,
        }
    }
}

impl Settings {
    /// Changes one of them, or says why that cannot be.
    pub(super) fn set(&mut self, setting: Setting, value: &str) -> Result<(), OrderError> {
        let unknown = || OrderError::new(format!("There is no such choice as “{value}”."));
        match setting {
            Setting::Workers => {
                self.workers = number(value, MOST_WORKERS, "A runner needs at least one worker", "workers")?;
            }
            Setting::Capacity => {
                self.capacity = number(value, MOST_PLACES, "A queue needs at least one place", "places")?;
            }
            Setting::Policy => {
                let named = POLICIES.iter().find(|(name, ..)| *name == value);
                self.policy = named.ok_or_else(unknown)?.2;
            }
            Setting::Priority => {
                let priority = value.parse().ok().filter(|value| PRIORITIES.iter().any(|(_, known)| known == value));
                self.priority = priority.ok_or_else(unknown)?;
            }
            Setting::Timeout => {
                let limit = value.parse().ok().filter(|limit| TIMEOUTS.contains(limit)).ok_or_else(unknown)?;
                self.timeout = (limit > 0).then(|| ms(limit));
            }
            Setting::Retry => {
                let attempts = value.parse().ok().filter(|attempts| ATTEMPTS.contains(attempts));
                self.attempts = attempts.and_then(NonZeroU32::new).ok_or_else(unknown)?;
            }
        }
        Ok(())
    }

    /// What is asked for with the jobs that are submitted next.
    pub(super) fn wishes(&self) -> Wishes {
        let retry = || Retry::new(self.attempts, Backoff::exponential(FIRST_DELAY));
        let retry = (self.attempts.get() > 1).then(retry);
        Wishes { priority: self.priority, timeout: self.timeout, retry }
    }

    pub(super) fn policies(&self) -> Chooser {
        let value = POLICIES.iter().find(|(.., policy)| *policy == self.policy).map_or("wait", |(name, ..)| name);
        choice(value, POLICIES.iter().map(|(name, label, _)| ((*name).to_owned(), (*label).to_owned())))
    }

    pub(super) fn priorities(&self) -> Chooser {
        let option = |&(label, priority): &(&str, u8)| (priority.to_string(), label.to_owned());
        choice(&self.priority.to_string(), PRIORITIES.iter().map(option))
    }

    pub(super) fn timeouts(&self) -> Chooser {
        let label = |limit: u64| match limit {
            0 => "No time limit".to_owned(),
            limit => format!("{} an attempt", Span(ms(limit))),
        };
        let value = self.timeout.map_or(0, |limit| limit.as_millis());
        choice(&value.to_string(), TIMEOUTS.iter().map(|limit| (limit.to_string(), label(*limit))))
    }

    pub(super) fn retries(&self) -> Chooser {
        let label = |attempts: u32| match attempts {
            1 => "No retries".to_owned(),
            attempts => format!("{attempts} attempts"),
        };
        let value = self.attempts.to_string();
        choice(&value, ATTEMPTS.iter().map(|attempts| (attempts.to_string(), label(*attempts))))
    }
}

/// Such as `high: ` before the name of a job; nothing when it is the one that most jobs have.
pub(super) fn told(priority: u8) -> String {
    let known = PRIORITIES.iter().find(|(_, known)| *known == priority && priority != NORMAL);
    known.map_or_else(String::new, |(label, _)| format!("{}: ", label.to_lowercase()))
}

fn choice(value: &str, options: impl Iterator<Item = (String, String)>) -> Chooser {
    let options = options.map(|(value, label)| ChoiceOption { value, label }).collect();
    Chooser { value: value.to_owned(), options }
}

fn number(text: &str, most: usize, none: &str, unit: &str) -> Result<NonZeroUsize, OrderError> {
    let number = text.trim().parse::<f64>().ok().filter(|number| number.fract() == 0.0);
    let number = number.ok_or_else(|| OrderError::new(format!("“{text}” is not a whole number of {unit}.")))?;
    match number {
        ..1.0 => Err(OrderError::new(format!("{none}."))),
        number if number > most as f64 => Err(OrderError::new(format!("At most {most} {unit} fit on this page."))),
        number => Ok(NonZeroUsize::new(number as usize).expect("it is at least one")),
    }
}
