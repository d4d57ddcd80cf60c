//! The other side: a service that is late and says no, as a seed draws it.

use core::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::settings::{Setting, Settings};
use crate::executor::{now, sleep};
use crate::flow::{NodeId, RunCx};
use crate::time::{Duration, Instant, ms};

/// A service that answers after a while or says no.
///
/// Who calls for which time decides, with the seed, how long the call takes and whether it fails: not what else
/// happens, so that two pipelines meet the same service. A call that is asked to stop lets go of its connection
/// before it has stopped, which takes a moment.
pub struct Service {
    settings: Settings,
    calls: RefCell<BTreeMap<Rc<str>, u32>>,
    plans: RefCell<Vec<Plan>>,
}

/// How long an attempt of a task will take if nobody stops it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The task.
    pub node: NodeId,
    /// When it began.
    pub from: Instant,
    /// When the service answers.
    pub until: Instant,
}

/// How long a call that is asked to stop takes to let go.
const LETTING_GO: Duration = ms(40);

/// Every so many calls one takes much longer.
const SLOW: u64 = 8;

impl Service {
    /// A service that nobody has called.
    pub fn new(settings: &Settings) -> Rc<Self> {
        Rc::new(Service { settings: *settings, calls: RefCell::default(), plans: RefCell::default() })
    }

    /// Calls it under the name of the task that `cx` stands for.
    ///
    /// # Errors
    ///
    /// What the service says when it fails, or when it was asked to stop before it answered.
    pub async fn call(&self, cx: &RunCx<'_>) -> Result<(), String> {
        let mut drawn = Drawn::new(self.settings.seed, cx.name(), self.number(cx.name()));
        let (takes, fails) =
            (self.latency(&mut drawn), drawn.below(100) < self.settings.get(Setting::FailureRate).into());
        let (node, from) = (cx.id(), now());
        self.plans.borrow_mut().push(Plan { node, from, until: from + takes });
        match cx.unless_cancelled(sleep(takes).labelled("the service")).await {
            Ok(()) if fails => Err("no route".to_owned()),
            Ok(()) => Ok(()),
            Err(_) => {
                sleep(LETTING_GO).labelled("letting go").await;
                Err("let go".to_owned())
            }
        }
    }

    /// How long each attempt would have taken, in the order in which they began.
    pub fn plans(&self) -> Vec<Plan> {
        self.plans.borrow().clone()
    }

    fn number(&self, name: &Rc<str>) -> u32 {
        let mut calls = self.calls.borrow_mut();
        let number = calls.entry(name.clone()).or_default();
        *number += 1;
        *number
    }

    /// In tens of milliseconds, so that times are easy to read.
    fn latency(&self, drawn: &mut Drawn) -> Duration {
        let usual = u64::from(self.settings.get(Setting::Latency));
        let scattered = usual * (50 + drawn.below(101)) / 100;
        let late = if drawn.below(SLOW) == 0 { 4 } else { 1 };
        ms((scattered * late).max(10) / 10 * 10)
    }
}

/// Numbers drawn from a seed, a name and a count.
struct Drawn(u64);

impl Drawn {
    fn new(seed: u32, name: &str, number: u32) -> Self {
        let named = name.bytes().fold(u64::from(seed), |state, byte| mix(state ^ u64::from(byte)));
        Drawn(mix(named ^ (u64::from(number) << 32)))
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = mix(self.0);
        ((u128::from(self.0) * u128::from(end)) >> 64) as u64
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ value >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ value >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ value >> 31
}
