use super::{Status, TaskHandle, TaskRunner, UnknownJob, job, note, note_error, work};
use std::rc::Rc;

type Handle = TaskHandle<Rc<Status>, UnknownJob>;

/// What a job gave is kept for as long as somebody has a handle of it.
pub fn submit(runner: &TaskRunner, result: Rc<Status>) -> Handle {
    let mut result = Some(result);
    let job = job(move |_| {
        let result = result.take();
        async move {
            work().await;
            note("completes the job");
            result.ok_or(UnknownJob)
        }
    });
    runner.try_submit(job).expect("there is room")
}

pub async fn wait(handle: Handle) -> Result<Rc<Status>, UnknownJob> {
    let result = handle.wait().await;
    match result {
        Ok(_) => note("has the result"),
        Err(_) => note_error(UnknownJob),
    }
    result.map_err(|_| UnknownJob)
}
