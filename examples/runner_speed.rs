//! Measures a job of the runner: queue of 1024, 8 workers, a time limit each, at most 2048 results outstanding.
//!
//! `cargo run --release --example runner_speed` prints nanoseconds per job, best of seven rounds, for jobs that
//! return at once and for jobs that give way once.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Instant;

use unstuck::Executor;
use unstuck::runner::{Shutdown, TaskRunner, job};
use unstuck::time::ms;

const JOBS: u64 = if cfg!(debug_assertions) { 1_000 } else { 1_000_000 };
const OUTSTANDING: usize = 2_048;

async fn run(yields: bool) {
    let runner = TaskRunner::builder().workers(8).capacity(1_024).timeout(ms(1_000)).build().unwrap();
    runner.start();
    let mut outstanding = VecDeque::with_capacity(OUTSTANDING);
    for number in 0..JOBS {
        if outstanding.len() == OUTSTANDING
            && let Some((expected, handle)) = outstanding.pop_front()
        {
            let handle: unstuck::runner::TaskHandle<u64, Infallible> = handle;
            assert_eq!(handle.await, Ok(expected));
        }
        let work = job(move |cx| async move {
            if yields {
                cx.yield_now().await;
            }
            Ok(number)
        });
        outstanding.push_back((number, runner.submit(work).await.unwrap()));
    }
    for (expected, handle) in outstanding {
        assert_eq!(handle.await, Ok(expected));
    }
    runner.shutdown(Shutdown::Now).await;
}

fn main() {
    for (name, yields) in [("W5", false), ("W5y", true)] {
        let round = |_| {
            let executor = Executor::new();
            let start = Instant::now();
            executor.block_on(run(yields));
            start.elapsed().as_nanos() as f64 / JOBS as f64
        };
        let best = (0..7).map(round).fold(f64::INFINITY, f64::min);
        println!("{name}: {best:.1} ns a job");
    }
}
