//! The circuit breaker against a reference model that remembers every call and counts anew each time.

use proptest::prelude::*;
use unstuck::Executor;
use unstuck::breaker::{Changed, CircuitBreaker, Config, Permit, State, Totals, Verdict};
use unstuck::bus::{EventBus, Overflow};
use unstuck::time::{Instant, ms};

const SEQUENCES: u32 = 100_000;
const OPEN_MS: u64 = 100;
const LONGEST_MS: u64 = 350;
const SLOW_MS: u64 = 20;

#[derive(Clone, Copy, Debug)]
enum Watch {
    InARow(u32),
    Calls(u32),
    /// Ten times so many milliseconds.
    Time(u64),
}

/// Rates are in tenths, so that the model compares whole numbers.
#[derive(Clone, Copy, Debug)]
struct Settings {
    watch: Watch,
    failure_tenths: u32,
    min_calls: u32,
    slow_tenths: Option<u32>,
    probes: u32,
    success_tenths: u32,
    grows: bool,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Call,
    Settle(u8, Verdict),
    /// Drops the permit of a call, as a call does that is dropped.
    Drop(u8),
    Wait(u64),
    ForceOpen,
    ForceClosed,
    Disable,
    Reset,
}

impl Settings {
    fn config(&self) -> Config {
        let tenths = |tenths: u32| f64::from(tenths) / 10.0;
        let config = match self.watch {
            Watch::InARow(failures) => Config::consecutive_failures(failures),
            Watch::Calls(calls) => Config::last_calls(calls),
            Watch::Time(width) => Config::last_time(ms(10 * width)),
        };
        let config = match self.watch {
            Watch::InARow(_) => config,
            _ => config.failure_rate(tenths(self.failure_tenths)).min_calls(self.min_calls),
        };
        let config = config.open_for(ms(OPEN_MS)).probes(self.probes).success_rate(tenths(self.success_tenths));
        let config = match self.slow_tenths {
            Some(rate) => config.slow_calls(ms(SLOW_MS), tenths(rate)),
            None => config,
        };
        if self.grows { config.growing(2.0, ms(LONGEST_MS)) } else { config }
    }
}

struct Model {
    settings: Settings,
    state: State,
    generation: u64,
    now: u64,
    /// When each judged call of this generation ended, whether it failed, whether it was slow.
    judged: Vec<(u64, bool, bool)>,
    under_way: u32,
    opened: u64,
    open_ms: u64,
    totals: Totals,
}

impl Model {
    fn new(settings: Settings) -> Self {
        let state = State::Closed;
        Model {
            settings,
            state,
            generation: 0,
            now: 0,
            judged: Vec::new(),
            under_way: 0,
            opened: 0,
            open_ms: OPEN_MS,
            totals: Totals::default(),
        }
    }

    fn enter(&mut self, state: State) {
        (self.state, self.generation, self.under_way) = (state, self.generation + 1, 0);
        self.judged.clear();
    }

    fn tell(&mut self, state: State) {
        if self.state != state {
            self.enter(state);
        }
    }

    fn open(&mut self, open_ms: u64) {
        self.enter(State::Open);
        (self.opened, self.open_ms) = (self.now, open_ms);
    }

    /// Admitted, or after how many milliseconds to come back.
    fn call(&mut self) -> Result<(), Option<u64>> {
        if self.state == State::Open && self.now >= self.opened + self.open_ms {
            self.enter(State::HalfOpen);
        }
        let answer = match self.state {
            State::Closed | State::ForcedClosed | State::Disabled => Ok(()),
            State::HalfOpen if self.under_way + (self.judged.len() as u32) < self.settings.probes => {
                self.under_way += 1;
                Ok(())
            }
            State::HalfOpen | State::ForcedOpen => Err(None),
            State::Open => Err(Some(self.opened + self.open_ms - self.now)),
        };
        self.totals.admitted += u64::from(answer.is_ok());
        self.totals.rejected += u64::from(answer.is_err());
        answer
    }

