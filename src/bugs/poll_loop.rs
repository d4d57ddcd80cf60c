//! Bug 20: a loop of timers that dies on an error, and its repair, which does not die when it should.
//!
//! From the original of the multi-claim report. A page polls every 100 ms, the second poll fails, and at 400 ms the
//! poller is stopped, the moment at which its timer rings for the third time. In the buggy version the failed poll
//! returns before it sets the timer. In the half-fix a guard sets it on every path: first in, first out, the stop comes
//! before the poll and clears the timer; in the other order there is none to clear, and the poll sets the next.

mod buggy;
mod fixed;
mod half_fixed;
mod page;
mod report;

use std::rc::Rc;

use self::page::{Page, Timer};
use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::executor::{note, note_error, sleep, timeout};
use crate::scenario::Stage;
use crate::sync::{CancelToken, Tracked};
use crate::time::{Duration, ms};

pub(super) const BUG: Bug = Bug {
    id: "poll-loop",
    number: 20,
    title: "The loop that dies, or will not die",
    sentence: "One failed poll ends the loop for ever; repaired, it goes on after the stop.",
    family: Family::FlagsAndState,
    origins: &[Origin::Seed("a report on Redis workers"), Origin::Issue("helidon-io/helidon#12456")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "poll_loop/buggy.rs",
            source: include_str!("poll_loop/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "while it is started, somebody polls",
                schedule: "replay-main.poller.~.poller.~.poller.poller-2.~.poller-2.~.poller-2",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "poll_loop/half_fixed.rs",
            source: include_str!("poll_loop/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails {
                invariant: "after the stop no timer is set",
                schedule: "replay-main.poller.~.poller.~.poller.poller-2.~.poller-2.~.poller-2.poller-3.~.poller-3.main.~.poller-3",
            }),
        },
        Variant {
            role: Role::Fixed,
            file: "poll_loop/fixed.rs",
            source: include_str!("poll_loop/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// The pause between two polls.
const INTERVAL: Duration = ms(100);

fn buggy(stage: &Stage) {
    let page = Page::open();
    let poller = Rc::new(buggy::Poller { timer: Tracked::new(None), page: page.clone() });
    let started = poller.clone();
    set(stage, page, Box::new(move || started.start()), Box::new(move || poller.stop()));
}

fn half_fixed(stage: &Stage) {
    let page = Page::open();
    let poller = Rc::new(half_fixed::Poller { timer: Tracked::new(None), page: page.clone() });
    let started = poller.clone();
    set(stage, page, Box::new(move || started.start()), Box::new(move || poller.stop()));
}

fn fixed(stage: &Stage) {
    let page = Page::open();
    let poller = Rc::new(fixed::Poller { stop: CancelToken::new(), page: page.clone() });
    let started = poller.clone();
    set(stage, page, Box::new(move || started.start()), Box::new(move || poller.stop()));
}

/// The scenario, the same for every version: when the poller is started and stopped, what is shown, what must hold.
fn set(stage: &Stage, page: Rc<Page>, start: Box<dyn Fn()>, stop: Box<dyn Fn()>) {
    let is_started = Rc::new(Tracked::new(false));
    let started = is_started.clone();
    stage.show("poller", move || if started.get() { "started" } else { "stopped" }.to_owned());
    let seen = page.clone();
    stage.show("next poll", move || if seen.is_busy() { "due" } else { "none" }.to_owned());
    let seen = page.clone();
    stage.show("polls", move || seen.asked().to_string());

    let (seen, started) = (page.clone(), is_started.clone());
    stage.always("while it is started, somebody polls", move || match started.get() && !seen.is_busy() {
        true => Err("the poller is started, no poll is under way, and no timer is set for one".to_owned()),
        false => Ok(()),
    });
    let (seen, started) = (page.clone(), is_started.clone());
    stage.always("after the stop no timer is set", move || match !started.get() && seen.has_timer() {
        true => Err("the poller was stopped, and the timer is set for its next poll".to_owned()),
        false => Ok(()),
    });

    stage.spawn("main", async move {
        note("starts the poller");
        start();
        is_started.set(true);
        sleep(ms(400)).labelled("the user to leave").await;
        stop();
        is_started.set(false);
        sleep(ms(250)).labelled("the page to be closed").await;
        note("closes the page");
        page.close();
    });
}
