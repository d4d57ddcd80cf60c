//! W3 and W3d: two tasks that wait for each other's messages.

use std::time::Duration;

use super::race;
use crate::channels::Channels;
use crate::exec::{Exec, Spawn};
use crate::latch::{all_arrived, arrive};

pub const ROUND_TRIPS: u64 = 500_000;

/// W3: a number goes to the other task and comes back, over two channels with a place each.
pub fn ping_pong<E: Exec, C: Channels>() -> Duration {
    race::<E, _>(1, |spawner| async move {
        let (mut ping, mut pinged) = C::channel(1);
        let (mut pong, mut ponged) = C::channel(1);
        spawner.spawn(async move {
            while let Some(number) = C::receive(&mut pinged).await {
                C::send(&mut pong, number + 1).await;
            }
        });
        spawner.spawn(async move {
            let mut number = 0;
            for _ in 0..ROUND_TRIPS {
                C::send(&mut ping, number).await;
                number = C::receive(&mut ponged).await.expect("the other one answers");
            }
            assert_eq!(number, ROUND_TRIPS);
            C::close(ping);
            arrive();
        });
        all_arrived().await;
    })
}

/// W3d: a request takes along the end of a oneshot channel, over which it is answered.
pub fn request_and_answer<E: Exec, C: Channels>() -> Duration {
    race::<E, _>(1, |spawner| async move {
        let (mut requests, mut requested) = C::channel(16);
        spawner.spawn(async move {
            while let Some((number, answer)) = C::receive(&mut requested).await {
                C::answer(answer, number + 1);
            }
        });
        spawner.spawn(async move {
            let mut number = 0;
            for _ in 0..ROUND_TRIPS {
                let (answer, answered) = C::oneshot();
                C::send(&mut requests, (number, answer)).await;
                number = C::answered(answered).await;
            }
            assert_eq!(number, ROUND_TRIPS);
            C::close(requests);
            arrive();
        });
        all_arrived().await;
    })
}
