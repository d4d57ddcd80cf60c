use super::{LENGTH, Underway, connect, job, note, sleep};
use crate::runner::{CancelAnswer, TaskHandle, TaskRunner};
use crate::trace::{CancelReason, Name};
use core::convert::Infallible;

pub type Handle = TaskHandle<(), Infallible>;

/// To leave the line and to run are one step of a job.
pub fn submit(runner: &TaskRunner, name: Name) -> Handle {
    let work = move |_cx| async move {
        let underway = Underway::begin(name);
        connect().await;
        sleep(LENGTH).labelled("the end of the job").await;
        underway.done();
        Ok(())
    };
    runner.try_submit(job(work).name(name)).expect("the queue has a place")
}

/// Cancels a job, and says whether that was possible.
pub fn cancel(job: &Handle) -> bool {
    let name = job.record().name;
    match job.cancel(CancelReason::Requested) {
        CancelAnswer::RemovedFromQueue => note(format_args!("is told that {name} has left the line, and never runs")),
        CancelAnswer::Requested => note(format_args!("is told that {name} runs, and was asked to stop")),
        CancelAnswer::AlreadyFinished => return false,
    }
    true
}
