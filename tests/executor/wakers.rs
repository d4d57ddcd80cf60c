//! What a waker may outlive.

use std::cell::Cell;
use std::rc::Rc;

use unstuck::Executor;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_waker_of_a_task_that_ended_wakes_nobody() {
    let executor = Executor::new();
    let waker = Rc::new(Cell::new(None));
    let kept = waker.clone();
    let first = executor.spawn(std::future::poll_fn(move |cx| {
        kept.set(Some(cx.waker().clone()));
        std::task::Poll::Ready(())
    }));
    executor.run();
    let place = first.id().index();
    drop(first);
    let second = executor.spawn(std::future::pending::<()>());
    executor.run();
    assert_eq!(second.id().index(), place, "the second task lives where the first did");
    waker.take().unwrap().wake();
    assert_eq!(executor.ready(), []);
}

#[test]
fn a_waker_outlives_its_executor() {
    let executor = Executor::new();
    let waker = Rc::new(Cell::new(None));
    let kept = waker.clone();
    drop(executor.spawn(std::future::poll_fn(move |cx| {
        kept.set(Some(cx.waker().clone()));
        std::task::Poll::<()>::Pending
    })));
    executor.run();
    drop(executor);
    let next = Executor::new();
    drop(next.spawn(std::future::pending::<()>()));
    next.run();
    waker.take().unwrap().wake();
    assert_eq!(next.ready(), []);
}
