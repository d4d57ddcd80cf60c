//! A store in a file: a line of JSON per change, rewritten when most of them count no more.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::runner::record::{JobId, TaskRecord};

/// A store in a file. Natively, with the feature `file-store`.
///
/// Each change is a line, written at once; a line that a crash or a full disk cut off counts for nothing. When the
/// file is opened, and whenever most of its lines count no more, it is rewritten, through a second file that then
/// takes its place: it grows with the records that are kept, and not with the jobs that come. What the system holds
/// back from the disk when the machine itself stops is not waited for.
///
/// One store at a time may use a file, since two would overwrite each other's records. A file beside it, which ends
/// in `.lock` and stays there, is locked until the store is dropped, which is when the last of its runner and of the
/// runner's handles is.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{FileStore, JobId, SleepTask, TaskRunner};
/// use unstuck::time::ms;
///
/// # let folder = std::env::temp_dir().join(format!("unstuck-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// let path = folder.join("jobs.jsonl");
/// let store = FileStore::open(&path).unwrap();
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().store(store).build().unwrap();
///     runner.start();
///     runner.submit(SleepTask::new(ms(5))).await.unwrap().await.unwrap();
/// });
/// // The program ends, and is started again.
/// let store = FileStore::open(&path).unwrap();
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().store(store).build().unwrap();
///     assert_eq!(runner.get_record(JobId(1)).unwrap().result.unwrap(), "slept for 5 ms");
/// });
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
pub struct FileStore {
    path: PathBuf,
    journal: RefCell<Journal>,
    /// What was read, until the runner takes it over.
    records: RefCell<BTreeMap<JobId, TaskRecord>>,
    /// Locked as long as it is open.
    _lock: File,
}

/// The file, open at its end.
struct Journal {
    file: File,
    /// The bytes of its whole lines.
    whole: u64,
    /// Whether a part of a line may follow them.
    is_torn: bool,
    lines: usize,
    /// It is rewritten when it has so many.
    most: usize,
}

#[derive(Serialize, Deserialize)]
enum Line<R> {
    Put(R),
    Remove(JobId),
}

/// So many lines that count no more are let be, however few there are that count.
const SPARE: usize = 1_000;

impl FileStore {
    /// Opens the store in the file at `path`, and makes the file when there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written, holds something else, or is used by another store.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let lock = lock(&path)?;
        let records = read(&path)?;
        let journal = Journal::of(&path, &records).map_err(|error| failed(&path, &error))?;
        Ok(FileStore { path, journal: RefCell::new(journal), records: RefCell::new(records), _lock: lock })
    }

    fn write(&self, line: &Line<&TaskRecord>) -> Result<(), StoreError> {
        let text = text(line).map_err(|error| StoreError(error.to_string()))?;
        let mut journal = self.journal.borrow_mut();
        journal.append(&text).map_err(|error| StoreError(error.to_string()))?;
        if journal.lines >= journal.most {
            // The line is safe. If there is no room for a second file, the first goes on for a while.
            journal.most += SPARE;
            if let Ok(records) = read(&self.path)
                && let Ok(shorter) = Journal::of(&self.path, &records)
            {
                *journal = shorter;
            }
        }
        Ok(())
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

impl Journal {
    /// The file at `path`, written anew with nothing but these records.
    fn of(path: &Path, records: &BTreeMap<JobId, TaskRecord>) -> io::Result<Journal> {
        let lines: Result<String, _> = records.values().map(|record| text(&Line::Put(record))).collect();
        let (lines, second) = (lines?, beside(path, ".new"));
        let mut file = OpenOptions::new().append(true).create(true).open(&second)?;
        file.set_len(0)?;
        file.write_all(lines.as_bytes())?;
        fs::rename(&second, path)?;
        let (whole, most) = (lines.len() as u64, 2 * records.len() + SPARE);
        Ok(Journal { file, whole, is_torn: false, lines: records.len(), most })
    }

    /// Writes a line after those that are whole.
    fn append(&mut self, line: &str) -> io::Result<()> {
        if self.is_torn {
            self.file.set_len(self.whole)?;
        }
        self.is_torn = true;
        self.file.write_all(line.as_bytes())?;
        self.is_torn = false;
        self.whole += line.len() as u64;
        self.lines += 1;
        Ok(())
    }
}

fn failed(path: &Path, error: &dyn Display) -> StoreError {
    StoreError(format!("{}: {error}", path.display()))
}

/// The path of a file that belongs to another.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut beside = path.to_owned();
    beside.as_mut_os_string().push(ending);
    beside
}

fn lock(path: &Path) -> Result<File, StoreError> {
    let lock = File::create(beside(path, ".lock")).map_err(|error| failed(path, &error))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => Err(failed(path, &"another store uses it")),
        // Where the system has no locks, it goes without.
        _ => Ok(lock),
    }
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
