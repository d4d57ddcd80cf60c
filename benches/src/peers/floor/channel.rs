//! Channels for one thread, with the functions of the published ones, so that
//! the same workload can be written over either. Who is dropped while it waits
//! is not taken out of the line, and nobody is told when the other end is gone.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Nothing will be received any more.
#[derive(Debug, PartialEq)]
pub struct Closed;

/// Both ends of a bounded queue; clones are the same one.
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

pub fn bounded<T>(places: usize) -> (Channel<T>, Channel<T>) {
    let (receivers, senders) = (VecDeque::new(), VecDeque::new());
    let values = VecDeque::with_capacity(places);
    let channel = Channel(Rc::new(UnsafeCell::new(Queue { values, places, receivers, senders, is_closed: false })));
    (channel.clone(), channel)
}

impl<T> Channel<T> {
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

    pub async fn send(&self, value: T) -> Result<(), Closed> {
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
                Poll::Ready(Ok(()))
            })
        })
        .await
    }

    pub async fn recv(&self) -> Result<T, Closed> {
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
                Poll::Ready(value.ok_or(Closed))
            })
        })
        .await
    }
}

/// The end of a oneshot channel that sends.
pub struct Answer<T>(Rc<UnsafeCell<Once<T>>>);

/// The end that receives.
pub struct Answered<T>(Rc<UnsafeCell<Once<T>>>);

struct Once<T> {
    value: Option<T>,
    waiter: Option<Waker>,
}

pub fn oneshot<T>() -> (Answer<T>, Answered<T>) {
    let once = Rc::new(UnsafeCell::new(Once { value: None, waiter: None }));
    (Answer(once.clone()), Answered(once))
}

impl<T> Answer<T> {
    pub fn send(self, value: T) -> Result<(), T> {
        // SAFETY: it stays on its thread, and no other reference lives meanwhile.
        let once = unsafe { &mut *self.0.get() };
        once.value = Some(value);
        if let Some(waiter) = once.waiter.take() {
            waiter.wake();
        }
        Ok(())
    }
}

impl<T> Future for Answered<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: as above.
        let once = unsafe { &mut *self.0.get() };
        match once.value.take() {
            Some(value) => Poll::Ready(Ok(value)),
            None => {
                once.waiter = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
