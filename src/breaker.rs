//! A circuit breaker: it stops calling what does not work, and finds out carefully when that works again.
//!
//! [`Machine`] is the breaker as a pure state machine, [`CircuitBreaker`] the same on the executor's clock. A call
//! holds a [`Permit`], which carries the generation in which it was admitted:
//!
//! - A verdict from an older generation changes nothing: a late success never closes an open circuit.
//! - Success, failure and *ignore* are three things. A dropped permit is *ignore*, and gives its place among the
//!   probes back.
//! - Half-open, exactly as many calls are admitted as probes are wanted.
//! - The call that opens the circuit still returns its own result; only calls after it are rejected, and told when
//!   to try again.
//! - There is one clock, the executor's: no wall clock, and so no time zone.
//!
//! # What happens in which state
//!
//! This table is generated from [`Machine`] by trying every signal in every state that can be reached; a test
//! fails when the two differ. `–` means that the signal cannot come, `✗` that the call is rejected.
//!
#![doc = include_str!("breaker/table.md")]
//!
//! The windows, rates and names are those of [resilience4j](https://resilience4j.readme.io/docs/circuitbreaker);
//! the pattern is Nygard's, *Release It!* (2007).

mod call;
mod config;
mod machine;
mod permit;
mod report;
mod saved;
mod window;

use core::cell::{Cell, RefCell};
use core::fmt;
use core::future::Future;
use std::rc::Rc;

use serde::Serialize;

use self::call::Call;
pub use self::config::{Config, ConfigError};
pub use self::machine::{Machine, Ticket};
pub(crate) use self::permit::Admitted;
pub use self::permit::Permit;
pub use self::report::{Cause, Metrics, Rejected, State, Totals, Transition, Verdict};
pub use self::saved::Saved;
pub use self::window::Counts;
use crate::bus::Publisher;
use crate::executor::{Mark, entered_now};
use crate::time::Instant;

/// A circuit breaker on the executor's clock. Clones are the same breaker.
///
/// ```
/// use unstuck::breaker::{CallError, CircuitBreaker, Config, State};
/// use unstuck::time::Duration;
/// use unstuck::{Executor, sleep};
///
/// Executor::new().block_on(async {
///     let config = Config::consecutive_failures(2).open_for(Duration::from_secs(10));
///     let breaker = CircuitBreaker::new("orders", config).unwrap();
///     for _ in 0..2 {
///         // Also the call that opens the circuit returns its own error.
///         let result = breaker.call(async { Err::<(), _>("no route") }).await;
///         assert_eq!(result, Err(CallError::Failed("no route")));
///     }
///     let rejected = breaker.call(async { Ok::<_, &str>(()) }).await.unwrap_err();
///     assert_eq!(rejected.to_string(), "the circuit is open; try again in 10 s");
///
///     sleep(Duration::from_secs(10)).await;
///     assert_eq!(breaker.call(async { Ok::<_, &str>(42) }).await, Ok(42));
///     assert_eq!(breaker.state(), State::Closed);
/// });
/// ```
#[derive(Clone)]
pub struct CircuitBreaker {
    shared: Rc<Shared>,
}

struct Shared {
    name: Rc<str>,
    machine: RefCell<Machine>,
    mark: Mark,
    /// The latest moment that it has seen, which is the time while no executor runs.
    seen: Cell<Instant>,
    listeners: RefCell<Vec<Publisher<Changed>>>,
}

/// A circuit changed its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The circuit's name.
    pub circuit: Rc<str>,
    /// From which state to which, and why.
    pub transition: Transition,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "circuit {}: {}", self.circuit, self.transition)
    }
}

impl CircuitBreaker {
    /// A closed circuit. `name` is what events and pipelines call it.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] that says what is wrong with the settings.
    pub fn new(name: &str, config: Config) -> Result<Self, ConfigError> {
        Ok(CircuitBreaker::of(name, Machine::new(config)?))
    }

    /// A circuit that goes on where a saved one stopped. See [`Saved`].
    ///
    /// # Errors
    ///
    /// As [`CircuitBreaker::new`]: what was saved fits any settings.
    pub fn restore(name: &str, config: Config, saved: &Saved) -> Result<Self, ConfigError> {
        let now = entered_now().unwrap_or_default();
        Ok(CircuitBreaker::of(name, Machine::restore(config, saved, now)?))
    }

    fn of(name: &str, machine: Machine) -> Self {
        CircuitBreaker {
            shared: Rc::new(Shared {
                name: Rc::from(name),
                machine: RefCell::new(machine),
                mark: Mark::new(),
                seen: Cell::new(Instant::ZERO),
                listeners: RefCell::default(),
            }),
        }
    }

    /// Publishes every change of state, from now on, for as long as there is a clone of the circuit; that keeps the bus,
    /// too.
    ///
    /// ```
    /// use unstuck::breaker::{CircuitBreaker, Config};
    /// use unstuck::bus::{EventBus, Overflow};
    ///
    /// let bus = EventBus::new();
    /// let mut log = bus.subscribe(Overflow::default());
    /// let breaker = CircuitBreaker::new("orders", Config::consecutive_failures(2)).unwrap();
    /// breaker.report_to(bus.publisher(|changed| changed));
    /// breaker.force_open();
    /// let changed = log.try_next().unwrap().event;
    /// assert_eq!(changed.to_string(), "circuit orders: closed → forced open: it was told so");
    /// ```
    pub fn report_to(&self, listener: Publisher<Changed>) {
        self.shared.mark.write();
        self.shared.listeners.borrow_mut().push(listener);
    }

