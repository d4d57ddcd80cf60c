//! The recorder: off by default, and then each event costs one look at a flag.
//!
//! A run that is recorded is bound by the memory that it writes. So what happens at every poll is taken down in a few
//! bytes, and spelled out when somebody reads the trace.

use core::cell::{Cell, RefCell};

use crate::time::Instant;
use crate::trace::{Event, TaskId, Trace};

#[derive(Default)]
pub(super) struct Log {
    on: Cell<bool>,
    pad: RefCell<Pad>,
}

/// What was spelled out, and after it what was only taken down.
#[derive(Default)]
struct Pad {
    trace: Trace,
    /// The time of what was spelled out last.
    spelled: Instant,
    signs: Vec<Sign>,
    /// What signs are too small for, in order: times, and the events that have no sign of their own.
    times: Vec<Instant>,
    events: Vec<Event>,
    /// How many signs are no events.
    silent: usize,
    /// The time of what was taken down last.
    now: Instant,
}

#[derive(Clone, Copy)]
enum Sign {
    /// A step began.
    Step,
    /// From here on it is the next of the times.
    Time,
    /// A step began, in which the task was polled.
    Polled(TaskId),
    /// The task woke itself.
    WokeItself(TaskId),
    /// The next of the events.
    Event,
}

impl Log {
    pub(super) fn start(&self) {
        self.on.set(true);
    }

    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.on.get()
    }

    #[inline]
    pub(super) fn push(&self, now: Instant, event: Event) {
        let mut pad = self.pad.borrow_mut();
        pad.tell_time(now);
        pad.events.push(event);
        pad.signs.push(Sign::Event);
    }

    /// Begins a step with a poll of a task.
    #[inline]
    pub(super) fn push_poll(&self, now: Instant, task: TaskId) {
        let mut pad = self.pad.borrow_mut();
        pad.tell_time(now);
        pad.signs.push(Sign::Polled(task));
    }

    #[inline]
    pub(super) fn push_own_waking(&self, now: Instant, task: TaskId) {
        let mut pad = self.pad.borrow_mut();
        pad.tell_time(now);
        pad.signs.push(Sign::WokeItself(task));
    }

    /// The number of events.
    #[inline]
    pub(super) fn len(&self) -> usize {
        if !self.on.get() {
            return 0;
        }
        let pad = self.pad.borrow();
        pad.trace.entries().len() + pad.signs.len() - pad.silent
    }

    pub(super) fn retract_waits(&self, from: usize) {
        self.pad.borrow_mut().spell_out().retract_waits(from);
    }

    pub(super) fn begin_step(&self) {
        if self.on.get() {
            self.pad.borrow_mut().push_silent(Sign::Step);
        }
    }

    pub(super) fn with<R>(&self, read: impl FnOnce(&Trace) -> R) -> R {
        self.pad.borrow_mut().spell_out();
        read(&self.pad.borrow().trace)
    }

    pub(super) fn take(&self) -> Trace {
        core::mem::take(self.pad.borrow_mut().spell_out())
    }
}

impl Pad {
    #[inline]
    fn tell_time(&mut self, now: Instant) {
        if now != self.now {
            self.now = now;
            self.times.push(now);
            self.push_silent(Sign::Time);
        }
    }

    #[cold]
    fn push_silent(&mut self, sign: Sign) {
        self.silent += 1;
        self.signs.push(sign);
    }

    fn spell_out(&mut self) -> &mut Trace {
        let trace = &mut self.trace;
        let (mut times, mut events) = (self.times.drain(..), self.events.drain(..));
        for sign in self.signs.drain(..) {
            match sign {
                Sign::Step => trace.begin_step(),
                Sign::Time => self.spelled = times.next().expect("each of these signs has its time"),
                Sign::Polled(task) => {
                    trace.begin_step();
                    trace.push(self.spelled, Event::Polled { task });
                }
                Sign::WokeItself(task) => trace.push(self.spelled, Event::Woken { task, by: Some(task) }),
                Sign::Event => trace.push(self.spelled, events.next().expect("each of these signs has its event")),
            }
        }
        self.silent = 0;
        trace
    }
}
