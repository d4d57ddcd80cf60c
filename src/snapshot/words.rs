//! Events and steps in plain words.

use std::rc::Rc;

use super::moment::{Awaited, Moment, Standing};
use super::waits::time_came;
use super::{Sentence, Tone};
use crate::scenario::Run;
use crate::time::{Instant, Span};
use crate::trace::{Ending, Entry, Event, TaskId, Wait, list};

/// One plain sentence on what a step did.
pub(crate) fn tell_step(run: &Run, step: u32) -> Sentence {
    if step == 0 {
        return Sentence {
            lead: "Nothing has happened yet.".to_owned(),
            rest: "Make a step, or play.".to_owned(),
            ..Sentence::default()
        };
    }
    let before = Moment::after(run, step - 1);
    let after = Moment::after(run, step);
    let entries = run.trace.of_step(step);
    let told = Told { moment: &after, before: &before };
    let (lead, mut rest) = match entries.first().map(|entry| &entry.event) {
        Some(Event::Polled { task }) => told.poll(*task, entries),
        Some(Event::Advanced { to }) => told.advance(*to, entries),
        // A task that is cancelled is dropped, and what it does then comes before its end.
        _ => told.cancelled(entries),
    };
    let broken: Vec<String> = entries.iter().filter_map(|entry| broken(run, entry)).collect();
    let tone = if broken.is_empty() { Tone::Quiet } else { Tone::Bad };
    if tone == Tone::Bad {
        rest = broken;
    }
    Sentence { lead, rest: rest.join(" "), tone, ..Sentence::default() }
}

