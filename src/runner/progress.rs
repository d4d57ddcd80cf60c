//! How far a job has come, as a stream.

use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::Stream;

use super::engine::State;
use super::handle::TaskHandle;
use super::record::Progress;
use super::table::Key;
use crate::sync::waiters::Seat;

/// The progress of a job, whenever it changes, until the job ends. Whoever is slow sees the latest.
///
/// It is a [`Stream`]; [`ProgressStream::next`] is for those who have no use for one.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::runner::{HashTask, TaskRunner};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     runner.start();
///     let handle = runner.submit(HashTask::new(vec![0; 600_000])).await.unwrap();
///     let mut progress = handle.progress();
///     let mut percent = Vec::new();
///     while let Some(step) = progress.next().await {
///         percent.push((step.fraction() * 100.0) as u32);
///     }
///     assert_eq!(percent, [43, 87, 100]);
/// });
/// ```
pub struct ProgressStream<T, E> {
    handle: TaskHandle<T, E>,
    seen: Option<Progress>,
    seat: Option<Seat>,
}

impl<T, E> ProgressStream<T, E> {
    pub(super) fn new(handle: TaskHandle<T, E>) -> Self {
        ProgressStream { handle, seen: None, seat: None }
    }

    /// Waits for the next change; none when the job has ended. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Progress> {
        core::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn look(&mut self, cx: &mut Context<'_>) -> Poll<Option<Progress>> {
        let (seen, seat) = (self.seen, self.seat.take());
        let (now, seat) = self.handle.engine().change(|state| {
            let job = &mut state.table[self.handle.key().slot()];
            let ended = job.status.is_terminal();
            let rare = job.rare();
            if let Some(seat) = seat {
                rare.watchers.leave(seat);
            }
            match rare.progress {
                progress if progress != seen => (Poll::Ready(progress), None),
                _ if ended => (Poll::Ready(None), None),
                _ => (Poll::Pending, Some(rare.watchers.join(cx.waker().clone()))),
            }
        });
        self.seat = seat;
        if let Poll::Ready(Some(progress)) = now {
            self.seen = Some(progress);
        }
        now
    }
}

impl<T, E> Stream for ProgressStream<T, E> {
    type Item = Progress;

    #[track_caller]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Progress>> {
        let looked = self.look(cx);
        if looked.is_pending() {
            self.handle.engine().waits_inside.set(true);
            self.handle.engine().result_face.awaited(Location::caller());
        }
        looked
    }
}

impl<T, E> Drop for ProgressStream<T, E> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            let key = self.handle.key();
            self.handle.engine().change(|state| state.table[key.slot()].rare().watchers.leave(seat));
        }
    }
}

impl State {
    pub(super) fn progressed(&mut self, key: Key, progress: Progress) {
        let now = self.now();
        // A job's context may outlive the job.
        let Some(job) = self.table.get(key).filter(|job| job.status.is_running()) else { return };
        job.updated = now;
        job.rare().progress = Some(progress);
        self.serve_all(|state| &mut state.table[key.slot()].rare().watchers);
    }
}
