//! An archive to which pages are uploaded, simulated: it takes a page in 100 ms, for as long as it is open.

use core::future::Future;
use std::rc::Rc;

use crate::executor::{note, sleep};
use crate::sync::Tracked;
use crate::time::ms;

pub struct Archive {
    pages: Tracked<u32>,
    is_open: Tracked<bool>,
    uploads: Tracked<u32>,
    misuse: Tracked<bool>,
}

impl Archive {
    pub(super) fn new() -> Rc<Self> {
        let (pages, is_open) = (Tracked::new(0), Tracked::new(true));
        Rc::new(Archive { pages, is_open, uploads: Tracked::new(0), misuse: Tracked::new(false) })
    }

    pub fn upload(self: &Rc<Self>) -> Upload {
        self.uploads.update(|uploads| *uploads += 1);
        Upload { archive: self.clone() }
    }

    pub(super) fn close(&self) {
        self.is_open.set(false);
    }

    pub(super) fn pages(&self) -> u32 {
        self.pages.get()
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open.get()
    }

    pub(super) fn is_used(&self) -> bool {
        self.uploads.get() > 0
    }

    pub(super) fn was_misused(&self) -> bool {
        self.misuse.get()
    }
}

/// An upload under way, for as long as this lives.
pub struct Upload {
    archive: Rc<Archive>,
}

impl Upload {
    #[track_caller]
    pub fn send(&self) -> impl Future<Output = ()> {
        let sent = sleep(ms(100)).labelled("the page to be sent");
        async move {
            sent.await;
            self.archive.pages.update(|pages| *pages += 1);
            if !self.archive.is_open.get() {
                self.archive.misuse.set(true);
            }
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        note("lets the archive go");
        self.archive.uploads.update(|uploads| *uploads -= 1);
    }
}
