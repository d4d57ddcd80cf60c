//! Drives an executor as a future inside another runtime, whose timers it borrows.

use core::borrow::Borrow;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll};

use super::{POLLS_PER_TURN, Turn, turn};
use crate::executor::{Executor, JoinError, JoinHandle};
use crate::time::{Duration, Instant};

/// Runs `executor` inside the runtime that polls this future, until the task of `main` ends.
///
/// `clock` gives the time since a moment of its choice; the executor's clock follows it. `sleep` is the runtime's own
/// timer: at most one of its futures is alive at a time, and none while no task waits for a moment. Wake-ups come
/// from any thread; polling happens only where this future is polled. Ready tasks run in batches, and the
/// surrounding runtime gets a turn in between.
///
/// Dropping the future stops driving; the executor and its tasks stay as they are.
///
/// ```
/// use std::time::{Duration, Instant};
/// use unstuck::executor::host::embedded;
/// use unstuck::time::ms;
/// use unstuck::{Executor, sleep};
///
/// let executor = Executor::new();
/// let main = executor.spawn(async { sleep(ms(5)).await });
/// let start = Instant::now();
/// # let sleeping = |d: Duration| async move { std::thread::sleep(d) };
/// // With tokio, the third argument is `tokio::time::sleep`.
/// let driven = embedded::drive(executor, || start.elapsed(), sleeping, main);
/// # let result = futures::executor::block_on(driven);
/// # assert!(result.is_ok() && start.elapsed() >= ms(5));
/// ```
///
/// # Errors
///
/// A [`JoinError`], when `main` was cancelled or panicked.
pub async fn drive<T, S>(
    executor: impl Borrow<Executor>,
    clock: impl Fn() -> Duration,
    sleep: impl FnMut(Duration) -> S,
    main: JoinHandle<T>,
) -> Result<T, JoinError>
where
    T: 'static,
    S: Future<Output = ()>,
{
    let start = clock();
    let surroundings = Surroundings { clock, start, sleep, polls: POLLS_PER_TURN, give_way: GiveWay::once };
    drive_within(executor.borrow(), surroundings, main).await
}

/// What an executor is driven inside of.
pub(super) struct Surroundings<C, S, W> {
    pub(super) clock: C,
    /// What the clock said at the moment that is now on the executor's.
    pub(super) start: Duration,
    pub(super) sleep: S,
    /// How many ready tasks are polled before `give_way` is asked for.
    pub(super) polls: u32,
    /// Lets others have a turn, if it is time for that.
    pub(super) give_way: W,
}

/// Pending once, and ready at the next poll, which it asks for.
pub(super) struct GiveWay(bool);

impl GiveWay {
    pub(super) fn once() -> Self {
        GiveWay(false)
    }
}

impl Future for GiveWay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

pub(super) async fn drive_within<T, S, G>(
    executor: &Executor,
    surroundings: Surroundings<impl Fn() -> Duration, impl FnMut(Duration) -> S, impl FnMut() -> G>,
    mut main: JoinHandle<T>,
) -> Result<T, JoinError>
where
    T: 'static,
    S: Future<Output = ()>,
    G: Future<Output = ()>,
{
    let Surroundings { clock, start, mut sleep, polls, mut give_way } = surroundings;
    let base = executor.now() - Instant::ZERO;
    let now = || Instant::ZERO + base + clock().saturating_sub(start);
    loop {
        // A turn that left a deadline is followed by a wait for it, which any wake-up ends early.
        let deadline = match poll_fn(|cx| take_turn(executor, &now, polls, &mut main, cx)).await {
            Step::Ended(result) => return result,
            Step::Sleep(deadline) => deadline,
            Step::Ready => {
                give_way().await;
                continue;
            }
        };
        let mut alarm = pin!(sleep(deadline - now()));
        let mut armed = true;
        let ended = poll_fn(|cx| {
            if armed && alarm.as_mut().poll(cx).is_ready() {
                armed = false;
            }
            if !armed {
                return Poll::Ready(None);
            }
            match take_turn(executor, &now, polls, &mut main, cx) {
                Poll::Ready(Step::Ended(result)) => Poll::Ready(Some(result)),
                Poll::Ready(Step::Sleep(next)) if next == deadline => Poll::Pending,
                // Another moment comes first now, or none is waited for: give the alarm back.
                _ => Poll::Ready(None),
            }
        })
        .await;
        if let Some(result) = ended {
            return result;
        }
    }
}

enum Step<T> {
    Ended(Result<T, JoinError>),
    Ready,
    Sleep(Instant),
}

fn take_turn<T: 'static>(
    executor: &Executor,
    now: &impl Fn() -> Instant,
    polls: u32,
    main: &mut JoinHandle<T>,
    cx: &mut Context<'_>,
) -> Poll<Step<T>> {
    match turn(executor, now, polls, main, cx.waker()) {
        Turn::Ended(result) => Poll::Ready(Step::Ended(result)),
        Turn::Ready => Poll::Ready(Step::Ready),
        Turn::Idle(Some(deadline)) => Poll::Ready(Step::Sleep(deadline)),
        Turn::Idle(None) => Poll::Pending,
    }
}
