//! The circuit breaker as a pure state machine: no executor, no clock, no callback.

use core::mem;

use super::config::{Config, ConfigError};
use super::report::{Cause, Metrics, Rejected, State, Totals, Transition, Verdict};
use super::window::{Counts, Judged, Window};
use crate::time::{Duration, Instant};

/// ```text
///              failures, slow calls                 open time over, at a call
///   Closed ─────────────────────────▶ Open ─────────────────────────────────▶ HalfOpen
///      ▲                               ▲                                       │    │
///      │                               └──── success rate out of reach ────────┘    │
///      └─────────────────────────── success rate reached ───────────────────────────┘
///
///   any state ── force_open, force_closed, disable ──▶ ForcedOpen, ForcedClosed, Disabled ── reset ──▶ Closed
/// ```
#[derive(Clone, Debug)]
pub(super) enum Phase {
    Closed(Window),
    Open { until: Instant, lasts: Duration },
    HalfOpen { lasts: Duration, probes: Probes },
    ForcedOpen,
    ForcedClosed(Window),
    Disabled,
}

/// Every place is free, under way, or judged; an ignored probe's place is free again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Probes {
    under_way: u32,
    succeeded: u32,
    failed: u32,
    slow: u32,
}

/// A circuit breaker to which the time is told.
///
/// It decides and counts; [`CircuitBreaker`](super::CircuitBreaker) is this with the executor's clock. What is
/// admitted gets a [`Ticket`], which [`Machine::settle`] takes back with a verdict.
///
/// ```
/// use unstuck::breaker::{Config, Machine, State, Verdict};
/// use unstuck::time::{Duration, Instant};
///
/// let second = Duration::from_secs(1);
/// let config = Config::consecutive_failures(1).open_for(10 * second);
/// let mut circuit = Machine::new(config).unwrap();
///
/// let call = circuit.admit(Instant::ZERO).unwrap();
/// circuit.settle(call, Verdict::Failure, Instant::ZERO + second);
/// let rejected = circuit.admit(Instant::ZERO + 4 * second).unwrap_err();
/// assert_eq!(rejected.to_string(), "the circuit is open; try again in 7 s");
///
/// let probe = circuit.admit(Instant::ZERO + 11 * second).unwrap();
/// circuit.settle(probe, Verdict::Success, Instant::ZERO + 12 * second);
/// assert_eq!(circuit.state(), State::Closed);
/// ```
#[derive(Clone, Debug)]
pub struct Machine {
    pub(super) config: Config,
    pub(super) phase: Phase,
    /// Counts the states that it was in.
    generation: u64,
    since: Option<Transition>,
    totals: Totals,
}

/// A call that was admitted, in which generation and when.
#[derive(Debug)]
#[must_use = "a call that is not settled keeps its place among the probes"]
pub struct Ticket {
    generation: u64,
    admitted: Instant,
}

