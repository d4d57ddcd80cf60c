//! How tasks end, and what their handles tell of it.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::executor::Polled;
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Executor, JoinError, JoinHandle, sleep, spawn, yield_now};

use super::said::{OnDrop, Said};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_handle_gives_what_its_task_returned() {
    let answer = Executor::new().block_on(async { spawn(async { 42 }).await });
    assert_eq!(answer, Ok(42));
}

#[test]
fn dropping_a_handle_lets_its_task_run_on() {
    let said = Said::default();
    let executor = Executor::new();
    let inner = said.clone();
    drop(executor.spawn(async move {
        yield_now().await;
        inner.say("ran on");
    }));
    executor.run();
    assert_eq!(said.all(), "ran on");
}

#[test]
fn cancelling_drops_the_future_before_cancel_returns() {
    let said = Said::default();
    let executor = Executor::new();
    let inner = said.clone();
    let task = executor.spawn(async move {
        let _guard = OnDrop(inner, "dropped");
        std::future::pending::<()>().await;
    });
    executor.run();
    assert!(task.cancel(CancelReason::Requested));
    assert!(!task.cancel(CancelReason::Timeout), "the first cancel was the last");
    said.say("after cancel");
    assert_eq!(executor.block_on(task), Err(JoinError::Cancelled(CancelReason::Requested)));
    assert_eq!(said.all(), "dropped after cancel");
}

#[test]
fn a_cancelled_task_never_runs_again() {
    let executor = Executor::new();
    let task = executor.spawn(async { unreachable!("it was cancelled before its first poll") });
    task.cancel(CancelReason::Requested);
    executor.run();
    assert_eq!((executor.alive(), executor.ready().len()), (0, 0));
    drop::<unstuck::JoinHandle<()>>(task);
}

#[test]
fn a_task_that_cancels_itself_ends_with_the_poll_that_did_it() {
    let executor = Executor::new();
    let own = Rc::new(RefCell::new(None::<JoinHandle<()>>));
    let inner = own.clone();
    let task = executor.spawn(async move {
        inner.borrow().as_ref().unwrap().cancel(CancelReason::Requested);
        yield_now().await;
        unreachable!("it was cancelled in its first poll");
    });
    let id = task.id();
    own.replace(Some(task));
    assert_eq!(executor.poll(id), Polled::Ended);
    let task = own.take().unwrap();
    assert_eq!(executor.block_on(task), Err(JoinError::Cancelled(CancelReason::Requested)));
}

#[test]
fn dropping_the_executor_drops_its_tasks_and_settles_their_handles() {
    let said = Said::default();
    let executor = Executor::new();
    let inner = said.clone();
    let task = executor.spawn(async move {
        let _guard = OnDrop(inner, "dropped");
        sleep(ms(1)).await;
    });
    let spawner = executor.spawner();
    executor.run_ready();
    drop(executor);
    assert!(spawner.spawn(async {}).is_err(), "a dead executor takes no tasks");
    let other = Executor::new();
    assert_eq!(other.block_on(task), Err(JoinError::Cancelled(CancelReason::Shutdown)));
    assert_eq!(said.all(), "dropped");
}

#[test]
fn what_is_spawned_while_an_executor_is_dropped_is_dropped_with_it() {
    struct SpawnOnDrop(Said);
    impl Drop for SpawnOnDrop {
        fn drop(&mut self) {
            let guard = OnDrop(self.0.clone(), "dropped");
            drop(spawn(async move { drop(guard) }));
            self.0.say("spawned");
        }
    }
    let said = Said::default();
    let executor = Executor::new();
    // The place of this task is free again, before that of the next.
    drop(executor.spawn(async {}));
    let guard = SpawnOnDrop(said.clone());
    drop(executor.spawn(async move {
        sleep(ms(1)).await;
        drop(guard);
    }));
    executor.run_ready();
    drop(executor);
    assert_eq!(said.all(), "spawned dropped");
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_panic_fails_its_task_and_nobody_else() {
    let executor = Executor::new();
    let failing = executor.spawn(async { panic!("on purpose") });
    let other = executor.spawn(async { "unharmed" });
    executor.run();
    assert_eq!(executor.block_on(failing), Err::<(), _>(JoinError::Panicked("on purpose".into())));
    assert_eq!(executor.block_on(other), Ok("unharmed"));
}
