//! What happened: a closed set of events, numbered, in the order in which they happened.
//!
//! A [`Trace`] is the only thing that a run leaves behind. Everything that is shown of a run is a fold over it,
//! and the same bug under the same schedule gives the same trace, byte for byte, natively and in a browser.

mod lint;
mod names;

use core::fmt;
use core::panic::Location;
use std::rc::Rc;

pub use self::lint::{Cost, Denied, Lint, LintKind, Rules, Unpolled};
pub use self::names::Names;
pub(crate) use self::names::list;
use crate::time::Instant;

/// Where in the source something was asked for.
pub type Place = &'static Location<'static>;

/// A task of one executor: the place in its table, and how often that place was used before.
// One thing of two halves rather than two fields: it is then moved as one word, and takes one register.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId([u32; 2]);

impl TaskId {
    pub(crate) const fn new(index: u32, generation: u32) -> Self {
        TaskId([index, generation])
    }

    /// The place in the executor's table; among tasks that never ended, the order of spawning.
    pub fn index(self) -> usize {
        self.0[0] as usize
    }

    pub(crate) const fn generation(self) -> u32 {
        self.0[1]
    }
}

impl fmt::Debug for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskId({self})")
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.generation() {
            0 => write!(f, "{}", self.index()),
            generation => write!(f, "{}.{generation}", self.index()),
        }
    }
}

/// Something that tasks wait for or share: a mutex, a queue, a tracked cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(crate) u32);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A name that a program gave to a task, an object or a wait.
pub type Name = &'static str;

/// What a task waits for.
#[expect(missing_docs, reason = "the variant's sentence names its fields")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A moment; `label` says what the wait stands for, such as `service`.
    Time { until: Instant, label: Option<Name> },
    /// Its turn: it gave way once and is ready again.
    Turn,
    /// An object of the library, by its name.
    Object { object: ObjectId, name: Name },
    /// The end of a task.
    Task { task: TaskId },
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its future returned.
    Returned,
    /// Its future panicked, with this message.
    Panicked(Rc<str>),
    /// Its future was dropped before it returned.
    Cancelled(CancelReason),
}

/// Why a task was cancelled, judged by who asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CancelReason {
    /// Somebody asked for it.
    Requested,
    /// Its own time ran out.
    Timeout,
    /// The time for all of it, waiting and retries included, ran out.
    Deadline,
    /// The executor or the runner that owned it was shut down.
    Shutdown,
    /// The scope that it belonged to ended.
    ParentEnded,
    /// Another one was first.
    LostRace,
}

impl fmt::Display for CancelReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CancelReason::Requested => "requested",
            CancelReason::Timeout => "its time ran out",
            CancelReason::Deadline => "its deadline passed",
            CancelReason::Shutdown => "shutdown",
            CancelReason::ParentEnded => "its parent ended",
            CancelReason::LostRace => "another one was first",
        })
    }
}

/// Something that happened on an executor.
#[expect(missing_docs, reason = "the variant's sentence names its fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A task was spawned and is ready; `by` is none outside of any task.
    Spawned { task: TaskId, name: Rc<str>, by: Option<TaskId>, at: Place },
    /// A poll of the task began.
    Polled { task: TaskId },
    /// The task began to wait.
    Waits { task: TaskId, on: Wait, at: Place },
    /// The task became ready; `by` is none when the clock or something outside woke it.
    Woken { task: TaskId, by: Option<TaskId> },
    /// The task holds the object now; `by` is who handed it over, if it had to wait.
    Acquired { task: TaskId, object: ObjectId, name: Name },
    /// The task gave the object back.
    Released { task: Option<TaskId>, object: ObjectId, name: Name },
    /// The program said something.
    Noted { task: Option<TaskId>, note: Note, at: Place },
    /// The task ended.
    Ended { task: TaskId, how: Ending },
    /// The clock moved.
    Advanced { to: Instant },
    /// A named value of the scenario changed, or was seen for the first time.
    Changed { name: Name, value: Rc<str> },
    /// The executor saw something that a program seldom means.
    Linted { lint: Lint },
    /// An invariant broke.
    Broken { invariant: Name, sentence: Rc<str> },
}

