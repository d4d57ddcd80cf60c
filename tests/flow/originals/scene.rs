//! Calls that are tried thrice, and that are counted while they are being made.

use std::cell::Cell;
use std::rc::Rc;

use unstuck::bus::Subscription;
use unstuck::flow::{Event, Policies, RunCx, Task, Workflow};
use unstuck::retry::Backoff;
use unstuck::sleep;
use unstuck::time::ms;

use crate::scene::attempts;

pub fn thrice(backoff: Backoff) -> Policies {
    Policies::new().retry(attempts(3, backoff))
}

pub fn lines(log: &mut Subscription<Event>) -> Vec<String> {
    std::iter::from_fn(|| log.try_next()).map(|next| next.event.to_string()).collect()
}

/// Counts the calls that are being made, and remembers the most.
#[derive(Clone, Default)]
pub struct InFlight {
    now: Rc<Cell<usize>>,
    pub most: Rc<Cell<usize>>,
}

pub struct Flying(InFlight);

impl InFlight {
    pub fn enter(&self) -> Flying {
        self.now.set(self.now.get() + 1);
        self.most.set(self.most.get().max(self.now.get()));
        Flying(self.clone())
    }

    /// A call that takes an hour, and 50 ms to stop when it is asked to.
    pub fn slow_to_stop(&self) -> impl Workflow<Input = (), Output = (), Error = String> + 'static {
        let in_flight = self.clone();
        Task::with_cx("Slow", async move |_: (), cx: &RunCx<'_>| {
            let _flying = in_flight.enter();
            cx.cancel_token().cancelled().await;
            sleep(ms(50)).await;
            Err("stopped".to_owned())
        })
    }
}

impl Drop for Flying {
    fn drop(&mut self) {
        self.0.now.set(self.0.now.get() - 1);
    }
}
