//! The task that keeps a runner's agenda: it sleeps until the next entry, and ends when there is none.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::engine::Engine;
use crate::executor::{Sleep, sleep_until};

pub(super) struct Clerk {
    engine: Rc<Engine>,
    alarm: Option<Sleep>,
    done: bool,
}

impl Clerk {
    pub(super) fn new(engine: Rc<Engine>) -> Self {
        Clerk { engine, alarm: None, done: false }
    }
}

impl Future for Clerk {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            let Some(next) = this.engine.change(|state| state.do_what_is_due(cx.waker())) else {
                this.done = true;
                return Poll::Ready(());
            };
            let alarm = match &mut this.alarm {
                Some(alarm) if alarm.deadline() == next => alarm,
                alarm => alarm.insert(sleep_until(next).labelled("agenda").at(this.engine.built_at)),
            };
            if Pin::new(alarm).poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Clerk {
    fn drop(&mut self) {
        if !self.done {
            self.engine.change(|state| state.lose_clerk());
        }
    }
}
