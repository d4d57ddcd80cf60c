//! The external service of the seed's worker, simulated: one line, which is opened, used and closed, and a service
//! that says no to its first request.

use core::fmt;
use core::future::Future;
use std::rc::Rc;

use crate::executor::sleep;
use crate::sync::Tracked;
use crate::time::ms;
use crate::trace::Name;

/// One job for the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job(pub Name);

/// What the service makes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply(pub Name);

/// The service said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceError;

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the service said no")
    }
}

/// The state of the line to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Closed,
    Open,
    Closing,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Line::Closed => "closed",
            Line::Open => "open",
            Line::Closing => "closing",
        })
    }
}

pub(super) struct Service {
    line: Tracked<Line>,
    requests: Tracked<u32>,
    /// Whose request is on the line.
    user: Tracked<Option<Name>>,
    misuse: Tracked<Option<String>>,
}

impl Service {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Service {
            line: Tracked::new(Line::Closed),
            requests: Tracked::new(0),
            user: Tracked::new(None),
            misuse: Tracked::new(None),
        })
    }

    pub(super) fn line(&self) -> Line {
        self.line.get()
    }

    /// A sentence about a request that was on the line while it was closed.
    pub(super) fn misuse(&self) -> Option<String> {
        self.misuse.with(Clone::clone)
    }

    /// Opens the line, in 100 ms. A line that is up is used as it is.
    #[track_caller]
    pub(super) fn connect(self: &Rc<Self>) -> impl Future<Output = Connection> + use<> {
        let dial = match self.line.get() {
            Line::Closed => Some(sleep(ms(100)).labelled("the connection")),
            Line::Open | Line::Closing => None,
        };
        let service = self.clone();
        async move {
            if let Some(dial) = dial {
                dial.await;
                service.line.set(Line::Open);
            }
            Connection { service }
        }
    }
}

/// An open line.
pub struct Connection {
    service: Rc<Service>,
}

impl Connection {
    /// Sends the job and waits 100 ms for the reply. The first request ever is answered with an error.
    #[track_caller]
    pub fn request(&self, job: Job) -> impl Future<Output = Result<Reply, ServiceError>> + use<> {
        let service = self.service.clone();
        let answer = sleep(ms(100)).labelled("the reply");
        async move {
            service.user.set(Some(job.0));
            answer.await;
            service.user.set(None);
            service.requests.set(service.requests.get() + 1);
            match service.requests.get() {
                1 => Err(ServiceError),
                _ => Ok(Reply(job.0)),
            }
        }
    }

    /// Says goodbye and closes the line, in 50 ms.
    #[track_caller]
    pub fn release(self) -> impl Future<Output = ()> {
        let goodbye = sleep(ms(50)).labelled("the goodbye");
        async move {
            self.service.line.set(Line::Closing);
            goodbye.await;
            // Dropping the connection closes the line.
            drop(self);
        }
    }
}

/// A connection that is dropped closes its line, released or not.
impl Drop for Connection {
    fn drop(&mut self) {
        self.service.line.set(Line::Closed);
        if let Some(user) = self.service.user.get() {
            self.service.misuse.set(Some(format!("the line was closed while {user}'s request was on it")));
        }
    }
}
