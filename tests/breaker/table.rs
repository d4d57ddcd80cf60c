//! The table of states and signals in the documentation is what the state machine does.

use std::collections::{BTreeMap, BTreeSet};

use unstuck::breaker::{Config, Machine, State, Ticket, Verdict};
use unstuck::time::{Duration, Instant};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const OPEN_FOR: Duration = Duration::from_secs(10);
/// Enough for all probes, and for calls that were admitted before them.
const MOST_CALLS: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Signal {
    Call,
    CallAfterOpenTime,
    Success,
    Failure,
    Ignore,
    LateVerdict,
    ForceOpen,
    ForceClosed,
    Disable,
    Reset,
}

use Signal::*;

const SIGNALS: [(Signal, &str); 10] = [
    (Call, "a call"),
    (CallAfterOpenTime, "a call after the open time"),
    (Success, "success"),
    (Failure, "failure"),
    (Ignore, "ignore, or a dropped permit"),
    (LateVerdict, "any verdict of an older generation"),
    (ForceOpen, "`force_open`"),
    (ForceClosed, "`force_closed`"),
    (Disable, "`disable`"),
    (Reset, "`reset`"),
];

/// A circuit, its clock, and the calls under way with the generation of each.
struct Run {
    machine: Machine,
    now: Instant,
    calls: Vec<(u64, Ticket)>,
}

impl Run {
    /// Closed and half-open each take two steps to leave, so that every arrow is seen.
    fn new() -> Self {
        let config = Config::consecutive_failures(2).open_for(OPEN_FOR).probes(3).success_rate(0.6);
        Run { machine: Machine::new(config).unwrap(), now: Instant::ZERO, calls: Vec::new() }
    }

    /// What the signal leads to; none when it cannot come.
    fn apply(&mut self, signal: Signal) -> Option<String> {
        match signal {
            Call => return self.call(),
            CallAfterOpenTime => {
                self.now += OPEN_FOR;
                return self.call();
            }
            Success => self.settle(Verdict::Success, |call, now| call == now)?,
            Failure => self.settle(Verdict::Failure, |call, now| call == now)?,
            Ignore => self.settle(Verdict::Ignore, |call, now| call == now)?,
            LateVerdict => {
                let verdict = if self.calls.len().is_multiple_of(2) { Verdict::Success } else { Verdict::Failure };
                self.settle(verdict, |call, now| call < now)?;
            }
            ForceOpen => self.machine.force_open(self.now),
            ForceClosed => self.machine.force_closed(self.now),
            Disable => self.machine.disable(self.now),
            Reset => self.machine.reset(self.now),
        }
        Some(self.machine.state().to_string())
    }

    fn call(&mut self) -> Option<String> {
        if self.calls.len() == MOST_CALLS {
            return None;
        }
        let admitted = self.machine.admit(self.now);
        let state = self.machine.state();
        match admitted {
            Ok(ticket) => {
                self.calls.push((self.machine.generation(), ticket));
                Some(state.to_string())
            }
            Err(_) => Some(format!("{state} ✗")),
        }
    }

    fn settle(&mut self, verdict: Verdict, is_meant: impl Fn(u64, u64) -> bool) -> Option<()> {
        let now = self.machine.generation();
        let place = self.calls.iter().position(|(call, _)| is_meant(*call, now))?;
        self.machine.settle(self.calls.remove(place).1, verdict, self.now);
        Some(())
    }

    /// Runs in the same situation go on in the same way.
    fn situation(&self) -> String {
        let metrics = self.machine.metrics(self.now);
        let late = self.calls.iter().filter(|(call, _)| *call < self.machine.generation()).count();
        // Forced closed, failures are counted without an end, and make no difference after the first two.
        let failures = metrics.counts.failed.min(2);
        let is_over = metrics.retry_after == Some(Duration::ZERO);
        format!(
            "{:?}",
            (
                metrics.state,
                failures,
                metrics.counts.calls.min(3),
                metrics.probes_under_way,
                self.calls.len(),
                late,
                is_over
            )
        )
    }
}

/// Tries every signal in every situation that can be reached.
fn cells() -> BTreeMap<(State, Signal), BTreeSet<String>> {
    let mut cells = BTreeMap::<_, BTreeSet<_>>::new();
    let mut seen = BTreeSet::new();
    let mut paths = vec![Vec::<Signal>::new()];
    while let Some(path) = paths.pop() {
        for (signal, _) in SIGNALS {
            let mut run = Run::new();
            path.iter().for_each(|signal| drop(run.apply(*signal)));
            let from = run.machine.state();
            let Some(outcome) = run.apply(signal) else { continue };
            cells.entry((from, signal)).or_default().insert(outcome);
            if seen.insert(run.situation()) {
                paths.push([path.as_slice(), &[signal]].concat());
            }
        }
    }
    cells
}

fn table() -> String {
    let cells = cells();
    let heads = State::ALL.map(|state| format!(" {state} |")).concat();
    let mut table = format!("| |{heads}\n|---|{}\n", "---|".repeat(State::ALL.len()));
    for (signal, name) in SIGNALS {
        table += &format!("| {name} |");
        for state in State::ALL {
            let outcomes = cells.get(&(state, signal)).into_iter().flatten().cloned().collect::<Vec<_>>();
            let cell = if outcomes.is_empty() { "–".to_owned() } else { outcomes.join(" or ") };
            table += &format!(" {cell} |");
        }
        table.push('\n');
    }
    table
}

#[test]
fn the_table_in_the_documentation_is_what_the_machine_does() {
    let written = include_str!("../../src/breaker/table.md");
    let table = table();
    assert!(written == table, "src/breaker/table.md should read:\n\n{table}");
}