    fn settle(&mut self, generation: u64, admitted: u64, verdict: Verdict) {
        if generation != self.generation {
            self.totals.late += 1;
            return;
        }
        self.under_way = self.under_way.saturating_sub(1);
        let slow = self.settings.slow_tenths.is_some() && self.now - admitted > SLOW_MS;
        match verdict {
            Verdict::Success => self.totals.succeeded += 1,
            Verdict::Failure => self.totals.failed += 1,
            Verdict::Ignore => {
                self.totals.ignored += 1;
                return;
            }
        }
        self.totals.slow += u64::from(slow);
        if self.state == State::Disabled {
            return;
        }
        self.judged.push((self.now, verdict == Verdict::Failure, slow));
        match self.state {
            State::Closed if self.trips() => self.open(OPEN_MS),
            State::HalfOpen => self.decide(),
            _ => {}
        }
    }

    /// Calls, failed, slow.
    fn counts(&self) -> (u32, u32, u32) {
        let from_the_end = self.judged.iter().rev();
        let counted: Vec<_> = match (self.state, self.settings.watch) {
            (State::Open | State::ForcedOpen | State::Disabled, _) => Vec::new(),
            (State::HalfOpen, _) => {
                let failed = |(at, failed, slow): &(u64, bool, bool)| (*at, *failed || *slow, *slow);
                from_the_end.map(failed).collect()
            }
            (_, Watch::InARow(_)) => {
                from_the_end.copied().take_while(|call| call.1).map(|call| (call.0, true, false)).collect()
            }
            (_, Watch::Calls(calls)) => from_the_end.copied().take(calls as usize).collect(),
            (_, Watch::Time(width)) => {
                from_the_end.copied().take_while(|call| call.0 / width + 10 > self.now / width).collect()
            }
        };
        let number = |is_meant: fn(&(u64, bool, bool)) -> bool| counted.iter().filter(|call| is_meant(call)).count();
        (counted.len() as u32, number(|call| call.1) as u32, number(|call| call.2) as u32)
    }

    fn trips(&self) -> bool {
        let (calls, failed, slow) = self.counts();
        match self.settings.watch {
            Watch::InARow(limit) => failed >= limit,
            _ if calls < self.settings.min_calls => false,
            _ => {
                let too_slow = |rate| slow * 10 >= rate * calls;
                failed * 10 >= self.settings.failure_tenths * calls || self.settings.slow_tenths.is_some_and(too_slow)
            }
        }
    }

    fn decide(&mut self) {
        let (judged, failed, _) = self.counts();
        let Settings { probes, success_tenths, grows, .. } = self.settings;
        if (judged - failed) * 10 >= success_tenths * probes {
            self.enter(State::Closed);
        } else if (probes - failed) * 10 < success_tenths * probes {
            self.open(if grows { (self.open_ms * 2).min(LONGEST_MS) } else { OPEN_MS });
        }
    }
}

/// Runs both, and compares them after every action.
fn check(settings: Settings, actions: &[Action]) -> Result<(), TestCaseError> {
    let executor = Executor::new();
    let breaker = CircuitBreaker::new("service", settings.config()).unwrap();
    let bus = EventBus::new();
    let mut changes = bus.subscribe(Overflow::default());
    breaker.report_to(bus.publisher(|changed: Changed| changed));
    let mut model = Model::new(settings);
    let mut calls: Vec<(Permit, u64, u64)> = Vec::new();
    for action in actions {
        executor.advance_to(Instant::ZERO + ms(model.now));
        executor.enter(|| act(*action, &breaker, &mut model, &mut calls))?;
        executor.advance_to(Instant::ZERO + ms(model.now));
        let metrics = executor.enter(|| breaker.metrics());
        let half_open_under_way = if model.state == State::HalfOpen { model.under_way } else { 0 };
        let counts = (metrics.counts.calls, metrics.counts.failed, metrics.counts.slow);
        prop_assert_eq!(
            (metrics.state, counts, metrics.probes_under_way, metrics.totals),
            (model.state, model.counts(), half_open_under_way, model.totals)
        );
    }
    let last = std::iter::from_fn(|| changes.try_next()).last();
    let heard = last.map(|change| (change.number + 1, change.event.transition.to));
    prop_assert_eq!(heard, (model.generation > 0).then_some((model.generation, model.state)));
    drop(calls);
    prop_assert_eq!(breaker.metrics().probes_under_way, 0);
    Ok(())
}

