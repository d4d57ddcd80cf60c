//! The event bus: every subscriber pulls at its own pace, and none can harm another or the publisher.

use std::num::NonZeroUsize;

use unstuck::bus::{EventBus, Overflow, Subscription};
use unstuck::time::ms;
use unstuck::trace::{Entry, Event, Wait};
use unstuck::{Executor, now, sleep, spawn, timeout};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn limit(events: usize) -> NonZeroUsize {
    NonZeroUsize::new(events).unwrap()
}

/// What can be pulled now: number, how many were missed before it, event.
fn pulled<E: Clone>(subscription: &mut Subscription<E>) -> Vec<(u64, u64, E)> {
    std::iter::from_fn(|| subscription.try_next().map(|next| (next.number, next.missed, next.event))).collect()
}

/// Five letters for a subscriber with room for two, then one more after it pulled.
fn five_letters_and_one(overflow: Overflow) -> Vec<(u64, u64, char)> {
    let bus = EventBus::new();
    let mut subscription = bus.subscribe(overflow);
    "abcde".chars().for_each(|letter| bus.publish(letter));
    let mut got = pulled(&mut subscription);
    bus.publish('f');
    got.extend(pulled(&mut subscription));
    got
}

#[test]
fn the_oldest_are_dropped_and_counted_before_the_next() {
    let got = five_letters_and_one(Overflow::DropOldest(limit(2)));
    assert_eq!(got, [(3, 3, 'd'), (4, 0, 'e'), (5, 0, 'f')]);
}

#[test]
fn the_newest_are_dropped_and_counted_before_the_next() {
    let got = five_letters_and_one(Overflow::DropNewest(limit(2)));
    assert_eq!(got, [(0, 0, 'a'), (1, 0, 'b'), (5, 3, 'f')]);
}

#[test]
fn backpressure_loses_nothing_even_of_a_publisher_that_does_not_wait() {
    let got = five_letters_and_one(Overflow::Backpressure(limit(2)));
    assert_eq!(got.iter().map(|(_, _, letter)| *letter).collect::<String>(), "abcdef");
}

#[test]
fn a_publisher_that_waits_for_room_goes_at_the_pace_of_the_slowest() {
    let took = |overflow| {
        Executor::new().block_on(async move {
            let bus = EventBus::new();
            let mut slow = bus.subscribe(overflow);
            let reader = spawn(async move {
                while slow.next().await.is_some() {
                    sleep(ms(10)).await;
                }
            });
            for event in 0..6 {
                bus.room().await;
                bus.publish(event);
            }
            let published = now();
            drop((bus, reader));
            published.to_string()
        })
    };
    // Two fit, and each later one waits until one is pulled: the first at 0 ms, then one every 10 ms.
    assert_eq!(took(Overflow::Backpressure(limit(2))), "30 ms");
    assert_eq!(took(Overflow::DropOldest(limit(2))), "0 ms");
}

#[test]
fn dropping_a_slow_subscription_frees_the_publisher_that_waits_for_it() {
    Executor::new().block_on(async {
        let bus = EventBus::new();
        let slow = bus.subscribe(Overflow::Backpressure(limit(1)));
        bus.publish("fills it");
        drop(spawn(async move {
            sleep(ms(5)).await;
            drop(slow);
        }));
        assert_eq!(timeout(ms(100), bus.room()).await, Ok(()));
        assert_eq!((now().to_string().as_str(), bus.subscribers()), ("5 ms", 0));
    });
}

