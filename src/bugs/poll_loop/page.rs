//! A browser's page, simulated: timers that do nothing once it is closed, and a server that is asked from there.

use core::fmt;
use core::future::Future;
use std::rc::Rc;

use crate::executor::{JoinHandle, sleep, spawn_named};
use crate::sync::Tracked;
use crate::time::{Duration, ms};
use crate::trace::CancelReason;

/// The server has no answer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable;

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server is not available")
    }
}

pub struct Page {
    is_open: Tracked<bool>,
    asked: Tracked<u32>,
    /// Timers that are set, and what runs.
    timers: Tracked<u32>,
    running: Tracked<u32>,
}

impl Page {
    pub(super) fn open() -> Rc<Self> {
        let (is_open, asked) = (Tracked::new(true), Tracked::new(0));
        Rc::new(Page { is_open, asked, timers: Tracked::new(0), running: Tracked::new(0) })
    }

    /// Runs something in the background.
    #[track_caller]
    pub fn run(self: &Rc<Self>, work: impl Future<Output = ()> + 'static) {
        let counted = Counted::of(self, |page| &page.running);
        drop(spawn_named("poller", async move {
            work.await;
            drop(counted);
        }));
    }

    /// Runs something later, if the page is open then.
    #[track_caller]
    pub fn set_timeout(self: &Rc<Self>, delay: Duration, work: impl Future<Output = ()> + 'static) -> Timer {
        let counted = Counted::of(self, |page| &page.timers);
        let time = sleep(delay).labelled("its timer");
        let (page, has_fired) = (self.clone(), Rc::new(Tracked::new(false)));
        let fired = has_fired.clone();
        let task = spawn_named("poller", async move {
            time.await;
            fired.set(true);
            drop(counted);
            if page.is_open.get() {
                let counted = Counted::of(&page, |page| &page.running);
                work.await;
                drop(counted);
            }
        });
        Timer { task, has_fired }
    }

    /// Asks the server for news, and has them 50 ms later, except for the second time.
    #[track_caller]
    pub fn ask(&self) -> impl Future<Output = Result<(), Unavailable>> {
        let answer = sleep(ms(50)).labelled("the server's answer");
        self.asked.update(|asked| *asked += 1);
        let asked = self.asked.get();
        async move {
            answer.await;
            if asked == 2 { Err(Unavailable) } else { Ok(()) }
        }
    }

    pub(super) fn close(&self) {
        self.is_open.set(false);
    }

    pub(super) fn asked(&self) -> u32 {
        self.asked.get()
    }

    pub(super) fn has_timer(&self) -> bool {
        self.timers.get() > 0
    }

    pub(super) fn is_busy(&self) -> bool {
        self.has_timer() || self.running.get() > 0
    }
}

/// What `set_timeout` gives.
pub struct Timer {
    task: JoinHandle<()>,
    has_fired: Rc<Tracked<bool>>,
}

impl Timer {
    /// Makes it not fire. Once it has, there is nothing to clear any more.
    pub fn clear(&self) {
        if !self.has_fired.get() {
            self.task.cancel(CancelReason::Requested);
        }
    }
}

/// Counts for as long as it lives.
struct Counted {
    page: Rc<Page>,
    count: fn(&Page) -> &Tracked<u32>,
}

impl Counted {
    fn of(page: &Rc<Page>, count: fn(&Page) -> &Tracked<u32>) -> Self {
        count(page).update(|count| *count += 1);
        Counted { page: page.clone(), count }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.count)(&self.page).update(|count| *count -= 1);
    }
}
