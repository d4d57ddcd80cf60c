//! What a job sees of its runner.

use core::future::Future;
use std::rc::Rc;

use super::engine::Engine;
use super::factory::Factory;
use super::handle::TaskHandle;
use super::job::IntoSubmission;
use super::record::{JobId, Progress};
use super::refusal::SubmitError;
use super::run::Attempt;
use super::slot::asked_to_stop;
use super::submit::Submit;
use super::table::Key;
use crate::executor::{YieldNow, yield_now};
use crate::sync::CancelToken;
use crate::time::Instant;
use crate::trace::CancelReason;

/// Given to every attempt: who it is, how long it may take, and whom to tell how far it has come.
///
/// ```
/// use unstuck::runner::{TaskCx, TaskRunner, job};
/// use unstuck::time::ms;
/// use unstuck::{Executor, sleep};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     runner.start();
///     // Saves what it has when it is asked to stop, instead of being dropped in the middle of it.
///     let export = job(|cx: TaskCx| async move {
///         for row in 1..=1_000 {
///             if let Some(reason) = cx.stop_reason() {
///                 return Ok(format!("{} rows, {reason}", row - 1));
///             }
///             sleep(ms(3)).await;
///             cx.progress(row, 1_000);
///         }
///         Ok::<_, String>("all rows".to_owned())
///     });
///     let handle = runner.submit(export.cooperative_timeout(ms(10), ms(5))).await.unwrap();
///     assert_eq!(handle.await, Ok("4 rows, its time ran out".to_owned()));
/// });
/// ```
#[derive(Clone)]
pub struct TaskCx {
    engine: Rc<Engine>,
    key: Key,
    id: JobId,
    attempt: u32,
    deadline: Option<Instant>,
}

type SubmitOf<'a, S> = Submit<'a, <S as IntoSubmission>::Factory>;
type HandleOf<F> = TaskHandle<<F as Factory>::Output, <F as Factory>::Error>;

impl TaskCx {
    #[inline]
    pub(super) fn new(engine: &Rc<Engine>, attempt: &Attempt) -> Self {
        let Attempt { key, id, number, time } = *attempt;
        TaskCx { engine: engine.clone(), key, id, attempt: number, deadline: time.map(|time| time.at) }
    }

    /// The number of the job.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// The number of this attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The number of the worker that runs this attempt, from 0; none once the attempt has ended. Numbers are used
    /// again, so at no time are more of them in use than attempts are under way.
    pub fn worker(&self) -> Option<u32> {
        self.engine.change(|state| state.table.get(self.key).and_then(|job| job.worker()))
    }

    /// When this attempt's time is over, whether by its own limit or by the job's deadline.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Why the job was asked to stop, if it was.
    pub fn stop_reason(&self) -> Option<CancelReason> {
        self.engine.change(|state| state.table.get(self.key).and_then(|job| asked_to_stop(job.status)))
    }

    /// A token that is cancelled when the job is asked to stop.
    pub fn cancel_token(&self) -> CancelToken {
        let kept = |token: &mut Option<CancelToken>| token.get_or_insert_with(CancelToken::new).clone();
        let reason = self.stop_reason();
        let token = self.engine.change(|state| state.table.get(self.key).map(|job| kept(&mut job.rare().token)));
        let token = token.unwrap_or_default();
        if let Some(reason) = reason {
            token.cancel(reason);
        }
        token
    }

    /// Says how far the job has come: `done` of `total`, in units of its own.
    pub fn progress(&self, done: u64, total: u64) {
        self.engine.change(|state| state.progressed(self.key, Progress { done, total }));
    }

    /// Gives every other ready task a turn first.
    #[track_caller]
    pub fn yield_now(&self) -> YieldNow {
        yield_now()
    }

    /// Submits a job as a child: when this attempt ends, its children that have not ended are asked to stop, and
    /// the job ends when they are gone.
    ///
    /// While a job waits for its own runner, be it for a place in the queue or for a result, it lends its slot to
    /// others. So it cannot keep its children from running.
    ///
    /// ```
    /// use unstuck::Executor;
    /// use unstuck::runner::{TaskCx, TaskRunner, job};
    ///
    /// Executor::new().block_on(async {
    ///     let one_worker = TaskRunner::builder().workers(1).capacity(1).build().unwrap();
    ///     one_worker.start();
    ///     let parent = job(|cx: TaskCx| async move {
    ///         let mut sum = 0;
    ///         for half in [20, 22] {
    ///             let child = cx.submit(job(move |_| async move { Ok::<_, String>(half) })).await;
    ///             let child = child.map_err(|error| error.to_string())?;
    ///             sum += child.await.map_err(|error| error.to_string())?;
    ///         }
    ///         Ok::<_, String>(sum)
    ///     });
    ///     assert_eq!(one_worker.submit(parent).await.unwrap().await, Ok(42));
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// As [`TaskRunner::submit`](super::TaskRunner::submit).
    #[track_caller]
    pub fn submit<S: IntoSubmission>(
        &self,
        job: S,
    ) -> impl Future<Output = Result<HandleOf<S::Factory>, SubmitError<S::Factory>>> + use<'_, S> {
        let submit: SubmitOf<'_, S> = Submit::new(&self.engine, job.into_submission(), Some(self.key));
        submit
    }

    /// Like [`TaskCx::submit`], and refuses the job where that would wait.
    ///
    /// # Errors
    ///
    /// As [`TaskRunner::try_submit`](super::TaskRunner::try_submit).
    pub fn try_submit<S: IntoSubmission>(&self, job: S) -> Result<HandleOf<S::Factory>, SubmitError<S::Factory>> {
        self.engine.submit_now(job.into_submission(), Some(self.key))
    }
}
