//! W5 and W5y: a million jobs through a bounded queue and eight workers, with
//! a time limit around each job and a result for whoever submitted it.
//!
//! A peer is what one would build on it from published parts: workers that
//! pull from a channel, and a oneshot channel per job. It has no handles, no
//! records, no way to cancel and no statistics; ours has them all.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use futures::channel::oneshot;
use unstuck::runner::{TaskRunner, job};

use super::race;
use crate::exec::{Exec, Spawn, Timers};
use crate::latch::{all_arrived, arrive, yield_once};
use crate::peers::{Ours, floor};

pub const JOBS: u64 = 1_000_000;

const WORKERS: usize = 8;
const PLACES: usize = 1024;
/// How many results may be outstanding.
const OUTSTANDING: usize = 2048;
const LIMIT_MS: u64 = 1000;

/// What a job does.
pub trait Work: 'static {
    /// How `asyncio.py` calls it.
    const NAME: &'static str;
    fn run() -> impl Future<Output = ()> + Send + 'static;
}

/// Nothing.
pub struct Done;

impl Work for Done {
    const NAME: &'static str = "done";
    async fn run() {}
}

/// It yields once.
pub struct Yielding;

impl Work for Yielding {
    const NAME: &'static str = "yielding";
    async fn run() {
        yield_once().await;
    }
}

/// How a peer bounds the time of a job.
pub trait TimeLimit: 'static {
    fn limited<F: Future + 'static>(milliseconds: u64, future: F) -> impl Future<Output = Option<F::Output>>;
}

/// A peer that has no timers runs its jobs without a limit.
pub struct Unlimited;

impl TimeLimit for Unlimited {
    async fn limited<F: Future + 'static>(_milliseconds: u64, future: F) -> Option<F::Output> {
        Some(future.await)
    }
}

/// The time limit of the peer itself.
pub struct Own<E>(std::marker::PhantomData<E>);

impl<E: Timers + 'static> TimeLimit for Own<E> {
    async fn limited<F: Future + 'static>(milliseconds: u64, future: F) -> Option<F::Output> {
        E::timeout(milliseconds, future).await
    }
}

/// Our runner, with everything that it does at its default settings: it keeps
/// a thousand records, counts, and measures how long jobs wait and run.
pub fn in_runner<W: Work>() -> Duration {
    race::<Ours, _>(JOBS, |_| async {
        let runner = TaskRunner::builder().workers(WORKERS).capacity(PLACES);
        let runner = runner.timeout(Duration::from_millis(LIMIT_MS)).build().expect("the numbers make sense");
        runner.start();
        let mut results = VecDeque::with_capacity(OUTSTANDING);
        for number in 0..JOBS {
            if results.len() == OUTSTANDING
                && let Some(result) = results.pop_front()
            {
                assert_eq!(result.await, Ok(number - OUTSTANDING as u64));
                arrive();
            }
            let work = job(move |_| async move {
                W::run().await;
                Ok::<_, Infallible>(number)
            });
            results.push_back(runner.submit(work).await.expect("the runner is open"));
        }
        for result in results {
            result.await.expect("no job fails");
            arrive();
        }
    })
}

/// Workers on a peer's executor, over channels that are called alike: nothing stands between a peer and its own.
macro_rules! workers_over {
    ($name:ident: $bounded:path, $oneshot:path, $answer:ty, $answered:ty) => {
        pub fn $name<E: Exec, L: TimeLimit, W: Work>() -> Duration {
            race::<E, _>(JOBS, |spawner| async move {
                let (queue, work) = $bounded(PLACES);
                for _ in 0..WORKERS {
                    let work = work.clone();
                    spawner.spawn(async move {
                        while let Ok((number, answer)) = work.recv().await {
                            let answer: $answer = answer;
                            let job = async move {
                                W::run().await;
                                number
                            };
                            if let Some(number) = L::limited(LIMIT_MS, job).await {
                                let _ = answer.send(number);
                            }
                        }
                    });
                }
                spawner.spawn(async move {
                    let mut results: VecDeque<$answered> = VecDeque::with_capacity(OUTSTANDING);
                    for number in 0..JOBS {
                        if results.len() == OUTSTANDING
                            && let Some(result) = results.pop_front()
                        {
                            assert_eq!(result.await, Ok(number - OUTSTANDING as u64));
                            arrive();
                        }
                        let (answer, result) = $oneshot();
                        queue.send((number, answer)).await.expect("the workers are there");
                        results.push_back(result);
                    }
                    for result in results {
                        result.await.expect("no job is lost");
                        arrive();
                    }
                });
                all_arrived().await;
            })
        }
    };
}

workers_over!(on_channels: async_channel::bounded, oneshot::channel, oneshot::Sender<u64>, oneshot::Receiver<u64>);
workers_over!(on_the_floor: floor::bounded, floor::oneshot, floor::Answer<u64>, floor::Answered<u64>);

#[cfg(not(target_arch = "wasm32"))]
pub use native::*;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::fmt::Debug;

    use tower::{Service, ServiceBuilder, ServiceExt};

    use super::*;
    use crate::peers::{TokioPausedSpawn, asyncio};
    use crate::workloads::calls::Attempts;

    /// Callers poll tower's responses, not a worker, so fewer of them may be
    /// outstanding than its buffer has places.
    const RESPONSES: usize = 512;

    /// tower's layers on tokio: retry, buffer, concurrency limit, timeout.
    pub fn in_tower<W: Work>() -> Duration {
        race::<TokioPausedSpawn, _>(JOBS, |_| async {
            let mut service = ServiceBuilder::new()
                .retry(Attempts(3))
                .buffer(PLACES)
                .concurrency_limit(WORKERS)
                .timeout(Duration::from_millis(LIMIT_MS))
                .service_fn(|number: u64| async move {
                    W::run().await;
                    Ok::<_, Infallible>(number)
                });
            let mut responses = VecDeque::with_capacity(RESPONSES);
            for number in 0..JOBS {
                if responses.len() == RESPONSES
                    && let Some(response) = responses.pop_front()
                {
                    settle(response, number - RESPONSES as u64).await;
                }
                let ready = service.ready().await.expect("the buffer is there");
                responses.push_back(ready.call(number));
            }
            for (number, response) in (JOBS - RESPONSES as u64..).zip(responses) {
                settle(response, number).await;
            }
        })
    }

    async fn settle<E: Debug>(response: impl Future<Output = Result<u64, E>>, number: u64) {
        assert_eq!(response.await.expect("no call fails"), number);
        arrive();
    }

    pub fn in_asyncio<W: Work>() -> Duration {
        asyncio::run(JOBS, W::NAME)
    }
}
