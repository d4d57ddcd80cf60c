//! A worker: a task that takes one job after the other, and runs one attempt per turn.

use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::engine::Engine;
use super::run::{Next, Run};
use crate::executor::give_way;
use crate::sync::waiters::Seat;

pub(super) struct Worker {
    engine: Rc<Engine>,
    number: u32,
    doing: Doing,
    run: Run,
}

enum Doing {
    /// It was called, or has just ended a job.
    Looking {
        called: bool,
    },
    Idle(Seat),
    Running,
    Gone,
}

impl Worker {
    pub(super) fn new(engine: Rc<Engine>, number: u32) -> Self {
        Worker { engine, number, doing: Doing::Looking { called: true }, run: Run::none() }
    }

    /// Takes a job, a seat among the idle, or its leave.
    #[inline]
    fn look_for_work(&mut self, called: bool, cx: &mut Context<'_>) -> Doing {
        let (number, run) = (self.number, &mut self.run);
        self.engine.change(|state| {
            if called {
                state.came(number, cx.waker());
            }
            if state.start_next(number, run) {
                Doing::Running
            } else if state.is_surplus() {
                state.leave_pool(number);
                Doing::Gone
            } else {
                Doing::Idle(state.stand_idle(cx.waker()))
            }
        })
    }
}

/// It has just ended a job.
const DONE: Doing = Doing::Looking { called: false };

impl Future for Worker {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            if let Doing::Looking { called } = this.doing {
                this.doing = this.look_for_work(called, cx);
            }
            match this.doing {
                Doing::Running => {
                    let Poll::Ready(next) = this.run.poll(&this.engine, cx) else { return Poll::Pending };
                    this.doing = DONE;
                    if next == Next::InLine {
                        // Everybody else has a turn before the next job.
                        give_way(cx);
                        return Poll::Pending;
                    }
                }
                Doing::Idle(seat) => {
                    this.run.rest();
                    if !this.engine.change(|state| state.is_called(seat, cx.waker())) {
                        this.engine.queue_face.awaited(this.engine.built_at);
                        return Poll::Pending;
                    }
                    this.doing = Doing::Looking { called: true };
                }
                Doing::Looking { .. } => {}
                Doing::Gone => return Poll::Ready(()),
            }
        }
    }
}

/// Only an executor that is dropped, or a caller that cancels the tasks of others, ends a worker like this. What it
/// ran is settled then.
impl Drop for Worker {
    fn drop(&mut self) {
        let number = self.number;
        let doing = mem::replace(&mut self.doing, Doing::Gone);
        if matches!(doing, Doing::Gone) {
            return;
        }
        self.engine.change(|state| {
            match &doing {
                Doing::Looking { called: true } => state.pool.called -= 1,
                Doing::Idle(seat) => state.leave_idle(*seat),
                Doing::Looking { called: false } | Doing::Running | Doing::Gone => {}
            }
            state.collapse();
        });
        if self.run.is_under_way() {
            self.run.abandon(&self.engine);
        }
        self.engine.change(|state| state.leave_pool(number));
    }
}
