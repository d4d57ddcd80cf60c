//! CPython's asyncio, in a process of its own, where there is a `python3`.

use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::Duration;

const SCRIPT: &str = include_str!("../../asyncio.py");

/// So many are enough for a time per job, and take a fraction of a second.
const JOBS: u64 = 20_000;

/// Whether there is a `python3` to run it.
pub fn is_here() -> bool {
    static HERE: OnceLock<bool> = OnceLock::new();
    *HERE
        .get_or_init(|| Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()))
}

/// How long so many jobs of this kind would take it.
pub fn run(jobs: u64, kind: &str) -> Duration {
    let output = Command::new("python3").args(["-c", SCRIPT, &JOBS.to_string(), kind]).output();
    let Output { status, stdout, stderr } = output.expect("python3 was here");
    assert!(status.success(), "asyncio failed: {}", String::from_utf8_lossy(&stderr));
    let nanoseconds: f64 = String::from_utf8_lossy(&stdout).trim().parse().expect("the script prints one number");
    Duration::from_nanos((nanoseconds * jobs as f64) as u64)
}
