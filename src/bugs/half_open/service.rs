//! A service that goes down, simulated: what it is asked before 50 ms it answers slowly, and everything after that
//! with an error.

use core::future::Future;
use std::rc::Rc;

use crate::executor::{now, sleep};
use crate::sync::Tracked;
use crate::time::{Instant, ms};
use crate::trace::Name;

/// What the service answers while it is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply;

/// The service is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down;

pub(super) struct Service {
    /// Whether it has told somebody that it is down, and nobody since that it is well again.
    known_down: Tracked<bool>,
    /// Who asked since then, and has no answer yet.
    probes: Tracked<Vec<Name>>,
}

impl Service {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Service { known_down: Tracked::new(false), probes: Tracked::default() })
    }

    pub(super) fn is_known_down(&self) -> bool {
        self.known_down.get()
    }

    pub(super) fn probes(&self) -> usize {
        self.probes.with(Vec::len)
    }

    pub(super) fn probes_out(&self) -> String {
        self.probes.with(|probes| if probes.is_empty() { "none".to_owned() } else { probes.join(", ") })
    }

    /// Asks, and waits for the answer.
    #[track_caller]
    pub(super) fn request(self: &Rc<Self>, caller: Name) -> impl Future<Output = Result<Reply, Down>> + use<> {
        let (service, is_well) = (self.clone(), now() < Instant::ZERO + ms(50));
        let answer = sleep(if is_well { ms(300) } else { ms(100) }).labelled("the service's answer");
        let is_probe = self.is_known_down();
        async move {
            if is_probe {
                service.probes.update(|probes| probes.push(caller));
            }
            answer.await;
            if is_probe {
                service.probes.update(|probes| probes.retain(|other| *other != caller));
            }
            match (is_well, is_probe) {
                (true, false) => Ok(Reply),
                (true, true) => {
                    service.known_down.set(false);
                    Ok(Reply)
                }
                (false, _) => {
                    service.known_down.set(true);
                    Err(Down)
                }
            }
        }
    }
}
