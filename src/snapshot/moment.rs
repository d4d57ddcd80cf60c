//! The state of a run after a step, as a fold over its trace.

use std::rc::Rc;

use super::Tone;
use crate::executor::TIME_LIMIT;
use crate::finding::{self, Lint};
use crate::scenario::Run;
use crate::time::Instant;
use crate::trace::{Ending, Entry, Event, Name, Names, Note, NoteKind, ObjectId, Place, TaskId, Wait};

/// What was true after a step.
pub(super) struct Moment<'a> {
    names: &'a Names,
    pub(super) time: Instant,
    /// The tasks, in the order in which they were spawned.
    pub(super) tasks: Vec<TaskState>,
    pub(super) values: Vec<Value>,
    /// Who holds what. Lists, not maps: they are short, and a map of every kind would weigh on the page.
    pub(super) holders: Vec<(ObjectId, TaskId)>,
    /// What was given back in the step under way.
    given_back: Vec<ObjectId>,
}

pub(super) struct TaskState {
    pub(super) id: TaskId,
    pub(super) standing: Standing,
    pub(super) polls: u32,
    /// The last line that it is known to have reached; several, when it waits for several things, its own first.
    pub(super) places: Vec<Place>,
    pub(super) note: Option<Note>,
    /// The step in which it was polled or ended last.
    pub(super) acted: u32,
    /// Since which event it waits for an object, kept over polls so that its place in the line is known.
    pub(super) in_line: Vec<(ObjectId, u32)>,
    /// Where it was so far, the latest place last, and a place where it stayed only once.
    pub(super) trail: Vec<Place>,
}

pub(super) enum Standing {
    /// Spawned, and not polled yet.
    New,
    /// Ready again; woken by a task, or by the clock if there is none.
    Ready {
        by: Option<TaskId>,
        after: Option<Awaited>,
    },
    /// Its last poll ended without its future returning.
    Blocked {
        on: Vec<Wait>,
    },
    Ended(Ending),
}

/// What a task waited for until it was woken.
#[derive(Clone, Copy)]
pub(super) enum Awaited {
    /// A moment, by what it stands for.
    Time(Option<Name>),
    /// Its turn.
    Turn,
    /// Something that its holder gave back.
    Returned(Name),
    /// Something that somebody brought.
    Brought(Name),
    /// The end of a task.
    Ended(TaskId),
}

pub(super) struct Value {
    pub(super) name: Name,
    pub(super) value: Rc<str>,
    pub(super) changed: u32,
}

impl<'a> Moment<'a> {
    pub(super) fn after(run: &'a Run, step: u32) -> Self {
        let mut moment = Moment::new(run);
        run.trace.up_to_step(step).iter().for_each(|entry| moment.apply(entry));
        moment
    }

