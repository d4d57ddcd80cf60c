//! A worker: a task that takes one job after the other, and runs one attempt per turn.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::panic::Location;
use std::rc::Rc;

use super::engine::Engine;
use super::pool::Start;
use super::run::Run;
use crate::sync::waiters::Place as Seat;

pub(super) struct Worker {
    engine: Rc<Engine>,
    number: u32,
    doing: Doing,
}

enum Doing {
    /// It was called, or has just ended a job.
    Looking {
        called: bool,
    },
    Idle(Seat),
    Running(Run),
    Gone,
}

enum Next {
    Job(Start),
    Wait(Seat),
    Leave,
}

impl Worker {
    pub(super) fn new(engine: Rc<Engine>, number: u32) -> Self {
        Worker { engine, number, doing: Doing::Looking { called: true } }
    }

    /// Takes a job, waits for one, or leaves.
    fn look_for_work(&mut self, called: bool, cx: &mut Context<'_>) -> Poll<()> {
        self.doing = Doing::Gone;
        let number = self.number;
        let next = self.engine.change(|state| {
            if called {
                state.came();
            }
            state.pool.meet(number, cx.waker());
            if let Some(start) = state.start_next(number) {
                Next::Job(start)
            } else if state.is_surplus() {
                state.leave_pool(number);
                Next::Leave
            } else {
                Next::Wait(state.stand_idle(cx.waker()))
            }
        });
        match next {
            Next::Job(start) => self.doing = Doing::Running(Run::new(self.engine.clone(), start)),
            Next::Wait(seat) => self.doing = Doing::Idle(seat),
            Next::Leave => return Poll::Ready(()),
        }
        Poll::Pending
    }
}

impl Future for Worker {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            match &mut this.doing {
                Doing::Running(run) => {
                    if run.poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    this.doing = Doing::Looking { called: false };
                    // Everybody else has a turn before the next job.
                    if this.engine.look(|state| state.queue.len() > 0) {
                        cx.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                }
                Doing::Idle(seat) => {
                    let seat = *seat;
                    if !this.engine.change(|state| state.is_called(seat, cx.waker())) {
                        this.engine.queue_face.awaited(Location::caller());
                        return Poll::Pending;
                    }
                    this.doing = Doing::Looking { called: true };
                }
                Doing::Looking { called } => {
                    let called = *called;
                    if this.look_for_work(called, cx).is_ready() {
                        return Poll::Ready(());
                    }
                }
                Doing::Gone => return Poll::Ready(()),
            }
        }
    }
}

/// Only an executor that is dropped, or a caller that cancels the tasks of others, ends a worker like this. What it
/// ran is settled by the drop of its [`Run`].
impl Drop for Worker {
    fn drop(&mut self) {
        let number = self.number;
        let doing = core::mem::replace(&mut self.doing, Doing::Gone);
        if matches!(doing, Doing::Gone) {
            return;
        }
        self.engine.change(|state| {
            match &doing {
                Doing::Looking { called: true } => state.came(),
                Doing::Idle(seat) => state.leave_idle(*seat),
                Doing::Looking { called: false } | Doing::Running(_) | Doing::Gone => {}
            }
            state.collapse();
        });
        drop(doing);
        self.engine.change(|state| state.leave_pool(number));
    }
}