impl Machine {
    /// A closed circuit.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that says what is wrong with the settings.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let config = config.checked()?;
        let phase = Phase::Closed(Window::new(&config));
        Ok(Machine { config, phase, generation: 0, since: None, totals: Totals::default() })
    }

    /// Asks whether a call may be made now.
    ///
    /// The first call after the open time turns the circuit half-open.
    ///
    /// # Errors
    ///
    /// A [`Rejected`] that says which state it was, and when to try again.
    #[inline]
    pub fn admit(&mut self, now: Instant) -> Result<Ticket, Rejected> {
        match &mut self.phase {
            Phase::Closed(_) | Phase::ForcedClosed(_) | Phase::Disabled => Ok(self.admitted(now)),
            _ => self.admit_probe(now),
        }
    }

    #[cold]
    fn admit_probe(&mut self, now: Instant) -> Result<Ticket, Rejected> {
        if let Phase::Open { until, lasts } = self.phase
            && now >= until
        {
            self.change(Phase::HalfOpen { lasts, probes: Probes::default() }, Cause::TimeOver, now);
        }
        match &mut self.phase {
            Phase::HalfOpen { probes, .. } if probes.taken() < self.config.probes => {
                probes.under_way += 1;
                Ok(self.admitted(now))
            }
            _ => {
                self.totals.rejected += 1;
                Err(Rejected { state: self.state(), retry_after: self.retry_after(now) })
            }
        }
    }

    #[inline]
    fn admitted(&mut self, now: Instant) -> Ticket {
        self.totals.admitted += 1;
        Ticket { generation: self.generation, admitted: now }
    }

    /// Judges a call that was admitted. Of a call from an older generation nothing changes.
    #[inline]
    pub fn settle(&mut self, ticket: Ticket, verdict: Verdict, now: Instant) {
        self.settle_once(&ticket, verdict, now);
    }

    /// Like [`Machine::settle`], for who sees to it that no ticket is settled twice.
    #[inline]
    pub(super) fn settle_once(&mut self, ticket: &Ticket, verdict: Verdict, now: Instant) {
        if ticket.generation != self.generation {
            self.totals.late += 1;
            return;
        }
        let failed = match verdict {
            Verdict::Success => {
                self.totals.succeeded += 1;
                false
            }
            Verdict::Failure => {
                self.totals.failed += 1;
                true
            }
            Verdict::Ignore => return self.ignored(),
        };
        let slow = self.config.slow.is_some_and(|slow| now - ticket.admitted > slow.longer_than);
        self.totals.slow += u64::from(slow);
        self.judged(Judged::new(failed, slow), now);
    }

    fn ignored(&mut self) {
        self.totals.ignored += 1;
        if let Phase::HalfOpen { probes, .. } = &mut self.phase {
            probes.under_way -= 1;
        }
    }

    /// The transition function of verdicts. Nearly all of them come while the circuit is closed.
    #[inline]
    fn judged(&mut self, call: Judged, now: Instant) {
        let Phase::Closed(window) = &mut self.phase else { return self.judged_unless_closed(call, now) };
        if let Some(cause) = window.judge(call, now, &self.config) {
            self.open_for(self.config.open_for, cause, now);
        }
    }

    #[cold]
    fn judged_unless_closed(&mut self, call: Judged, now: Instant) {
        match &mut self.phase {
            Phase::HalfOpen { probes, .. } => {
                probes.judged(call);
                self.decide(now);
            }
            Phase::ForcedClosed(window) => {
                window.judge(call, now, &self.config);
            }
            Phase::Disabled => {}
            Phase::Closed(_) | Phase::Open { .. } | Phase::ForcedOpen => {
                unreachable!("a closed circuit is judged before, and an open one admits nothing to judge")
            }
        }
    }

    /// Closes or opens again as soon as the probes that were judged leave no doubt.
    #[cold]
    fn decide(&mut self, now: Instant) {
        let Phase::HalfOpen { lasts, probes } = self.phase else { return };
        let needed = self.config.needed_successes();
        if probes.succeeded >= needed {
            let closed = Phase::Closed(Window::new(&self.config));
            self.change(closed, Cause::ProbesSucceeded(probes.succeeded), now);
        } else if probes.failed > self.config.probes - needed {
            self.open_for(self.config.grown(lasts), Cause::ProbesFailed(probes.failed), now);
        }
    }

    #[cold]
    fn open_for(&mut self, lasts: Duration, cause: Cause, now: Instant) {
        self.change(Phase::Open { until: now + lasts, lasts }, cause, now);
    }

    /// Rejects every call until somebody says otherwise.
    pub fn force_open(&mut self, now: Instant) {
        self.tell(Phase::ForcedOpen, now);
    }

    /// Admits every call, and counts without opening, until somebody says otherwise.
    pub fn force_closed(&mut self, now: Instant) {
        self.tell(Phase::ForcedClosed(Window::new(&self.config)), now);
    }

    /// Admits every call, and counts nothing, until somebody says otherwise.
    pub fn disable(&mut self, now: Instant) {
        self.tell(Phase::Disabled, now);
    }

    /// Closes the circuit and forgets what it counted; verdicts of calls under way change nothing.
    pub fn reset(&mut self, now: Instant) {
        let closed = Phase::Closed(Window::new(&self.config));
        self.change(closed, Cause::Told, now);
    }

    /// Saying again what holds already changes nothing.
    fn tell(&mut self, phase: Phase, now: Instant) {
        if mem::discriminant(&phase) != mem::discriminant(&self.phase) {
            self.change(phase, Cause::Told, now);
        }
    }

    fn change(&mut self, phase: Phase, cause: Cause, now: Instant) {
        let from = self.state();
        self.phase = phase;
        self.generation += 1;
        self.since = Some(Transition { from, to: self.state(), cause, at: now });
    }

    /// The state; an open circuit stays open until somebody calls after the open time.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Closed(_) => State::Closed,
            Phase::Open { .. } => State::Open,
            Phase::HalfOpen { .. } => State::HalfOpen,
            Phase::ForcedOpen => State::ForcedOpen,
            Phase::ForcedClosed(_) => State::ForcedClosed,
            Phase::Disabled => State::Disabled,
        }
    }

    /// How often the state changed.
    #[inline]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How it came into its state; none at the beginning.
    pub fn since(&self) -> Option<Transition> {
        self.since
    }

    fn retry_after(&self, now: Instant) -> Option<Duration> {
        match self.phase {
            Phase::Open { until, .. } => Some(until - now),
            Phase::HalfOpen { probes, .. } if probes.taken() >= self.config.probes => None,
            Phase::ForcedOpen => None,
            _ => Some(Duration::ZERO),
        }
    }

    /// What there is to see at `now`.
    pub fn metrics(&self, now: Instant) -> Metrics {
        let (counts, probes_under_way) = match &self.phase {
            Phase::Closed(window) | Phase::ForcedClosed(window) => (window.counts(now), 0),
            Phase::HalfOpen { probes, .. } => (probes.counts(), probes.under_way),
            Phase::Open { .. } | Phase::ForcedOpen | Phase::Disabled => (Counts::default(), 0),
        };
        Metrics {
            state: self.state(),
            since: self.since,
            retry_after: self.retry_after(now),
            counts,
            probes_under_way,
            totals: self.totals,
        }
    }
}

impl Probes {
    fn taken(&self) -> u32 {
        self.under_way + self.succeeded + self.failed
    }

    fn judged(&mut self, call: Judged) {
        self.under_way -= 1;
        self.slow += u32::from(call.was_slow());
        match (call.has_failed(), call.was_slow()) {
            (false, false) => self.succeeded += 1,
            _ => self.failed += 1,
        }
    }

    fn counts(&self) -> Counts {
        Counts { calls: self.succeeded + self.failed, failed: self.failed, slow: self.slow }
    }
}
