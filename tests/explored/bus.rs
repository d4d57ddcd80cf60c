//! The event bus under our own search: one schedule of every kind, with subscribers dropped at every await.

use std::num::NonZeroUsize;
use std::rc::Rc;

use unstuck::bus::{EventBus, Overflow};
use unstuck::explore::assert_holds;
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Seen = Rc<Tracked<Vec<(u64, &'static str)>>>;

/// Two publishers, of two events and of one, who wait for room.
fn publish(stage: &Stage, bus: &EventBus<&'static str>) {
    for (name, events) in [("A", &["A1", "A2"][..]), ("B", &["B1"])] {
        let bus = bus.clone();
        stage.spawn(name, async move {
            for event in events {
                bus.room().await;
                bus.publish(*event);
            }
        });
    }
}

/// Somebody who reads to the end of the bus, and notes number and event.
fn read(stage: &Stage, name: &str, bus: &EventBus<&'static str>, overflow: Overflow) -> Seen {
    let seen = Seen::default();
    let (notes, mut log) = (seen.clone(), bus.subscribe(overflow));
    stage.spawn(name, async move {
        while let Some(delivery) = log.next().await {
            notes.update(|seen| seen.push((delivery.number, delivery.event)));
        }
    });
    seen
}

fn is_in_order(seen: &Seen) -> Result<(), String> {
    seen.with(|seen| {
        let of = |publisher| seen.iter().filter(move |(_, event)| event.starts_with(publisher)).map(|seen| seen.1);
        let ordered = seen.is_sorted() && of("A").is_sorted() && of("B").is_sorted();
        if ordered { Ok(()) } else { Err(format!("it saw {seen:?}")) }
    })
}

#[test]
fn every_subscriber_sees_everything_once_and_in_the_order_of_its_numbers() {
    assert_holds(|stage: &Stage| {
        let bus = EventBus::new();
        let fast = read(stage, "fast", &bus, Overflow::default());
        let slow = read(stage, "slow", &bus, Overflow::Backpressure(NonZeroUsize::MIN));
        publish(stage, &bus);
        stage.finally("both saw the same three", move || {
            is_in_order(&fast)?;
            let (fast, slow) = (fast.with(Clone::clone), slow.with(Clone::clone));
            if fast == slow && fast.len() == 3 { Ok(()) } else { Err(format!("{fast:?} and {slow:?}")) }
        });
    });
}

#[test]
fn whoever_waits_for_room_is_not_held_up_by_a_subscriber_that_is_dropped() {
    // That the publishers come to their end is what a search always checks.
    assert_holds(|stage: &Stage| {
        let bus = EventBus::new();
        stage.may_be_cancelled("slow");
        let slow = read(stage, "slow", &bus, Overflow::Backpressure(NonZeroUsize::MIN));
        publish(stage, &bus);
        stage.finally("what it saw was in order", move || is_in_order(&slow));
    });
}

#[test]
fn what_a_subscriber_missed_and_what_it_saw_is_all_there_was() {
    assert_holds(|stage: &Stage| {
        let bus = EventBus::new();
        let mut log = bus.subscribe(Overflow::DropOldest(NonZeroUsize::MIN));
        let told = Rc::new(Tracked::new((0, 0)));
        let notes = told.clone();
        publish(stage, &bus);
        drop(bus);
        stage.spawn("reader", async move {
            while let Some(delivery) = log.next().await {
                notes.update(|(seen, missed)| (*seen, *missed) = (*seen + 1, *missed + delivery.missed));
            }
        });
        stage.finally("seen and missed are three", move || match told.get() {
            (seen, missed) if seen + missed == 3 => Ok(()),
            (seen, missed) => Err(format!("{seen} seen and {missed} missed")),
        });
    });
}
