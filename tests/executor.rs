//! What the executor promises: order, time, ends of tasks, and what a trace says of them.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use unstuck::executor::Polled;
use unstuck::sync::oneshot;
use unstuck::time::{Instant, ms};
use unstuck::trace::{CancelReason, Event, Wait};
use unstuck::{Elapsed, Executor, JoinError, JoinHandle, note, now, sleep, spawn, spawn_named, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Records words in the order in which tasks say them.
#[derive(Clone, Default)]
struct Said(Rc<RefCell<Vec<String>>>);

impl Said {
    fn say(&self, word: impl Into<String>) {
        self.0.borrow_mut().push(word.into());
    }

    fn all(&self) -> String {
        self.0.borrow().join(" ")
    }
}

/// Wakes itself, does `then`, and is pending once.
async fn pending_once(then: impl FnOnce()) {
    let mut then = Some(then);
    poll_fn(|cx| match then.take() {
        Some(then) => {
            cx.waker().wake_by_ref();
            then();
            Poll::Pending
        }
        None => Poll::Ready(()),
    })
    .await;
}

#[test]
fn ready_tasks_run_in_the_order_in_which_they_became_ready() {
    let said = Said::default();
    let executor = Executor::new();
    for name in ["A", "B", "C"] {
        let said = said.clone();
        drop(executor.spawn(async move {
            said.say(format!("{name}1"));
            yield_now().await;
            said.say(format!("{name}2"));
        }));
    }
    executor.run();
    assert_eq!(said.all(), "A1 B1 C1 A2 B2 C2");
}

#[test]
fn a_task_that_wakes_itself_keeps_its_turn_before_those_that_it_makes_ready_later() {
    for executor in [Executor::new(), Executor::recording()] {
        let said = Said::default();
        let [waiting, waking, child] = [(); 3].map(|()| said.clone());
        let (sender, receiver) = oneshot::channel("answer");
        drop(executor.spawn(async move {
            receiver.await.unwrap();
            waiting.say("woken");
        }));
        drop(executor.spawn(async move {
            pending_once(|| {
                sender.send(()).unwrap();
                drop(spawn(async move { child.say("spawned") }));
            })
            .await;
            waking.say("itself");
        }));
        executor.run();
        assert_eq!(said.all(), "itself woken spawned");
    }
}

#[test]
fn whoever_is_woken_in_one_poll_gets_in_line_in_the_order_of_the_wake_ups() {
    for executor in [Executor::new(), Executor::recording()] {
        let said = Said::default();
        let senders = ["A", "B", "C"].map(|name| {
            let (sender, receiver) = oneshot::channel("answer");
            let said = said.clone();
            drop(executor.spawn(async move {
                receiver.await.unwrap();
                said.say(name);
            }));
            sender
        });
        let [itself, child] = [(); 2].map(|()| said.clone());
        drop(executor.spawn(async move {
            let [a, b, c] = senders;
            b.send(()).unwrap();
            pending_once(|| drop(spawn(async move { child.say("spawned") }))).await;
            itself.say("itself");
            [c, a].into_iter().for_each(|sender| sender.send(()).unwrap());
        }));
        executor.run();
        assert_eq!(said.all(), "B itself spawned C A");
    }
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
    let trace = executor.take_trace().to_string();
    let events = trace.lines().map(|line| line.split(' ').nth(3).unwrap());
    let told =
        ["spawned", "spawned", "polled", "waits", "polled", "woken", "noted", "returned", "polled", "returned"];
    assert_eq!(events.collect::<Vec<_>>(), told);
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
    let trace = executor.take_trace().to_string();
    let events = trace.lines().map(|line| line.split(' ').nth(3).unwrap());
    assert_eq!(events.collect::<Vec<_>>(), ["spawned", "polled", "woken", "noted", "polled", "returned"]);
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
    let trace = executor.take_trace().to_string();
    let events = trace.lines().map(|line| line.split(' ').nth(3).unwrap());
    assert_eq!(events.collect::<Vec<_>>(), ["spawned", "polled", "woken", "cancelled"]);
}

#[test]
fn the_caller_decides_who_is_polled() {
    let said = Said::default();
    let executor = Executor::new();
    let tasks = ["A", "B", "C"].map(|name| {
        let said = said.clone();
        executor.spawn(async move { said.say(name) }).id()
    });
    for chosen in [2, 0, 1] {
        assert_eq!(executor.poll(tasks[chosen]), Polled::Ended);
    }
    assert_eq!(said.all(), "C A B");
}

#[test]
fn a_task_that_is_not_ready_is_not_polled() {
    let executor = Executor::new();
    let sleeper = executor.spawn(async { sleep(ms(1)).await });
    assert_eq!(executor.poll(sleeper.id()), Polled::Pending);
    assert_eq!(executor.poll(sleeper.id()), Polled::NotReady);
    assert_eq!(executor.ready(), []);
    executor.advance();
    assert_eq!(executor.ready(), [sleeper.id()]);
}

#[test]
fn virtual_time_jumps_from_deadline_to_deadline() {
    let said = Said::default();
    let executor = Executor::new();
    for (name, delay) in [("slow", 3_600_000), ("fast", 5), ("first", 5), ("none", 0)] {
        let said = said.clone();
        drop(executor.spawn(async move {
            sleep(ms(delay)).await;
            said.say(format!("{name}@{}", now().to_string().replace(' ', "")));
        }));
    }
    executor.run();
    // Equal deadlines fire in the order of arming.
    assert_eq!(said.all(), "none@0ms fast@5ms first@5ms slow@60min");
}

#[test]
fn whoever_is_due_at_one_moment_wakes_in_the_order_of_the_waits() {
    let (executor, said) = (Executor::new(), Said::default());
    for name in ["first", "by another's waker", "last"] {
        let said = said.clone();
        drop(executor.spawn(async move {
            let due = sleep(ms(1));
            if name == "by another's waker" {
                FuturesUnordered::from_iter([due]).next().await;
            } else {
                due.await;
            }
            said.say(name);
        }));
    }
    executor.run();
    assert_eq!(said.all(), "first by another's waker last");
}

#[test]
fn time_does_not_pass_by_itself() {
    let executor = Executor::new();
    drop(executor.spawn(async { sleep(ms(10)).await }));
    executor.run_ready();
    assert_eq!((executor.now(), executor.next_deadline()), (Instant::ZERO, Some(Instant::ZERO + ms(10))));
    assert_eq!(executor.advance(), Some(Instant::ZERO + ms(10)));
    executor.run_ready();
    assert_eq!((executor.advance(), executor.alive()), (None, 0));
}

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

struct OnDrop(Said, &'static str);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.say(self.1);
    }
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

#[test]
fn a_result_in_the_last_moment_wins_over_the_time_limit() {
    let outcome = Executor::new().block_on(async {
        let in_time = timeout(ms(10), sleep(ms(10))).await;
        let too_late = timeout(ms(10), sleep(ms(11))).await;
        (in_time, too_late)
    });
    assert_eq!(outcome, (Ok(()), Err(Elapsed)));
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
fn a_time_limit_that_was_not_needed_leaves_no_timer() {
    let executor = Executor::new();
    executor.block_on(async { timeout(ms(10), yield_now()).await.unwrap() });
    assert_eq!(executor.armed_timers(), 0);
}

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

#[test]
fn executors_can_run_inside_each_other() {
    let outer = Executor::new().block_on(async {
        sleep(ms(5)).await;
        let inner = Executor::new().block_on(async {
            sleep(ms(7)).await;
            now()
        });
        (now(), inner)
    });
    assert_eq!(outer, (Instant::ZERO + ms(5), Instant::ZERO + ms(7)));
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
