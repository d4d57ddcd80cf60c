//! The circuit as its state diagram, the window of its last calls, and what a person can do to it.

use super::Moment;
use crate::breaker::{Metrics, State, Totals};
use crate::demo::act::Act;
use crate::demo::pipelines::Circuit;
use crate::demo::view::{ActButton, CircuitNumber, CircuitPicture, CircuitPlace, Countdown, Probe, Tick, Tone};
use crate::time::{Duration, Instant, Span};

/// How many calls are shown.
const TICKS: usize = 22;

pub(super) fn picture(moment: &Moment<'_>, circuit: &Circuit, (metrics, at): (Metrics, Instant)) -> CircuitPicture {
    let left = metrics.retry_after.map(|after| after.saturating_sub(moment.now - at));
    let place = place(metrics.state);
    CircuitPicture {
        sentence: sentence(&metrics, left, circuit),
        place,
        state: metrics.state.to_string(),
        forced: place == CircuitPlace::ByHand,
        opens: circuit.opens.clone(),
        waits: format!("after {}", Span(circuit.open_for)),
        closes: circuit.closes.clone(),
        reopens: "a probe fails".to_owned(),
        countdown: left.filter(|_| metrics.state == State::Open).map(|left| countdown(left, circuit.open_for)),
        probes: probes(&metrics, circuit.probes),
        ticks: ticks(moment),
        counts: counts(&metrics, circuit),
        numbers: numbers(&metrics.totals),
        acts: acts(metrics.state),
    }
}

fn place(state: State) -> CircuitPlace {
    match state {
        State::Closed => CircuitPlace::Closed,
        State::Open => CircuitPlace::Open,
        State::HalfOpen => CircuitPlace::HalfOpen,
        State::ForcedOpen | State::ForcedClosed | State::Disabled => CircuitPlace::ByHand,
    }
}

fn sentence(metrics: &Metrics, left: Option<Duration>, circuit: &Circuit) -> String {
    match (metrics.state, left) {
        (State::Closed, _) => "Closed: calls go through, and are counted.".to_owned(),
        (State::Open, Some(left)) if !left.is_zero() => {
            format!("Open: calls are rejected for another {}.", tenths(left))
        }
        (State::Open, _) => "Open: the next call goes through, as a probe.".to_owned(),
        (State::HalfOpen, _) => {
            let (under_way, all) = (metrics.probes_under_way, circuit.probes);
            format!("Half-open: only probes, {under_way} of {all} under way.")
        }
        (State::ForcedOpen, _) => "Forced open: every call is rejected until you say otherwise.".to_owned(),
        (State::ForcedClosed, _) => "Forced closed: every call goes through until you say otherwise.".to_owned(),
        (State::Disabled, _) => "Disabled: every call goes through, and none is counted.".to_owned(),
    }
}

/// A time that counts down, without jumps in its width.
fn tenths(left: Duration) -> String {
    let tenths = left.as_millis().div_ceil(100);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

fn countdown(left: Duration, all: Duration) -> Countdown {
    Countdown { label: tenths(left), part: (left.as_secs_f64() / all.as_secs_f64()).clamp(0.0, 1.0) }
}

fn counts(metrics: &Metrics, circuit: &Circuit) -> String {
    let counts = metrics.counts;
    match (metrics.state, circuit.in_a_row) {
        (State::Closed | State::ForcedClosed, Some(most)) => format!("{} of {most} failures in a row", counts.failed),
        (State::Closed | State::ForcedClosed, None) => {
            format!("{} calls count: {} failed, {} slow", counts.calls, counts.failed, counts.slow)
        }
        (State::HalfOpen, _) => format!("{} of {} probes judged", counts.calls, circuit.probes),
        (State::Open | State::ForcedOpen | State::Disabled, _) => "calls are not counted now".to_owned(),
    }
}

fn probes(metrics: &Metrics, all: u32) -> Vec<Probe> {
    if metrics.state != State::HalfOpen {
        return Vec::new();
    }
    let (failed, judged) = (metrics.counts.failed, metrics.counts.calls);
    let probe = |place: u32| match place {
        place if place < judged - failed => (Tone::Succeeded, "succeeded"),
        place if place < judged => (Tone::Failed, "failed"),
        place if place < judged + metrics.probes_under_way => (Tone::Running, "reserved"),
        _ => (Tone::Idle, "free"),
    };
    (0..all).map(probe).map(|(tone, label)| Probe { tone, label: label.to_owned() }).collect()
}

/// What came of the last calls: between two frames at most one call is judged, and its total has risen.
fn ticks(moment: &Moment<'_>) -> Vec<Tick> {
    let mut ticks = Vec::new();
    let mut before = Totals::default();
    for frame in moment.frames {
        let Some(Metrics { totals, .. }) = frame.circuit else { continue };
        let slow = totals.slow > before.slow;
        let risen = [
            (totals.rejected - before.rejected, Tone::Rejected, "rejected"),
            (
                totals.succeeded - before.succeeded,
                if slow { Tone::Slow } else { Tone::Succeeded },
                if slow { "slow" } else { "success" },
            ),
            (totals.failed - before.failed, Tone::Failed, "failure"),
            (totals.ignored - before.ignored, Tone::Ignored, "ignored"),
            (totals.late - before.late, Tone::Ignored, "late, and so without effect"),
        ];
        for (times, tone, what) in risen {
            let tick = || Tick { tone, label: format!("{what}, at {}", frame.time) };
            ticks.extend(std::iter::repeat_with(tick).take(times as usize));
        }
        before = totals;
    }
    ticks.split_off(ticks.len().saturating_sub(TICKS))
}

fn numbers(totals: &Totals) -> Vec<CircuitNumber> {
    let number = |label: &str, value: u64| CircuitNumber { label: label.to_owned(), value: value.to_string() };
    vec![
        number("admitted", totals.admitted),
        number("rejected", totals.rejected),
        number("succeeded", totals.succeeded),
        number("failed", totals.failed),
        number("slow", totals.slow),
        number("ignored", totals.ignored + totals.late),
    ]
}

fn acts(state: State) -> Vec<ActButton> {
    let button =
        |act: Act, label: &str, enabled| ActButton { act: act.to_string(), label: label.to_owned(), enabled };
    vec![
        button(Act::ForceOpen, "Force open", state != State::ForcedOpen),
        button(Act::ForceClosed, "Force closed", state != State::ForcedClosed),
        button(Act::Disable, "Disable", state != State::Disabled),
        button(Act::Reset, "Reset circuit", true),
    ]
}
