//! What a task waits for, in plain words.

use super::moment::{Moment, Standing, TaskState};
use crate::executor::TIME_LIMIT;
use crate::time::{Instant, Span};
use crate::trace::{Ending, Name, ObjectId, Wait, list};

/// How much is said about a moment that is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// How far off it is.
    Left,
    /// That, and which moment it is.
    LeftAndUntil,
}

/// All that a task waits for, its nearest time limit apart.
struct Sorted<'a> {
    waits: Vec<&'a Wait>,
    limit: Option<Instant>,
}

impl<'a> Sorted<'a> {
    fn of(on: &'a [Wait]) -> Self {
        let limit_of = |wait: &Wait| match wait {
            Wait::Time { until, label: Some(TIME_LIMIT) } => Some(*until),
            _ => None,
        };
        let waits = on.iter().filter(|wait| limit_of(wait).is_none()).collect();
        Sorted { waits, limit: on.iter().filter_map(limit_of).min() }
    }
}

impl Moment<'_> {
    /// What the task waits for, or how it ended.
    pub(super) fn waits_for(&self, task: &TaskState, detail: Detail) -> String {
        match &task.standing {
            Standing::New => "new".to_owned(),
            Standing::Ready { by: Some(by), .. } if *by == task.id => "gave way once".to_owned(),
            Standing::Ready { by: Some(by), .. } => format!("woken by {}", self.name(*by)),
            Standing::Ready { by: None, .. } => "its time has come".to_owned(),
            Standing::Blocked { on } => self.describe(task, on, detail),
            Standing::Ended(Ending::Cancelled(reason)) => reason.to_string(),
            Standing::Ended(Ending::Panicked(message)) => message.to_string(),
            Standing::Ended(Ending::Returned) => {
                task.note.as_ref().map_or_else(String::new, |note| note.text.to_string())
            }
        }
    }

    fn describe(&self, task: &TaskState, on: &[Wait], detail: Detail) -> String {
        let time = |what: &str, until: Instant| {
            let left = Span(until - self.time);
            match detail {
                Detail::Left => format!("{what}, {left} left"),
                Detail::LeftAndUntil => format!("{what}, {left} left (until {until})"),
            }
        };
        let Sorted { waits, limit } = Sorted::of(on);
        let told = waits.into_iter().map(|wait| match wait {
            Wait::Time { until, label } => time(label.unwrap_or("its sleep"), *until),
            wait => self.describe_other(task, wait, "; "),
        });
        let told: Vec<String> = told.chain(limit.map(|until| time("its time limit", until))).collect();
        if told.is_empty() { "something unknown".to_owned() } else { told.join(", or ") }
    }

    /// What a blocked task does from now on, such as `waits 100 ms for the reply`.
    pub(super) fn begins_to_wait(&self, task: &TaskState, on: &[Wait]) -> String {
        let Sorted { waits, limit } = Sorted::of(on);
        let span = |until: Instant| Span(until - self.time);
        if let [Wait::Time { until, label: None }] = waits[..] {
            return format!("sleeps for {}", span(*until));
        }
        let told: Vec<String> = waits.iter().map(|wait| self.begins(task, wait)).collect();
        let at_most = limit.map(|until| format!("for at most {}", span(until)));
        match (told.is_empty(), at_most) {
            (true, None) => "waits for something unknown".to_owned(),
            (true, Some(limit)) => format!("waits {limit}"),
            (false, None) => format!("waits {}", told.join(", or ")),
            (false, Some(limit)) => format!("waits {}, {limit}", told.join(", or ")),
        }
    }

    fn begins(&self, task: &TaskState, wait: &Wait) -> String {
        match wait {
            Wait::Time { until, label: Some(label) } => format!("{} for {label}", Span(*until - self.time)),
            Wait::Time { until, label: None } => Span(*until - self.time).to_string(),
            wait => format!("for {}", self.describe_other(task, wait, ", ")),
        }
    }

    /// A wait that is not for a moment.
    fn describe_other(&self, task: &TaskState, wait: &Wait, before_place: &str) -> String {
        match wait {
            Wait::Time { label, .. } => label.unwrap_or("its sleep").to_owned(),
            Wait::Turn => "its turn".to_owned(),
            Wait::Task { task } => format!("{} to end", self.name(*task)),
            Wait::Object { object, name } => {
                let holders = self.holders(*object);
                match holders.is_empty() {
                    true => (*name).to_owned(),
                    false => {
                        let place = ordinal(self.place_in_line(task, *object));
                        format!("{name}, held by {}{before_place}{place} in line", list(&holders))
                    }
                }
            }
        }
    }

    /// The names of those who hold an object, each once.
    fn holders(&self, object: ObjectId) -> Vec<String> {
        let mut names = Vec::new();
        for (_, holder) in self.holders.iter().filter(|(held, _)| *held == object) {
            let name = self.name(*holder).to_string();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// 1 for the first in line.
    fn place_in_line(&self, task: &TaskState, object: ObjectId) -> usize {
        let since =
            |state: &TaskState| state.in_line.iter().find(|(waited, _)| *waited == object).map(|(_, since)| *since);
        let own = since(task);
        1 + self
            .tasks
            .iter()
            .filter(|other| other.is_waiting() && since(other).is_some() && since(other) < own)
            .count()
    }
}

/// Why a wait for a moment ended.
pub(super) fn time_came(label: Option<Name>) -> String {
    match label {
        Some(TIME_LIMIT) => "its time limit ran out".to_owned(),
        Some(label) => format!("its wait for {label} was over"),
        None => "its sleep was over".to_owned(),
    }
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn ordinals_are_english() {
        let told = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(super::ordinal).join(" ");
        assert_eq!(told, "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th");
    }
}
