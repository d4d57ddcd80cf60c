//! What tasks are called.

use std::rc::Rc;

use super::TaskId;
use crate::sorted::Sorted;

/// The names of the tasks of a run, as its schedules call them: no two tasks have the same one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Sorted<TaskId, Rc<str>>);

impl Names {
    /// The name of a task, once it is known.
    pub fn get(&self, task: TaskId) -> Option<&Rc<str>> {
        self.0.get(&task)
    }

    /// Every name, in the order of the tasks' ids.
    pub fn values(&self) -> impl Iterator<Item = &Rc<str>> {
        self.0.values()
    }

    /// The name for a sentence: also that of a task that was never named.
    pub(crate) fn told(&self, task: TaskId) -> Rc<str> {
        self.get(task).cloned().unwrap_or_else(|| Rc::from(format!("task {task}")))
    }

    /// Learns a name, unless the task has one. A second task of the same name becomes `name-2`, so that a schedule can
    /// tell them apart.
    pub(crate) fn learn(&mut self, task: TaskId, name: &str) {
        if self.get(task).is_none() {
            let free = self.free(name);
            self.0.insert(task, free);
        }
    }

    /// `name`, or `name-2`, `name-3` … when that is taken, and `_` for what a schedule could not carry.
    fn free(&self, name: &str) -> Rc<str> {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
        let name: String = name.chars().map(plain).collect();
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut candidates = core::iter::once(name.clone()).chain(numbered);
        let free = candidates.find(|candidate| self.values().all(|other| **other != **candidate));
        Rc::from(free.expect("there are numbers enough"))
    }
}

/// `A`, `A and B`, `A, B and C`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
