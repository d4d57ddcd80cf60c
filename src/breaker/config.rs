//! When a circuit opens, how long it stays open, and what closes it.

use core::fmt;

use crate::time::{Duration, Span};

const DEFAULT_OPEN_FOR: Duration = Duration::from_secs(10);
const DEFAULT_FAILURE_RATE: f64 = 0.5;
const DEFAULT_MIN_CALLS: u32 = 10;

/// The settings of a circuit breaker, checked when a breaker is made of them.
///
/// Unless said otherwise a circuit stays open for 10 s, and one successful probe closes it.
///
/// ```
/// use unstuck::breaker::{CircuitBreaker, Config};
/// use unstuck::time::Duration;
///
/// let config = Config::last_calls(100)
///     .failure_rate(0.5)
///     .min_calls(20)
///     .slow_calls(Duration::from_secs(2), 0.8)
///     .open_for(Duration::from_secs(5))
///     .growing(2.0, Duration::from_secs(60))
///     .probes(3)
///     .success_rate(0.6);
/// assert!(CircuitBreaker::new("orders", config.clone()).is_ok());
///
/// let error = CircuitBreaker::new("orders", config.failure_rate(50.0)).unwrap_err();
/// assert_eq!(error.to_string(), "the failure rate must be above 0 and at most 1, not 50");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub(super) watch: Watch,
    failure_rate: Option<f64>,
    min_calls: Option<u32>,
    pub(super) slow: Option<Slow>,
    pub(super) open_for: Duration,
    growth: f64,
    longest: Duration,
    pub(super) probes: u32,
    success_rate: f64,
}

