//! The calls that count: failures in a row, the last calls, or the calls of the last time.

use serde::{Deserialize, Serialize};

use super::config::{Config, Watch};
use super::report::Cause;
use crate::time::{Duration, Instant};

/// Into how many parts a span of time is divided.
const PARTS: usize = 10;

/// A number of calls, and how many of them failed and were slow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All of them. Where failures in a row are watched, these are the failures since the last success.
    pub calls: u32,
    /// Those that failed.
    pub failed: u32,
    /// Those that were slow, whether they failed or not.
    pub slow: u32,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.calls = self.calls.saturating_add(other.calls);
        self.failed = self.failed.saturating_add(other.failed);
        self.slow = self.slow.saturating_add(other.slow);
    }

    /// Why the circuit should open, if these are the calls that count.
    fn trips(&self, config: &Config) -> Option<Cause> {
        if (self.failed == 0 && self.slow == 0) || self.calls < config.enough_calls() {
            return None;
        }
        if self.failure_rate() >= config.tripping_rate() {
            return Some(Cause::FailureRate(*self));
        }
        config.slow.filter(|slow| self.slow_rate() >= slow.rate).map(|_| Cause::SlowRate(*self))
    }

    fn subtract(&mut self, other: Counts) {
        self.calls = self.calls.saturating_sub(other.calls);
        self.failed = self.failed.saturating_sub(other.failed);
        self.slow = self.slow.saturating_sub(other.slow);
    }

    /// The part of the calls that failed, 0 without calls.
    pub fn failure_rate(&self) -> f64 {
        part(self.failed, self.calls)
    }

    /// The part of the calls that were slow, 0 without calls.
    pub fn slow_rate(&self) -> f64 {
        part(self.slow, self.calls)
    }
}

// A division is rounded correctly, so that 3 of 30 is exactly the rate 0.1 that somebody wrote.
fn part(some: u32, all: u32) -> f64 {
    if all == 0 { 0.0 } else { f64::from(some) / f64::from(all) }
}

#[derive(Clone, Debug)]
pub(super) enum Window {
    InARow(u32),
    Calls(LastCalls),
    Time(LastTime),
}

impl Window {
    pub(super) fn new(config: &Config) -> Self {
        match config.watch {
            Watch::InARow(_) => Window::InARow(0),
            Watch::Calls(calls) => Window::Calls(LastCalls::new(calls as usize)),
            Watch::Time(span) => Window::Time(LastTime::new(span)),
        }
    }

    /// Counts a call, and says why the circuit should open now, if it should.
    #[inline]
    pub(super) fn judge(&mut self, call: Judged, now: Instant, config: &Config) -> Option<Cause> {
        match self {
            Window::InARow(failures) if !call.has_failed() => {
                *failures = 0;
                None
            }
            Window::InARow(failures) => {
                *failures = failures.saturating_add(1);
                let is_enough = matches!(config.watch, Watch::InARow(limit) if *failures >= limit);
                is_enough.then_some(Cause::FailuresInARow(*failures))
            }
            Window::Calls(calls) => calls.record(call).trips(config),
            Window::Time(time) => time.record(call, now).trips(config),
        }
    }

    pub(super) fn counts(&self, now: Instant) -> Counts {
        match self {
            Window::InARow(failures) => Counts { calls: *failures, failed: *failures, slow: 0 },
            Window::Calls(calls) => calls.sum,
            Window::Time(time) => time.counts(now),
        }
    }
}

/// A ring of the last calls and their sum.
#[derive(Clone, Debug)]
pub(super) struct LastCalls {
    limit: usize,
    next: usize,
    ring: Vec<Judged>,
    sum: Counts,
}

/// What came of a call, in a byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged(u8);

impl Judged {
    const FAILED: u8 = 1;
    const SLOW: u8 = 2;

    #[inline]
    pub(super) fn new(failed: bool, slow: bool) -> Self {
        Judged(u8::from(failed) * Judged::FAILED + u8::from(slow) * Judged::SLOW)
    }

    #[inline]
    pub(super) fn has_failed(self) -> bool {
        self.0 & Judged::FAILED != 0
    }

    #[inline]
    pub(super) fn was_slow(self) -> bool {
        self.0 & Judged::SLOW != 0
    }

    fn counts(self) -> Counts {
        Counts { calls: 1, failed: self.has_failed().into(), slow: self.was_slow().into() }
    }
}

impl LastCalls {
    fn new(limit: usize) -> Self {
        LastCalls { limit, next: 0, ring: Vec::new(), sum: Counts::default() }
    }

