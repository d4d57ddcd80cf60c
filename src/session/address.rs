//! The address of a session: the part of a link after `#`.

use core::fmt;

use percent_encoding::percent_decode_str;

use crate::bugs::{Bug, Role, Variant};
use crate::scenario::Run;
use crate::schedule::{Choice, Schedule};

/// A longer text is not looked at.
const MAX_LENGTH: usize = 100_000;
/// How much of what was ignored is quoted.
const MAX_QUOTE: usize = 40;

#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) bug: &'static Bug,
    /// The version in the first pane: the buggy one, or a half-fix. The fixed one is in the second.
    pub(super) lead: &'static Variant,
    pub(super) schedule: Schedule,
    pub(super) step: u32,
}

impl Address {
    fn of_bug(bug: &'static Bug) -> Self {
        let [lead, _] = bug.ends();
        Address { bug, lead, schedule: Schedule::default(), step: 0 }
    }

    /// The versions in the panes.
    pub(super) fn variants(&self) -> [&'static Variant; 2] {
        let [_, fixed] = self.bug.ends();
        [self.lead, fixed]
    }

    /// The address that a text means, and what of the text had to be ignored.
    pub(super) fn parse(text: &str) -> (Address, Vec<String>) {
        let mut ignored = Vec::new();
        if text.len() > MAX_LENGTH {
            ignored.push(format!("all of its {} bytes, because at most {MAX_LENGTH} are read", text.len()));
            return (Address::of_bug(Bug::first()), ignored);
        }
        let text = text.strip_prefix('#').unwrap_or(text);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let mut address = Address::of_bug(bug_at(path, &mut ignored));
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode_str(value).decode_utf8_lossy();
            address.set(key, &value, &mut ignored);
        }
        (address, ignored)
    }

    fn set(&mut self, key: &str, value: &str, ignored: &mut Vec<String>) {
        match key {
            "variant" => match self.bug.variant(value) {
                // It is to be seen anyway.
                Some(variant) if variant.role == Role::Fixed => {}
                Some(variant) => self.lead = variant,
                None => ignored.push(format!("the version {}, which this bug does not have", quote(value))),
            },
            "schedule" => match value.parse() {
                Ok(schedule) => self.schedule = schedule,
                Err(error) => ignored.push(format!("the schedule {}, because {error}", quote(value))),
            },
            "step" => match value.parse() {
                Ok(step) => self.step = step,
                Err(_) => ignored.push(format!("the step {}, which is not a whole number", quote(value))),
            },
            _ => ignored.push(format!("the part {}, which means nothing", quote(key))),
        }
    }

    /// The first written choice that neither version could follow, and its step.
    pub(super) fn unfollowed(&self, runs: &[Run; 2]) -> Option<(u32, Choice)> {
        let choices = self.schedule.choices().iter().enumerate();
        let mut unfollowed =
            choices.filter(|(place, choice)| runs.iter().all(|run| run.choices.get(*place) != Some(choice)));
        unfollowed.next().map(|(place, choice)| (place as u32 + 1, choice.clone()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#/bug/{}", self.bug.id)?;
        let mut mark = "?";
        let mut part = |f: &mut fmt::Formatter<'_>, key: &str, value: &dyn fmt::Display| {
            write!(f, "{mark}{key}={value}")?;
            mark = "&";
            Ok(())
        };
        if self.lead.role != Role::Buggy {
            part(f, "variant", &self.lead.role.id())?;
        }
        if self.schedule != Schedule::Fifo {
            part(f, "schedule", &self.schedule)?;
        }
        if self.step > 0 {
            part(f, "step", &self.step)?;
        }
        Ok(())
    }
}

fn bug_at(path: &str, ignored: &mut Vec<String>) -> &'static Bug {
    let first = Bug::first();
    match path {
        "" | "/" => first,
        path => path.strip_prefix("/bug/").and_then(Bug::of_id).unwrap_or_else(|| {
            let name = path.strip_prefix("/bug/").unwrap_or(path);
            let name = percent_decode_str(name).decode_utf8_lossy();
            ignored.push(format!("the bug {}, which is not in the catalogue", quote(&name)));
            first
        }),
    }
}

/// One sentence on what was ignored.
pub(super) fn notice(ignored: &[String]) -> Option<String> {
    (!ignored.is_empty()).then(|| format!("Ignored in the address: {}.", ignored.join("; ")))
}

fn quote(text: &str) -> String {
    let short: String = text.chars().take(MAX_QUOTE).collect();
    match short.len() < text.len() {
        true => format!("“{short}…”"),
        false => format!("“{short}”"),
    }
}
