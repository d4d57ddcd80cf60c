//! Deadlines in order of (deadline, arming), as a monotone radix heap.
//!
//! Time only moves forward, so a timer never has to be sorted against one that has fired. A radix heap (Ahuja,
//! Mehlhorn, Orlin, Tarjan, J. ACM 37(2), 1990) uses that: a timer lies in the bucket of the highest digit in which
//! its deadline differs from the last one that fired, and is moved at most once per digit on its way down. Digits have
//! five bits, so that a timer is moved about a fifth as often as with bits. Equal deadlines stay in the order in
//! which they were armed.
//!
//! Most timeouts are cancelled before anybody asks who is next. So whoever comes is not sorted in at once: a few stand
//! at the door until somebody asks, or until there are too many of them.
//!
//! Cancelling frees the timer at once. Its entry goes too when it was the last to come, which is so for a timeout
//! around something quick; otherwise it is left behind, and when there are more such entries than live timers, they are
//! swept out.

use core::mem;
use core::task::Waker;

use super::waker::WakeKey;
use crate::overwrite::overwrite;
use crate::time::Instant;

/// Names an armed timer, together with its deadline; worthless once it fired or was cancelled.
///
/// A slot and its generation in one word. As two fields, they would be stored one by one and, when the ticket is moved
/// right after, loaded as one, which a processor cannot forward and waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket(u64);

impl Ticket {
    #[inline]
    fn new(slot: u32, generation: u32) -> Self {
        Ticket((generation as u64) << 32 | slot as u64)
    }

    #[inline]
    fn slot(self) -> usize {
        self.0 as u32 as usize
    }

    #[inline]
    fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// Who is to be woken. A waker that is only a key is kept as one, which nobody has to clone or drop: that would be a
/// call each.
pub(super) enum Sleeper {
    Task(WakeKey),
    Other(Waker),
}

impl Sleeper {
    const NOBODY: Sleeper = Sleeper::Task(WakeKey::NOBODY);

    #[inline]
    fn of(waker: &Waker) -> Self {
        WakeKey::carried_by(waker).map_or_else(|| Sleeper::Other(waker.clone()), Sleeper::Task)
    }
}

struct Slot {
    generation: u32,
    sleeper: Sleeper,
}

/// A timer in its bucket.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    deadline: u64,
    ticket: Ticket,
}

const BITS: u32 = 5;
const DIGITS: usize = 1 << BITS;
const LEVELS: usize = u64::BITS.div_ceil(BITS) as usize;
/// Below this many left-over entries a sweep costs more than it frees.
const SWEEP_FROM: usize = 64;
/// How many stand at the door at most. They are few enough to stay in the cache until they are sorted in.
const AT_DOOR: usize = 64;

pub(super) struct Timers {
    /// Those who came last, in no bucket yet.
    door: Vec<Entry>,
    /// One for each digit of each level, lowest level first.
    buckets: Box<[Vec<Entry>; LEVELS * DIGITS]>,
    /// Which digits of a level have entries.
    occupied: [u32; LEVELS],
    last_fired: u64,
    slots: Vec<Slot>,
    free: Vec<u32>,
    live: usize,
    /// Entries of timers that were cancelled.
    left_over: usize,
    /// The earliest live deadline, while it is known.
    earliest: Option<u64>,
}

impl Timers {
    pub(super) fn new() -> Self {
        Timers {
            door: Vec::new(),
            buckets: Box::new([const { Vec::new() }; LEVELS * DIGITS]),
            occupied: [0; LEVELS],
            last_fired: 0,
            slots: Vec::new(),
            free: Vec::new(),
            live: 0,
            left_over: 0,
            earliest: None,
        }
    }

    /// The number of armed timers.
    pub(super) fn len(&self) -> usize {
        self.live
    }

    #[inline]
    pub(super) fn arm(&mut self, deadline: Instant, waker: &Waker) -> Ticket {
        let deadline = deadline.as_nanos();
        debug_assert!(deadline > self.last_fired, "a timer of the past is not armed, it is due");
        let ticket = self.fill_slot(Sleeper::of(waker));
        self.door.push(Entry { deadline, ticket });
        if self.door.len() == AT_DOOR {
            self.sort_in();
        }
        self.live += 1;
        self.earliest = match self.earliest {
            Some(earliest) => Some(earliest.min(deadline)),
            None if self.live == 1 => Some(deadline),
            None => None,
        };
        ticket
    }

