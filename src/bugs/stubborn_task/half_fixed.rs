use super::{Archive, Cancelled, Frame, GRACE, JoinHandle, PAGES, note, note_error, timeout};
use std::rc::Rc;

/// Uploads some pages, and lets no error stop it.
pub async fn job(frame: Rc<Frame>, archive: Rc<Archive>) {
    let upload = archive.upload();
    for page in 1..=PAGES {
        match frame.wait(upload.send()).await {
            Ok(()) => note(format_args!("has sent page {page}")),
            Err(Cancelled) => note_error(format_args!("catches its own cancellation on page {page}, and goes on")),
        }
    }
}

/// Ends the runner, in no more time than the grace period.
pub async fn shut_down(frame: Rc<Frame>, worker: JoinHandle<()>) {
    note("shuts down: cancels the job, and waits for its end, at most for the grace period");
    frame.cancel();
    if timeout(GRACE, worker).await.is_err() {
        // The waiting is over. The job is not.
        note("has waited long enough, and calls that a shutdown");
    }
}
