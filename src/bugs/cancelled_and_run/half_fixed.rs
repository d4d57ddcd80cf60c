use super::{Cancelled, Frame, Job, Runner, Status, connect, note};
use std::rc::Rc;

/// Cancels a job, and says whether that was possible.
pub fn cancel(job: &Job) -> bool {
    match job.status.get() {
        Status::Pending => {
            note(format_args!("marks {job} cancelled, and is told: true"));
            job.settle(Status::Cancelled);
            true
        }
        Status::Running => {
            note(format_args!("cancels {job}, which runs, and is told: true"));
            job.frame.cancel();
            true
        }
        Status::Done | Status::Cancelled => false,
    }
}

/// The loop of one worker.
pub async fn work(runner: Rc<Runner>, worker: Rc<Frame>) -> Result<(), Cancelled> {
    loop {
        let job = worker.wait(runner.queue.take()).await?;
        if job.status.get() == Status::Cancelled {
            note(format_args!("finds {job} cancelled, and skips it"));
            continue;
        }
        // From here on, nobody looks at the record again.
        note(format_args!("takes {job}, and opens a connection for it"));
        worker.wait(connect()).await?;

        note(format_args!("runs {job}"));
        job.status.set(Status::Running);
        let ended = match job.run().await {
            Ok(()) => Status::Done,
            Err(Cancelled) => Status::Cancelled,
        };
        note(format_args!("marks {job} {ended}"));
        job.settle(ended);
    }
}
