//! The library itself: subscribers, retries, results, siblings, limits.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use unstuck::bus::{EventBus, Overflow};
use unstuck::flow::{Event, Failure, Parallel, RunCx, Sequence, Task, Workflow, run};
use unstuck::retry::Backoff;
use unstuck::time::ms;
use unstuck::{now, sleep, spawn};

use super::scene::{lines, thrice};
use crate::scene::check;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_subscriber_that_fails_makes_no_task_fail() {
    check(async {
        let bus = EventBus::<Event>::new();
        let mut log = bus.subscribe(Overflow::default());
        let broken = spawn(async move {
            log.next().await;
            panic!("the subscriber is broken")
        });
        let _broken_filter = bus.subscribe_where(Overflow::default(), |_| panic!("so is the filter"));
        let task = Task::new("Task", async |_: ()| {
            sleep(ms(1)).await;
            Ok::<_, String>(42)
        });
        let outcome = RunCx::new("Task").reporting_to(&bus).perform(&task, ()).await;
        assert_eq!((outcome, broken.await.is_err()), (Ok(42), true));
    });
}

#[test]
fn a_task_that_receives_an_input_is_retried_too() {
    check(async {
        let calls = Cell::new(0);
        let flaky = Task::sync("Flaky", move |input: u32| {
            calls.set(calls.get() + 1);
            if calls.get() < 3 { Err("not yet") } else { Ok(input + 1) }
        });
        let first = Task::sync("First", |_: ()| Ok(41));
        let sequence = Sequence::new("Both", first).then(flaky.with(thrice(Backoff::constant(ms(1)))));
        assert_eq!(run(&sequence).await, Ok(vec![41, 42]));
    });
}

#[test]
fn a_sequence_gives_the_list_of_results_that_it_promises() {
    check(async {
        let step = |add: u32| Task::sync("Add", move |number: u32| Ok::<_, String>(number + add));
        let sequence = Sequence::new("Three", step(1)).then(step(10)).then(step(100));
        assert_eq!(RunCx::new("Three").perform(&sequence, 0).await, Ok(vec![1, 11, 111]));
    });
}

#[test]
fn cancelled_siblings_do_not_stay_running() {
    check(async {
        let bus = EventBus::new();
        let mut log = bus.subscribe(Overflow::default());
        let slow = Task::new("Slow", async |_: ()| {
            sleep(ms(1000)).await;
            Ok::<_, String>(())
        });
        let fails = Task::new("Fails", async |_: ()| {
            sleep(ms(10)).await;
            Err("no route".to_owned())
        });
        let jobs = [slow.boxed(), fails.boxed(), Task::sync("Waits", |_: ()| Ok(())).boxed()];
        let group = Parallel::new("Group", jobs).unwrap().limit(2).unwrap();
        let outcome = RunCx::new("Group").reporting_to(&bus).perform(&group, ()).await;
        assert_eq!((outcome, now().to_string().as_str()), (Err(Failure::Failed("no route".to_owned())), "10 ms"));
        assert_eq!(
            lines(&mut log)[7..],
            [
                "Fails failed: no route",
                "Waits cancelled: its parent ended",
                "Slow cancelled: its parent ended",
                "Group failed: no route",
            ]
        );
    });
}

#[test]
fn no_subscriber_sees_an_end_before_its_beginning() {
    check(async {
        let bus = EventBus::<Event>::new();
        let logs: Vec<_> = (0..3).map(|_| Rc::new(RefCell::new(Vec::new()))).collect();
        // Three subscribers at paces of their own, the last of which has room for one event only.
        let readers: Vec<_> = (logs.iter().zip([0, 7, 40]))
            .map(|(log, pace)| {
                let room = if pace == 40 {
                    Overflow::Backpressure(std::num::NonZeroUsize::MIN)
                } else {
                    Overflow::default()
                };
                let (mut events, log) = (bus.subscribe(room), log.clone());
                spawn(async move {
                    while let Some(next) = events.next().await {
                        log.borrow_mut().push(next.event.to_string());
                        sleep(ms(pace)).await;
                    }
                })
            })
            .collect();
        let task = |name: &str| Task::sync(name, |_: ()| Ok::<_, String>(()));
        let group = Parallel::new("Group", [task("A"), task("B")]).unwrap();
        RunCx::new("Group").reporting_to(&bus).perform(&group, ()).await.unwrap();
        drop(bus);
        for reader in readers {
            reader.await.unwrap();
        }
        let expected = [
            "Group pending",
            "Group running",
            "A pending",
            "B pending",
            "A running",
            "A succeeded",
            "B running",
            "B succeeded",
            "Group succeeded",
        ];
        for log in &logs {
            assert_eq!(*log.borrow(), expected);
        }
    });
}

#[test]
fn a_limit_of_zero_is_not_unlimited() {
    let task = Task::sync("Task", |_: ()| Ok::<_, String>(()));
    let error = Parallel::new("Group", [task]).unwrap().limit(0).err().unwrap();
    assert_eq!(error.to_string(), "the limit of Group must be at least 1; leave it out if there is none");
}
