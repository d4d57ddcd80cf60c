//! What a queue promises: order, places, hand-over, and what becomes of a value that is not put.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::sync::{Closed, NotPut, Queue};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{Elapsed, Executor, spawn, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Takers A, B and C wait in this order, and then `act` is done with the queue; who took what?
fn takes(act: fn(&Queue<u32>)) -> String {
    let executor = Executor::new();
    let told = Rc::new(RefCell::new(Vec::new()));
    let queue = executor.enter(|| Rc::new(Queue::<u32>::new("queue")));
    for name in ["A", "B", "C"] {
        let (queue, told) = (queue.clone(), told.clone());
        drop(executor.spawn(async move {
            let taken = queue.take().await.map_or("nothing".to_owned(), |value| value.to_string());
            told.borrow_mut().push(format!("{name} {taken}"));
        }));
    }
    executor.run_ready();
    executor.enter(|| act(&queue));
    executor.run();
    told.borrow().join(", ")
}

#[test]
fn a_value_goes_to_the_taker_who_waited_longest() {
    assert_eq!(takes(|queue| [1, 2].into_iter().for_each(|value| queue.try_put(value).unwrap())), "A 1, B 2");
}

#[test]
fn a_closed_queue_gives_what_is_left_and_then_nothing() {
    let put_and_close = |queue: &Queue<u32>| {
        queue.try_put(1).unwrap();
        queue.close();
        assert_eq!(queue.try_put(2), Err(NotPut::Closed(2)));
    };
    assert_eq!(takes(put_and_close), "A 1, B nothing, C nothing");
}

#[test]
fn a_newcomer_cannot_take_a_value_that_is_being_handed_over() {
    let executor = Executor::new();
    let taken = executor.block_on(async {
        let queue = Rc::new(Queue::new("queue"));
        let waiting = queue.clone();
        let taker = spawn(async move { waiting.take().await });
        yield_now().await;
        queue.try_put(1).unwrap();
        queue.try_put(2).unwrap();
        (queue.take().await, taker.await.unwrap())
    });
    assert_eq!(taken, (Some(2), Some(1)));
}

#[test]
fn a_value_handed_to_a_taker_that_is_dropped_goes_to_the_next() {
    let executor = Executor::new();
    let taken = executor.block_on(async {
        let queue = Rc::new(Queue::new("queue"));
        let takers = ["A", "B"].map(|_| {
            let queue = queue.clone();
            spawn(async move { queue.take().await })
        });
        yield_now().await;
        queue.try_put(1).unwrap();
        let [first, second] = takers;
        first.cancel(CancelReason::Requested);
        second.await.unwrap()
    });
    assert_eq!(taken, Some(1));
}

#[test]
fn a_value_that_was_handed_over_is_still_had_when_the_queue_is_closed_and_another_taker_leaves() {
    let executor = Executor::new();
    let taken = executor.block_on(async {
        let queue = Rc::new(Queue::new("queue"));
        let [first, second] = ["A", "B"].map(|_| {
            let queue = queue.clone();
            spawn(async move { queue.take().await })
        });
        yield_now().await;
        queue.try_put(1).unwrap(); // A's
        queue.close();
        second.cancel(CancelReason::Requested);
        first.await.unwrap()
    });
    assert_eq!(taken, Some(1));
}

#[test]
fn takers_who_leave_a_long_line_take_nothing_with_them() {
    let executor = Executor::new();
    let taken = executor.block_on(async {
        let queue = Rc::new(Queue::new("queue"));
        let takers: Vec<_> = (0..6)
            .map(|taker| {
                let queue = queue.clone();
                spawn(async move { queue.take().await.map(|value| (taker, value)) })
            })
            .collect();
        yield_now().await;
        // First from the middle of the line, then from its front, then so many that few are left.
        [1, 3, 0, 4].into_iter().for_each(|taker| assert!(takers[taker].cancel(CancelReason::Requested)));
        ["one", "two"].into_iter().for_each(|value| queue.try_put(value).unwrap());
        let mut taken = Vec::new();
        for taker in takers {
            taken.extend(taker.await.ok().flatten());
        }
        taken
    });
    assert_eq!(taken, [(2, "one"), (5, "two")]);
}

