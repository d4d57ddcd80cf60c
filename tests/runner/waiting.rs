//! Waiting and owning are different things.

use std::future::IntoFuture;

use unstuck::time::ms;
use unstuck::{Elapsed, spawn, timeout};

use super::scene::{check, runner, sleeper, workers};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_handle_is_awaited_any_number_of_times_by_any_number_of_waiters() {
    check(async {
        let runner = runner(workers(1));
        let handle = runner.submit(sleeper(ms(10))).await.unwrap();
        let waiters: Vec<_> = (0..3).map(|_| spawn(handle.clone().into_future())).collect();
        for waiter in waiters {
            assert_eq!(waiter.await.unwrap().unwrap(), "slept for 10 ms");
        }
        assert_eq!((&handle).await.unwrap(), "slept for 10 ms");
        assert_eq!(handle.await.unwrap(), "slept for 10 ms");
    });
}

#[test]
fn an_impatient_waiter_cancels_nothing_and_loses_nothing() {
    check(async {
        let runner = runner(workers(1));
        let handle = runner.submit(sleeper(ms(100))).await.unwrap();
        let patient = spawn(handle.clone().into_future());
        assert_eq!(handle.wait_timeout(ms(10)).await, Err(Elapsed));
        assert!(timeout(ms(10), handle.wait()).await.is_err());
        assert_eq!(patient.await.unwrap().unwrap(), "slept for 100 ms");
        assert_eq!(handle.outcome().unwrap().unwrap(), "slept for 100 ms");
    });
}
