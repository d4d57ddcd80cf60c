//! Events, numbered and given to whoever subscribed.
//!
//! Publishing runs no subscriber: each has an inbox, from which it pulls at its own pace, and says itself what
//! happens when that is full. A publisher therefore never fails because somebody listens.
//!
//! ```text
//!                        wanted?            room?
//!  publish ──▶ number ──▶ filter ──▶ inbox ──────▶ next().await
//!                                      │ full
//!                                      ├─ drop oldest, drop newest: counted as missed
//!                                      └─ backpressure: kept; `room().await` waits until it is pulled
//! ```

mod inbox;
mod room;

use core::cell::{Cell, RefCell};
use core::fmt;
use core::num::NonZeroUsize;
use std::collections::VecDeque;
use std::rc::Rc;

use self::inbox::Inbox;
pub use self::inbox::{Delivery, Next, Subscription};
pub use self::room::Room;
use self::room::Waiting;
use crate::executor::{Mark, entered_now};
use crate::time::Instant;

/// Gives every event to every subscriber that wants it, in one order.
///
/// Clones are the same bus, so that one can serve many workflows. When the last is dropped, subscribers pull what is
/// left and then learn that it was all.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::bus::{EventBus, Overflow};
///
/// Executor::new().block_on(async {
///     let bus = EventBus::new();
///     let mut failures = bus.subscribe_where(Overflow::default(), |line: &String| line.starts_with("failed"));
///     bus.publish("started".to_owned());
///     bus.publish("failed: no route".to_owned());
///     let failure = failures.next().await.unwrap();
///     assert_eq!((failure.number, failure.event.as_str()), (1, "failed: no route"));
/// });
/// ```
pub struct EventBus<E> {
    shared: Rc<Shared<E>>,
}

/// What happens to an event for which a subscriber has no room left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Nothing is lost. A publisher that awaits [`EventBus::room`] is slowed down to the subscriber's pace; one that
    /// cannot wait, such as a destructor, goes past the limit.
    Backpressure(NonZeroUsize),
    /// The new event is dropped, and counted as missed.
    DropNewest(NonZeroUsize),
    /// The oldest event that was not pulled yet is dropped, and counted as missed.
    DropOldest(NonZeroUsize),
}

/// Drops the oldest of more than 1,024 events.
impl Default for Overflow {
    fn default() -> Self {
        Overflow::DropOldest(const { NonZeroUsize::new(1024).unwrap() })
    }
}

struct Shared<E> {
    published: Cell<u64>,
    ids: Cell<u64>,
    now: Cell<Instant>,
    /// Replaced as a whole, so that a delivery goes to those who were subscribed when it began.
    inboxes: RefCell<Rc<Vec<Rc<Inbox<E>>>>>,
    /// What was published while another event was being delivered: it comes after that, for everybody.
    outbox: RefCell<VecDeque<Delivery<E>>>,
    delivering: Cell<bool>,
    waiting: Waiting,
    /// Told to a search of schedules: who publishes, subscribes or looks for room touches this; each inbox is a thing of
    /// its own, and so is the line of those who wait for room.
    mark: Mark,
}

impl<E> Clone for EventBus<E> {
    fn clone(&self) -> Self {
        EventBus { shared: self.shared.clone() }
    }
}

impl<E> fmt::Debug for EventBus<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (published, subscribers) = (self.shared.published.get(), self.shared.inboxes.borrow().len());
        write!(f, "EventBus({published} published, {subscribers} subscribed)")
    }
}

impl<E: Clone + 'static> Default for EventBus<E> {
    fn default() -> Self {
        EventBus::new()
    }
}