#[test]
fn what_was_handed_to_a_taker_cannot_be_tried_for() {
    let executor = Executor::new();
    let tried = executor.block_on(async {
        let line = Rc::new(Queue::new("line"));
        let waiting = line.clone();
        let taker = spawn(async move { waiting.take().await });
        yield_now().await;
        line.try_put(1).unwrap(); // the taker's, which has not seen it yet
        line.try_put(2).unwrap();
        (line.try_take(), line.try_take(), taker.await.unwrap())
    });
    assert_eq!(tried, (Some(2), None, Some(1)));
}

/// A queue with one place, which is taken; A, B and C wait for it in this order, and then `act` is done with the queue.
/// What was taken in the end, and what became of each value?
fn puts(act: fn(&Queue<&'static str>)) -> String {
    let executor = Executor::new();
    let told = Rc::new(RefCell::new(Vec::new()));
    let queue = executor.enter(|| Rc::new(Queue::bounded("queue", 1)));
    executor.enter(|| queue.try_put("first").unwrap());
    for name in ["A", "B", "C"] {
        let (queue, told) = (queue.clone(), told.clone());
        drop(executor.spawn(async move {
            let became = match queue.put(name).await {
                Ok(()) => format!("{name} is in"),
                Err(Closed(value)) => format!("{value} came back"),
            };
            told.borrow_mut().push(became);
        }));
    }
    executor.run_ready();
    executor.enter(|| act(&queue));
    executor.run();
    told.borrow().join(", ")
}

#[test]
fn a_place_goes_to_the_putter_who_waited_longest() {
    assert_eq!(puts(|queue| assert_eq!(queue.try_take(), Some("first"))), "A is in");
}

#[test]
fn a_newcomer_cannot_take_a_place_that_is_being_handed_over() {
    let take_and_try = |queue: &Queue<&'static str>| {
        queue.try_take().unwrap();
        assert_eq!(queue.try_put("newcomer"), Err(NotPut::Full("newcomer")));
    };
    assert_eq!(puts(take_and_try), "A is in");
}

#[test]
fn a_closed_queue_gives_their_values_back_to_those_who_wait() {
    assert_eq!(puts(Queue::close), "A came back, B came back, C came back");
}

#[test]
fn whoever_was_called_to_a_place_before_the_queue_was_closed_gets_its_value_back() {
    let take_and_close = |queue: &Queue<&'static str>| {
        queue.try_take().unwrap();
        queue.close();
    };
    assert_eq!(puts(take_and_close), "A came back, B came back, C came back");
}

#[test]
fn a_place_handed_to_a_putter_that_is_dropped_goes_to_the_next() {
    let taken = Executor::new().block_on(async {
        let queue = Rc::new(Queue::bounded("queue", 1));
        queue.try_put("first").unwrap();
        let putters = ["A", "B"].map(|name| {
            let queue = queue.clone();
            spawn(async move { queue.put(name).await })
        });
        yield_now().await;
        let first = queue.take().await;
        let [called, next] = putters;
        called.cancel(CancelReason::Requested);
        next.await.unwrap().unwrap();
        (first, queue.try_take(), queue.try_take())
    });
    assert_eq!(taken, (Some("first"), Some("B"), None));
}

#[test]
fn values_stand_in_the_order_in_which_their_putters_came_whoever_is_polled_first() {
    let executor = Executor::new();
    let queue = executor.enter(|| Rc::new(Queue::bounded("queue", 2)));
    let putters = ["A", "B", "C", "D"].map(|name| {
        let queue = queue.clone();
        executor.spawn(async move { queue.put(name).await.unwrap() })
    });
    executor.run_ready();
    let taken = |count| (0..count).filter_map(|_| executor.enter(|| queue.try_take())).collect::<Vec<_>>();
    let first = taken(2);
    // C and D have a place each now, and D would be the first to come.
    for task in executor.ready().into_iter().rev() {
        executor.poll(task);
    }
    executor.run();
    assert_eq!((first, taken(2)), (vec!["A", "B"], vec!["C", "D"]));
    drop(putters);
}

#[test]
fn a_put_that_ran_out_of_time_has_put_nothing() {
    let (put, left) = Executor::new().block_on(async {
        let queue = Queue::bounded("queue", 1);
        queue.put(1).await.unwrap();
        let put = timeout(ms(10), queue.put(2)).await;
        (put, [queue.try_take(), queue.try_take()])
    });
    assert_eq!((put, left), (Err(Elapsed), [Some(1), None]));
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
#[should_panic(expected = "a queue needs at least one place")]
fn a_queue_without_a_place_is_a_mistake() {
    let _ = Queue::<u32>::bounded("queue", 0);
}
