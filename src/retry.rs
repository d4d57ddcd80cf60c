//! When to try again: delays that grow and scatter, and a budget that keeps retries from becoming the load.
//!
//! Nothing here waits. A [`Retry`] says how often and how soon, a [`RetryBudget`] whether that can be afforded, and
//! whoever retries does the waiting, on its own clock.

use core::cell::{RefCell, RefMut};
use core::fmt;
use core::num::NonZeroU32;
use std::rc::Rc;

use crate::executor::Mark;
use crate::time::{Duration, Instant};

/// How often to try, and how long to wait in between.
///
/// ```
/// use std::num::NonZeroU32;
/// use unstuck::retry::{Backoff, Retry, RetryBudget};
/// use unstuck::time::{Duration, ms};
///
/// let thrice = Retry::new(NonZeroU32::new(3).unwrap(), Backoff::exponential(ms(100)))
///     .budget(RetryBudget::new(Duration::from_secs(10), 1, 20));
/// assert_eq!(thrice.attempts().get(), 3);
/// ```
#[derive(Clone, Debug)]
pub struct Retry {
    attempts: NonZeroU32,
    backoff: Backoff,
    budget: Option<RetryBudget>,
}

impl Retry {
    /// Tries at most `attempts` times, the first one included, with delays from `backoff`.
    pub fn new(attempts: NonZeroU32, backoff: Backoff) -> Self {
        Retry { attempts, backoff, budget: None }
    }

    /// Retries only while `budget` can afford it. Clones of a budget are the same budget.
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The number of attempts, the first one included.
    pub fn attempts(&self) -> NonZeroU32 {
        self.attempts
    }

    /// How long to wait before each retry.
    pub fn backoff(&self) -> &Backoff {
        &self.backoff
    }

    /// Counts a first attempt, which earns a part of a retry for the budget.
    pub fn began(&self, now: Instant) {
        self.began_at(|| now);
    }

    /// Like [`Retry::began`], for who asks for the time only where it is needed.
    #[inline]
    pub(crate) fn began_at(&self, now: impl FnOnce() -> Instant) {
        if let Some(budget) = &self.budget {
            budget.deposit(now());
        }
    }

    /// The delay before the next attempt after `failed` attempts of `delays`, or none when attempts or budget are
    /// used up.
    pub fn next_delay(&self, failed: u32, delays: &mut Delays, now: Instant) -> Option<Duration> {
        self.next_delay_if(|_| true, failed, delays, now)
    }

    /// Like [`Retry::next_delay`], for who does not wait for every delay: one that is not waited for costs the budget
    /// nothing.
    pub(crate) fn next_delay_if(
        &self,
        is_worth_it: impl FnOnce(Duration) -> bool,
        failed: u32,
        delays: &mut Delays,
        now: Instant,
    ) -> Option<Duration> {
        if failed >= self.attempts.get() {
            return None;
        }
        let delay = delays.next_delay();
        let again = is_worth_it(delay) && self.budget.as_ref().is_none_or(|budget| budget.withdraw(now));
        again.then_some(delay)
    }
}

/// How long to wait before a retry.
///
/// The jitters are those of Brooker, *Exponential Backoff and Jitter* (AWS Architecture Blog, 2015): delays that are
/// equal make callers that failed together come back together.
///
/// ```
/// use unstuck::retry::Backoff;
/// use unstuck::time::ms;
///
/// let mut delays = Backoff::exponential(ms(100)).cap(ms(350)).delays(0);
/// let first_four: Vec<_> = (0..4).map(|_| delays.next_delay()).collect();
/// assert_eq!(first_four, [ms(100), ms(200), ms(350), ms(350)]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    shape: Shape,
    cap: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Constant { delay: Duration },
    Exponential { base: Duration },
    FullJitter { base: Duration, seed: u64 },
    DecorrelatedJitter { base: Duration, seed: u64 },
}

impl Backoff {
    /// The same delay each time.
    pub const fn constant(delay: Duration) -> Self {
        Backoff { shape: Shape::Constant { delay }, cap: None }
    }

    /// `base`, then twice as long each time.
    pub const fn exponential(base: Duration) -> Self {
        Backoff { shape: Shape::Exponential { base }, cap: None }
    }

    /// Anything between zero and what [`Backoff::exponential`] would say, drawn from `seed`.
    pub const fn full_jitter(base: Duration, seed: u64) -> Self {
        Backoff { shape: Shape::FullJitter { base, seed }, cap: None }
    }

    /// Anything between `base` and three times the delay before, drawn from `seed`.
    pub const fn decorrelated_jitter(base: Duration, seed: u64) -> Self {
        Backoff { shape: Shape::DecorrelatedJitter { base, seed }, cap: None }
    }

