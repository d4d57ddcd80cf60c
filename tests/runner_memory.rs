//! What a runner leaves behind after a million jobs.
//!
//! It counts the bytes that are allocated, which needs an allocator of its own, and so these tests are for one thread
//! and run natively only.
#![cfg(not(target_arch = "wasm32"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use unstuck::Executor;
use unstuck::runner::{JobId, TaskRunner, job};
use unstuck::time::ms;

/// The system's allocator, and how many bytes it has given out that were not given back.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator as it came, so its promises hold here.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const RETENTION: usize = 1_000;
/// How many results are outstanding at a time.
const OUTSTANDING: usize = 100;

/// Runs so many jobs, and looks at the number of records on the way.
async fn run(runner: &TaskRunner, jobs: u64) {
    let mut results = VecDeque::with_capacity(OUTSTANDING);
    for number in 0..jobs {
        results.push_back(runner.submit(job(move |_| async move { Ok::<_, Infallible>(number) })).await.unwrap());
        if results.len() == OUTSTANDING
            && let Some(result) = results.pop_front()
        {
            result.await.unwrap();
        }
        if number % 100_000 == 0 {
            assert!(runner.stats().records <= RETENTION);
        }
    }
    for result in results {
        result.await.unwrap();
    }
    runner.on_idle().await;
}

#[test]
fn a_million_jobs_leave_a_thousand_records_and_no_growth() {
    Executor::new().block_on(async {
        let runner = TaskRunner::builder().workers(8).retention(RETENTION).timeout(ms(1_000)).build().unwrap();
        runner.start();
        run(&runner, 100_000).await;
        let before = LIVE.load(Relaxed);
        run(&runner, 900_000).await;
        let after = LIVE.load(Relaxed);
        // A page of ids and some empty boxes more or less; a byte for each hundredth job would be more.
        assert!(after < before + 9_000, "{before} bytes became {after}");
        let records = runner.records();
        assert_eq!((records.len(), records[0].id, records[999].id), (1_000, JobId(999_001), JobId(1_000_000)));
        assert!(runner.get_record(JobId(999_000)).is_none());
        assert_eq!(runner.stats().succeeded, 1_000_000);
    });
}
