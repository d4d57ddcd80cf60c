//! What a person can turn: how often the service fails, how late it is, and when a circuit opens and closes.

use crate::time::{Duration, ms};

/// What a demo runs with. A seed draws everything that is left to chance, so that a run can be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the latencies and failures of the service are drawn from.
    pub seed: u32,
    values: [u32; Setting::ALL.len()],
}

/// One of the things to turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// How many of a hundred calls fail.
    FailureRate,
    /// How long a call takes about, in milliseconds: most take between half and one and a half of it, every eighth
    /// four times as long.
    Latency,
    /// How many failures in a row open a circuit, or how many calls it wants to see before it judges their rate.
    FailMax,
    /// How long an open circuit waits before it lets a probe through, in seconds.
    ResetTimeout,
}

impl Setting {
    /// All there are.
    pub const ALL: [Setting; 4] = [Setting::FailureRate, Setting::Latency, Setting::FailMax, Setting::ResetTimeout];

    /// The name in an address.
    pub fn id(self) -> &'static str {
        match self {
            Setting::FailureRate => "failures",
            Setting::Latency => "latency",
            Setting::FailMax => "fail_max",
            Setting::ResetTimeout => "reset_timeout",
        }
    }

    /// The setting of that name.
    pub fn of_id(id: &str) -> Option<Setting> {
        Setting::ALL.into_iter().find(|setting| setting.id() == id)
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Setting::FailureRate => "Failure rate",
            Setting::Latency => "Latency",
            Setting::FailMax => "fail_max",
            Setting::ResetTimeout => "reset_timeout",
        }
    }

    /// The least, the most, and how far apart two values are.
    pub fn range(self) -> (u32, u32, u32) {
        match self {
            Setting::FailureRate => (0, 100, 5),
            Setting::Latency => (50, 2_000, 50),
            Setting::FailMax => (1, 10, 1),
            Setting::ResetTimeout => (1, 30, 1),
        }
    }

    /// Whether it says something about a circuit, and nothing where there is none.
    pub fn is_of_circuit(self) -> bool {
        matches!(self, Setting::FailMax | Setting::ResetTimeout)
    }

    /// A value with its unit.
    pub fn text(self, value: u32) -> String {
        match self {
            Setting::FailureRate => format!("{value} %"),
            Setting::Latency => format!("{value} ms"),
            Setting::FailMax => value.to_string(),
            Setting::ResetTimeout => format!("{value} s"),
        }
    }
}

impl Settings {
    /// A seed, a failure rate in hundredths and a latency in milliseconds; a circuit opens after 2 failures for 10 s.
    pub const fn new(seed: u32, failures: u32, latency: u32) -> Self {
        Settings { seed, values: [failures, latency, 2, 10] }
    }

    /// The same, with another value; the nearest in range that its steps reach.
    pub fn with(mut self, setting: Setting, value: u32) -> Self {
        let (least, most, step) = setting.range();
        let value = value.clamp(least, most);
        self.values[setting as usize] = (value + step / 2) / step * step;
        self
    }

    /// The same, with another seed.
    pub fn drawn_from(self, seed: u32) -> Self {
        Settings { seed, ..self }
    }

    /// The value of a setting.
    pub fn get(&self, setting: Setting) -> u32 {
        self.values[setting as usize]
    }

    /// How long a call takes about.
    pub fn latency(&self) -> Duration {
        ms(self.get(Setting::Latency).into())
    }

    /// How long an open circuit waits.
    pub fn reset_timeout(&self) -> Duration {
        Duration::from_secs(self.get(Setting::ResetTimeout).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_nearest_that_a_slider_reaches() {
        let settings = Settings::new(1, 0, 500);
        let got = |setting, value| settings.with(setting, value).get(setting);
        assert_eq!([got(Setting::FailureRate, 33), got(Setting::FailureRate, 4_000_000_000)], [35, 100]);
        assert_eq!([got(Setting::Latency, 0), got(Setting::Latency, 524)], [50, 500]);
        assert_eq!([got(Setting::FailMax, 0), got(Setting::ResetTimeout, 7)], [1, 7]);
    }
}
