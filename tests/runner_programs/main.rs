//! Random programs against a runner, on the virtual clock: whatever is submitted, cancelled, paused, resized and
//! waited for, every job ends once and says so to everybody, and nothing is left behind.

#![cfg(not(target_arch = "wasm32"))]

mod jobs;
mod play;
mod program;

use std::cell::RefCell;
use std::rc::Rc;

use proptest::prelude::*;
use unstuck::runner::{TaskRunner, job};
use unstuck::time::ms;
use unstuck::{Executor, sleep, spawn};

use self::play::{drive, run};
use self::program::{Program, program};

fn check(program: Program) {
    let executor = Executor::new();
    let seed = program.seed;
    let main = executor.spawn(run(program));
    drive(&executor, seed);
    assert!(executor.block_on(main).is_ok());
    assert_eq!((executor.alive(), executor.armed_timers()), (0, 0), "tasks and timers are left behind");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_job_ends_once_and_says_so_to_everybody(program in program()) {
        check(program);
    }

    #[test]
    fn equals_start_in_the_order_in_which_they_came(
        priorities in prop::collection::vec(0..3u8, 1..30),
        workers in 1..4usize,
        capacity in 1..5usize,
        seed in any::<u64>(),
    ) {
        check_order(priorities, workers, capacity, seed);
    }
}

fn check_order(priorities: Vec<u8>, workers: usize, capacity: usize, seed: u64) {
    let (came, started) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(Vec::new())));
    let (given, noted) = (priorities.clone(), (came.clone(), started.clone()));
    let executor = Executor::new();
    let main = executor.spawn(async move {
        let runner = TaskRunner::builder().workers(workers).capacity(capacity).build().unwrap();
        runner.start();
        for (number, priority) in given.into_iter().enumerate() {
            let (runner, (came, started)) = (runner.clone(), noted.clone());
            drop(spawn(async move {
                let note = job(move |_| {
                    started.borrow_mut().push(number);
                    async {
                        sleep(ms(1)).await;
                        Ok::<_, String>(())
                    }
                });
                came.borrow_mut().push(number);
                drop(runner.submit(note.priority(priority)).await.unwrap());
            }));
        }
        sleep(ms(100)).await;
        runner.on_idle().await;
    });
    drive(&executor, seed);
    assert!(executor.block_on(main).is_ok());
    for priority in 0..3 {
        let equals = |order: &RefCell<Vec<usize>>| -> Vec<usize> {
            order.borrow().iter().copied().filter(|number| priorities[*number] == priority).collect()
        };
        assert_eq!(equals(&came), equals(&started));
    }
}
