//! Our own primitives under our own search: every kind of schedule, with every task dropped at every await.

use std::rc::Rc;

use unstuck::explore::{Options, assert_holds, check};
use unstuck::scenario::Stage;
use unstuck::sync::{CancelToken, Event, Mutex, Queue, Semaphore, Tracked, oneshot};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{sleep, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NAMES: [&str; 3] = ["A", "B", "C"];

#[test]
fn a_lock_has_one_holder_and_is_free_in_the_end_whoever_is_dropped_and_where() {
    let report = assert_holds(|stage: &Stage| {
        let (lock, inside) = (Rc::new(Mutex::new("lock", ())), Rc::new(Tracked::new(0)));
        for name in NAMES {
            stage.may_be_cancelled(name);
            let (lock, inside) = (lock.clone(), inside.clone());
            stage.spawn(name, async move {
                let _lock = lock.lock().await;
                let _visit = Visit::begin(inside);
                yield_now().await;
            });
        }
        let most = inside.clone();
        stage.always("one at a time", move || match most.get() {
            0 | 1 => Ok(()),
            inside => Err(format!("{inside} hold the lock")),
        });
        stage.finally("the lock is free", move || match lock.try_lock() {
            Some(_) => Ok(()),
            None => Err("everybody has ended, and the lock is taken".to_owned()),
        });
    });
    assert_eq!(report.failing, 0);
}

/// Counts a visitor for as long as it lives.
struct Visit(Rc<Tracked<u32>>);

impl Visit {
    fn begin(inside: Rc<Tracked<u32>>) -> Self {
        inside.update(|inside| *inside += 1);
        Visit(inside)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.0.update(|inside| *inside -= 1);
    }
}

#[test]
fn the_lock_is_given_in_the_order_in_which_it_was_asked_for() {
    assert_holds(|stage: &Stage| {
        let lock = Rc::new(Mutex::new("lock", ()));
        let asked = Rc::new(Tracked::new(Vec::new()));
        let given = Rc::new(Tracked::new(Vec::new()));
        for name in NAMES {
            let (lock, asked, given) = (lock.clone(), asked.clone(), given.clone());
            stage.spawn(name, async move {
                for _ in 0..2 {
                    asked.update(|asked| asked.push(name));
                    let _lock = lock.lock().await;
                    given.update(|given| given.push(name));
                    yield_now().await;
                }
            });
        }
        stage.always("first come, first served", move || {
            let (asked, given) = (asked.with(Clone::clone), given.with(Clone::clone));
            match asked.starts_with(&given) {
                true => Ok(()),
                false => Err(format!("asked in the order {asked:?}, given in the order {given:?}")),
            }
        });
    });
}

#[test]
fn no_place_is_lost_to_whoever_gives_up_or_is_dropped() {
    assert_holds(|stage: &Stage| {
        let places = Rc::new(Semaphore::new("places", 2));
        for name in NAMES {
            stage.may_be_cancelled(name);
            let places = places.clone();
            stage.spawn(name, async move {
                // The holders leave at the very moment at which the one in line gives up.
                if let Ok(_place) = timeout(ms(1), places.acquire()).await {
                    sleep(ms(1)).await;
                }
            });
        }
        stage.finally("every place is free", move || match places.free() {
            2 => Ok(()),
            free => Err(format!("everybody has ended, and {free} of 2 places are free")),
        });
    });
}

#[test]
fn a_receiver_always_learns_what_became_of_the_value() {
    assert_holds(|stage: &Stage| {
        let (sender, receiver) = oneshot::channel("value");
        let got = Rc::new(Tracked::new(None));
        stage.may_be_cancelled("sender");
        stage.spawn("sender", async move {
            yield_now().await;
            let _ = sender.send(7);
        });
        let gets = got.clone();
        stage.spawn("receiver", async move {
            gets.set(Some(receiver.await));
        });
        stage.finally("the receiver was told", move || match got.get() {
            Some(Ok(7) | Err(oneshot::SenderGone)) => Ok(()),
            other => Err(format!("the receiver has {other:?}")),
        });
    });
}

#[test]
fn a_request_to_stop_reaches_whoever_waits_for_it_or_asks_later() {
    assert_holds(|stage: &Stage| {
        let token = CancelToken::new();
        stage.may_be_cancelled("A");
        for name in NAMES {
            let child = token.child();
            stage.spawn(name, async move {
                yield_now().await;
                child.cancelled().await;
            });
        }
        stage.spawn("boss", async move {
            token.cancel(CancelReason::Shutdown);
        });
    });
}

#[test]
fn two_locks_taken_in_different_orders_stop_everybody() {
    let report = check(
        &|stage: &Stage| {
            let (left, right) = (Rc::new(Mutex::new("left", ())), Rc::new(Mutex::new("right", ())));
            for (name, first, second) in [("A", left.clone(), right.clone()), ("B", right, left)] {
                stage.spawn(name, async move {
                    let _first = first.lock().await;
                    yield_now().await;
                    let _second = second.lock().await;
                });
            }
        },
        &Options::default(),
    );
    let failure = report.failure.unwrap();
    assert_eq!(
        failure.sentence,
        "nothing can happen any more, and A waits for right, held by B; B waits for left, held by A"
    );
    assert_eq!((failure.schedule.as_str(), failure.preemptions), ("replay-A.B.B.A", 1));
}

#[test]
fn a_place_that_is_never_given_back_is_found() {
    let report = check(
        &|stage: &Stage| {
            let places = Rc::new(Semaphore::new("places", 2));
            stage.spawn("A", async move {
                core::mem::forget(places.acquire().await);
            });
        },
        &Options::default(),
    );
    let sentence = report.failure.unwrap().sentence;
    assert!(sentence.starts_with("A has ended and never gave back places, taken at "), "{sentence}");
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn a_panic_that_nobody_hears_of_is_found() {
    let report = check(
        &|stage: &Stage| {
            stage.spawn("A", async { panic!("no money left") });
        },
        &Options { stop_at_first: true, ..Options::default() },
    );
    assert_eq!(report.failure.unwrap().sentence, "A panicked: no money left");
}

#[test]
fn a_run_without_end_is_found() {
    let report = check(
        &|stage: &Stage| {
            stage.spawn("A", async {
                loop {
                    yield_now().await;
                }
            });
        },
        &Options { steps: 100, ..Options::default() },
    );
    assert_eq!(report.failure.unwrap().sentence, "it goes on for more than 100 steps");
}

#[test]
fn a_fault_and_a_cancellation_are_choices_that_print_and_replay() {
    let scenario = |stage: &Stage| {
        let told = Rc::new(Tracked::new(false));
        let tells = told.clone();
        stage.may_be_cancelled("A");
        stage.spawn("A", async move {
            yield_now().await;
            if unstuck::fault(3) < 2 {
                tells.set(true);
            }
        });
        stage.finally("A has told", move || if told.get() { Ok(()) } else { Err("nobody was told".to_owned()) });
    };
    let report = check(&scenario, &Options { stop_at_first: false, ..Options::default() });
    // A is dropped, or answered with 0, 1 or 2.
    assert_eq!((report.executions, report.failing, report.blocked), (4, 2, 0));
    for schedule in ["replay-A.!A", "replay-A.A?2"] {
        let run = unstuck::explore::replay(scenario, schedule);
        assert_eq!(&*run.findings()[0].sentence, "nobody was told", "{schedule}");
    }
}

#[test]
fn a_full_queue_loses_nothing_and_keeps_the_order_whoever_is_dropped_and_where() {
    assert_holds(|stage: &Stage| {
        let queue = Rc::new(Queue::bounded("queue", 1));
        let (put, taken) = (Rc::new(Tracked::new(Vec::new())), Rc::new(Tracked::new(Vec::new())));
        for name in ["A", "B"] {
            stage.may_be_cancelled(name);
            let (queue, put) = (queue.clone(), put.clone());
            stage.spawn(name, async move {
                for _ in 0..2 {
                    let place = queue.put(name);
                    place.await.unwrap();
                    put.update(|put| put.push(name));
                }
            });
        }
        let (takes, took) = (queue.clone(), taken.clone());
        stage.spawn("taker", async move {
            while let Ok(value) = timeout(ms(1), takes.take()).await {
                took.update(|taken| taken.extend(value));
            }
        });
        stage.finally("what was put was taken, in order", move || {
            let (put, taken) = (put.with(Clone::clone), taken.with(Clone::clone));
            match (put == taken, queue.is_empty()) {
                (true, true) => Ok(()),
                (_, left) => Err(format!("put {put:?}, taken {taken:?}, nothing left: {left}")),
            }
        });
    });
}

#[test]
fn nobody_misses_an_event_whoever_comes_late_or_is_dropped() {
    assert_holds(|stage: &Stage| {
        let event = Rc::new(Event::new("event"));
        stage.may_be_cancelled("A");
        for name in ["A", "B"] {
            let event = event.clone();
            stage.spawn(name, async move { event.wait().await });
        }
        stage.spawn("setter", async move {
            yield_now().await;
            event.set();
        });
    });
}