fn broken(run: &Run, entry: &Entry) -> Option<String> {
    match &entry.event {
        Event::Broken { invariant, sentence } => {
            Some(format!("{}. That breaks “{invariant}”.", capitalised(run, sentence)))
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
        Event::Changed { name, value } => format!("{name} = {value}"),
        Event::Linted { lint } => format!("{}: {}", lint.kind(), moment.tell(lint)),
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
    before: &'a Moment<'a>,
}

impl Told<'_> {
    fn advance(&self, to: Instant, entries: &[Entry]) -> (String, Vec<String>) {
        let lead = format!("{} pass.", Span(to - self.before.time));
        let woken = self.names(entries, |event| match event {
            Event::Woken { task, .. } => Some(*task),
            _ => None,
        });
        let rest = (!woken.is_empty()).then(|| format!("Now {} can go on.", list(&woken)));
        (lead, rest.into_iter().collect())
    }

    /// Why it ran and what it did first, and then the rest. Where that broke something, what the task said last comes
    /// first: it is what broke it, and the rest gives way to what is broken.
    fn poll(&self, task: TaskId, entries: &[Entry]) -> (String, Vec<String>) {
        let name = self.moment.name(task);
        let mut told = self.deeds(entries);
        told.extend(self.fate(task));
        let first = if told.is_empty() { "runs".to_owned() } else { told.remove(0) };
        let first = last_words(entries).unwrap_or(first);
        let lead = format!("{name} {}; it {first}.", self.cause(task));
        let mut rest = as_sentence("It", &told);
        rest.extend(self.consequences(task, entries));
        (lead, rest)
    }

    fn cancelled(&self, entries: &[Entry]) -> (String, Vec<String>) {
        let ended = entries.iter().find_map(|entry| match &entry.event {
            Event::Ended { task, how: Ending::Cancelled(reason) } => Some((*task, *reason)),
            _ => None,
        });
        let Some((task, reason)) = ended else { return (String::new(), Vec::new()) };
        let mut rest = as_sentence("On its way out it", &self.deeds(entries));
        rest.extend(self.consequences(task, entries));
        (format!("{} was cancelled: {reason}.", self.moment.name(task)), rest)
    }

    /// Why a task was polled in this step.
    fn cause(&self, task: TaskId) -> String {
        let standing = self.before.place_of(task).map(|place| &self.before.tasks[place].standing);
        let Some(Standing::Ready { by, after }) = standing else { return "began".to_owned() };
        let by_itself = *by == Some(task);
        let by = by.filter(|_| !by_itself).map(|by| self.before.name(by));
        let why = match (after, by) {
            (Some(Awaited::Time(label)), _) => time_came(*label),
            (Some(Awaited::Turn), _) => "its turn came again".to_owned(),
            (None, None) if by_itself => "its turn came again".to_owned(),
            (Some(Awaited::Returned(name)), Some(by)) => format!("{by} gave {name} back"),
            (Some(Awaited::Brought(name)), Some(by)) => format!("{by} woke it from waiting for {name}"),
            (Some(Awaited::Returned(name) | Awaited::Brought(name)), None) => format!("{name} arrived"),
            (Some(Awaited::Ended(other)), _) => format!("{} ended", self.before.name(*other)),
            (None, Some(by)) => format!("{by} woke it"),
            (None, None) => "it was woken".to_owned(),
        };
        format!("was resumed because {why}")
    }

    /// What the task said, and what it spawned, took and gave back.
    fn deeds(&self, entries: &[Entry]) -> Vec<String> {
        let mut deeds: Vec<String> = Vec::new();
        for entry in entries {
            match &entry.event {
                Event::Noted { note, .. } => deeds.push(note.text.to_string()),
                Event::Acquired { name: object, .. } => deeds.push(format!("has {object} now")),
                Event::Released { name: object, .. } => deeds.push(format!("gives {object} back")),
                _ => {}
            }
        }
        let spawned = self.names(entries, |event| match event {
            Event::Spawned { task, .. } => Some(*task),
            _ => None,
        });
        if !spawned.is_empty() {
            deeds.push(format!("spawns {}", list(&spawned)));
        }
        deeds
    }

    /// How the poll ended for the task itself.
    fn fate(&self, task: TaskId) -> Option<String> {
        let state = &self.moment.tasks[self.moment.place_of(task)?];
        Some(match &state.standing {
            Standing::Ended(Ending::Returned) => "returns".to_owned(),
            Standing::Ended(Ending::Panicked(message)) => format!("panics: {message}"),
            Standing::Ended(Ending::Cancelled(reason)) => format!("is cancelled: {reason}"),
            Standing::Blocked { on } => self.moment.begins_to_wait(state, on),
            Standing::New | Standing::Ready { .. } => "gives way, and is ready again".to_owned(),
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
            told.push(format!("That wakes {}.", list(&woken)));
        }
        let changed: Vec<String> = entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Changed { name, value } => Some(format!("{name} = {value}")),
                _ => None,
            })
            .collect();
        if !changed.is_empty() {
            told.push(format!("Now {}.", changed.join("; ")));
        }
        told
    }

    fn names(&self, entries: &[Entry], of: impl Fn(&Event) -> Option<TaskId>) -> Vec<String> {
        let names = entries.iter().filter_map(|entry| of(&entry.event)).map(|task| self.moment.name(task));
        names.map(|name: Rc<str>| name.to_string()).collect()
    }
}

/// What the task said last in a step that broke something.
fn last_words(entries: &[Entry]) -> Option<String> {
    let is_broken = entries.iter().any(|entry| matches!(entry.event, Event::Broken { .. }));
    entries.iter().rev().filter(|_| is_broken).find_map(|entry| match &entry.event {
        Event::Noted { note, .. } => Some(note.text.to_string()),
        _ => None,
    })
}

/// Such as `It spawned C, then waits for turn.`; nothing for no deeds.
fn as_sentence(subject: &str, deeds: &[String]) -> Vec<String> {
    (!deeds.is_empty()).then(|| format!("{subject} {}.", deeds.join(", then "))).into_iter().collect()
}

/// With a capital at its beginning, unless that is a name, which stays as it is written.
pub(crate) fn capitalised(run: &Run, sentence: &str) -> String {
    let first = sentence.split(|letter: char| !is_of_a_name(letter)).next().unwrap_or_default();
    let is_name = first.contains(['-', '_']) || run.names.values().any(|name| **name == *first);
    let mut letters = sentence.chars();
    match letters.next() {
        // Of ASCII: the tables of all other letters would be a twentieth of a module of the page.
        Some(letter) if !is_name => core::iter::once(letter.to_ascii_uppercase()).chain(letters).collect(),
        _ => sentence.to_owned(),
    }
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}
