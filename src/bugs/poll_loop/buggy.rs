use super::{INTERVAL, Page, Timer, Tracked, note, note_error};
use std::rc::Rc;

/// Asks the server for news, again and again: each poll sets the timer for the next.
pub struct Poller {
    pub timer: Tracked<Option<Timer>>,
    pub page: Rc<Page>,
}

impl Poller {
    pub fn start(self: &Rc<Self>) {
        let poller = self.clone();
        let timer = self.page.set_timeout(INTERVAL, async move { poller.poll().await });
        self.timer.set(Some(timer));
    }

    async fn poll(self: &Rc<Self>) {
        note("asks for news");
        if let Err(error) = self.page.ask().await {
            note_error(format_args!("is told that {error}, and returns"));
            return; // and who sets the timer now?
        }
        note("has news, and sets the timer for the next poll");
        self.start();
    }

    pub fn stop(&self) {
        note("stops the poller, and clears its timer");
        if let Some(timer) = self.timer.replace(None) {
            timer.clear();
        }
    }
}
