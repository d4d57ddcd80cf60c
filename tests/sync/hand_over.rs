//! What tasks share: fair, by hand-over, and safe to drop at any await.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::sync::{CancelToken, Event, Mutex, Semaphore, oneshot};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Elapsed, Executor, sleep, spawn, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Runs visitors that each want the lock after their delay, in milliseconds, and hold it for 10 ms.
fn visits(delays: &[(&'static str, u64)]) -> String {
    let executor = Executor::new();
    let order = Rc::new(RefCell::new(Vec::new()));
    let lock = executor.enter(|| Rc::new(Mutex::new("lock", ())));
    for (name, delay) in delays.iter().copied() {
        let (order, lock) = (order.clone(), lock.clone());
        drop(executor.spawn(async move {
            sleep(ms(delay)).await;
            let _lock = lock.lock().await;
            order.borrow_mut().push(name);
            sleep(ms(10)).await;
        }));
    }
    executor.run();
    assert_eq!(executor.alive(), 0, "somebody waits for ever");
    order.borrow().join(" ")
}

#[test]
fn the_lock_goes_to_who_waited_longest() {
    assert_eq!(visits(&[("A", 0), ("B", 3), ("C", 1), ("D", 2)]), "A C D B");
}

#[test]
fn a_newcomer_cannot_take_a_lock_that_is_being_handed_over() {
    // C comes at the very moment at which A gives back, and is even polled before B.
    assert_eq!(visits(&[("C", 10), ("A", 0), ("B", 1)]), "A B C");
}

#[test]
fn a_waiter_that_gives_up_leaves_the_line() {
    let executor = Executor::new();
    let free = executor.block_on(async {
        let places = Rc::new(Semaphore::new("places", 1));
        let held = places.acquire().await;
        assert!(timeout(ms(5), places.acquire()).await.is_err());
        drop(held);
        places.free()
    });
    assert_eq!(free, 1);
}

#[test]
fn a_permit_handed_to_a_waiter_that_is_dropped_goes_to_the_next() {
    let executor = Executor::new();
    let reached = executor.block_on(async {
        let places = Rc::new(Semaphore::new("places", 1));
        let held = places.acquire().await;
        let waiter = |places: Rc<Semaphore>| spawn(async move { drop(places.acquire().await) });
        let (first, second) = (waiter(places.clone()), waiter(places.clone()));
        yield_now().await;
        drop(held); // handed to the first, which has not seen it yet
        first.cancel(CancelReason::Requested);
        second.await
    });
    assert_eq!(reached, Ok(()));
}

#[test]
fn a_oneshot_delivers_once_and_tells_when_nobody_will() {
    let told = Executor::new().block_on(async {
        let (sender, receiver) = oneshot::channel("answer");
        drop(spawn(async move {
            sleep(ms(1)).await;
            sender.send(42)
        }));
        let (dropped, orphan) = oneshot::channel::<()>("answer");
        drop(dropped);
        let (unwanted, nobody) = oneshot::channel("answer");
        drop(nobody);
        (receiver.await, orphan.await, unwanted.send("kept"))
    });
    assert_eq!(told, (Ok(42), Err(oneshot::SenderGone), Err("kept")));
}

#[test]
fn a_token_cancels_its_children_and_not_its_parent() {
    let (parent, other) = (CancelToken::new(), CancelToken::new());
    let (child, late) = (parent.child(), other.child());
    assert!(child.cancel(CancelReason::Timeout));
    assert!(!parent.is_cancelled());
    assert!(other.cancel(CancelReason::Shutdown));
    assert!(!late.cancel(CancelReason::Requested), "the first reason stays");
    let reasons = [parent, child, other, late].map(|token| token.reason());
    let [timeout, shutdown] = [CancelReason::Timeout, CancelReason::Shutdown].map(Some);
    assert_eq!(reasons, [None, timeout, shutdown, shutdown]);
}

#[test]
fn a_child_of_a_cancelled_token_is_born_cancelled() {
    let token = CancelToken::new();
    token.cancel(CancelReason::Shutdown);
    let reason = Executor::new().block_on(async move { token.child().cancelled().await });
    assert_eq!(reason, CancelReason::Shutdown);
}

#[test]
fn whoever_waits_for_an_event_goes_on_even_if_it_is_cleared_at_once() {
    let executor = Executor::new();
    let said = executor.block_on(async {
        let (event, said) = (Rc::new(Event::new("event")), Rc::new(RefCell::new(Vec::new())));
        let waiting = ["A", "B"].map(|name| {
            let (event, said) = (event.clone(), said.clone());
            spawn(async move {
                event.wait().await;
                said.borrow_mut().push(name);
            })
        });
        yield_now().await;
        event.set();
        event.clear();
        for waiting in waiting {
            waiting.await.unwrap();
        }
        let late = timeout(ms(1), event.wait()).await;
        (said.take(), late)
    });
    assert_eq!(said, (vec!["A", "B"], Err(Elapsed)));
}
