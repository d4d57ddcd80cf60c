//! Events and steps in plain words.

use std::rc::Rc;

use super::moment::{Moment, Standing};
use super::{Sentence, Tone};
use crate::scenario::Run;
use crate::time::{Instant, Span};
use crate::trace::{Ending, Entry, Event, TaskId, Wait};

/// One plain sentence on what a step did.
pub(crate) fn tell_step(run: &Run, step: u32) -> Sentence {
    if step == 0 {
        return Sentence {
            lead: "Nothing has happened yet.".to_owned(),
            rest: "Make a step, or play.".to_owned(),
            tone: Tone::Quiet,
        };
    }
    let before = Moment::after(run, step - 1).time;
    let after = Moment::after(run, step);
    let entries = run.trace.of_step(step);
    let told = Told { moment: &after, before };
    let (lead, mut rest) = match entries.first().map(|entry| &entry.event) {
        Some(Event::Polled { task }) => told.poll(*task, entries),
        Some(Event::Advanced { to }) => told.advance(*to, entries),
        _ => (String::new(), Vec::new()),
    };
    let broken: Vec<String> = entries.iter().filter_map(broken).collect();
    let tone = if broken.is_empty() { Tone::Quiet } else { Tone::Bad };
    if tone == Tone::Bad {
        rest = broken;
    }
    Sentence { lead, rest: rest.join(" "), tone }
}

fn broken(entry: &Entry) -> Option<String> {
    match &entry.event {
        Event::Broken { invariant, sentence } => {
            Some(format!("{}. That breaks “{invariant}”.", capitalised(sentence)))
        }
        _ => None,
    }
}

/// A line of the log, without the name of the task that stands beside it.
pub(super) fn tell_event(moment: &Moment, before: Instant, event: &Event) -> String {
    match event {
        Event::Spawned { by: Some(by), .. } => format!("spawned by {}", moment.name(*by)),
        Event::Spawned { by: None, .. } => "spawned".to_owned(),
        Event::Polled { .. } => "runs".to_owned(),
        Event::Waits { on, .. } => format!("waits for {}", wait(moment, on)),
        Event::Woken { task, by: Some(by) } if task == by => "wakes itself".to_owned(),
        Event::Woken { by: Some(by), .. } => format!("woken by {}", moment.name(*by)),
        Event::Woken { by: None, .. } => "woken: its time has come".to_owned(),
        Event::Acquired { name, .. } => format!("has {name}"),
        Event::Released { name, .. } => format!("gives {name} back"),
        Event::Noted { note, .. } => note.text.to_string(),
        Event::Ended { how: Ending::Returned, .. } => "returns".to_owned(),
        Event::Ended { how: Ending::Panicked(message), .. } => format!("panics: {message}"),
        Event::Ended { how: Ending::Cancelled(reason), .. } => format!("cancelled: {reason}"),
        Event::Advanced { to } => format!("{} pass", Span(*to - before)),
        Event::Changed { name, value } => format!("{name} is {value}"),
        Event::Broken { invariant, sentence } => format!("{sentence}: breaks “{invariant}”"),
    }
}

fn wait(moment: &Moment, on: &Wait) -> String {
    match on {
        Wait::Time { until, label } => format!("{}, {}", label.unwrap_or("time"), Span(*until - moment.time)),
        Wait::Turn => "its turn".to_owned(),
        Wait::Object { name, .. } => (*name).to_owned(),
        Wait::Task { task } => format!("{} to end", moment.name(*task)),
    }
}

struct Told<'a> {
    moment: &'a Moment<'a>,
    before: Instant,
}

impl Told<'_> {
    fn advance(&self, to: Instant, entries: &[Entry]) -> (String, Vec<String>) {
        let lead = format!("{} pass.", Span(to - self.before));
        let woken = self.names(entries, |event| match event {
            Event::Woken { task, .. } => Some(*task),
            _ => None,
        });
        let rest = match woken.len() {
            0 => Vec::new(),
            1 => vec![format!("The time that {} waited for has come.", list(&woken))],
            _ => vec![format!("The moment that {} waited for has come.", list(&woken))],
        };
        (lead, rest)
    }

    fn poll(&self, task: TaskId, entries: &[Entry]) -> (String, Vec<String>) {
        let name = self.moment.name(task);
        let mut told = self.deeds(&name, entries);
        told.extend(self.fate(&name, task));
        told.extend(self.consequences(task, entries));
        let lead = if told.is_empty() { format!("{name} ran.") } else { told.remove(0) };
        (lead, told)
    }

    /// What the task said, and what it spawned, took and gave back.
    fn deeds(&self, name: &str, entries: &[Entry]) -> Vec<String> {
        let mut deeds: Vec<String> = Vec::new();
        for entry in entries {
            match &entry.event {
                Event::Noted { note, .. } => deeds.push(format!("{name} {}.", note.text)),
                Event::Acquired { name: object, .. } => deeds.push(format!("{name} has {object} now.")),
                Event::Released { name: object, .. } => deeds.push(format!("{name} gave {object} back.")),
                _ => {}
            }
        }
        let spawned = self.names(entries, |event| match event {
            Event::Spawned { task, .. } => Some(*task),
            _ => None,
        });
        if !spawned.is_empty() {
            deeds.push(format!("{name} spawned {}.", list(&spawned)));
        }
        deeds
    }

    /// How the poll ended for the task itself.
    fn fate(&self, name: &str, task: TaskId) -> Option<String> {
        let state = &self.moment.tasks[self.moment.place_of(task)?];
        let waits = self.moment.waits_for(state);
        Some(match &state.standing {
            Standing::Ended(Ending::Returned) => format!("{name} returned."),
            Standing::Ended(Ending::Panicked(message)) => format!("{name} panicked: {message}."),
            Standing::Ended(Ending::Cancelled(reason)) => format!("{name} was cancelled: {reason}."),
            Standing::Blocked { .. } => format!("{name} waits for {waits}."),
            Standing::Ready { .. } => format!("{name} gave way, and is ready again."),
        })
    }

    /// Whom it woke, and which values changed.
    fn consequences(&self, task: TaskId, entries: &[Entry]) -> Vec<String> {
        let woken = self.names(entries, |event| match event {
            Event::Woken { task: woken, .. } if *woken != task => Some(*woken),
            _ => None,
        });
        let mut told = Vec::new();
        if !woken.is_empty() {
            told.push(format!("That woke {}.", list(&woken)));
        }
        let changed: Vec<String> = entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Changed { name, value } => Some(format!("{name} is {value}")),
                _ => None,
            })
            .collect();
        if !changed.is_empty() {
            told.push(format!("Now {}.", list(&changed)));
        }
        told
    }

    fn names(&self, entries: &[Entry], of: impl Fn(&Event) -> Option<TaskId>) -> Vec<String> {
        let names = entries.iter().filter_map(|entry| of(&entry.event)).map(|task| self.moment.name(task));
        names.map(|name: Rc<str>| name.to_string()).collect()
    }
}

/// `A`, `A and B`, `A, B and C`.
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
