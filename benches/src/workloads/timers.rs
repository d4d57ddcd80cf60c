//! W4a to W4c: timers on a clock that jumps to the next deadline.

use std::time::Duration;

use super::race;
use crate::exec::{Spawn, Timers};
use crate::latch::{all_arrived, arrive, yield_once};

pub const SLEEPERS: u64 = 100_000;

const CHAINS: u64 = 1000;
const SLEEPS_PER_CHAIN: u64 = 100;
pub const CHAINED_SLEEPS: u64 = CHAINS * SLEEPS_PER_CHAIN;

pub const TIMEOUTS: u64 = 200_000;

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// W4a: 100,000 tasks sleep once each, for a random time of up to ten seconds.
pub fn sleep_once<E: Timers>() -> Duration {
    race::<E, _>(SLEEPERS, |spawner| async move {
        let mut random = SEED;
        for _ in 0..SLEEPERS {
            let milliseconds = xorshift(&mut random) % 10_000;
            spawner.spawn(async move {
                E::sleep(milliseconds).await;
                arrive();
            });
        }
        all_arrived().await;
    })
}

/// W4b: 1,000 tasks sleep 100 times each, up to one second at a time, so that
/// the number of timers stays the same while they come and go.
pub fn sleep_in_chains<E: Timers>() -> Duration {
    race::<E, _>(CHAINS, |spawner| async move {
        for chain in 1..=CHAINS {
            spawner.spawn(async move {
                let mut random = SEED ^ chain;
                for _ in 0..SLEEPS_PER_CHAIN {
                    E::sleep(1 + xorshift(&mut random) % 1000).await;
                }
                arrive();
            });
        }
        all_arrived().await;
    })
}

/// W4c: one task puts a timeout around a future that yields once, so that the
/// timer is armed and then cancelled, 200,000 times.
pub fn arm_and_cancel<E: Timers>() -> Duration {
    race::<E, _>(1, |spawner| async move {
        spawner.spawn(async {
            for _ in 0..TIMEOUTS {
                let in_time = E::timeout(1000, yield_once()).await;
                assert!(in_time.is_some(), "a virtual clock does not run away");
            }
            arrive();
        });
        all_arrived().await;
    })
}

/// Marsaglia's xorshift64, the same numbers for every entrant.
fn xorshift(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
