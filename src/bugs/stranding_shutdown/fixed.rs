use super::{Answer, LENGTH, Name, Status, Underway, job, ms, note, sleep};
use crate::runner::{Shutdown, TaskRunner};

/// One worker, one place, and a line in front of it.
pub struct Pool {
    pub runner: TaskRunner,
}

impl Pool {
    /// Puts a job in line, and waits for its end.
    pub async fn submit(&self, name: Name) -> Answer {
        let work = move |_cx| async move {
            let underway = Underway::begin(name);
            sleep(LENGTH).labelled("the end of the job").await;
            underway.done();
            Ok::<_, String>(())
        };
        note(format_args!("submits {name}"));
        match self.runner.submit(job(work)).await {
            Ok(handle) if handle.wait().await.is_ok() => Answer::Ended(Status::Done),
            Ok(_) => Answer::Ended(Status::Cancelled),
            Err(error) => {
                note(format_args!("is refused: {error}"));
                Answer::Refused
            }
        }
    }

    pub async fn shut_down(&self) {
        note("shuts down");
        let report = self.runner.shutdown(Shutdown::Cancel { grace: ms(0) }).await;
        let (cancelled, refused) = (report.cancelled.len(), report.rejected);
        note(format_args!("is told: {cancelled} jobs cancelled, {refused} submitters refused"));
    }
}
