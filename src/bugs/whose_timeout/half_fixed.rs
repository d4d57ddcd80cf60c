use super::{ALBUM, Book, Job, PHOTO, REPORT};
use super::{Elapsed, Failure, JoinHandle, TaskStatus, develop, ms, note_error, query, spawn_named, timeout};
use std::rc::Rc;

/// Runs jobs, each for at most as long as it may, and books how they ended.
pub struct Runner {
    pub book: Rc<Book>,
}

pub enum JobError {
    /// The runner's limit, and no time limit of the job itself.
    TimedOut,
    Failed,
}

impl From<Elapsed> for JobError {
    fn from(_: Elapsed) -> Self {
        JobError::Failed
    }
}

type Outcome = Result<(), JobError>;

impl Runner {
    fn submit(&self, job: Job, work: impl Future<Output = Outcome> + 'static) -> JoinHandle<Outcome> {
        let book = self.book.clone();
        spawn_named(job.worker, async move {
            book.begin(job);
            let outcome = timeout(job.limit, work).await.unwrap_or(Err(JobError::TimedOut));
            let status = match outcome {
                Ok(()) => TaskStatus::Succeeded,
                Err(JobError::TimedOut) => TaskStatus::Failed(Failure::Timeout),
                Err(JobError::Failed) => TaskStatus::Failed(Failure::Error),
            };
            book.end(job, status);
            outcome
        })
    }

    pub async fn serve(self: Rc<Self>) {
        let report = self.submit(REPORT, report());
        let album = self.submit(ALBUM, album(self.clone()));
        let _ = (report.await, album.await);
    }
}

async fn report() -> Outcome {
    let answer = timeout(ms(50), query()).await;
    if answer.is_err() {
        note_error("gives up on its query");
    }
    Ok(answer?)
}

async fn album(runner: Rc<Runner>) -> Outcome {
    let photo = runner.submit(PHOTO, photo()).await.unwrap_or(Err(JobError::Failed));
    if photo.is_err() {
        note_error("has no photo");
    }
    photo
}

async fn photo() -> Outcome {
    develop().await;
    Ok(())
}