/// Which calls count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    /// Failures since the last success; the circuit opens at this many.
    InARow(u32),
    /// The last so many calls.
    Calls(u32),
    /// The calls of the last so much time.
    Time(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slow {
    pub(super) longer_than: Duration,
    pub(super) rate: f64,
}

impl Config {
    /// Opens after `failures` failures without a success in between.
    pub fn consecutive_failures(failures: u32) -> Self {
        Config::watching(Watch::InARow(failures))
    }

    /// Opens at a failure rate among the last `calls` calls: by default at one half, once there were that many.
    pub fn last_calls(calls: u32) -> Self {
        Config::watching(Watch::Calls(calls))
    }

    /// Opens at a failure rate among the calls of the last `span`: by default at one half, once there were ten.
    ///
    /// Time is counted in tenths of `span`: a call is forgotten after nine tenths at the earliest, and after the
    /// whole span at the latest.
    pub fn last_time(span: Duration) -> Self {
        Config::watching(Watch::Time(span))
    }

    fn watching(watch: Watch) -> Self {
        Config {
            watch,
            failure_rate: None,
            min_calls: None,
            slow: None,
            open_for: DEFAULT_OPEN_FOR,
            growth: 1.0,
            longest: Duration::MAX,
            probes: 1,
            success_rate: 1.0,
        }
    }

    /// Opens when at least this part of the calls in the window failed: above 0, at most 1.
    pub fn failure_rate(self, rate: f64) -> Self {
        Config { failure_rate: Some(rate), ..self }
    }

    /// Looks at the rates of a window only when it holds at least so many calls.
    pub fn min_calls(self, calls: u32) -> Self {
        Config { min_calls: Some(calls), ..self }
    }

    /// Also opens when at least the part `rate` of the calls in the window, above 0 and at most 1, took longer than
    /// `longer_than`, whatever came of them. A probe that is so slow counts as a failed one.
    pub fn slow_calls(self, longer_than: Duration, rate: f64) -> Self {
        Config { slow: Some(Slow { longer_than, rate }), ..self }
    }

    /// Stays open for so long before it lets probes through.
    pub fn open_for(self, duration: Duration) -> Self {
        Config { open_for: duration, ..self }
    }

    /// Each time that probes fail, it stays open `factor` times as long as before, but never longer than `longest`.
    pub fn growing(self, factor: f64, longest: Duration) -> Self {
        Config { growth: factor, longest, ..self }
    }

    /// Lets so many calls through when the open time is over, and rejects the others until these have decided.
    pub fn probes(self, probes: u32) -> Self {
        Config { probes, ..self }
    }

    /// Closes when at least this part of the probes succeeded: above 0, at most 1. It opens again as soon as that
    /// cannot be reached any more.
    pub fn success_rate(self, rate: f64) -> Self {
        Config { success_rate: rate, ..self }
    }

    pub(super) fn checked(self) -> Result<Self, ConfigError> {
        self.check_window()?;
        above_zero("number of probes", self.probes)?;
        within_one("success rate", self.success_rate)?;
        some_time("open time", self.open_for)?;
        if !(self.growth.is_finite() && self.growth >= 1.0) {
            return Err(ConfigError::Shrinks { factor: self.growth });
        }
        if self.longest < self.open_for {
            return Err(ConfigError::LongestTooShort { first: self.open_for, longest: self.longest });
        }
        Ok(self)
    }

    fn check_window(&self) -> Result<(), ConfigError> {
        match self.watch {
            Watch::InARow(failures) => above_zero("number of failures in a row", failures)?,
            Watch::Calls(calls) => above_zero("number of calls in the window", calls)?,
            Watch::Time(span) => some_time("span of the window", span)?,
        }
        above_zero("minimum of calls", self.enough_calls())?;
        within_one("failure rate", self.tripping_rate())?;
        if let Some(slow) = self.slow {
            within_one("slow-call rate", slow.rate)?;
        }
        match self.watch {
            Watch::InARow(_) => self.asks_for_no_window(),
            Watch::Calls(window) if self.enough_calls() > window => {
                Err(ConfigError::NeverEnoughCalls { min_calls: self.enough_calls(), window })
            }
            _ => Ok(()),
        }
    }

    /// Who counts failures in a row has no window, and would wait for a rate in vain.
    fn asks_for_no_window(&self) -> Result<(), ConfigError> {
        let asked = [
            ("failure rate", self.failure_rate.is_some()),
            ("minimum of calls", self.min_calls.is_some()),
            ("slow-call rate", self.slow.is_some()),
        ];
        match asked.into_iter().find(|(_, asked)| *asked) {
            Some((setting, _)) => Err(ConfigError::NeedsWindow { setting }),
            None => Ok(()),
        }
    }

    #[inline]
    pub(super) fn tripping_rate(&self) -> f64 {
        self.failure_rate.unwrap_or(DEFAULT_FAILURE_RATE)
    }

    pub(super) fn enough_calls(&self) -> u32 {
        match (self.min_calls, self.watch) {
            (Some(calls), _) => calls,
            (None, Watch::Calls(calls)) => calls,
            (None, _) => DEFAULT_MIN_CALLS,
        }
    }

    /// How many probes must succeed: the smallest number that reaches the rate.
    pub(super) fn needed_successes(&self) -> u32 {
        let reaches = |successes: u32| f64::from(successes) / f64::from(self.probes) >= self.success_rate;
        let close = (self.success_rate * f64::from(self.probes)) as u32;
        [close.saturating_sub(1), close, close.saturating_add(1)]
            .into_iter()
            .find(|successes| *successes > 0 && reaches(*successes))
            .unwrap_or(self.probes)
    }

    /// The open time after one that lasted for `last`.
    pub(super) fn grown(&self, last: Duration) -> Duration {
        let grown = Duration::try_from_secs_f64(last.as_secs_f64() * self.growth).unwrap_or(Duration::MAX);
        match self.growth {
            1.0 => last,
            _ => grown.min(self.longest),
        }
    }

    /// An open time that could be, nearest to `lasts`.
    pub(super) fn possible_open_time(&self, lasts: Duration) -> Duration {
        match self.growth {
            1.0 => self.open_for,
            _ => lasts.clamp(self.open_for, self.longest),
        }
    }
}

fn above_zero(setting: &'static str, given: u32) -> Result<(), ConfigError> {
    if given == 0 { Err(ConfigError::Zero { setting }) } else { Ok(()) }
}

fn some_time(setting: &'static str, given: Duration) -> Result<(), ConfigError> {
    if given.is_zero() { Err(ConfigError::NoTime { setting }) } else { Ok(()) }
}

fn within_one(setting: &'static str, given: f64) -> Result<(), ConfigError> {
    if given > 0.0 && given <= 1.0 { Ok(()) } else { Err(ConfigError::Rate { setting, given }) }
}

/// Why no circuit breaker can be made of a [`Config`].
#[expect(missing_docs, reason = "the variant's sentence names its fields")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConfigError {
    /// A number is zero, which would mean *never* or *at once*, and never *unlimited*.
    Zero { setting: &'static str },
    /// A duration is zero.
    NoTime { setting: &'static str },
    /// A rate is not above 0 and at most 1.
    Rate { setting: &'static str, given: f64 },
    /// The factor by which the open time grows is below 1, or no number.
    Shrinks { factor: f64 },
    /// The longest open time is shorter than the first.
    LongestTooShort { first: Duration, longest: Duration },
    /// The window never holds as many calls as are asked for.
    NeverEnoughCalls { min_calls: u32, window: u32 },
    /// A setting of a window is given, and only failures in a row are counted.
    NeedsWindow { setting: &'static str },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Zero { setting } => write!(f, "the {setting} must be at least 1"),
            ConfigError::NoTime { setting } => write!(f, "the {setting} must be longer than no time"),
            ConfigError::Rate { setting, given } => {
                write!(f, "the {setting} must be above 0 and at most 1, not {given}")
            }
            ConfigError::Shrinks { factor } => {
                write!(f, "the open time must grow by a factor of at least 1, not {factor}")
            }
            ConfigError::LongestTooShort { first, longest } => write!(
                f,
                "the longest open time, {}, must not be shorter than the first, {}",
                Span(*longest),
                Span(*first)
            ),
            ConfigError::NeverEnoughCalls { min_calls, window } => {
                write!(f, "a window of {window} calls never holds the minimum of {min_calls}")
            }
            ConfigError::NeedsWindow { setting } => {
                write!(f, "the {setting} needs a window of calls or of time, not failures in a row")
            }
        }
    }
}

impl std::error::Error for ConfigError {}
