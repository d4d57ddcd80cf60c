//! What happens in a runner, as a numbered log that subscribers pull from.
//!
//! Nobody is called back, so a subscriber that fails or is slow cannot hurt a job, and none can see an end before
//! its beginning.

use core::fmt;
use core::future::poll_fn;
use core::num::NonZeroUsize;
use core::task::{Poll, Waker};
use std::collections::VecDeque;
use std::rc::Rc;

use super::engine::{Engine, State};
use super::record::JobId;
use super::status::TaskStatus;
use crate::time::Instant;

/// Something that happened in a runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskEvent {
    /// Counts the events of a runner from 0, whether or not anybody listens.
    pub number: u64,
    /// The time on the executor's clock.
    pub at: Instant,
    /// What happened.
    pub what: What,
}

/// What happened.
#[expect(missing_docs, reason = "the variant's sentence names its fields")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The status of a job changed; it comes from nowhere when it was accepted.
    Moved { job: JobId, from: Option<TaskStatus>, to: TaskStatus, attempt: u32 },
    /// No job is started until further notice.
    Paused,
    /// Jobs are started again.
    Resumed,
    /// From now on so many jobs may run at a time.
    Resized { concurrency: usize },
    /// Nothing is accepted any more.
    Closed,
}

/// What happens to events when a subscriber does not pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// No job is started until the subscriber has pulled. What runs already is still reported.
    Backpressure,
    /// The newest events are dropped, and the subscriber is told how many.
    DropNewest,
    /// The oldest events are dropped, and the subscriber is told how many.
    DropOldest,
}

/// What a subscriber pulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The next event.
    Event(TaskEvent),
    /// So many events were dropped here.
    Missed(u64),
}

#[derive(Default)]
pub(super) struct EventLog {
    number: u64,
    subscribers: Vec<Subscriber>,
    names: u64,
    /// How many subscribers hold back the start of jobs.
    full: usize,
}

struct Subscriber {
    name: u64,
    room: NonZeroUsize,
    overflow: Overflow,
    waiting: VecDeque<Delivery>,
    waker: Option<Waker>,
}

impl EventLog {
    #[inline]
    pub(super) fn is_wanted(&self) -> bool {
        !self.subscribers.is_empty()
    }

    /// Numbers the next event, which is pushed if anybody wants it.
    #[inline]
    pub(super) fn count(&mut self) {
        self.number += 1;
    }

    pub(super) fn holds_back(&self) -> bool {
        self.full > 0
    }

    pub(super) fn push(&mut self, at: Instant, what: What, wakes: &mut VecDeque<Waker>) {
        let event = TaskEvent { number: self.number - 1, at, what };
        for subscriber in &mut self.subscribers {
            let before = subscriber.holds_back();
            subscriber.take(event);
            self.full += usize::from(!before && subscriber.holds_back());
            wakes.extend(subscriber.waker.take());
        }
    }

    fn find(&mut self, name: u64) -> Option<&mut Subscriber> {
        self.subscribers.iter_mut().find(|subscriber| subscriber.name == name)
    }

    fn remove(&mut self, name: u64) {
        let holds_back = self.find(name).is_some_and(|subscriber| subscriber.holds_back());
        self.full -= usize::from(holds_back);
        self.subscribers.retain(|subscriber| subscriber.name != name);
    }
}

impl Subscriber {
    fn holds_back(&self) -> bool {
        self.overflow == Overflow::Backpressure && self.waiting.len() >= self.room.get()
    }

    fn take(&mut self, event: TaskEvent) {
        let has_room = self.waiting.len() < self.room.get();
        match self.overflow {
            Overflow::Backpressure => self.waiting.push_back(Delivery::Event(event)),
            _ if has_room => self.waiting.push_back(Delivery::Event(event)),
            Overflow::DropNewest => match self.waiting.back_mut() {
                Some(Delivery::Missed(missed)) => *missed += 1,
                _ => self.waiting.push_back(Delivery::Missed(1)),
            },
            Overflow::DropOldest => {
                let missed = match self.waiting.pop_front() {
                    Some(Delivery::Missed(missed)) => missed + u64::from(self.waiting.pop_front().is_some()),
                    _ => 1,
                };
                self.waiting.push_front(Delivery::Missed(missed));
                self.waiting.push_back(Delivery::Event(event));
            }
        }
    }
}

/// A subscription to the events of a runner. Dropping it unsubscribes.
///
/// ```
/// use std::num::NonZeroUsize;
/// use unstuck::Executor;
/// use unstuck::runner::{Delivery, Overflow, TaskRunner, What, job};
///
/// Executor::new().block_on(async {
///     let runner = TaskRunner::builder().build().unwrap();
///     let mut events = runner.subscribe(NonZeroUsize::new(16).unwrap(), Overflow::DropOldest);
///     runner.start();
///     runner.submit(job(|_| async { Ok::<_, String>(()) })).await.unwrap().await.unwrap();
///     let mut lives = Vec::new();
///     for _ in 0..3 {
///         if let Some(Delivery::Event(event)) = events.next().await
///             && let What::Moved { to, .. } = event.what
///         {
///             lives.push(to.to_string());
///         }
///     }
///     assert_eq!(lives, ["queued", "running", "succeeded"]);
/// });
/// ```
pub struct Events {
    engine: Rc<Engine>,
    name: u64,
}

impl Engine {
    pub(super) fn subscribe(self: &Rc<Self>, room: NonZeroUsize, overflow: Overflow) -> Events {
        let name = self.change(|state| {
            let events = &mut state.events;
            events.names += 1;
            let name = events.names;
            events.subscribers.push(Subscriber { name, room, overflow, waiting: VecDeque::new(), waker: None });
            name
        });
        Events { engine: self.clone(), name }
    }
}

impl Events {
    /// Waits for the next event; none when the runner was shut down and everything was pulled. Dropping the future
    /// loses nothing.
    pub async fn next(&mut self) -> Option<Delivery> {
        poll_fn(|cx| self.engine.change(|state| state.pull(self.name, cx.waker()))).await
    }

    /// The next event, if there is one already.
    pub fn try_next(&mut self) -> Option<Delivery> {
        match self.engine.change(|state| state.pull(self.name, Waker::noop())) {
            Poll::Ready(delivery) => delivery,
            Poll::Pending => None,
        }
    }

    #[cfg(feature = "metrics")]
    pub(super) fn stats(&self) -> super::stats::Stats {
        self.engine.look(State::stats)
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.engine.change(|state| {
            state.events.remove(self.name);
            state.call_workers();
        });
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Events({})", self.name)
    }
}

impl State {
    fn pull(&mut self, name: u64, waker: &Waker) -> Poll<Option<Delivery>> {
        let is_gone = self.is_gone();
        let subscriber = self.events.find(name).expect("a subscription lasts until it is dropped");
        let held_back = subscriber.holds_back();
        let delivery = subscriber.waiting.pop_front();
        if delivery.is_none() && !is_gone {
            subscriber.waker = Some(waker.clone());
            return Poll::Pending;
        }
        if held_back && !subscriber.holds_back() {
            self.events.full -= 1;
            self.call_workers();
        }
        Poll::Ready(delivery)
    }

    /// Tells the subscribers that nothing will come any more.
    pub(super) fn end_events(&mut self) {
        let wakers: Vec<Waker> = self.events.subscribers.iter_mut().filter_map(|other| other.waker.take()).collect();
        wakers.into_iter().for_each(|waker| self.wake(Some(waker)));
    }
}
