use super::{BTreeMap, Job, Name, Status, Tracked, UnknownJob, note, note_error, spawn_named};
use std::rc::Rc;

/// Runs jobs, and has a future for each, for those who wait.
pub struct Runner {
    pub futures: Tracked<BTreeMap<Name, Rc<Job>>>,
}

impl Runner {
    pub fn submit(&self, job: Rc<Job>) {
        self.futures.update(|futures| futures.insert(job.name, job.clone()));
        drop(spawn_named("worker-1", async move {
            let done = job.run().await;
            note("completes the job");
            job.settle(if done.is_ok() { Status::Done } else { Status::Cancelled });
        }));
    }

    pub async fn wait(&self, name: Name) -> Result<Status, UnknownJob> {
        let known = self.futures.with(|futures| futures.get(name).cloned());
        let Some(job) = known else {
            note_error(UnknownJob);
            return Err(UnknownJob);
        };
        let status = job.ended().await;
        note("has the result");
        self.futures.update(|futures| futures.remove(name)); // for everybody
        Ok(status)
    }
}
