//! Records in a file, and what may happen to it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use unstuck::Executor;
use unstuck::runner::{FileStore, JobId, Store, TaskRecord, TaskRunner, TaskStatus, job};

use super::store::{check_restart, crash};

/// A folder of its own, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("unstuck-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn error_of(path: &PathBuf) -> String {
    FileStore::open(path).map(drop).unwrap_err().to_string()
}

fn record(id: u64) -> TaskRecord {
    Executor::new().block_on(async move {
        let runner = TaskRunner::builder().build().unwrap();
        let job = job(|_| async { Ok::<_, String>(()) });
        runner.submit(job.id(JobId(id))).await.unwrap().record()
    })
}

#[test]
fn a_file_keeps_records_and_survives_a_line_that_was_cut_off() {
    let folder = Folder::new("restart");
    let (left, path) = (folder.file("left.jsonl"), folder.file("found.jsonl"));
    crash(FileStore::open(&left).unwrap());
    // What a program that is gone has left; the one here still holds its lock.
    let mut text = fs::read_to_string(&left).unwrap();
    text.push_str("{\"Put\":{\"id\":3,\"na");
    fs::write(&path, text).unwrap();
    check_restart(FileStore::open(&path).unwrap());
    fs::write(&path, "something else\n").unwrap();
    assert!(error_of(&path).contains("line 1: expected value"), "{}", error_of(&path));
}

#[test]
fn a_file_is_used_by_one_store_at_a_time() {
    let folder = Folder::new("lock");
    let path = folder.file("jobs.jsonl");
    let first = FileStore::open(&path).unwrap();
    first.put(&record(1)).unwrap();
    assert_eq!(error_of(&path), format!("{}: another store uses it", path.display()));
    drop(first);
    assert_eq!(FileStore::open(&path).unwrap().load().unwrap().len(), 1);
}

#[test]
fn a_file_grows_with_its_records_and_not_with_the_jobs_that_come() {
    let folder = Folder::new("growth");
    let path = folder.file("jobs.jsonl");
    let store = FileStore::open(&path).unwrap();
    let executor = Executor::new();
    executor.block_on(async move {
        let runner = TaskRunner::builder().retention(10).store(store).build().unwrap();
        runner.start();
        for _ in 0..3_000 {
            runner.submit(job(|_| async { Ok::<_, String>(()) })).await.unwrap().await.unwrap();
        }
    });
    drop(executor);
    // Twice those that count, and a thousand.
    let lines = fs::read_to_string(&path).unwrap().lines().count();
    assert!(lines <= 1_030, "{lines} lines");
    let kept = FileStore::open(&path).unwrap().load().unwrap();
    let kept: Vec<_> = kept.iter().map(|record| (record.id.0, record.status)).collect();
    assert_eq!(kept, (2_991..=3_000).map(|id| (id, TaskStatus::Succeeded)).collect::<Vec<_>>());
}

/// Tells the test below that it is to fill the file of this path.
const FILL: &str = "UNSTUCK_TEST_FILLS";

#[test]
#[cfg(unix)]
fn a_line_that_a_full_disk_cut_off_is_taken_back_before_the_next() {
    if let Some(path) = std::env::var_os(FILL) {
        return fill(&PathBuf::from(path));
    }
    let folder = Folder::new("full");
    let path = folder.file("jobs.jsonl");
    // A program that may write files of a kilobyte or two, and is not ended for trying to write more.
    let limited = "trap '' XFSZ; ulimit -f 2; exec \"$0\" --exact \"$1\"";
    let name = "file_store::a_line_that_a_full_disk_cut_off_is_taken_back_before_the_next";
    let program = std::env::current_exe().unwrap();
    // Its words go through a pipe, since the limit holds for whatever file they would be written to.
    let filled = Command::new("sh").args(["-c", limited]).arg(program).arg(name).env(FILL, &path).output().unwrap();
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stdout));
    let kept: Vec<u64> = FileStore::open(&path).unwrap().load().unwrap().iter().map(|record| record.id.0).collect();
    // The first was removed when the disk was full.
    assert!(kept.len() > 1 && kept[0] == 2, "{kept:?}");
}

#[cfg(unix)]
fn fill(path: &PathBuf) {
    let store = FileStore::open(path).unwrap();
    let refused = (1..1_000).find(|id| store.put(&record(*id)).is_err());
    assert!(refused.is_some(), "the disk is not full");
    store.remove(JobId(1)).unwrap();
}
