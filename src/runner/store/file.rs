//! A store in a file: a line of JSON per change, rewritten when it is opened.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::runner::record::{JobId, TaskRecord};

/// A store in a file. Natively, with the feature `file-store`.
///
/// Each change is a line, written at once; a last line that a crash cut off is ignored. Opening the file rewrites
/// it with what still counts, through a second file that then takes its place. What the system holds back from the
/// disk when the machine itself stops is not waited for.
pub struct FileStore {
    file: RefCell<File>,
    /// What was read, until the runner takes it over.
    records: RefCell<BTreeMap<JobId, TaskRecord>>,
}

#[derive(Serialize, Deserialize)]
enum Line<R> {
    Put(R),
    Remove(JobId),
}

impl FileStore {
    /// Opens the store in the file at `path`, and makes the file when there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written, or holds something else.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let records = read(path)?;
        let file = rewrite(path, &records).map_err(|error| failed(path, &error))?;
        Ok(FileStore { file: RefCell::new(file), records: RefCell::new(records) })
    }

    fn write(&self, line: &Line<&TaskRecord>) -> Result<(), StoreError> {
        let text = text(line).map_err(|error| StoreError(error.to_string()))?;
        self.file.borrow_mut().write_all(text.as_bytes()).map_err(|error| StoreError(error.to_string()))
    }
}

impl Store for FileStore {
    fn load(&self) -> Result<Vec<TaskRecord>, StoreError> {
        Ok(self.records.take().into_values().collect())
    }

    fn put(&self, record: &TaskRecord) -> Result<(), StoreError> {
        self.write(&Line::Put(record))
    }

    fn remove(&self, id: JobId) -> Result<(), StoreError> {
        self.write(&Line::Remove(id))
    }
}

fn failed(path: &Path, error: &dyn Display) -> StoreError {
    StoreError(format!("{}: {error}", path.display()))
}

fn text(line: &Line<&TaskRecord>) -> serde_json::Result<String> {
    serde_json::to_string(line).map(|text| text + "\n")
}

fn read(path: &Path) -> Result<BTreeMap<JobId, TaskRecord>, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(path, &error)),
    };
    let mut records = BTreeMap::new();
    // A last line without an end was cut off before anybody was told that it was written.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    for (number, line) in whole.lines().enumerate() {
        let line: Result<Line<TaskRecord>, _> = serde_json::from_str(line);
        match line.map_err(|error| failed(path, &format!("line {}: {error}", number + 1)))? {
            Line::Put(record) => drop(records.insert(record.id, record)),
            Line::Remove(id) => drop(records.remove(&id)),
        }
    }
    Ok(records)
}

fn rewrite(path: &Path, records: &BTreeMap<JobId, TaskRecord>) -> io::Result<File> {
    let mut second: PathBuf = path.to_owned();
    second.as_mut_os_string().push(".new");
    let lines: Result<String, _> = records.values().map(|record| text(&Line::Put(record))).collect();
    fs::write(&second, lines?)?;
    fs::rename(&second, path)?;
    OpenOptions::new().append(true).open(path)
}