    /// Replaces who is to be woken.
    pub(super) fn rearm(&mut self, ticket: Ticket, waker: &Waker) {
        match self.slot(ticket).map(|slot| &mut slot.sleeper) {
            Some(Sleeper::Other(armed)) => armed.clone_from(waker),
            Some(task) => *task = Sleeper::of(waker),
            None => {}
        }
    }

    #[inline]
    pub(super) fn cancel(&mut self, deadline: Instant, ticket: Ticket) {
        if self.release(ticket).is_none() {
            return;
        }
        let deadline = deadline.as_nanos();
        if self.earliest == Some(deadline) {
            self.earliest = None;
        }
        if self.door.pop_if(|last| last.ticket == ticket).is_some() {
            return;
        }
        self.left_over += 1;
        if self.left_over > self.live + SWEEP_FROM {
            self.sweep();
        }
    }

    /// The earliest deadline of a live timer.
    #[inline]
    pub(super) fn earliest(&mut self) -> Option<Instant> {
        if self.live == 0 {
            return None;
        }
        if self.earliest.is_none() {
            self.earliest = self.find_earliest();
        }
        self.earliest.map(Instant::from_nanos)
    }

    /// Takes out all who sleep until `now` and not longer, in order, into `due`.
    pub(super) fn fire(&mut self, now: Instant, due: &mut Vec<Sleeper>) {
        while let Some(deadline) = self.earliest().filter(|deadline| *deadline <= now) {
            self.fire_earliest(deadline.as_nanos(), due);
        }
    }

    /// Disarms everything and starts the clock again.
    pub(super) fn clear(&mut self) {
        if self.slots.is_empty() {
            return;
        }
        self.door.clear();
        for (level, occupied) in self.occupied.iter_mut().enumerate().filter(|(_, occupied)| **occupied != 0) {
            self.buckets[level * DIGITS..][..DIGITS].iter_mut().for_each(Vec::clear);
            *occupied = 0;
        }
        // Tickets of the past must not fit the timers to come.
        for slot in &mut self.slots {
            slot.generation = slot.generation.wrapping_add(1);
            slot.sleeper = Sleeper::NOBODY;
        }
        self.free.clear();
        self.free.extend((0..self.slots.len() as u32).rev());
        (self.live, self.left_over, self.last_fired, self.earliest) = (0, 0, 0, None);
    }

    /// Makes `deadline`, the earliest, the origin: who is due then goes into `due`, and the rest of their bucket to
    /// lower ones.
    fn fire_earliest(&mut self, deadline: u64, due: &mut Vec<Sleeper>) {
        self.sort_in();
        let from = self.bucket_of(deadline);
        self.last_fired = deadline;
        self.earliest = None;
        let mut leaving = mem::take(&mut self.buckets[from]);
        self.note_if_empty(from);
        for entry in leaving.drain(..) {
            if entry.deadline != deadline {
                self.put(entry);
                continue;
            }
            match self.release(entry.ticket) {
                Some(sleeper) => due.push(sleeper),
                None => self.left_over -= 1,
            }
        }
        self.buckets[from] = leaving;
    }

    /// Looks for it, and sweeps the buckets on the way.
    fn find_earliest(&mut self) -> Option<u64> {
        self.sort_in();
        for level in 0..LEVELS {
            while self.occupied[level] != 0 {
                let digit = self.occupied[level].trailing_zeros() as usize;
                let bucket = level * DIGITS + digit;
                if let Some(deadline) = self.earliest_in(bucket) {
                    return Some(deadline);
                }
                self.note_if_empty(bucket);
            }
        }
        None
    }

    fn earliest_in(&mut self, bucket: usize) -> Option<u64> {
        let Timers { buckets, slots, .. } = self;
        let bucket = &mut buckets[bucket];
        if self.left_over > 0 {
            let before = bucket.len();
            bucket.retain(|entry| is_live(slots, entry.ticket));
            self.left_over -= before - bucket.len();
        }
        bucket.iter().map(|entry| entry.deadline).min()
    }

    #[inline(never)]
    fn sweep(&mut self) {
        self.door.retain(|entry| is_live(&self.slots, entry.ticket));
        for bucket in 0..self.buckets.len() {
            self.buckets[bucket].retain(|entry| is_live(&self.slots, entry.ticket));
            self.note_if_empty(bucket);
        }
        self.left_over = 0;
    }

    /// Puts those at the door into their buckets.
    #[inline(never)]
    fn sort_in(&mut self) {
        let mut door = mem::take(&mut self.door);
        door.drain(..).for_each(|entry| self.put(entry));
        self.door = door;
    }

