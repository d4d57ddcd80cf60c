//! What outlives a circuit breaker.

use serde::{Deserialize, Serialize};

use super::config::{Config, ConfigError};
use super::machine::{Machine, Phase, Probes};
use super::window::{SavedWindow, Window};
use crate::time::{Duration, Instant};

/// What outlives a circuit breaker, and has no moment of any clock in it: durations count from the saving.
///
/// The time between saving and restoring does not pass for it. Calls under way are not part of it: a half-open
/// circuit begins its probes anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved(SavedPhase);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SavedPhase {
    Closed { window: SavedWindow },
    Open { remaining: Duration, lasts: Duration },
    HalfOpen { lasts: Duration },
    ForcedOpen,
    ForcedClosed { window: SavedWindow },
    Disabled,
}

impl Machine {
    /// What is to outlive the circuit.
    pub fn save(&self, now: Instant) -> Saved {
        Saved(match &self.phase {
            Phase::Closed(window) => SavedPhase::Closed { window: window.save(now) },
            Phase::Open { until, lasts } => SavedPhase::Open { remaining: *until - now, lasts: *lasts },
            Phase::HalfOpen { lasts, .. } => SavedPhase::HalfOpen { lasts: *lasts },
            Phase::ForcedOpen => SavedPhase::ForcedOpen,
            Phase::ForcedClosed(window) => SavedPhase::ForcedClosed { window: window.save(now) },
            Phase::Disabled => SavedPhase::Disabled,
        })
    }

    /// A circuit that goes on where a saved one stopped, as far as the settings allow: a window of another kind
    /// begins empty, and an open time lies within what they say.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that says what is wrong with the settings.
    pub fn restore(config: Config, saved: &Saved, now: Instant) -> Result<Self, ConfigError> {
        let mut machine = Machine::new(config)?;
        let config = &machine.config;
        machine.phase = match &saved.0 {
            SavedPhase::Closed { window } => Phase::Closed(Window::restore(config, window, now)),
            SavedPhase::Open { remaining, lasts } => {
                let lasts = config.possible_open_time(*lasts);
                Phase::Open { until: now + lasts.min(*remaining), lasts }
            }
            SavedPhase::HalfOpen { lasts } => {
                Phase::HalfOpen { lasts: config.possible_open_time(*lasts), probes: Probes::default() }
            }
            SavedPhase::ForcedOpen => Phase::ForcedOpen,
            SavedPhase::ForcedClosed { window } => Phase::ForcedClosed(Window::restore(config, window, now)),
            SavedPhase::Disabled => Phase::Disabled,
        };
        Ok(machine)
    }
}
