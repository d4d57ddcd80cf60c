//! A service that restarts under its first requests, simulated. It takes 10 ms for a request, and two at a time; at
//! three it falls over, and all of them fail.

use core::future::Future;
use std::rc::Rc;

use crate::executor::{now, sleep};
use crate::sync::Tracked;
use crate::time::{Instant, ms};
use crate::trace::Name;

/// Who asks, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    pub(super) name: Name,
    pub(super) place: usize,
    pub input: Option<u32>,
}

pub(super) const CLIENTS: [Client; 3] = [
    Client { name: "list", place: 0, input: None },
    Client { name: "get-7", place: 1, input: Some(7) },
    Client { name: "get-8", place: 2, input: Some(8) },
];

/// How many requests it can serve at a time.
const CAPACITY: usize = 2;

/// The service gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Down;

impl core::fmt::Display for Down {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the service gave no answer")
    }
}

pub(super) struct Service {
    attempts: [Tracked<u32>; CLIENTS.len()],
    /// Whose requests it has, and whether they will be answered.
    at_work: Tracked<Vec<(Name, Answered)>>,
    /// How many retries it had when it fell over.
    toppled_by: Tracked<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answered {
    Yes,
    No,
}

impl Service {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Service {
            attempts: CLIENTS.map(|_| Tracked::new(0)),
            at_work: Tracked::default(),
            toppled_by: Tracked::new(0),
        })
    }

    pub(super) fn attempts(&self, client: Client) -> u32 {
        self.attempts[client.place].get()
    }

    pub(super) fn toppled_by(&self) -> usize {
        self.toppled_by.get()
    }

    pub(super) fn at_work(&self) -> String {
        let names = self.at_work.with(|at_work| at_work.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    }

    /// Asks, and waits for the answer.
    #[track_caller]
    pub(super) fn request(self: &Rc<Self>, client: Client) -> impl Future<Output = Result<(), Down>> + use<> {
        let (service, answer) = (self.clone(), sleep(ms(10)).labelled("the service"));
        async move {
            service.arrive(client);
            answer.await;
            service.leave(client)
        }
    }

    fn arrive(&self, client: Client) {
        self.attempts[client.place].update(|attempts| *attempts += 1);
        let restarts = now() == Instant::ZERO;
        let requests = self.at_work.update(|at_work| {
            at_work.push((client.name, if restarts { Answered::No } else { Answered::Yes }));
            at_work.len()
        });
        if requests > CAPACITY && !restarts {
            self.at_work.update(|at_work| at_work.iter_mut().for_each(|(_, answered)| *answered = Answered::No));
            self.toppled_by.set(requests);
        }
    }

    fn leave(&self, client: Client) -> Result<(), Down> {
        let place = self.at_work.with(|at_work| at_work.iter().position(|(name, _)| *name == client.name));
        match place.map(|place| self.at_work.update(|at_work| at_work.remove(place))) {
            Some((_, Answered::Yes)) => Ok(()),
            _ => Err(Down),
        }
    }
}