    /// No delay is longer than `longest`.
    pub const fn cap(mut self, longest: Duration) -> Self {
        self.cap = Some(longest);
        self
    }

    /// The delays of one caller. Callers differ by `stream`, such as the id of what is retried, so that a seed
    /// scatters them and yet says exactly who waits how long.
    pub fn delays(&self, stream: u64) -> Delays {
        let seed = match self.shape {
            Shape::FullJitter { seed, .. } | Shape::DecorrelatedJitter { seed, .. } => seed,
            Shape::Constant { .. } | Shape::Exponential { .. } => 0,
        };
        Delays { backoff: self.clone(), drawn: mix(seed) ^ mix(!stream), count: 0, before: Duration::ZERO }
    }
}

/// The delays of one caller, one after the other. See [`Backoff::delays`].
#[derive(Clone, Debug)]
pub struct Delays {
    backoff: Backoff,
    drawn: u64,
    count: u32,
    before: Duration,
}

impl Delays {
    /// The next delay; there always is one.
    pub fn next_delay(&mut self) -> Duration {
        let cap = self.backoff.cap.unwrap_or(Duration::MAX);
        let doubled = |base: Duration| base.saturating_mul(1u32.checked_shl(self.count).unwrap_or(u32::MAX)).min(cap);
        let delay = match self.backoff.shape {
            Shape::Constant { delay } => delay.min(cap),
            Shape::Exponential { base } => doubled(base),
            Shape::FullJitter { base, .. } => {
                let longest = doubled(base);
                self.between(Duration::ZERO, longest)
            }
            Shape::DecorrelatedJitter { base, .. } => {
                let longest = self.before.max(base).saturating_mul(3);
                self.between(base, longest).min(cap)
            }
        };
        self.count = self.count.saturating_add(1);
        self.before = delay;
        delay
    }

    fn between(&mut self, shortest: Duration, longest: Duration) -> Duration {
        self.drawn = mix(self.drawn);
        let span = u64::try_from(longest.saturating_sub(shortest).as_nanos()).unwrap_or(u64::MAX);
        let part = (u128::from(self.drawn) * (u128::from(span) + 1)) >> 64;
        shortest + Duration::from_nanos(part as u64)
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ value >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ value >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ value >> 31
}

const WINDOWS: usize = 10;
/// One retry, in the hundredths in which a budget counts.
const ONE: u64 = 100;

/// Lets retries be a bounded part of all calls, so that an outage is not answered with a multiple of the load.
///
/// Every first attempt earns a percentage of a retry, every retry spends one, and what was earned is forgotten
/// after a while. The idea is Finagle's, by way of tower. Clones share one budget.
///
/// ```
/// use unstuck::retry::RetryBudget;
/// use unstuck::time::{Duration, Instant};
///
/// let budget = RetryBudget::new(Duration::from_secs(10), 0, 20);
/// (0..10).for_each(|_| budget.deposit(Instant::ZERO));
/// let granted = (0..10).filter(|_| budget.withdraw(Instant::ZERO)).count();
/// assert_eq!(granted, 2); // 20 % of ten calls
/// ```
#[derive(Clone, Debug)]
pub struct RetryBudget {
    shared: Rc<Shared>,
}

struct Shared {
    earned: RefCell<Earned>,
    mark: Mark,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.earned.fmt(f)
    }
}

#[derive(Debug)]
struct Earned {
    /// In nanoseconds.
    window: u64,
    /// What may be spent in any case, per span of memory, in hundredths.
    reserve: u64,
    /// What one call earns, in hundredths.
    per_call: u64,
    /// Earned and spent per window, the current one at `current`.
    windows: [Account; WINDOWS],
    current: u64,
    /// Where the account of the current window is.
    at: usize,
    /// When that is over.
    until: Instant,
}

#[derive(Clone, Copy, Debug, Default)]
struct Account {
    earned: u64,
    spent: u64,
}

impl RetryBudget {
    /// Remembers calls and retries for `memory`; grants `per_second` retries a second in any case, and `percent`
    /// of the calls on top.
    ///
    /// # Panics
    ///
    /// When `memory` is shorter than ten nanoseconds.
    pub fn new(memory: Duration, per_second: u32, percent: u32) -> Self {
        let window = u64::try_from((memory / WINDOWS as u32).as_nanos()).unwrap_or(u64::MAX);
        assert!(window > 0, "a retry budget must remember for at least ten nanoseconds");
        let reserve = u64::try_from(memory.as_millis() * u128::from(per_second) * u128::from(ONE) / 1000);
        let earned = Earned {
            window,
            reserve: reserve.unwrap_or(u64::MAX),
            per_call: u64::from(percent),
            windows: [Account::default(); WINDOWS],
            current: 0,
            at: 0,
            until: Instant::from_nanos(window),
        };
        RetryBudget { shared: Rc::new(Shared { earned: RefCell::new(earned), mark: Mark::new() }) }
    }