    /// Counts a call, and shows all that count now.
    #[inline(never)]
    fn record(&mut self, call: Judged) -> &Counts {
        if self.ring.len() < self.limit {
            self.ring.push(call);
        } else {
            let oldest = core::mem::replace(&mut self.ring[self.next], call);
            self.sum.subtract(oldest.counts());
            self.next = if self.next + 1 == self.limit { 0 } else { self.next + 1 };
        }
        self.sum.add(call.counts());
        &self.sum
    }

    /// The oldest first.
    fn in_order(&self) -> impl Iterator<Item = Counts> {
        self.ring[self.next..].iter().chain(&self.ring[..self.next]).map(|call| call.counts())
    }
}

/// The sums of the last parts of a span, each with the number of its part since the clock's start.
#[derive(Clone, Debug)]
pub(super) struct LastTime {
    width: u64,
    /// The part that was recorded last.
    latest: i64,
    parts: [Counts; PARTS],
    sum: Counts,
}

impl LastTime {
    fn new(span: Duration) -> Self {
        let width = (span.as_nanos() / PARTS as u128).clamp(1, i64::MAX as u128) as u64;
        LastTime { width, latest: i64::MIN, parts: [Counts::default(); PARTS], sum: Counts::default() }
    }

    fn part_of(&self, now: Instant) -> i64 {
        ((now.as_nanos() / self.width) as i64).max(self.latest)
    }

    fn place(part: i64) -> usize {
        part.rem_euclid(PARTS as i64) as usize
    }

    /// Counts a call, and shows all that count now.
    #[inline(never)]
    fn record(&mut self, call: Judged, now: Instant) -> &Counts {
        let call = call.counts();
        self.forget_up_to(self.part_of(now));
        self.parts[Self::place(self.latest)].add(call);
        self.sum.add(call);
        &self.sum
    }

    fn forget_up_to(&mut self, part: i64) {
        if part == self.latest {
            return;
        }
        // The places of the parts in between, and that of `part`, hold what is a whole span older.
        let first = part.saturating_sub(PARTS as i64).max(self.latest).saturating_add(1);
        for outdated in first..=part {
            let counts = core::mem::take(&mut self.parts[Self::place(outdated)]);
            self.sum.subtract(counts);
        }
        self.latest = part;
    }

    fn counts(&self, now: Instant) -> Counts {
        let mut at_that_time = self.clone();
        at_that_time.forget_up_to(self.part_of(now));
        at_that_time.sum
    }
}

/// What a window holds, without a moment of any clock. One of another kind restores an empty window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum SavedWindow {
    InARow(u32),
    /// The oldest first.
    Calls(Vec<Counts>),
    /// With the age of each part.
    Time(Vec<(Duration, Counts)>),
}

impl Window {
    pub(super) fn save(&self, now: Instant) -> SavedWindow {
        match self {
            Window::InARow(failures) => SavedWindow::InARow(*failures),
            Window::Calls(calls) => SavedWindow::Calls(calls.in_order().collect()),
            Window::Time(time) => SavedWindow::Time(time.save(now)),
        }
    }

    /// A window with what was saved, as far as it fits and can be true.
    pub(super) fn restore(config: &Config, saved: &SavedWindow, now: Instant) -> Self {
        let mut window = Window::new(config);
        match (&mut window, saved) {
            (Window::InARow(failures), SavedWindow::InARow(saved)) => *failures = *saved,
            (Window::Calls(calls), SavedWindow::Calls(saved)) => {
                for call in saved {
                    calls.record(Judged::new(call.failed > 0, call.slow > 0));
                }
            }
            (Window::Time(time), SavedWindow::Time(saved)) => time.restore(saved, now),
            _ => {}
        }
        window
    }
}

impl LastTime {
    fn save(&self, now: Instant) -> Vec<(Duration, Counts)> {
        let mut at_that_time = self.clone();
        at_that_time.forget_up_to(self.part_of(now));
        (0..PARTS)
            .rev()
            .map(|age| (age, at_that_time.parts[Self::place(at_that_time.latest.wrapping_sub(age as i64))]))
            .filter(|(_, counts)| counts.calls > 0)
            .map(|(age, counts)| (Duration::from_nanos(self.width.saturating_mul(age as u64)), counts))
            .collect()
    }

    fn restore(&mut self, saved: &[(Duration, Counts)], now: Instant) {
        self.latest = self.part_of(now);
        for (age, counts) in saved {
            let age = age.as_nanos() / u128::from(self.width);
            if age < PARTS as u128 {
                let possible = Counts {
                    failed: counts.failed.min(counts.calls),
                    slow: counts.slow.min(counts.calls),
                    ..*counts
                };
                self.parts[Self::place(self.latest - age as i64)].add(possible);
                self.sum.add(possible);
            }
        }
    }
}
