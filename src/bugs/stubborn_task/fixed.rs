use super::{Archive, GRACE, PAGES, TaskCx, TaskRunner, job, note, note_error};
use crate::runner::{Shutdown, TaskHandle};
use core::convert::Infallible;
use std::rc::Rc;

/// Uploads some pages, and lets no request stop it.
pub fn submit(runner: &TaskRunner, archive: Rc<Archive>) -> TaskHandle<(), Infallible> {
    let work = move |cx: TaskCx| {
        let archive = archive.clone();
        async move {
            let upload = archive.upload();
            for page in 1..=PAGES {
                upload.send().await;
                note(format_args!("has sent page {page}"));
                if cx.stop_reason().is_some() {
                    note_error("has been asked to stop, and goes on");
                }
            }
            Ok(())
        }
    };
    runner.try_submit(job(work)).expect("the queue has a place")
}

/// Asks the job to stop, and drops it after the grace.
pub async fn shut_down(runner: TaskRunner) {
    note("shuts down: asks the job to stop, and gives it the grace period");
    let report = runner.shutdown(Shutdown::Cancel { grace: GRACE }).await;
    note(format_args!("has shut down; jobs cancelled: {}", report.cancelled.len()));
}
