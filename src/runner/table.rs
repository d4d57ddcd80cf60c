//! Every job that is known, in slots that are reused with the memory that they hold.

use core::cell::OnceCell;
use core::ops::{Index, IndexMut};

use super::ids::Ids;
use super::record::JobId;
use super::slot::Slot;

pub(super) const NOBODY: u32 = u32::MAX;

/// Names a job's slot for as long as that is the job's: a slot and its generation in one word, so that what is
/// stored and loaded is always of one width. The two highest bits are the handles'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u64);

const GENERATIONS: u32 = 1 << 30;

pub(super) struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Which job has which id, from the moment on when somebody asks: handles do without.
    ids: OnceCell<Ids>,
}

impl Key {
    pub(super) const NOBODY: Key = Key::new(NOBODY, 0);

    #[inline]
    const fn new(slot: u32, generation: u32) -> Self {
        Key((generation as u64) << 32 | slot as u64)
    }

    #[inline]
    pub(super) fn slot(self) -> u32 {
        self.0 as u32
    }

    /// The key of the next job in the same slot.
    #[inline]
    fn next(self) -> Self {
        let generation = (self.0 >> 32) as u32;
        Key::new(self.slot(), (generation + 1) % GENERATIONS)
    }
}

impl Table {
    pub(super) fn new() -> Self {
        Table { slots: Vec::new(), free: Vec::new(), ids: OnceCell::new() }
    }

    /// A slot for a new job, as its last job left it.
    #[inline(always)]
    pub(super) fn take(&mut self, id: JobId) -> (Key, &mut Slot) {
        let slot = self.free.pop().unwrap_or_else(|| self.grow());
        if let Some(ids) = self.ids.get_mut() {
            ids.insert(id.0, slot);
        }
        let job = &mut self.slots[slot as usize];
        (job.id, job.known) = (id, true);
        (job.key, job)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> u32 {
        let slot = self.slots.len() as u32;
        self.slots.push(Slot::vacant(Key::new(slot, 0)));
        slot
    }

    /// Forgets a job; its box must be empty.
    #[inline(always)]
    pub(super) fn vacate(&mut self, slot: u32) {
        let job = &mut self.slots[slot as usize];
        (job.key, job.known) = (job.key.next(), false);
        if let Some(ids) = self.ids.get_mut() {
            ids.remove(job.id.0);
        }
        self.free.push(slot);
    }

    /// How many slots are free.
    #[inline]
    pub(super) fn free(&self) -> usize {
        self.free.len()
    }

    pub(super) fn key_of(&self, id: JobId) -> Option<Key> {
        let slot = self.ids.get_or_init(|| self.all_ids()).get(id.0)?;
        Some(self[slot].key)
    }

    fn all_ids(&self) -> Ids {
        let mut ids = Ids::default();
        let known = self.slots.iter().filter(|slot| slot.known);
        known.for_each(|slot| ids.insert(slot.id.0, slot.key.slot()));
        ids
    }

    /// The slot, if it still is that job's.
    #[inline]
    pub(super) fn get(&mut self, key: Key) -> Option<&mut Slot> {
        self.slots.get_mut(key.slot() as usize).filter(|slot| slot.key == key)
    }

    /// The jobs that are known, by slot.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.slots.iter().filter(|slot| slot.known).map(|slot| slot.key).collect()
    }
}

impl Index<u32> for Table {
    type Output = Slot;
    #[inline]
    fn index(&self, slot: u32) -> &Slot {
        &self.slots[slot as usize]
    }
}

impl IndexMut<u32> for Table {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut Slot {
        &mut self.slots[slot as usize]
    }
}
