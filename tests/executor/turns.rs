//! Who is polled, and in which order.

use unstuck::executor::Polled;
use unstuck::sync::oneshot;
use unstuck::time::ms;
use unstuck::{Executor, sleep, spawn, yield_now};

use super::said::{Said, pending_once};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