    /// Counts a call, at `now`.
    pub fn deposit(&self, now: Instant) {
        let mut earned = self.earned();
        let per_call = earned.per_call;
        earned.account(now).earned += per_call;
    }

    /// Spends a retry, at `now`; false, and nothing is spent, when the budget cannot afford one.
    pub fn withdraw(&self, now: Instant) -> bool {
        let mut earned = self.earned();
        earned.account(now);
        let affordable = earned.balance() >= ONE;
        if affordable {
            earned.account(now).spent += ONE;
        }
        affordable
    }

    /// The number of retries that can be afforded at `now`.
    pub fn balance(&self, now: Instant) -> u64 {
        let mut earned = self.earned();
        earned.account(now);
        earned.balance() / ONE
    }

    /// Looking forgets what is over, so a search of schedules takes every look for a change.
    fn earned(&self) -> RefMut<'_, Earned> {
        self.shared.mark.write();
        self.shared.earned.borrow_mut()
    }
}

impl Earned {
    /// The account of the window that `now` lies in; windows that are over are forgotten.
    fn account(&mut self, now: Instant) -> &mut Account {
        if now >= self.until {
            self.go_on(now);
        }
        &mut self.windows[self.at]
    }

    #[cold]
    fn go_on(&mut self, now: Instant) {
        let number = now.as_nanos() / self.window;
        let over = (number - self.current).min(WINDOWS as u64);
        self.current = number;
        self.at = (number % WINDOWS as u64) as usize;
        self.until = Instant::from_nanos(number.saturating_add(1).saturating_mul(self.window));
        for back in 0..over {
            self.windows[((self.current - back) % WINDOWS as u64) as usize] = Account::default();
        }
    }

    fn balance(&self) -> u64 {
        let sum = |part: fn(&Account) -> u64| self.windows.iter().map(part).sum::<u64>();
        self.reserve.saturating_add(sum(|account| account.earned)).saturating_sub(sum(|account| account.spent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::ms;

    fn first(count: usize, backoff: &Backoff, stream: u64) -> Vec<Duration> {
        let mut delays = backoff.delays(stream);
        (0..count).map(|_| delays.next_delay()).collect()
    }

    #[test]
    fn exponential_delays_double_up_to_their_cap_and_never_overflow() {
        let delays = first(70, &Backoff::exponential(ms(1)).cap(ms(10)), 0);
        assert_eq!(delays[..5], [ms(1), ms(2), ms(4), ms(8), ms(10)]);
        assert_eq!(delays[69], ms(10));
    }

    #[test]
    fn full_jitter_stays_below_the_exponential_delay() {
        let (jitter, plain) = (Backoff::full_jitter(ms(100), 7), Backoff::exponential(ms(100)));
        for stream in 0..100 {
            assert!(first(8, &jitter, stream).iter().zip(first(8, &plain, 0)).all(|(drawn, most)| *drawn <= most));
        }
    }

    #[test]
    fn decorrelated_jitter_stays_between_the_base_and_three_times_the_delay_before() {
        for stream in 0..100 {
            let delays = first(8, &Backoff::decorrelated_jitter(ms(100), 7).cap(ms(2_000)), stream);
            assert!(delays.iter().all(|delay| (ms(100)..=ms(2_000)).contains(delay)));
            assert!(delays.windows(2).all(|pair| pair[1] <= pair[0] * 3));
        }
    }

    #[test]
    fn a_seed_says_who_waits_how_long_and_streams_differ() {
        let backoff = Backoff::full_jitter(ms(100), 7);
        assert_eq!(first(4, &backoff, 1), first(4, &backoff, 1));
        assert_ne!(first(4, &backoff, 1), first(4, &backoff, 2));
    }

    #[test]
    fn a_budget_forgets_what_was_earned_long_ago() {
        let budget = RetryBudget::new(ms(1_000), 0, 100);
        budget.deposit(Instant::ZERO);
        assert_eq!(budget.balance(Instant::ZERO + ms(900)), 1);
        assert_eq!(budget.balance(Instant::ZERO + ms(1_000)), 0);
        assert!(!budget.withdraw(Instant::ZERO + ms(5_000)));
    }

    #[test]
    fn a_budget_grants_its_reserve_without_any_call() {
        let budget = RetryBudget::new(ms(2_000), 3, 0);
        let granted = (0..10).filter(|_| budget.withdraw(Instant::ZERO)).count();
        assert_eq!(granted, 6);
    }
}