/// What a program said of itself, and how it is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// A sentence without its subject, such as `was refused: the worker says it is busy`.
    pub text: Rc<str>,
    /// Whether what was said is an ordinary fact, an error, or the end of something without an answer.
    pub kind: NoteKind,
}

/// How a [`Note`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// An ordinary fact.
    Fact,
    /// An error that the program met or returned.
    Error,
    /// Work given up without an answer.
    Dropped,
}

/// A numbered event: when it happened and in which step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts the events of a trace from 0.
    pub number: u32,
    /// The step that it belongs to; 0 is what happened before the first.
    pub step: u32,
    /// The time on the executor's clock.
    pub time: Instant,
    /// What happened.
    pub event: Event,
}

/// All that happened in a run, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    entries: Vec<Entry>,
    step: u32,
}

impl Trace {
    /// The events, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The number of steps that were begun.
    pub fn steps(&self) -> u32 {
        self.step
    }

    /// The events of one step.
    pub fn of_step(&self, step: u32) -> &[Entry] {
        let from = self.entries.partition_point(|entry| entry.step < step);
        let to = self.entries.partition_point(|entry| entry.step <= step);
        &self.entries[from..to]
    }

    /// The events up to the end of a step.
    pub fn up_to_step(&self, step: u32) -> &[Entry] {
        let to = self.entries.partition_point(|entry| entry.step <= step);
        &self.entries[..to]
    }

    pub(crate) fn begin_step(&mut self) {
        self.step += 1;
    }

    /// Takes back the waits among the events from this number on. What else was recorded since then stays: what
    /// waited may have had something to say when it was dropped.
    pub(crate) fn retract_waits(&mut self, from: usize) {
        for entry in self.entries.split_off(from.min(self.entries.len())) {
            if !matches!(entry.event, Event::Waits { .. }) {
                self.entries.push(Entry { number: self.entries.len() as u32, ..entry });
            }
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, time: Instant, event: Event) {
        let number = self.entries.len() as u32;
        self.entries.push(Entry { number, step: self.step, time, event });
    }
}

/// One line per event, the form in which traces are compared.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.iter().try_for_each(|entry| writeln!(f, "{entry}"))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.number, self.step, self.time.as_nanos(), self.event)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Spawned { task, name, by, at } => {
                write!(f, "spawned {task} {name:?} by {} at {}", Who(*by), Spot(at))
            }
            Event::Polled { task } => write!(f, "polled {task}"),
            Event::Waits { task, on, at } => write!(f, "waits {task} for {on} at {}", Spot(at)),
            Event::Woken { task, by } => write!(f, "woken {task} by {}", Who(*by)),
            Event::Acquired { task, object, name } => write!(f, "acquired {task} {name}{object}"),
            Event::Released { task, object, name } => write!(f, "released {} {name}{object}", Who(*task)),
            Event::Noted { task, note, at } => {
                write!(f, "noted {} {:?} {:?} at {}", Who(*task), note.kind, note.text, Spot(at))
            }
            Event::Ended { task, how: Ending::Returned } => write!(f, "returned {task}"),
            Event::Ended { task, how: Ending::Panicked(message) } => write!(f, "panicked {task} {message:?}"),
            Event::Ended { task, how: Ending::Cancelled(reason) } => write!(f, "cancelled {task}: {reason}"),
            Event::Advanced { to } => write!(f, "advanced to {}", to.as_nanos()),
            Event::Changed { name, value } => write!(f, "changed {name} = {value}"),
            Event::Linted { lint } => write!(f, "linted {lint}"),
            Event::Broken { invariant, sentence } => write!(f, "broken {invariant}: {sentence}"),
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wait::Time { until, label } => write!(f, "time {} {}", until.as_nanos(), label.unwrap_or("-")),
            Wait::Turn => f.write_str("its turn"),
            Wait::Object { object, name } => write!(f, "{name}{object}"),
            Wait::Task { task } => write!(f, "task {task}"),
        }
    }
}

/// A task, or the world outside of tasks.
struct Who(Option<TaskId>);

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(task) => task.fmt(f),
            None => f.write_str("-"),
        }
    }
}

/// A place as file and line; the column adds nothing a reader could use.
struct Spot<'a>(&'a Place);

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.file(), self.0.line())
    }
}
