use super::{Cancelled, Frame, Runner, Status, note, note_error};
use std::rc::Rc;

/// The loop of one worker. Cancelling raises an error.
pub async fn work(runner: Rc<Runner>, worker: Rc<Frame>) -> Result<(), Cancelled> {
    loop {
        let job = worker.wait(runner.queue.take()).await?;
        note(format_args!("takes {job}"));
        job.status.set(Status::Running);

        match worker.wait(job.run()).await.flatten() {
            Ok(()) => {
                note(format_args!("has done {job}"));
                job.settle(Status::Done);
            }
            Err(Cancelled) => {
                note_error(format_args!("marks {job} cancelled, and re-raises, to be correct"));
                job.settle(Status::Cancelled);
                return Err(Cancelled);
            }
        }
    }
}
