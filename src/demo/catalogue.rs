//! Which demos there are.

use super::settings::{Setting, Settings};

/// A pipeline to watch.
#[expect(missing_docs, reason = "the title says what it shows")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    Parallel,
    Nested,
    Flaky,
    Circuit,
    Mixed,
    Events,
    Each,
    Dag,
    Race,
    FirstOk,
    Hedge,
    Fallback,
    Policies,
    Waves,
}

impl Demo {
    /// All there are, those of the wiki first.
    pub const ALL: [Demo; 14] = [
        Demo::Parallel,
        Demo::Nested,
        Demo::Flaky,
        Demo::Circuit,
        Demo::Mixed,
        Demo::Events,
        Demo::Each,
        Demo::Dag,
        Demo::Race,
        Demo::FirstOk,
        Demo::Hedge,
        Demo::Fallback,
        Demo::Policies,
        Demo::Waves,
    ];

    /// The name in an address.
    pub fn id(self) -> &'static str {
        match self {
            Demo::Parallel => "parallel",
            Demo::Nested => "nested",
            Demo::Flaky => "flaky",
            Demo::Circuit => "circuit",
            Demo::Mixed => "mixed",
            Demo::Events => "events",
            Demo::Each => "each",
            Demo::Dag => "dag",
            Demo::Race => "race",
            Demo::FirstOk => "first-ok",
            Demo::Hedge => "hedge",
            Demo::Fallback => "fallback",
            Demo::Policies => "policies",
            Demo::Waves => "waves",
        }
    }

    /// The demo of that name.
    pub fn of_id(id: &str) -> Option<Demo> {
        Demo::ALL.into_iter().find(|demo| demo.id() == id)
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Demo::Parallel => "Parallel with a limit",
            Demo::Nested => "Nested sequence",
            Demo::Flaky => "Flaky task",
            Demo::Circuit => "Circuit demo",
            Demo::Mixed => "Mixed pipeline",
            Demo::Events => "Event log",
            Demo::Each => "Each of many",
            Demo::Dag => "Steps by their needs",
            Demo::Race => "Race",
            Demo::FirstOk => "First that succeeds",
            Demo::Hedge => "Hedge",
            Demo::Fallback => "Fallback",
            Demo::Policies => "Every policy at once",
            Demo::Waves => "Waves at a circuit",
        }
    }

    /// What there is to see.
    pub fn sentence(self) -> &'static str {
        match self {
            Demo::Parallel => "Five fetches, two at a time; the results stand in the order of the jobs.",
            Demo::Nested => "Each step gets the value of the one before; the first failure cancels the rest.",
            Demo::Flaky => "A task that fails is tried again, up to three times, after a delay that doubles.",
            Demo::Circuit => {
                "Calls go on while the service fails: the circuit opens, waits, and lets one probe through."
            }
            Demo::Mixed => "Sequences side by side, joined, then saved: groups nest in groups.",
            Demo::Events => "Everything that happens is on one bus; a subscriber filters what it wants to hear.",
            Demo::Each => "One workflow for each input of a list, three at a time.",
            Demo::Dag => "Each step begins as soon as those that it names are done.",
            Demo::Race => "The first mirror that finishes counts; the others are cancelled, and awaited.",
            Demo::FirstOk => "A mirror that fails does not end it; the first value does.",
            Demo::Hedge => "A second call begins when the first takes long; the first answer counts.",
            Demo::Fallback => "The live answer, or after two failures the cached one.",
            Demo::Policies => "Deadline, retry, circuit, rate limit, bulkhead, timeout: in the one order that works.",
            Demo::Waves => "Five calls at a time: half-open, the circuit admits exactly two of them.",
        }
    }

    /// Under which heading it stands.
    pub fn family(self) -> &'static str {
        match self {
            Demo::Parallel | Demo::Nested | Demo::Flaky | Demo::Circuit | Demo::Mixed | Demo::Events => "The basics",
            Demo::Each | Demo::Dag | Demo::Race | Demo::FirstOk | Demo::Hedge | Demo::Fallback => {
                "More ways to compose"
            }
            Demo::Policies | Demo::Waves => "Fences",
        }
    }

    /// What a filter of its log shows at first.
    pub fn filter(self) -> &'static str {
        match self {
            Demo::Events => "succeeded",
            _ => "",
        }
    }

    /// Settings with which there is something to see.
    pub fn settings(self) -> Settings {
        match self {
            Demo::Parallel | Demo::Nested | Demo::Mixed | Demo::Events | Demo::Race => Settings::new(1, 0, 500),
            Demo::Each | Demo::Dag => Settings::new(2, 0, 500),
            Demo::Hedge => Settings::new(4, 0, 400),
            Demo::Flaky => Settings::new(5, 60, 400),
            Demo::FirstOk => Settings::new(7, 60, 400),
            Demo::Fallback => Settings::new(1, 60, 400),
            Demo::Circuit => Settings::new(15, 50, 400),
            Demo::Policies => Settings::new(29, 45, 400),
            Demo::Waves => Settings::new(29, 30, 400).with(Setting::FailMax, 5),
        }
    }
}