    /// Asks whether a call may be made now. The permit takes its verdict; dropping it is [`Verdict::Ignore`].
    ///
    /// Outside of an executor time stands still.
    ///
    /// # Errors
    ///
    /// A [`Rejected`] that says which state it was, and when to try again.
    #[inline]
    pub fn admit(&self) -> Result<Permit, Rejected> {
        self.update(Machine::admit).map(|ticket| Permit::new(self.clone(), ticket))
    }

    /// Like [`CircuitBreaker::admit`], for a call that the circuit outlives. `now` is the time of the executor that runs.
    #[inline(always)]
    pub(crate) fn admit_here(&self, now: Option<Instant>) -> Result<Admitted<'_>, Rejected> {
        self.update_at(now, Machine::admit).map(|ticket| Admitted::new(self, ticket))
    }

    #[inline]
    fn settle(&self, ticket: &Ticket, verdict: Verdict) {
        self.update(|machine, now| machine.settle_once(ticket, verdict, now));
    }

    /// Makes a call if the circuit admits it: `Ok` is a success, `Err` a failure.
    ///
    /// Dropping the future drops the call, which then counts neither way, and so does a call that panics. A call
    /// that is not admitted is not polled.
    ///
    /// # Errors
    ///
    /// A [`CallError`]: the circuit's rejection, or the call's own error.
    pub fn call<T, E>(
        &self,
        call: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, CallError<E>>> {
        self.call_judged(call, |result| if result.is_ok() { Verdict::Success } else { Verdict::Failure })
    }

    /// Like [`CircuitBreaker::call`], with a verdict of your own: an answer of *not found* may be a success, and a
    /// mistake of the caller says nothing about the other side.
    ///
    /// # Errors
    ///
    /// As [`CircuitBreaker::call`].
    pub fn call_judged<T, E>(
        &self,
        call: impl Future<Output = Result<T, E>>,
        judge: impl FnOnce(&Result<T, E>) -> Verdict,
    ) -> impl Future<Output = Result<T, CallError<E>>> {
        Call { call, circuit: self, judge: Some(judge), admitted: None }
    }

    /// Rejects every call until somebody says otherwise.
    pub fn force_open(&self) {
        self.update(Machine::force_open);
    }

    /// Admits every call, and counts without opening, until somebody says otherwise.
    pub fn force_closed(&self) {
        self.update(Machine::force_closed);
    }

    /// Admits every call, and counts nothing, until somebody says otherwise.
    pub fn disable(&self) {
        self.update(Machine::disable);
    }

    /// Closes the circuit and forgets what it counted; verdicts of calls under way change nothing.
    pub fn reset(&self) {
        self.update(Machine::reset);
    }

    /// Its name.
    pub fn name(&self) -> &Rc<str> {
        &self.shared.name
    }

    /// The state; an open circuit stays open until somebody calls after the open time.
    pub fn state(&self) -> State {
        self.shared.mark.read();
        self.shared.machine.borrow().state()
    }

    /// What there is to see now.
    pub fn metrics(&self) -> Metrics {
        self.shared.mark.read();
        self.shared.machine.borrow().metrics(self.now())
    }

    /// What is to outlive the circuit. See [`Saved`].
    pub fn save(&self) -> Saved {
        self.shared.mark.read();
        self.shared.machine.borrow().save(self.now())
    }

    /// The only way to the machine: what changed is published when nobody holds it any more.
    #[inline(always)]
    fn update<R>(&self, act: impl FnOnce(&mut Machine, Instant) -> R) -> R {
        self.update_at(entered_now(), act)
    }

    #[inline(always)]
    fn update_at<R>(&self, now: Option<Instant>, act: impl FnOnce(&mut Machine, Instant) -> R) -> R {
        let now = self.seen(now);
        self.shared.mark.write();
        let mut machine = self.shared.machine.borrow_mut();
        let before = machine.generation();
        let result = act(&mut machine, now);
        if machine.generation() != before {
            let transition = machine.since();
            drop(machine);
            self.publish(transition);
        }
        result
    }

    #[inline]
    fn now(&self) -> Instant {
        self.seen(entered_now())
    }

    #[inline]
    fn seen(&self, now: Option<Instant>) -> Instant {
        let now = now.unwrap_or(self.shared.seen.get());
        self.shared.seen.set(now);
        now
    }

    #[cold]
    fn publish(&self, transition: Option<Transition>) {
        let listeners = self.shared.listeners.borrow().clone();
        if let Some(transition) = transition {
            let changed = Changed { circuit: self.shared.name.clone(), transition };
            listeners.iter().for_each(|listener| listener.publish(changed.clone()));
        }
    }
}

impl fmt::Debug for CircuitBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CircuitBreaker({}: {})", self.shared.name, self.state())
    }
}

/// Why a call gave no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError<E> {
    /// It was not made.
    Rejected(Rejected),
    /// It was made, and this is its own error.
    Failed(E),
}

impl<E: fmt::Display> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Rejected(rejected) => rejected.fmt(f),
            CallError::Failed(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for CallError<E> {}
