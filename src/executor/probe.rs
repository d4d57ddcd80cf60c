//! What a step touched, for whoever searches schedules.
//!
//! Two steps of different tasks commute unless one of them writes what the other touches, and a search need not try
//! both orders of steps that commute. What is touched is named by its origin, not by an address or by the order in
//! which it was made: *the second object that A made*, *the first task that main spawned*. So it has the same number
//! in every execution of a scenario, whatever the schedule.
//!
//! Nobody pays for this who does not search: what is made while no probe is on carries no mark.

use core::cell::{Cell, RefCell};

use super::watch::Watch;

/// How many tasks can be told apart; the set-up of a scenario counts as one.
pub(crate) const MAX_NUMBERS: u32 = 64;

/// The number of the set-up, which is nobody's task.
pub(crate) const SET_UP: u32 = 0;

/// What a step read and wrote: the low half are objects, the high half are tasks.
///
/// Waking a task reads it, since two wake-ups commute; polling or cancelling it writes it. Objects beyond the 64th
/// share a bit with an earlier one, so that steps may seem to depend on each other that do not, never the other way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Footprint {
    pub(crate) reads: u128,
    pub(crate) writes: u128,
}

impl Footprint {
    /// What the clock touches: it moves only when everybody waits, and nobody can tell what they wait for.
    pub(crate) const EVERYTHING: Footprint = Footprint { reads: u128::MAX, writes: u128::MAX };

    /// Whether the order of two steps matters.
    #[inline]
    pub(crate) fn conflicts(&self, other: &Footprint) -> bool {
        self.writes & (other.reads | other.writes) | other.writes & self.reads != 0
    }

    /// Whether the step changed anything but tasks.
    #[inline]
    pub(crate) fn changes_objects(&self) -> bool {
        self.writes as u64 != 0
    }

    pub(crate) fn union(self, other: Footprint) -> Footprint {
        Footprint { reads: self.reads | other.reads, writes: self.writes | other.writes }
    }

    /// The tasks that the step polled or dropped, as a set of numbers.
    #[inline]
    pub(crate) fn struck(&self) -> u64 {
        (self.writes >> 64) as u64
    }

    /// Whether the step woke the task of this number, or spawned it.
    #[inline]
    pub(crate) fn wakes(&self, task: u32) -> bool {
        self.reads & task_bit(task) != 0
    }
}

/// The bit of a task in a [`Footprint`].
#[inline]
pub(crate) fn task_bit(number: u32) -> u128 {
    1 << (64 + number % MAX_NUMBERS)
}

fn object_bit(number: u32) -> u64 {
    1 << (number % 64)
}

/// Collects the footprint of a step, and numbers tasks and objects by their origin.
#[derive(Default)]
pub(crate) struct Probe {
    on: Cell<bool>,
    reads: Cell<u128>,
    writes: Cell<u128>,
    /// The tasks that were spawned in this step, as their bits.
    newborn: Cell<u128>,
    numbers: RefCell<Numbers>,
    answers: RefCell<Vec<Answer>>,
    asked: Cell<usize>,
    /// The state of the generator that answers questions, while somebody wants them drawn; 0 is nobody.
    drawn: Cell<u64>,
    pub(super) watch: Watch,
}

/// An answer to [`fault`](crate::executor::fault).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) given: u32,
    /// How many answers there are.
    pub(crate) ways: u32,
}

#[derive(Clone, Default)]
struct Numbers {
    origins: Vec<Origin>,
    objects: u32,
    /// The object that stands for the numbers that the executor gives, if anybody ever asked for one.
    given: Option<u32>,
}

/// A task as the maker of others, with what it made in earlier executions and how much of that in this one.
#[derive(Clone, Default)]
struct Origin {
    tasks: Vec<u32>,
    objects: Vec<u32>,
    spawned: usize,
    made: usize,
    /// The object that stands for the end of the task.
    end: Option<u32>,
}

impl Probe {
    /// Begins to listen.
    pub(crate) fn start(&self) {
        self.on.set(true);
        let mut numbers = self.numbers.borrow_mut();
        if numbers.origins.is_empty() {
            numbers.origins.push(Origin::default());
        }
    }

    /// Does something without listening.
    pub(super) fn deafly(&self, act: impl FnOnce()) {
        let was_on = self.on.replace(false);
        act();
        self.on.set(was_on);
    }

