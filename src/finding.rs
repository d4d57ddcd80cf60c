//! Sentences about a trace: what broke, where, and with which values.

use core::fmt;
use std::rc::Rc;

use crate::sorted::Sorted;
pub use crate::trace::{Cost, Denied, Lint, LintKind, Rules, Unpolled};
use crate::trace::{Event, Name, Names, ObjectId, TaskId, Trace, Wait, list};

/// An invariant that broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The step after which it was seen; 0 is before the first.
    pub step: u32,
    /// What should hold, such as `an idle worker accepts work`.
    pub invariant: Name,
    /// Why it does not, with the values that were seen.
    pub sentence: Rc<str>,
}

impl Finding {
    /// What broke in a run, in the order of steps.
    pub fn of(trace: &Trace) -> Vec<Finding> {
        let broken = trace.entries().iter().filter_map(|entry| match &entry.event {
            Event::Broken { invariant, sentence } => {
                Some(Finding { step: entry.step, invariant, sentence: sentence.clone() })
            }
            _ => None,
        });
        broken.collect()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: {} ({})", self.step, self.sentence, self.invariant)
    }
}

/// What a deadlock breaks.
pub(crate) const EVERY_TASK_ENDS: Name = "every task ends";

/// Who waits for whom, for ever: a sentence when tasks remain although nothing can happen any more.
pub(crate) fn deadlock(trace: &Trace, names: &Names) -> Option<String> {
    let waits = waits(trace, names);
    (!waits.is_empty()).then(|| format!("nothing can happen any more, and {}", waits.join("; ")))
}

/// Who waits for whom at the end of a run, such as `A waits for turn, held by B`, and `C and D wait for a reply` where
/// several wait for the same.
pub(crate) fn waits(trace: &Trace, names: &Names) -> Vec<String> {
    let mut waits: Sorted<TaskId, Option<Wait>> = Sorted::new();
    let mut holders: Sorted<ObjectId, TaskId> = Sorted::new();
    for entry in trace.entries() {
        match &entry.event {
            Event::Spawned { task, .. } => drop(waits.insert(*task, None)),
            Event::Waits { task, on, .. } => drop(waits.insert(*task, Some(*on))),
            Event::Ended { task, .. } => drop(waits.remove(task)),
            Event::Acquired { task, object, .. } => drop(holders.insert(*object, *task)),
            Event::Released { object, .. } => drop(holders.remove(object)),
            _ => {}
        }
    }
    let name = |task: &TaskId| names.told(*task);
    let mut grouped: Vec<(String, Vec<String>)> = Vec::new();
    for (task, wait) in waits.iter() {
        let what = match wait {
            Some(Wait::Object { object, name: what }) => match holders.get(object) {
                Some(holder) => format!("{what}, held by {}", name(holder)),
                None => (*what).to_owned(),
            },
            Some(Wait::Task { task: other }) => format!("{} to end", name(other)),
            _ => "something that nobody will bring".to_owned(),
        };
        let waiting = name(task).to_string();
        match grouped.iter_mut().find(|(other, _)| *other == what) {
            Some((_, together)) => together.push(waiting),
            None => grouped.push((what, vec![waiting])),
        }
    }
    let told = |(what, who): (String, Vec<String>)| match &who[..] {
        [only] => format!("{only} waits for {what}"),
        several => format!("{} wait for {what}", list(several)),
    };
    grouped.into_iter().map(told).collect()
}

/// Who ended without giving back what, and where that was taken.
pub(crate) fn kept(lint: &Lint, names: &Names) -> String {
    format!("{}, taken at {}", tell(lint, names), lint.spot())
}

/// A lint in words, with the tasks called by these names.
pub(crate) fn tell(lint: &Lint, names: &Names) -> String {
    lint.tell(|task| names.told(task))
}
