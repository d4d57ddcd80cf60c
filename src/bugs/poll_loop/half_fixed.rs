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
        let _again = Again(self);
        note("asks for news");
        match self.page.ask().await {
            Ok(()) => note("has news"),
            Err(error) => note_error(format_args!("is told that {error}")),
        }
    }

    pub fn stop(&self) {
        note("stops the poller, and clears its timer");
        // The timer of a poll that is under way has fired long ago.
        if let Some(timer) = self.timer.replace(None) {
            timer.clear();
        }
    }
}

/// Sets the timer for the next poll, on whatever path this one is left.
struct Again<'a>(&'a Rc<Poller>);

impl Drop for Again<'_> {
    fn drop(&mut self) {
        note("sets the timer for the next poll");
        self.0.start();
    }
}
