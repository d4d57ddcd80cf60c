//! What happened, in words.

use super::Moment;
use crate::breaker::{Changed, State};
use crate::demo::act::Act;
use crate::demo::frame::{Frame, What};
use crate::demo::view::{Sentence, Tone};
use crate::flow::{Event, TaskEvent, TaskState};
use crate::time::Span;

pub(super) fn tone_of(state: TaskState) -> Tone {
    match state {
        TaskState::Pending => Tone::Pending,
        TaskState::Running => Tone::Running,
        TaskState::Retrying => Tone::Retrying,
        TaskState::Succeeded => Tone::Succeeded,
        TaskState::Failed => Tone::Failed,
        TaskState::Cancelled => Tone::Cancelled,
    }
}

/// The sentence of a step; none is the beginning.
pub(super) fn said(frame: Option<&Frame>, moment: &Moment<'_>) -> Sentence {
    let whole = &moment.run.shape().name;
    let sentence = |lead: String, rest: String, tone| Sentence { lead, rest, tone };
    match frame.map(|frame| &frame.what) {
        None => sentence("Nothing has begun.".into(), "The boxes fill as their tasks run.".into(), Tone::Quiet),
        Some(What::Passed(passed)) => sentence(format!("{} pass.", Span(*passed)), String::new(), Tone::Quiet),
        Some(What::Event(Event::Task(event))) => {
            sentence(deed(event, &moment.name_of(event)), because(event.because.as_deref()), tone_of(event.state))
        }
        Some(What::Event(Event::Circuit(changed))) => {
            let cause = changed.transition.cause.to_string();
            sentence(circuit_deed(changed), because(Some(&cause)), circuit_tone(changed))
        }
        Some(What::Told(act)) => sentence(told(*act).into(), consequence(*act).into(), Tone::Quiet),
        Some(What::Ended(Ok(value))) => {
            sentence(format!("{whole} has ended."), format!("It gave {value}."), Tone::Succeeded)
        }
        Some(What::Ended(Err(failure))) => {
            sentence(format!("{whole} has ended."), format!("It gave no value: {failure}."), Tone::Failed)
        }
    }
}

fn deed(TaskEvent { state, attempt, .. }: &TaskEvent, name: &str) -> String {
    match (state, attempt) {
        (TaskState::Pending, _) => format!("{name} waits for its turn."),
        (TaskState::Running, 1) => format!("{name} runs."),
        (TaskState::Running, attempt) => format!("{name} is tried again, attempt {attempt}."),
        (TaskState::Retrying, _) => format!("{name} failed, and will be tried again."),
        (TaskState::Succeeded, _) => format!("{name} succeeded."),
        (TaskState::Failed, _) => format!("{name} failed."),
        (TaskState::Cancelled, _) => format!("{name} was cancelled."),
    }
}

fn circuit_deed(changed: &Changed) -> String {
    let deed = match changed.transition.to {
        State::Closed => "closes",
        State::Open => "opens",
        State::HalfOpen => "is half-open",
        State::ForcedOpen => "is forced open",
        State::ForcedClosed => "is forced closed",
        State::Disabled => "is disabled",
    };
    format!("The circuit {deed}.")
}

fn circuit_tone(changed: &Changed) -> Tone {
    match changed.transition.to {
        State::Closed | State::ForcedClosed => Tone::Succeeded,
        State::Open | State::ForcedOpen => Tone::Failed,
        State::HalfOpen => Tone::Retrying,
        State::Disabled => Tone::Quiet,
    }
}

fn told(act: Act) -> &'static str {
    match act {
        Act::Stop => "You stop it.",
        Act::ForceOpen => "You force the circuit open.",
        Act::ForceClosed => "You force the circuit closed.",
        Act::Disable => "You disable the circuit.",
        Act::Reset => "You reset the circuit.",
    }
}

fn consequence(act: Act) -> &'static str {
    match act {
        Act::Stop => "Everything in it is asked to stop, lets go, and is awaited.",
        Act::ForceOpen => "It rejects every call until somebody says otherwise.",
        Act::ForceClosed => "It admits every call and counts, but does not open.",
        Act::Disable => "It admits every call, and counts nothing.",
        Act::Reset => "It is closed, and forgets what it counted.",
    }
}

/// A reason as a sentence.
fn because(reason: Option<&str>) -> String {
    let Some(reason) = reason.filter(|reason| !reason.is_empty()) else { return String::new() };
    let mut letters = reason.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    format!("{}.", first.chain(letters).collect::<String>())
}

/// A line of the log: how it is meant, whose it is, and what happened. The clock says nothing there.
pub(super) fn line(frame: &Frame, moment: &Moment<'_>) -> Option<(Tone, String, String)> {
    let line = |tone, name: &str, text: String| Some((tone, name.to_owned(), text));
    match &frame.what {
        What::Passed(_) => None,
        What::Event(Event::Task(event)) => {
            line(tone_of(event.state), &moment.name_of(event), state_and_reason(event))
        }
        What::Event(Event::Circuit(changed)) => {
            line(circuit_tone(changed), "circuit", changed.transition.to_string())
        }
        What::Told(act) => {
            line(Tone::Quiet, "you", told(*act).trim_start_matches("You ").trim_end_matches('.').into())
        }
        What::Ended(Ok(value)) => line(Tone::Succeeded, "result", value.clone()),
        What::Ended(Err(failure)) => line(Tone::Failed, "result", failure.clone()),
    }
}

fn state_and_reason(event: &TaskEvent) -> String {
    let state = state(event.state, event.attempt);
    match &event.because {
        Some(because) => format!("{state}: {because}"),
        None => state,
    }
}

/// A state, and which attempt runs where that is not the first.
pub(super) fn state(state: TaskState, attempt: u32) -> String {
    match (state, attempt) {
        (TaskState::Running, 2..) => format!("{state}, attempt {attempt}"),
        _ => state.to_string(),
    }
}
