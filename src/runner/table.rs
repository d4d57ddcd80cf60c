//! Every job that is known, in slots that are reused with the memory that they hold.

use core::cell::OnceCell;
use core::ops::{Index, IndexMut};

use super::ids::Ids;
use super::record::JobId;
use super::slot::Slot;
use crate::executor::Mark;

pub(super) const NOBODY: u32 = u32::MAX;

/// Names a job's slot for as long as that is the job's: a slot and its generation in one word, so that what is
/// stored and loaded is always of one width. The two highest bits are the handles'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(pub(super) u64);

const GENERATIONS: u32 = 1 << 30;

pub(super) struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// By which a search of schedules knows what its handles see of a job, by slot; none while nobody searches.
    faces: Vec<Option<Mark>>,
    /// Which job has which id, from the moment on when somebody asks: handles do without.
    ids: OnceCell<Ids>,
}

impl Key {
    pub(super) const NOBODY: Key = Key::new(NOBODY, 0);

    #[inline]
    pub(super) const fn new(slot: u32, generation: u32) -> Self {
        Key((generation as u64) << 32 | slot as u64)
    }

    #[inline]
    pub(super) fn slot(self) -> u32 {
        self.0 as u32
    }
}

impl Table {
    pub(super) fn new() -> Self {
        Table { slots: Vec::new(), free: Vec::new(), faces: Vec::new(), ids: OnceCell::new() }
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
        (Key::new(slot, job.generation), job)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> u32 {
        let slot = self.slots.len() as u32;
        self.slots.push(Slot::vacant());
        slot
    }

    /// Forgets a job; its box must be empty.
    #[inline(always)]
    pub(super) fn vacate(&mut self, slot: u32) {
        let job = &mut self.slots[slot as usize];
        (job.generation, job.known) = ((job.generation + 1) % GENERATIONS, false);
        if let Some(ids) = self.ids.get_mut() {
            ids.remove(job.id.0);
        }
        self.free.push(slot);
    }

    /// A search of schedules knows the job in this slot from now on.
    #[cold]
    pub(super) fn show_face(&mut self, slot: u32) {
        let slot = slot as usize;
        if slot >= self.faces.len() {
            self.faces.resize_with(slot + 1, || None);
        }
        self.faces[slot] = Some(Mark::new()).filter(Mark::is_heard);
    }

    /// The running step changed what handles see of the job, which is whether it has ended, what is left of it, who waits
    /// for it, and how many handles there are. False when it has no face to be known by.
    #[inline]
    pub(super) fn touch(&self, slot: u32) -> bool {
        let Some(Some(face)) = self.faces.get(slot as usize) else { return false };
        face.write();
        true
    }

    /// How many slots are free.
    #[inline]
    pub(super) fn free(&self) -> usize {
        self.free.len()
    }

    pub(super) fn key_of(&self, id: JobId) -> Option<Key> {
        let slot = self.ids.get_or_init(|| self.all_ids()).get(id.0)?;
        Some(self.key(slot))
    }

    fn all_ids(&self) -> Ids {
        let mut ids = Ids::default();
        self.keys().into_iter().for_each(|key| ids.insert(self[key.slot()].id.0, key.slot()));
        ids
    }

    /// The key of the job in this slot, or of the next that will live there.
    #[inline]
    pub(super) fn key(&self, slot: u32) -> Key {
        Key::new(slot, self[slot].generation)
    }

    /// The slot, if it still is that job's.
    #[inline]
    pub(super) fn get(&mut self, key: Key) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(key.slot() as usize)?;
        (Key::new(key.slot(), slot.generation) == key).then_some(slot)
    }

    /// The jobs that are known, by slot.
    pub(super) fn keys(&self) -> Vec<Key> {
        let slots = (0..).zip(&self.slots).filter(|(_, job)| job.known);
        slots.map(|(slot, job)| Key::new(slot, job.generation)).collect()
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
