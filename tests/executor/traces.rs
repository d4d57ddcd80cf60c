//! What a trace says of polls, waits and wake-ups.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use unstuck::sync::oneshot;
use unstuck::time::ms;
use unstuck::trace::{CancelReason, Event, Wait};
use unstuck::{Executor, JoinHandle, note, sleep, spawn, spawn_named, timeout, yield_now};

use super::said::pending_once;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What happened, a word each.
fn events(executor: &Executor) -> Vec<String> {
    let trace = executor.take_trace().to_string();
    trace.lines().map(|line| line.split(' ').nth(3).unwrap().to_owned()).collect()
}

#[test]
fn a_wake_up_is_recorded_before_what_its_poll_says_after_it() {
    let executor = Executor::recording();
    let (sender, receiver) = oneshot::channel("answer");
    drop(executor.spawn(async move { receiver.await.unwrap() }));
    drop(executor.spawn(async move {
        sender.send(()).unwrap();
        note("has sent it");
    }));
    executor.run();
    let told =
        ["spawned", "spawned", "polled", "waits", "polled", "woken", "noted", "returned", "polled", "returned"];
    assert_eq!(events(&executor), told);
}

#[test]
fn whoever_gives_way_is_recorded_as_woken_once_before_the_next_poll() {
    let executor = Executor::recording();
    drop(executor.spawn(yield_now()));
    executor.run();
    assert_eq!(events(&executor), ["spawned", "polled", "waits", "woken", "polled", "returned"]);
}

#[test]
fn a_wake_up_of_oneself_is_recorded_once_and_when_it_happened() {
    let executor = Executor::recording();
    drop(executor.spawn(async {
        let mut polls = 0;
        poll_fn(|cx| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            note("is awake");
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }));
    executor.run();
    assert_eq!(events(&executor), ["spawned", "polled", "woken", "noted", "polled", "returned"]);
}

#[test]
fn whoever_woke_itself_before_it_cancelled_itself_is_recorded_to_have_been_woken() {
    let executor = Executor::recording();
    let own = Rc::new(RefCell::new(None::<JoinHandle<()>>));
    let handle = executor.spawn({
        let own = own.clone();
        async move { pending_once(|| _ = own.borrow().as_ref().unwrap().cancel(CancelReason::Requested)).await }
    });
    own.replace(Some(handle));
    executor.run();
    assert_eq!(events(&executor), ["spawned", "polled", "woken", "cancelled"]);
}

#[test]
fn whoever_waits_with_a_time_limit_waits_where_the_limit_is_awaited() {
    let executor = Executor::recording();
    let line = executor.block_on(async {
        let child = spawn(async { yield_now().await });
        let line = line!() + 1;
        timeout(ms(10), child).await.unwrap().unwrap();
        line
    });
    let trace = executor.take_trace();
    let places = trace.entries().iter().filter_map(|entry| match &entry.event {
        Event::Waits { on: Wait::Task { .. }, at, .. } => Some((at.file(), at.line())),
        _ => None,
    });
    assert_eq!(places.collect::<Vec<_>>(), [(file!(), line)]);
}

#[test]
fn whoever_ran_out_of_time_is_not_recorded_to_wait_on() {
    let executor = Executor::recording();
    drop(executor.spawn(async {
        let _ = timeout(ms(10), sleep(ms(20)).labelled("an answer")).await;
        sleep(ms(5)).labelled("a pause").await;
    }));
    executor.run();
    let trace = executor.take_trace();
    let waits = trace.entries().iter().filter_map(|entry| match &entry.event {
        Event::Waits { on: Wait::Time { label, .. }, .. } => *label,
        _ => None,
    });
    assert_eq!(waits.collect::<Vec<_>>(), ["an answer", "time limit", "a pause"]);
}

#[test]
fn a_trace_tells_who_did_what_where_and_when() {
    let executor = Executor::recording();
    let line = line!();
    let main = executor.spawn_named("main", async {
        let child = spawn_named("child", async { sleep(ms(20)).await });
        child.await.unwrap();
    });
    executor.run();
    drop(main);
    let expected = [
        (0, 0, "spawned 0 \"main\" by - at LINE", 1),
        (1, 0, "polled 0", 0),
        (1, 0, "spawned 1 \"child\" by 0 at LINE", 2),
        (1, 0, "waits 0 for task 1 at LINE", 3),
        (2, 0, "polled 1", 0),
        (2, 0, "waits 1 for time 20000000 - at LINE", 2),
        (3, 20_000_000, "advanced to 20000000", 0),
        (3, 20_000_000, "woken 1 by -", 0),
        (4, 20_000_000, "polled 1", 0),
        (4, 20_000_000, "returned 1", 0),
        (4, 20_000_000, "woken 0 by 1", 0),
        (5, 20_000_000, "polled 0", 0),
        (5, 20_000_000, "returned 0", 0),
    ];
    let lines = expected.iter().enumerate().map(|(number, (step, time, event, offset))| {
        let place = format!("{}:{}", file!(), line + offset);
        format!("{number} {step} {time} {}\n", event.replace("LINE", &place))
    });
    assert_eq!(executor.take_trace().to_string(), lines.collect::<String>());
}
