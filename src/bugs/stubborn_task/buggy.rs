use super::{Archive, Cancelled, Frame, JoinHandle, PAGES, note, note_error};
use std::rc::Rc;

/// Uploads some pages, and lets no error stop it.
pub async fn job(frame: Rc<Frame>, archive: Rc<Archive>) {
    let upload = archive.upload();
    for page in 1..=PAGES {
        match frame.wait(upload.send()).await {
            Ok(()) => note(format_args!("has sent page {page}")),
            // As an `except BaseException` would, or a bare `except`.
            Err(Cancelled) => note_error(format_args!("catches its own cancellation on page {page}, and goes on")),
        }
    }
}

/// Ends the runner. A cancelled job ends soon.
pub async fn shut_down(frame: Rc<Frame>, worker: JoinHandle<()>) {
    note("shuts down: cancels the job, and waits for its end");
    frame.cancel();
    let _ = worker.await;
}
