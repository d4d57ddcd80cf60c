//! Five workers, a queue of ten places, ten sleeps and ten hashes; some of the sleeps are given too little time.
//!
//! `cargo run --example task_runner`

use std::convert::Infallible;

use unstuck::Executor;
use unstuck::runner::{HashTask, Shutdown, SleepTask, SubmitPolicy, TaskHandle, TaskRunner};
use unstuck::time::ms;

type Handles = Vec<TaskHandle<String, Infallible>>;

async fn submit_all(runner: &TaskRunner) -> Handles {
    let mut handles = Vec::new();
    for number in 0..10 {
        let sleep = SleepTask::new(ms(500 + number * 100)).timeout(ms(1_000));
        handles.push(runner.submit(sleep).await.unwrap_or_else(|error| refused(&error)));
    }
    for number in 0..10 {
        let hash = HashTask::new(format!("Task {number}"));
        handles.push(runner.submit(hash).await.unwrap_or_else(|error| refused(&error)));
    }
    handles
}

fn refused(error: &dyn std::error::Error) -> ! {
    panic!("a runner whose policy is to wait refuses nothing while it is open: {error}")
}

/// Waits for all of them and keeps the errors as values.
async fn gather(handles: &Handles) -> Vec<String> {
    let mut results = Vec::new();
    for handle in handles {
        results.push(match handle.wait().await {
            Ok(output) => output,
            Err(error) => format!("error: {error}"),
        });
    }
    results
}

/// The whole program; `print` is told each line, or several at once.
pub(crate) async fn run(print: impl Fn(String)) {
    let runner = TaskRunner::builder().workers(5).capacity(10).submit_policy(SubmitPolicy::Wait).build();
    let runner = runner.expect("five and ten are not zero");
    runner.start();
    let handles = submit_all(&runner).await;
    for (handle, result) in handles.iter().zip(gather(&handles).await) {
        print(format!("{:<14} {result}", handle.record().name));
    }
    print(format!("{:#?}", runner.stats()));
    let report = runner.shutdown(Shutdown::Drain { within: ms(1_000) }).await;
    print(format!("{report:?}"));
}

/// In real time, on this thread.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let executor = Executor::new();
    let main = executor.spawn_named("main", run(|text| println!("{text}")));
    if let Err(error) = unstuck::executor::host::thread::run(&executor, main) {
        eprintln!("{error}");
    }
}

/// In virtual time, where there is no thread to park.
#[cfg(target_arch = "wasm32")]
fn main() {
    Executor::new().block_on(run(|text| println!("{text}")));
}