    /// Numbers tasks and objects as `other` does, whose executor runs the same scenario.
    pub(crate) fn start_like(&self, other: &Probe) {
        *self.numbers.borrow_mut() = other.numbers.borrow().clone();
        self.start();
        self.begin();
    }

    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.on.get()
    }

    /// A new execution: everybody has made nothing yet.
    pub(super) fn begin(&self) {
        if self.on.get() {
            for origin in &mut self.numbers.borrow_mut().origins {
                (origin.spawned, origin.made) = (0, 0);
            }
            self.take();
        }
    }

    /// The running step looked at the object of this bit.
    #[inline]
    pub(super) fn read(&self, bit: u64) {
        self.reads.set(self.reads.get() | u128::from(bit));
        self.watch.looked();
    }

    /// The running step changed the object of this bit.
    #[inline]
    pub(super) fn write(&self, bit: u64) {
        self.writes.set(self.writes.get() | u128::from(bit));
        self.watch.changed();
    }

    /// What was touched since the last call.
    #[inline]
    pub(crate) fn take(&self) -> Footprint {
        self.newborn.set(0);
        Footprint { reads: self.reads.replace(0), writes: self.writes.replace(0) }
    }

    /// The questions of the next step are answered like this, and with 0 when there are more.
    #[inline]
    pub(crate) fn prepare(&self, answers: &[Answer]) {
        self.asked.set(0);
        let mut prepared = self.answers.borrow_mut();
        prepared.clear();
        prepared.extend_from_slice(answers);
    }

    /// From now on, questions that no answer was prepared for are answered by drawing.
    pub(crate) fn draw(&self, seed: u64) {
        self.drawn.set(seed);
    }

    /// The questions of the last step, with their answers.
    pub(crate) fn answered(&self) -> Vec<Answer> {
        self.answers.borrow()[..self.asked.get()].to_vec()
    }

    /// Whether the last step asked anything.
    #[inline]
    pub(crate) fn was_asked(&self) -> bool {
        self.asked.get() != 0
    }

    pub(super) fn answer(&self, ways: u32) -> u32 {
        let nth = self.asked.replace(self.asked.get() + 1);
        let mut answers = self.answers.borrow_mut();
        if nth >= answers.len() {
            answers.truncate(nth);
            answers.push(Answer { given: self.draw_below(ways), ways });
        }
        answers[nth].ways = ways;
        answers[nth].given = answers[nth].given.min(ways.saturating_sub(1));
        answers[nth].given
    }

    fn draw_below(&self, ways: u32) -> u32 {
        let mut state = self.drawn.get();
        if state == 0 {
            return 0;
        }
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.drawn.set(state);
        (((state >> 32) * u64::from(ways)) >> 32) as u32
    }

    /// How many tasks were ever told apart, the set-up included.
    pub(crate) fn count(&self) -> u32 {
        self.numbers.borrow().origins.len() as u32
    }

    /// The bit of an object that nobody made, such as what an invariant relates.
    pub(crate) fn new_bit(&self) -> u128 {
        let mut numbers = self.numbers.borrow_mut();
        numbers.objects += 1;
        object_bit(numbers.objects - 1).into()
    }

    /// `parent` spawned a task; returns its number.
    #[inline]
    pub(super) fn spawned(&self, parent: u32) -> u32 {
        if !self.on.get() {
            return SET_UP;
        }
        let numbers = &mut *self.numbers.borrow_mut();
        let next = numbers.origins.len() as u32;
        let origin = &mut numbers.origins[parent as usize];
        let nth = origin.spawned;
        origin.spawned += 1;
        let number = match origin.tasks.get(nth) {
            Some(known) => *known,
            None => {
                origin.tasks.push(next);
                numbers.origins.push(Origin::default());
                next
            }
        };
        self.reads.set(self.reads.get() | task_bit(number));
        self.newborn.set(self.newborn.get() | task_bit(number));
        number
    }

    /// Whether anybody asks which tasks a step woke: whoever draws schedules does not.
    #[inline]
    pub(super) fn asks_for_wakes(&self) -> bool {
        self.on.get() && self.drawn.get() == 0
    }

    #[inline]
    pub(super) fn woke(&self, task: u32) {
        if self.asks_for_wakes() {
            self.reads.set(self.reads.get() | task_bit(task));
        }
    }

    /// Somebody dropped the future of `task`.
    pub(super) fn killed(&self, task: u32) {
        if self.on.get() {
            self.writes.set(self.writes.get() | task_bit(task));
        }
    }

    /// The task ended. That changes nothing for anybody if nobody has asked whether it did, nor can any more.
    pub(super) fn ended(&self, task: u32, watched: bool) {
        if self.on.get() && (watched || self.was_looked_at(task)) {
            self.writes.set(self.writes.get() | self.end_of(task));
        }
    }

    /// Somebody asked whether the task ended.
    pub(super) fn looked(&self, task: u32) {
        if self.on.get() {
            self.reads.set(self.reads.get() | self.end_of(task));
        }
    }

    /// Somebody was given a number that depends on how many were given before.
    pub(super) fn gave_number(&self) {
        if self.on.get() {
            let numbers = &mut *self.numbers.borrow_mut();
            let next = numbers.objects;
            let number = *numbers.given.get_or_insert_with(|| {
                numbers.objects += 1;
                next
            });
            self.writes.set(self.writes.get() | u128::from(object_bit(number)));
            self.watch.changed();
        }
    }

    /// Nobody will ask any more how the task ended, to which its end makes a difference: what it returned is dropped
    /// there or here. A handle that is dropped in the step that spawned the task never made any.
    pub(super) fn unwatched(&self, task: u32) {
        if self.newborn.get() & task_bit(task) == 0 {
            self.looked(task);
        }
    }

    fn was_looked_at(&self, task: u32) -> bool {
        self.numbers.borrow().origins[task as usize].end.is_some()
    }

    fn end_of(&self, task: u32) -> u128 {
        let numbers = &mut *self.numbers.borrow_mut();
        let end = &mut numbers.origins[task as usize].end;
        let next = numbers.objects;
        let number = *end.get_or_insert_with(|| {
            numbers.objects += 1;
            next
        });
        object_bit(number).into()
    }

    /// The bit of the next object that `maker` makes.
    pub(super) fn made(&self, maker: u32) -> u64 {
        let numbers = &mut *self.numbers.borrow_mut();
        let origin = &mut numbers.origins[maker as usize];
        let nth = origin.made;
        origin.made += 1;
        let number = match origin.objects.get(nth) {
            Some(known) => *known,
            None => {
                origin.objects.push(numbers.objects);
                numbers.objects += 1;
                numbers.objects - 1
            }
        };
        object_bit(number)
    }
}
