//! Who hears what of workflows on a bus, and at whose pace.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use unstuck::bus::{EventBus, Overflow};
use unstuck::flow::{Event, Pipeline, RunCx, Sequence, Task};
use unstuck::time::ms;
use unstuck::{Executor, now, sleep, spawn};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn one_bus_tells_apart_two_workflows_that_run_at_once() {
    let bus = EventBus::new();
    let mut log = bus.subscribe(Overflow::default());
    let nap = || {
        let call = async |_: ()| {
            sleep(ms(1)).await;
            Ok::<_, String>(())
        };
        Pipeline::new("Same", Task::new("Same", call))
    };
    Executor::new().block_on(async move {
        let runs = [1, 2].map(|_| {
            let cx = RunCx::new("Same").reporting_to(&bus);
            spawn(async move { cx.perform(&nap(), ()).await })
        });
        for run in runs {
            run.await.unwrap().unwrap();
        }
    });
    let mut nodes = BTreeMap::<_, Vec<_>>::new();
    for next in std::iter::from_fn(|| log.try_next()) {
        if let Event::Task(task) = next.event {
            nodes.entry((task.node, task.parent)).or_default().push((next.number, task.state));
        }
    }
    let told: Vec<_> =
        nodes.into_iter().map(|((node, parent), states)| format!("{node} {parent:?} {states:?}")).collect();
    assert_eq!(
        told,
        [
            "0 None [(0, Pending), (1, Running), (9, Succeeded)]",
            "1 Some(NodeId(0)) [(2, Pending), (3, Running), (8, Succeeded)]",
            "2 None [(4, Pending), (5, Running), (11, Succeeded)]",
            "3 Some(NodeId(2)) [(6, Pending), (7, Running), (10, Succeeded)]",
        ]
    );
}

/// How long three tasks take that need no time, and how many events of theirs a subscriber hears that takes 10 ms for
/// each.
fn heard(overflow: Overflow) -> (String, usize) {
    Executor::new().block_on(async move {
        let bus = EventBus::<Event>::new();
        let mut log = bus.subscribe(overflow);
        let reader = spawn(async move {
            let mut heard = 0;
            while log.next().await.is_some() {
                heard += 1;
                sleep(ms(10)).await;
            }
            heard
        });
        let step = || Task::sync("Step", |_: ()| Ok::<_, String>(()));
        let steps = Sequence::new("Steps", step()).then(step()).then(step());
        RunCx::new("Steps").reporting_to(&bus).perform(&steps, ()).await.unwrap();
        let took = now().to_string();
        drop(bus);
        (took, reader.await.unwrap())
    })
}

#[test]
fn a_slow_subscriber_holds_tasks_up_only_if_it_asked_to_lose_nothing() {
    let two = NonZeroUsize::new(2).unwrap();
    assert_eq!(heard(Overflow::DropOldest(two)), ("0 ms".into(), 2));
    assert_eq!(heard(Overflow::DropNewest(two)), ("0 ms".into(), 2));
    assert_eq!(heard(Overflow::default()), ("0 ms".into(), 12));
    // The group and its steps become known at once, five events that go past the limit. Of these the fourth is pulled
    // at 30 ms, and then there is room for the first step; each step leaves two events for the next to wait for.
    assert_eq!(heard(Overflow::Backpressure(two)), ("70 ms".into(), 12));
}
