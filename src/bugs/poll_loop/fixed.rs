use super::{CancelToken, INTERVAL, Page, note, note_error, timeout};
use crate::trace::CancelReason;
use std::rc::Rc;

/// Asks the server for news, again and again: in one loop, which one token ends.
pub struct Poller {
    pub stop: CancelToken,
    pub page: Rc<Page>,
}

impl Poller {
    pub fn start(self: &Rc<Self>) {
        let poller = self.clone();
        self.page.run(async move { poller.poll_until_stopped().await });
    }

    async fn poll_until_stopped(&self) {
        // A pause is a wait for the stop that takes too long.
        while timeout(INTERVAL, self.stop.cancelled()).await.is_err() {
            note("asks for news");
            match self.page.ask().await {
                Ok(()) => note("has news"),
                Err(error) => note_error(format_args!("is told that {error}, and will ask again")),
            }
        }
        note("is told to stop, and ends");
    }

    pub fn stop(&self) {
        note("stops the poller");
        self.stop.cancel(CancelReason::Requested);
    }
}
