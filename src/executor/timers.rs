//! Deadlines in order of (deadline, arming), as a monotone radix heap.
//!
//! Time only moves forward, so a timer never has to be sorted against one that has fired. A radix heap (Ahuja,
//! Mehlhorn, Orlin, Tarjan, J. ACM 37(2), 1990) uses that: a timer lies in the bucket of the highest bit in which
//! its deadline differs from the last one that fired, and is moved at most once per bit on its way down. Equal
//! deadlines stay in the order in which they were armed.
//!
//! Cancelling frees the timer at once and leaves its entry behind; when there are more such entries than live
//! timers, they are swept out.

use core::task::Waker;

use crate::time::Instant;

/// Names an armed timer; worthless once it fired or was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TimerKey {
    slot: u32,
    generation: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    deadline: u64,
    key: TimerKey,
}

struct Slot {
    generation: u32,
    waker: Option<Waker>,
}

const BUCKETS: usize = 65;
/// Below this many left-over entries a sweep costs more than it frees.
const SWEEP_FROM: usize = 64;

pub(super) struct Timers {
    buckets: [Vec<Entry>; BUCKETS],
    last_fired: u64,
    slots: Vec<Slot>,
    free: Vec<u32>,
    live: usize,
    entries: usize,
    /// The earliest live deadline, while it is known.
    earliest: Option<u64>,
}

impl Timers {
    pub(super) fn new() -> Self {
        Timers {
            buckets: [const { Vec::new() }; BUCKETS],
            last_fired: 0,
            slots: Vec::new(),
            free: Vec::new(),
            live: 0,
            entries: 0,
            earliest: None,
        }
    }

    /// The number of armed timers.
    pub(super) fn len(&self) -> usize {
        self.live
    }

    pub(super) fn arm(&mut self, deadline: Instant, waker: Waker) -> TimerKey {
        let deadline = deadline.as_nanos();
        debug_assert!(deadline >= self.last_fired, "a timer of the past is not armed, it is due");
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, waker: None });
            self.slots.len() as u32 - 1
        });
        let taken = &mut self.slots[slot as usize];
        taken.waker = Some(waker);
        let key = TimerKey { slot, generation: taken.generation };
        self.put(Entry { deadline, key });
        self.entries += 1;
        self.live += 1;
        self.earliest = match self.earliest {
            Some(earliest) => Some(earliest.min(deadline)),
            None if self.live == 1 => Some(deadline),
            None => None,
        };
        key
    }

    /// Replaces who is to be woken.
    pub(super) fn rearm(&mut self, key: TimerKey, waker: &Waker) {
        if let Some(armed) = self.slot(key).and_then(|slot| slot.waker.as_mut()) {
            armed.clone_from(waker);
        }
    }

    pub(super) fn cancel(&mut self, key: TimerKey) {
        if self.slot(key).is_none() {
            return;
        }
        self.release(key);
        // The cancelled timer may have been the earliest, and finding that out costs as much as looking again.
        self.earliest = None;
        if self.entries > SWEEP_FROM && self.entries > 2 * self.live {
            self.sweep();
        }
    }

    /// The earliest deadline of a live timer.
    pub(super) fn earliest(&mut self) -> Option<Instant> {
        if self.live == 0 {
            return None;
        }
        if self.earliest.is_none() {
            let Timers { buckets, slots, .. } = self;
            let of_bucket = |bucket: &Vec<Entry>| {
                bucket.iter().filter(|entry| is_live(slots, entry.key)).map(|entry| entry.deadline).min()
            };
            self.earliest = buckets.iter().find_map(of_bucket);
        }
        self.earliest.map(Instant::from_nanos)
    }

    /// Takes the wakers of all timers that are due at `now` and not later, in order, into `due`.
    pub(super) fn fire(&mut self, now: Instant, due: &mut Vec<Waker>) {
        while let Some(deadline) = self.earliest().filter(|deadline| *deadline <= now) {
            self.descend(deadline.as_nanos());
            let mut bucket = core::mem::take(&mut self.buckets[0]);
            self.entries -= bucket.len();
            for entry in bucket.drain(..) {
                due.extend(self.release(entry.key));
            }
            self.buckets[0] = bucket;
            self.earliest = None;
        }
    }

    /// Makes `deadline`, the earliest, the origin: its entries come to lie in bucket 0.
    fn descend(&mut self, deadline: u64) {
        let from = self.bucket_of(deadline);
        self.last_fired = deadline;
        if from == 0 {
            return;
        }
        // The buckets below hold nothing but left-overs, and so may this one.
        for bucket in &mut self.buckets[..from] {
            self.entries -= bucket.len();
            bucket.clear();
        }
        let mut moved = core::mem::take(&mut self.buckets[from]);
        for entry in moved.drain(..) {
            match is_live(&self.slots, entry.key) {
                true => self.put(entry),
                false => self.entries -= 1,
            }
        }
        self.buckets[from] = moved;
    }

    fn sweep(&mut self) {
        for bucket in &mut self.buckets {
            bucket.retain(|entry| is_live(&self.slots, entry.key));
        }
        self.entries = self.live;
    }

    fn put(&mut self, entry: Entry) {
        let bucket = self.bucket_of(entry.deadline);
        self.buckets[bucket].push(entry);
    }

    fn bucket_of(&self, deadline: u64) -> usize {
        (u64::BITS - (deadline ^ self.last_fired).leading_zeros()) as usize
    }

    fn slot(&mut self, key: TimerKey) -> Option<&mut Slot> {
        self.slots.get_mut(key.slot as usize).filter(|slot| slot.generation == key.generation)
    }

    fn release(&mut self, key: TimerKey) -> Option<Waker> {
        let slot = self.slot(key)?;
        slot.generation = slot.generation.wrapping_add(1);
        let waker = slot.waker.take();
        self.free.push(key.slot);
        self.live -= 1;
        waker
    }
}

fn is_live(slots: &[Slot], key: TimerKey) -> bool {
    slots[key.slot as usize].generation == key.generation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::ms;

    fn at(milliseconds: u64) -> Instant {
        Instant::ZERO + ms(milliseconds)
    }

    fn arm(timers: &mut Timers, milliseconds: u64) -> TimerKey {
        timers.arm(at(milliseconds), Waker::noop().clone())
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
        timers.cancel(first);
        timers.cancel(first);
        assert_eq!((timers.earliest(), timers.len()), (Some(at(2)), 1));
    }

    #[test]
    fn cancelled_timers_leave_no_more_entries_than_live_ones() {
        let mut timers = Timers::new();
        for _ in 0..100 {
            arm(&mut timers, 1);
        }
        for round in 0..10_000 {
            let key = arm(&mut timers, 5 + round % 1000);
            timers.cancel(key);
            assert!(timers.entries <= 2 * timers.live + SWEEP_FROM);
        }
        assert_eq!(timers.len(), 100);
    }
}
