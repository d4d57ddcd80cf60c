//! Sleeps and time limits on a virtual clock.

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use unstuck::time::{Instant, ms};
use unstuck::{Elapsed, Executor, now, sleep, timeout, yield_now};

use super::said::Said;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
fn a_result_in_the_last_moment_wins_over_the_time_limit() {
    let outcome = Executor::new().block_on(async {
        let in_time = timeout(ms(10), sleep(ms(10))).await;
        let too_late = timeout(ms(10), sleep(ms(11))).await;
        (in_time, too_late)
    });
    assert_eq!(outcome, (Ok(()), Err(Elapsed)));
}

#[test]
fn a_time_limit_that_was_not_needed_leaves_no_timer() {
    let executor = Executor::new();
    executor.block_on(async { timeout(ms(10), yield_now()).await.unwrap() });
    assert_eq!(executor.armed_timers(), 0);
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