impl<E: Clone + 'static> EventBus<E> {
    /// A bus without subscribers.
    pub fn new() -> Self {
        EventBus {
            shared: Rc::new(Shared {
                published: Cell::new(0),
                ids: Cell::new(0),
                now: Cell::new(Instant::ZERO),
                inboxes: RefCell::default(),
                outbox: RefCell::default(),
                delivering: Cell::new(false),
                waiting: Waiting::new(),
                mark: Mark::new(),
            }),
        }
    }

    /// Subscribes to every event from now on. Dropping the subscription unsubscribes.
    pub fn subscribe(&self, overflow: Overflow) -> Subscription<E> {
        self.subscribe_where(overflow, |_| true)
    }

    /// Subscribes to the events that are `wanted`; the others take no room.
    ///
    /// A filter that panics ends its own subscription, and harms nobody else.
    pub fn subscribe_where(&self, overflow: Overflow, wanted: impl Fn(&E) -> bool + 'static) -> Subscription<E> {
        let inbox = Rc::new(Inbox::new(overflow, self.published(), wanted));
        self.shared.change_inboxes(|inboxes| inboxes.push(inbox.clone()));
        Subscription::new(&self.shared, inbox)
    }

    /// Numbers `event` and puts it into the inboxes of those who want it.
    pub fn publish(&self, event: E) {
        self.publish_with(|| event);
    }

    /// Like [`EventBus::publish`]; makes the event only when somebody is subscribed.
    #[inline]
    pub fn publish_with(&self, make: impl FnOnce() -> E) {
        self.shared.mark.write();
        let number = self.shared.published.replace(self.shared.published.get() + 1);
        if !self.shared.inboxes.borrow().is_empty() {
            let time = entered_now().unwrap_or(self.shared.now.get());
            self.shared.now.set(time);
            let event = make();
            self.shared.outbox.borrow_mut().push_back(Delivery { number, time, missed: 0, event });
            self.shared.deliver_all();
        }
    }

    /// Waits until no subscriber with [`Overflow::Backpressure`] is at its limit. Dropping the future changes
    /// nothing.
    ///
    /// Never returns while such a subscriber does not pull; dropping its subscription counts as room.
    #[track_caller]
    pub fn room(&self) -> Room<E> {
        Room::new(&self.shared)
    }

    /// Whether no subscriber with [`Overflow::Backpressure`] is at its limit.
    #[inline]
    pub fn has_room(&self) -> bool {
        !self.shared.is_full()
    }

    /// The number of events so far, which is the number of the next.
    #[inline]
    pub fn published(&self) -> u64 {
        self.shared.mark.read();
        self.shared.published.get()
    }

    /// The number of subscriptions.
    pub fn subscribers(&self) -> usize {
        self.shared.mark.read();
        self.shared.inboxes.borrow().len()
    }

    /// A number that this bus has not given before, for what its events speak of.
    pub fn new_id(&self) -> u64 {
        self.shared.mark.write();
        self.shared.ids.replace(self.shared.ids.get() + 1)
    }

    /// The way to this bus for somebody who has another type of event: `wrap` makes ours of it. Whoever holds it keeps
    /// the bus, so that its subscribers go on waiting for more.
    ///
    /// ```
    /// use unstuck::bus::{EventBus, Overflow};
    ///
    /// let bus = EventBus::new();
    /// let mut log = bus.subscribe(Overflow::default());
    /// let degrees = bus.publisher(|degrees: i32| format!("{degrees} °C"));
    /// degrees.publish(21);
    /// assert_eq!(log.try_next().unwrap().event, "21 °C");
    /// ```
    pub fn publisher<T: 'static>(&self, wrap: impl Fn(T) -> E + 'static) -> Publisher<T> {
        let bus = self.clone();
        Publisher { publish: Rc::new(move |event| bus.publish(wrap(event))) }
    }
}

/// Publishes events of one type on a bus of another. See [`EventBus::publisher`].
pub struct Publisher<T> {
    publish: Rc<dyn Fn(T)>,
}

impl<T> Publisher<T> {
    /// Publishes an event.
    pub fn publish(&self, event: T) {
        (self.publish)(event);
    }
}

impl<T> fmt::Debug for Publisher<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Publisher")
    }
}

impl<T> Clone for Publisher<T> {
    fn clone(&self) -> Self {
        Publisher { publish: self.publish.clone() }
    }
}

impl<E> Shared<E> {
    fn change_inboxes(&self, change: impl FnOnce(&mut Vec<Rc<Inbox<E>>>)) {
        self.mark.write();
        let mut inboxes = Vec::clone(&self.inboxes.borrow());
        change(&mut inboxes);
        let outdated = self.inboxes.replace(Rc::new(inboxes));
        // What falls away with it, such as a filter, is dropped after the borrow.
        drop(outdated);
    }

    fn is_full(&self) -> bool {
        self.mark.read();
        self.inboxes.borrow().iter().any(|inbox| inbox.holds_publishers())
    }
}

impl<E: Clone> Shared<E> {
    fn deliver_all(&self) {
        if self.delivering.replace(true) {
            return;
        }
        loop {
            let next = self.outbox.borrow_mut().pop_front();
            let Some(delivery) = next else { break };
            let inboxes = self.inboxes.borrow().clone();
            inboxes.iter().for_each(|inbox| inbox.offer(&delivery));
        }
        self.delivering.set(false);
    }
}

impl<E> Drop for Shared<E> {
    fn drop(&mut self) {
        self.inboxes.get_mut().iter().for_each(|inbox| inbox.close());
    }
}