    pub(super) fn new(run: &'a Run) -> Self {
        Moment {
            names: &run.names,
            time: Instant::ZERO,
            tasks: Vec::new(),
            values: Vec::new(),
            holders: Vec::new(),
            given_back: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, entry: &Entry) {
        self.time = entry.time;
        match &entry.event {
            Event::Spawned { task, .. } => self.tasks.push(TaskState::new(*task)),
            Event::Polled { task } => {
                self.given_back.clear();
                self.change(*task, |state| {
                    (state.polls, state.acted) = (state.polls + 1, entry.step);
                    state.standing = Standing::Blocked { on: Vec::new() };
                });
            }
            Event::Waits { task, on, at } => self.change(*task, |state| state.wait(*on, at, entry.number)),
            Event::Woken { task, by } => {
                let ready = Standing::Ready { by: *by, after: self.awaited(*task, *by) };
                self.change(*task, |state| state.standing = ready);
            }
            Event::Acquired { task, object, .. } => {
                self.holders.push((*object, *task));
                self.change(*task, |state| state.in_line.retain(|(waited, _)| waited != object));
            }
            Event::Released { task, object, .. } => self.give_back(*object, *task),
            Event::Noted { task: Some(task), note, at } => self.change(*task, |state| {
                (state.note, state.places) = (Some(note.clone()), vec![*at]);
                state.reach(at);
            }),
            Event::Ended { task, how } => self.change(*task, |state| {
                state.acted = entry.step;
                state.standing = Standing::Ended(how.clone());
            }),
            Event::Changed { name, value } => self.set_value(name, value, entry.step),
            Event::Advanced { .. } => self.given_back.clear(),
            Event::Noted { task: None, .. } | Event::Linted { .. } | Event::Broken { .. } => {}
        }
    }

    /// A permit may come back from another task than took it, or from outside.
    fn give_back(&mut self, object: ObjectId, by: Option<TaskId>) {
        let held = |holder: Option<TaskId>| {
            self.holders.iter().position(|(held, task)| *held == object && holder.is_none_or(|by| by == *task))
        };
        if let Some(place) = by.and_then(|_| held(by)).or_else(|| held(None)) {
            self.holders.remove(place);
        }
        self.given_back.push(object);
    }

    /// What a task waited for, of all that it waits for, when `by` wakes it.
    fn awaited(&self, task: TaskId, by: Option<TaskId>) -> Option<Awaited> {
        let Standing::Blocked { on } = &self.tasks[self.place_of(task)?].standing else { return None };
        let is_due = |wait: &&Wait| matches!(wait, Wait::Time { until, .. } if *until <= self.time);
        let woken_by_time = on.iter().find(is_due).filter(|_| by.is_none());
        let told = |wait: &Wait| match wait {
            Wait::Time { label, .. } if by.is_none() => Some(Awaited::Time(*label)),
            Wait::Time { label, .. } => label.filter(|label| *label != TIME_LIMIT).map(Awaited::Brought),
            Wait::Turn => Some(Awaited::Turn),
            Wait::Object { object, name } if self.given_back.contains(object) => Some(Awaited::Returned(name)),
            Wait::Object { name, .. } => Some(Awaited::Brought(name)),
            Wait::Task { task } => Some(Awaited::Ended(*task)),
        };
        woken_by_time.into_iter().chain(on).find_map(told)
    }

    /// A lint in words.
    pub(super) fn tell(&self, lint: &Lint) -> String {
        finding::tell(lint, self.names)
    }

    pub(super) fn name(&self, task: TaskId) -> Rc<str> {
        self.names.get(task).cloned().unwrap_or_else(|| Rc::from(format!("task-{task}")))
    }

    /// The place of a task among the [`tasks`](Moment::tasks).
    pub(super) fn place_of(&self, task: TaskId) -> Option<usize> {
        self.tasks.iter().rposition(|state| state.id == task)
    }

    fn change(&mut self, task: TaskId, change: impl FnOnce(&mut TaskState)) {
        if let Some(place) = self.place_of(task) {
            change(&mut self.tasks[place]);
        }
    }

    fn set_value(&mut self, name: Name, value: &Rc<str>, step: u32) {
        match self.values.iter_mut().find(|known| known.name == name) {
            Some(known) => (known.value, known.changed) = (value.clone(), step),
            None => self.values.push(Value { name, value: value.clone(), changed: step }),
        }
    }
}

impl TaskState {
    fn new(id: TaskId) -> Self {
        TaskState {
            id,
            standing: Standing::New,
            polls: 0,
            places: Vec::new(),
            note: None,
            acted: 0,
            in_line: Vec::new(),
            trail: Vec::new(),
        }
    }

    fn wait(&mut self, on: Wait, at: &Place, number: u32) {
        if !matches!(&self.standing, Standing::Blocked { on } if !on.is_empty()) {
            self.places.clear();
        }
        self.places.push(at);
        self.reach(at);
        if let Wait::Object { object, .. } = on {
            let known = self.in_line.iter().any(|(waited, _)| *waited == object);
            if !known {
                self.in_line.push((object, number));
            }
        }
        if let Standing::Blocked { on: waits } = &mut self.standing {
            waits.push(on);
        }
    }

    fn reach(&mut self, place: Place) {
        if self.trail.last().is_none_or(|last| !core::ptr::eq(*last, place)) {
            self.trail.push(place);
        }
    }

    /// The earliest moment that it waits for.
    pub(super) fn wakes_at(&self) -> Option<Instant> {
        let Standing::Blocked { on } = &self.standing else { return None };
        let until = |wait: &Wait| match wait {
            Wait::Time { until, .. } => Some(*until),
            _ => None,
        };
        on.iter().filter_map(until).min()
    }

    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.standing, Standing::Blocked { .. })
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.standing, Standing::Ended(_))
    }

    /// The shape and the word of its state.
    pub(super) fn state(&self) -> (Tone, &'static str) {
        match &self.standing {
            Standing::New | Standing::Ready { .. } => (Tone::Ready, "ready"),
            Standing::Blocked { on } if on.iter().any(|wait| matches!(wait, Wait::Time { .. })) => {
                (Tone::Sleeping, "sleeping")
            }
            Standing::Blocked { .. } => (Tone::Waiting, "waiting"),
            Standing::Ended(Ending::Cancelled(_)) => (Tone::Dropped, "cancelled"),
            Standing::Ended(Ending::Panicked(_)) => (Tone::Failed, "panicked"),
            Standing::Ended(Ending::Returned) => match self.note.as_ref().map(|note| note.kind) {
                Some(NoteKind::Error) => (Tone::Failed, "failed"),
                Some(NoteKind::Dropped) => (Tone::Dropped, "dropped"),
                Some(NoteKind::Fact) | None => (Tone::Done, "done"),
            },
        }
    }
}
