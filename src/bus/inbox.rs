//! A subscriber's side: what it has not pulled yet, and what it missed.

use core::cell::RefCell;
use core::fmt;
use core::future::Future;
use core::mem;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::{Rc, Weak};

use super::{Overflow, Shared};
use crate::sync::object::Object;
use crate::time::Instant;
use crate::trace::Place;

/// An event as a subscriber gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery<E> {
    /// Counts the events of the bus from 0, also those that this subscriber did not want.
    pub number: u64,
    /// When it was published, on the executor's clock; outside of an executor, the time of the event before.
    pub time: Instant,
    /// How many wanted events this subscriber lost directly before this one.
    pub missed: u64,
    /// What happened.
    pub event: E,
}

impl<E: fmt::Display> fmt::Display for Delivery<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.missed {
            0 => write!(f, "{} {}: {}", self.number, self.time, self.event),
            missed => write!(f, "({missed} missed) {} {}: {}", self.number, self.time, self.event),
        }
    }
}

pub(super) struct Inbox<E> {
    wanted: Box<dyn Fn(&E) -> bool>,
    overflow: Overflow,
    /// What was published before belongs to the time before the subscription.
    first: u64,
    content: RefCell<Content<E>>,
    face: Object,
}

struct Content<E> {
    queue: VecDeque<Delivery<E>>,
    /// Lost after the last event of the queue.
    missed: u64,
    open: bool,
    subscriber: Option<Waker>,
}

impl<E> Inbox<E> {
    pub(super) fn new(overflow: Overflow, first: u64, wanted: impl Fn(&E) -> bool + 'static) -> Self {
        let content = Content { queue: VecDeque::new(), missed: 0, open: true, subscriber: None };
        Inbox {
            wanted: Box::new(wanted),
            overflow,
            first,
            content: RefCell::new(content),
            face: Object::new("the next event"),
        }
    }

    pub(super) fn holds_publishers(&self) -> bool {
        self.face.read();
        let content = self.content.borrow();
        match self.overflow {
            Overflow::Backpressure(limit) => content.open && content.queue.len() >= limit.get(),
            Overflow::DropNewest(_) | Overflow::DropOldest(_) => false,
        }
    }

    /// Nothing comes any more; what is there can still be pulled.
    pub(super) fn close(&self) {
        self.face.write();
        let subscriber = {
            let mut content = self.content.borrow_mut();
            content.open = false;
            content.subscriber.take()
        };
        subscriber.into_iter().for_each(Waker::wake);
    }
}

impl<E: Clone> Inbox<E> {
    pub(super) fn offer(&self, delivery: &Delivery<E>) {
        self.face.write();
        if delivery.number < self.first || !self.content.borrow().open {
            return;
        }
        match catch_unwind(AssertUnwindSafe(|| (self.wanted)(&delivery.event).then(|| delivery.clone()))) {
            Ok(Some(delivery)) => self.accept(delivery),
            Ok(None) => {}
            Err(_) => self.close(),
        }
    }

    fn accept(&self, delivery: Delivery<E>) {
        let (lost, subscriber) = {
            let mut content = self.content.borrow_mut();
            (content.put(self.overflow, delivery), content.subscriber.take())
        };
        // Neither a foreign destructor nor a waker runs under the borrow.
        drop(lost);
        subscriber.into_iter().for_each(Waker::wake);
    }
}

impl<E> Content<E> {
    /// Puts the event in, and gives back the one that was lost for it.
    fn put(&mut self, overflow: Overflow, mut delivery: Delivery<E>) -> Option<Delivery<E>> {
        let lost = match overflow {
            Overflow::DropNewest(limit) if self.queue.len() >= limit.get() => {
                self.missed += 1;
                return Some(delivery);
            }
            Overflow::DropOldest(limit) if self.queue.len() >= limit.get() => self.queue.pop_front(),
            _ => None,
        };
        delivery.missed = mem::take(&mut self.missed);
        self.queue.push_back(delivery);
        if let (Some(lost), Some(first)) = (&lost, self.queue.front_mut()) {
            first.missed += lost.missed + 1;
        }
        lost
    }
}

/// Pulls the events of a bus. Dropping it unsubscribes.
pub struct Subscription<E> {
    bus: Weak<Shared<E>>,
    inbox: Rc<Inbox<E>>,
}

impl<E> Subscription<E> {
    pub(super) fn new(bus: &Rc<Shared<E>>, inbox: Rc<Inbox<E>>) -> Self {
        Subscription { bus: Rc::downgrade(bus), inbox }
    }

    /// Waits for the next event; `None` when the bus is gone and nothing is left.
    ///
    /// Dropping the future loses nothing.
    #[expect(clippy::should_implement_trait, reason = "it waits, which an iterator cannot")]
    #[track_caller]
    pub fn next(&mut self) -> Next<'_, E> {
        Next { subscription: self, place: Location::caller() }
    }

    /// The next event, if there is one already.
    pub fn try_next(&mut self) -> Option<Delivery<E>> {
        self.inbox.face.write();
        let next = self.inbox.content.borrow_mut().queue.pop_front();
        if let Some(bus) = self.bus.upgrade() {
            bus.waiting.wake_all_if(|| !bus.is_full());
        }
        next
    }

    /// How many wanted events were lost after the last that can be pulled.
    pub fn missed(&self) -> u64 {
        self.inbox.face.read();
        self.inbox.content.borrow().missed
    }
}

impl<E> fmt::Debug for Subscription<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = self.inbox.content.borrow();
        write!(f, "Subscription({} to pull, {} missed)", content.queue.len(), content.missed)
    }
}

impl<E> Drop for Subscription<E> {
    fn drop(&mut self) {
        self.inbox.face.write();
        self.inbox.content.borrow_mut().open = false;
        if let Some(bus) = self.bus.upgrade() {
            bus.change_inboxes(|inboxes| inboxes.retain(|inbox| !Rc::ptr_eq(inbox, &self.inbox)));
            bus.waiting.wake_all_if(|| !bus.is_full());
        }
    }
}

/// Waits for an event. See [`Subscription::next`].
#[must_use = "a wait that is not awaited does not wait"]
pub struct Next<'a, E> {
    subscription: &'a mut Subscription<E>,
    place: Place,
}

impl<E> Future for Next<'_, E> {
    type Output = Option<Delivery<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(delivery) = self.subscription.try_next() {
            return Poll::Ready(Some(delivery));
        }
        if !self.subscription.inbox.content.borrow().open {
            return Poll::Ready(None);
        }
        // Wakers may be foreign: none is cloned or dropped under the borrow.
        let waker = cx.waker().clone();
        let before = self.subscription.inbox.content.borrow_mut().subscriber.replace(waker);
        drop(before);
        self.subscription.inbox.face.awaited(self.place);
        Poll::Pending
    }
}
