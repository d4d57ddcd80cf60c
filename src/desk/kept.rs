//! What an earlier visit left in a store.

use core::cell::RefCell;
use std::rc::Rc;

use crate::runner::{JobId, Store, StoreError, TaskRecord};

/// A store that was read already.
pub(super) struct Kept {
    records: RefCell<Vec<TaskRecord>>,
    store: Rc<dyn Store>,
}

impl Kept {
    pub(super) fn read(store: Rc<dyn Store>) -> Result<Self, StoreError> {
        Ok(Kept { records: RefCell::new(store.load()?), store })
    }

    /// How many jobs had not ended when they were last heard of.
    pub(super) fn unfinished(&self) -> usize {
        self.records.borrow().iter().filter(|record| !record.status.is_terminal()).count()
    }
}

impl Store for Kept {
    fn load(&self) -> Result<Vec<TaskRecord>, StoreError> {
        Ok(self.records.take())
    }

    fn put(&self, record: &TaskRecord) -> Result<(), StoreError> {
        self.store.put(record)
    }

    fn remove(&self, id: JobId) -> Result<(), StoreError> {
        self.store.remove(id)
    }
}