    #[inline]
    fn put(&mut self, entry: Entry) {
        let bucket = self.bucket_of(entry.deadline);
        self.buckets[bucket].push(entry);
        self.occupied[bucket / DIGITS] |= 1 << (bucket % DIGITS);
    }

    #[inline]
    fn note_if_empty(&mut self, bucket: usize) {
        if self.buckets[bucket].is_empty() {
            self.occupied[bucket / DIGITS] &= !(1 << (bucket % DIGITS));
        }
    }

    /// Where a deadline lies that is later than the last that fired.
    #[inline]
    fn bucket_of(&self, deadline: u64) -> usize {
        let level = (deadline ^ self.last_fired).ilog2() / BITS;
        let digit = (deadline >> (level * BITS)) as usize % DIGITS;
        level as usize * DIGITS + digit
    }

    fn slot(&mut self, ticket: Ticket) -> Option<&mut Slot> {
        self.slots.get_mut(ticket.slot()).filter(|slot| slot.generation == ticket.generation())
    }

    #[inline]
    fn fill_slot(&mut self, sleeper: Sleeper) -> Ticket {
        let Some(index) = self.free.pop() else {
            self.slots.push(Slot { generation: 0, sleeper });
            return Ticket::new(self.slots.len() as u32 - 1, 0);
        };
        let slot = &mut self.slots[index as usize];
        overwrite(&mut slot.sleeper, sleeper);
        Ticket::new(index, slot.generation)
    }

    #[inline]
    fn release(&mut self, ticket: Ticket) -> Option<Sleeper> {
        let slot = self.slot(ticket)?;
        slot.generation = slot.generation.wrapping_add(1);
        let sleeper = mem::replace(&mut slot.sleeper, Sleeper::NOBODY);
        self.free.push(ticket.slot() as u32);
        self.live -= 1;
        Some(sleeper)
    }
}

fn is_live(slots: &[Slot], ticket: Ticket) -> bool {
    slots[ticket.slot()].generation == ticket.generation()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::ms;

    fn at(milliseconds: u64) -> Instant {
        Instant::ZERO + ms(milliseconds)
    }

    fn arm(timers: &mut Timers, milliseconds: u64) -> Ticket {
        timers.arm(at(milliseconds), Waker::noop())
    }

    #[test]
    fn timers_fire_at_their_deadline_and_not_before() {
        let mut timers = Timers::new();
        for deadline in [7, 3, 9, 3, 1_000_000] {
            arm(&mut timers, deadline);
        }
        let mut fired = Vec::new();
        let mut due = Vec::new();
        while let Some(next) = timers.earliest() {
            timers.fire(next, &mut due);
            fired.push((next.to_string(), due.len()));
            due.clear();
        }
        let expected = [("3 ms", 2), ("7 ms", 1), ("9 ms", 1), ("16.6 min", 1)];
        assert_eq!(fired, expected.map(|(time, count)| (time.to_owned(), count)));
    }

    #[test]
    fn a_cancelled_timer_is_not_the_earliest() {
        let mut timers = Timers::new();
        let first = arm(&mut timers, 1);
        arm(&mut timers, 2);
        timers.cancel(at(1), first);
        timers.cancel(at(1), first);
        assert_eq!((timers.earliest(), timers.len()), (Some(at(2)), 1));
    }

    #[test]
    fn what_shares_a_bucket_with_the_earliest_fires_in_its_turn() {
        let mut timers = Timers::new();
        let tickets = [1000, 1001, 1002, 1003, 1001].map(|deadline| arm(&mut timers, deadline));
        timers.cancel(at(1002), tickets[2]);
        let mut due = Vec::new();
        let mut fired = Vec::new();
        while let Some(next) = timers.earliest() {
            timers.fire(next, &mut due);
            fired.push((next, due.drain(..).count()));
        }
        assert_eq!(fired, [(at(1000), 1), (at(1001), 2), (at(1003), 1)]);
        assert_eq!((timers.len(), timers.left_over), (0, 0));
    }

    #[test]
    fn cancelled_timers_leave_no_more_entries_than_live_ones() {
        let mut timers = Timers::new();
        for _ in 0..100 {
            arm(&mut timers, 1);
        }
        for round in 0..10_000 {
            let ticket = arm(&mut timers, 5 + round % 1000);
            timers.cancel(at(5 + round % 1000), ticket);
            assert!(timers.left_over <= timers.live + SWEEP_FROM);
        }
        assert_eq!(timers.len(), 100);
    }
}