/// Does the same to both.
fn act(
    action: Action,
    breaker: &CircuitBreaker,
    model: &mut Model,
    calls: &mut Vec<(Permit, u64, u64)>,
) -> Result<(), TestCaseError> {
    match action {
        Action::Call => {
            let (admitted, expected) = (breaker.admit(), model.call());
            match admitted {
                Ok(permit) => {
                    prop_assert_eq!(Ok(()), expected);
                    calls.push((permit, model.generation, model.now));
                }
                Err(rejected) => {
                    prop_assert_eq!(Err(rejected.retry_after), expected.map_err(|after| after.map(ms)));
                }
            }
        }
        Action::Settle(..) | Action::Drop(_) if calls.is_empty() => {}
        Action::Settle(which, verdict) => {
            let (permit, generation, admitted) = calls.remove(usize::from(which) % calls.len());
            permit.judge(verdict);
            model.settle(generation, admitted, verdict);
        }
        Action::Drop(which) => {
            let (permit, generation, admitted) = calls.remove(usize::from(which) % calls.len());
            drop(permit);
            model.settle(generation, admitted, Verdict::Ignore);
        }
        Action::Wait(milliseconds) => model.now += milliseconds,
        Action::ForceOpen => (breaker.force_open(), model.tell(State::ForcedOpen)).1,
        Action::ForceClosed => (breaker.force_closed(), model.tell(State::ForcedClosed)).1,
        Action::Disable => (breaker.disable(), model.tell(State::Disabled)).1,
        Action::Reset => (breaker.reset(), model.enter(State::Closed)).1,
    }
    Ok(())
}

fn settings() -> impl Strategy<Value = Settings> {
    (0..3u8, 1..8u32, 1..=10u32, 1..8u32, 0..=10u32, 1..6u32, 1..=10u32, any::<bool>()).prop_map(
        |(watch, size, failure_tenths, min_calls, slow_tenths, probes, success_tenths, grows)| Settings {
            watch: match watch {
                0 => Watch::InARow(size),
                1 => Watch::Calls(size),
                _ => Watch::Time(3 * u64::from(size)),
            },
            failure_tenths,
            min_calls: if watch == 1 { min_calls.min(size) } else { min_calls },
            slow_tenths: Some(slow_tenths).filter(|tenths| watch != 0 && *tenths > 0),
            probes,
            success_tenths,
            grows,
        },
    )
}

/// Mostly calls and verdicts; waits are short or as long as an open time; now and then somebody says something.
fn action(raw: (u8, u8)) -> Action {
    let (kind, value) = raw;
    match kind % 32 {
        0..12 => Action::Call,
        12..18 => Action::Settle(value, Verdict::Failure),
        18..22 => Action::Settle(value, Verdict::Success),
        22 => Action::Settle(value, Verdict::Ignore),
        23 => Action::Drop(value),
        24..26 => Action::Wait(u64::from(value % 8)),
        26..28 => Action::Wait(10 + u64::from(value)),
        28 if value.is_multiple_of(4) => Action::ForceOpen,
        28 if value % 4 == 1 => Action::ForceClosed,
        28 if value % 4 == 2 => Action::Disable,
        28 => Action::Reset,
        _ => Action::Wait(OPEN_MS * (1 + u64::from(value % 4))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: SEQUENCES,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_circuit_does_what_the_model_does(
        settings in settings(),
        raw in prop::collection::vec(any::<(u8, u8)>(), 1..40),
    ) {
        let actions: Vec<_> = raw.into_iter().map(action).collect();
        check(settings, &actions)?;
    }
}