#[test]
fn a_filter_takes_no_room_for_what_is_not_wanted_and_keeps_the_numbers() {
    let bus = EventBus::new();
    let mut even = bus.subscribe_where(Overflow::DropOldest(limit(3)), |number: &u32| number.is_multiple_of(2));
    (0..6).for_each(|number| bus.publish(number));
    assert_eq!(pulled(&mut even), [(0, 0, 0), (2, 0, 2), (4, 0, 4)]);
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_filter_that_panics_ends_only_its_own_subscription() {
    let bus = EventBus::new();
    let mut broken = bus.subscribe_where(Overflow::default(), |number: &u32| 1 / number > 0);
    let mut sound = bus.subscribe(Overflow::default());
    (0..3).rev().for_each(|number| bus.publish(number));
    assert_eq!(pulled(&mut sound).len(), 3);
    assert_eq!(pulled(&mut broken), [(1, 0, 1)]);
}

#[test]
fn a_subscriber_that_publishes_while_it_filters_changes_nobodys_order() {
    let bus = EventBus::new();
    let echo = bus.clone();
    let mut echoing = bus.subscribe_where(Overflow::default(), move |letter: &char| {
        if letter.is_lowercase() {
            echo.publish(letter.to_ascii_uppercase());
        }
        true
    });
    let mut other = bus.subscribe(Overflow::default());
    "ab".chars().for_each(|letter| bus.publish(letter));
    let letters = |got: Vec<(u64, u64, char)>| got.iter().map(|(_, _, letter)| *letter).collect::<String>();
    assert_eq!((letters(pulled(&mut echoing)), letters(pulled(&mut other))), ("aAbB".into(), "aAbB".into()));
}

#[test]
fn a_late_subscriber_sees_what_comes_after_it() {
    let bus = EventBus::new();
    bus.publish("early");
    let mut late = bus.subscribe(Overflow::default());
    bus.publish("late");
    assert_eq!(pulled(&mut late), [(1, 0, "late")]);
}

#[test]
fn a_subscriber_pulls_what_is_left_when_the_bus_is_gone_and_then_learns_it() {
    Executor::new().block_on(async {
        let bus = EventBus::new();
        let mut subscription = bus.subscribe(Overflow::default());
        bus.publish('a');
        let reader = spawn(async move {
            let mut got = String::new();
            while let Some(next) = subscription.next().await {
                got.push(next.event);
            }
            got
        });
        sleep(ms(1)).await;
        bus.publish('b');
        drop(bus);
        assert_eq!(reader.await.unwrap(), "ab");
    });
}

#[test]
fn a_wait_that_is_dropped_loses_no_event() {
    Executor::new().block_on(async {
        let bus = EventBus::new();
        let mut subscription = bus.subscribe(Overflow::default());
        assert!(timeout(ms(1), subscription.next()).await.is_err());
        bus.publish('a');
        let next = subscription.next().await.unwrap();
        assert_eq!((next.to_string().as_str(), next.event), ("0 1 ms: a", 'a'));
    });
}

#[test]
fn a_bus_and_its_subscribers_print_how_much_there_is() {
    let bus = EventBus::new();
    let subscription = bus.subscribe(Overflow::DropNewest(limit(2)));
    (0..3).for_each(|number| bus.publish(number));
    assert_eq!(
        format!("{bus:?} {subscription:?} {:?}", bus.publisher(|number: u8| i32::from(number))),
        "EventBus(3 published, 1 subscribed) Subscription(2 to pull, 1 missed) Publisher"
    );
}

#[test]
fn nothing_is_made_for_a_bus_without_subscribers() {
    let bus = EventBus::<u32>::new();
    bus.publish_with(|| unreachable!("nobody listens"));
    assert_eq!(bus.published(), 1);
}

#[test]
fn a_subscriber_is_recorded_to_wait_for_the_next_event() {
    let executor = Executor::recording();
    drop(executor.spawn(async {
        let bus = EventBus::<u32>::new();
        let mut log = bus.subscribe(Overflow::default());
        drop(spawn(async move { log.next().await }));
        sleep(ms(1)).await;
    }));
    executor.run();
    let trace = executor.take_trace();
    let waits_for = |entry: &Entry| match &entry.event {
        Event::Waits { on: Wait::Object { name, .. }, .. } => Some(*name),
        _ => None,
    };
    assert_eq!(trace.entries().iter().filter_map(waits_for).collect::<Vec<_>>(), ["the next event"]);
}
