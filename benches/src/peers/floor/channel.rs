//! Channels for one thread. Who is dropped while it waits is not taken out of
//! the line, and nobody is told when the other end is gone.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A bounded queue; clones are the same one.
pub struct Channel<T>(Rc<UnsafeCell<Queue<T>>>);

struct Queue<T> {
    values: VecDeque<T>,
    places: usize,
    receivers: VecDeque<Waker>,
    senders: VecDeque<Waker>,
    is_closed: bool,
}

impl<T> Clone for Channel<T> {
    fn clone(&self) -> Self {
        Channel(self.0.clone())
    }
}

impl<T> Channel<T> {
    pub fn new(places: usize) -> Self {
        let (receivers, senders) = (VecDeque::new(), VecDeque::new());
        let values = VecDeque::with_capacity(places);
        Channel(Rc::new(UnsafeCell::new(Queue { values, places, receivers, senders, is_closed: false })))
    }

    /// What `change` does wakes tasks, which only puts them in line, and runs nobody else's code.
    fn with<R>(&self, change: impl FnOnce(&mut Queue<T>) -> R) -> R {
        // SAFETY: it stays on its thread, and no other reference lives meanwhile.
        change(unsafe { &mut *self.0.get() })
    }

    pub fn close(&self) {
        self.with(|queue| {
            queue.is_closed = true;
            queue.receivers.drain(..).for_each(Waker::wake);
        });
    }

    pub async fn send(&self, value: T) {
        let mut value = Some(value);
        poll_fn(|cx| {
            self.with(|queue| {
                if queue.values.len() == queue.places {
                    queue.senders.push_back(cx.waker().clone());
                    return Poll::Pending;
                }
                queue.values.extend(value.take());
                if let Some(receiver) = queue.receivers.pop_front() {
                    receiver.wake();
                }
                Poll::Ready(())
            })
        })
        .await;
    }

    /// None when the channel is closed.
    pub async fn receive(&self) -> Option<T> {
        poll_fn(|cx| {
            self.with(|queue| {
                let value = queue.values.pop_front();
                if value.is_none() && !queue.is_closed {
                    queue.receivers.push_back(cx.waker().clone());
                    return Poll::Pending;
                }
                if let Some(sender) = queue.senders.pop_front() {
                    sender.wake();
                }
                Poll::Ready(value)
            })
        })
        .await
    }
}

/// The end of a oneshot channel that sends.
pub struct Answer(Rc<UnsafeCell<Once>>);

/// The end that receives.
pub struct Answered(Rc<UnsafeCell<Once>>);

#[derive(Default)]
struct Once {
    number: Option<u64>,
    waiter: Option<Waker>,
}

pub fn oneshot() -> (Answer, Answered) {
    let once = Rc::<UnsafeCell<Once>>::default();
    (Answer(once.clone()), Answered(once))
}

impl Answer {
    pub fn send(self, number: u64) {
        // SAFETY: it stays on its thread, and no other reference lives meanwhile.
        let once = unsafe { &mut *self.0.get() };
        once.number = Some(number);
        if let Some(waiter) = once.waiter.take() {
            waiter.wake();
        }
    }
}

impl Answered {
    pub async fn receive(self) -> u64 {
        poll_fn(|cx| {
            // SAFETY: as above.
            let once = unsafe { &mut *self.0.get() };
            match once.number.take() {
                Some(number) => Poll::Ready(number),
                None => {
                    once.waiter = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}
