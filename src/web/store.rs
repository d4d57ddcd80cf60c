//! Records in the browser's own database.

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use idb::{Database, ObjectStore, TransactionMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::runner::{JobId, Store, StoreError, TaskRecord};

/// The one table of the database, from the id of a job, as text, to its record, as JSON.
const RECORDS: &str = "records";

/// A store in the browser's IndexedDB, which outlives the page. Clones are the same store.
///
/// A database cannot be written to at once, as a [`Store`] is. So all changes of one turn of the event loop go into
/// one transaction, which is handed to the browser and committed before that turn ends: nothing that happens to the
/// page later, such as a reload, can undo it. Should the browser fail to write, the next change is refused with its
/// reason, and what was not written is written again with that.
///
/// One page at a time may use a database; two would overwrite each other's records.
#[derive(Clone)]
pub struct IndexedDbStore {
    shared: Rc<Shared>,
}

struct Shared {
    database: Database,
    /// What was read, until the runner takes it over.
    stored: RefCell<Vec<TaskRecord>>,
    /// What is to be written: a record, or none where it is to be forgotten. What a transaction failed to write is
    /// here again, and waits for the next one.
    changes: RefCell<Changes>,
    /// Whether it is going to be written when this turn is over.
    is_due: Cell<bool>,
    failure: RefCell<Option<StoreError>>,
}

type Changes = BTreeMap<JobId, Option<String>>;

impl IndexedDbStore {
    /// Opens the database `name` of this origin, makes it when there is none, and reads it.
    ///
    /// # Errors
    ///
    /// When the browser has no database to give, as in some private windows, or it holds something else.
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        let opening = Database::builder(name).version(1).add_object_store(ObjectStore::builder(RECORDS)).build();
        let database = opening.await.map_err(failed)?;
        let records = database.transaction(&[RECORDS], TransactionMode::ReadOnly).map_err(failed)?;
        let reading = records.object_store(RECORDS).and_then(|table| table.get_all(None, None)).map_err(failed)?;
        let stored: Result<_, _> = reading.await.map_err(failed)?.into_iter().map(parse).collect();
        let shared = Shared {
            database,
            stored: RefCell::new(stored?),
            changes: RefCell::default(),
            is_due: Cell::new(false),
            failure: RefCell::default(),
        };
        Ok(IndexedDbStore { shared: Rc::new(shared) })
    }

    fn change(&self, id: JobId, record: Option<String>) -> Result<(), StoreError> {
        self.shared.changes.borrow_mut().insert(id, record);
        if !self.shared.is_due.replace(true) {
            let shared = self.shared.clone();
            // Runs when this turn is over, and before the browser does anything else.
            spawn_local(async move { shared.write().await });
        }
        self.shared.failure.take().map_or(Ok(()), Err)
    }
}

impl Store for IndexedDbStore {
    fn load(&self) -> Result<Vec<TaskRecord>, StoreError> {
        Ok(self.shared.stored.take())
    }

    fn put(&self, record: &TaskRecord) -> Result<(), StoreError> {
        let text = serde_json::to_string(record).map_err(|error| StoreError(error.to_string()))?;
        self.change(record.id, Some(text))
    }

    fn remove(&self, id: JobId) -> Result<(), StoreError> {
        self.change(id, None)
    }
}

impl Shared {
    async fn write(&self) {
        self.is_due.set(false);
        let changes = self.changes.take();
        if let Err(failure) = self.commit(&changes).await {
            self.failure.replace(Some(failure));
            let mut newer = self.changes.borrow_mut();
            for (id, record) in changes {
                newer.entry(id).or_insert(record);
            }
        }
    }

    /// All of it or nothing; the browser has it when this first waits.
    async fn commit(&self, changes: &Changes) -> Result<(), StoreError> {
        let transaction = self.database.transaction(&[RECORDS], TransactionMode::ReadWrite).map_err(failed)?;
        let table = transaction.object_store(RECORDS).map_err(failed)?;
        for (id, record) in changes {
            let id = JsValue::from(id.0.to_string());
            match record {
                Some(record) => drop(table.put(&JsValue::from(record), Some(&id)).map_err(failed)?),
                None => drop(table.delete(id).map_err(failed)?),
            }
        }
        let committed = transaction.commit().map_err(failed)?.await.map_err(failed)?;
        if committed.is_committed() { Ok(()) } else { Err(StoreError("the browser gave up writing".to_owned())) }
    }
}

fn failed(error: idb::Error) -> StoreError {
    StoreError(error.to_string())
}

fn parse(stored: JsValue) -> Result<TaskRecord, StoreError> {
    let text = stored.as_string().ok_or_else(|| StoreError("the database holds something else".to_owned()))?;
    serde_json::from_str(&text).map_err(|error| StoreError(format!("the database holds something else: {error}")))
}
