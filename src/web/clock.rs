//! An executor that the browser drives, and that JavaScript calls into from outside of its turns.

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::Performance;

use crate::executor::host::browser;
use crate::executor::{Executor, spawn};
use crate::sync::oneshot;
use crate::time::{Duration, Instant};

/// An executor in the browser's event loop. It is driven until nobody has it any more, and what it was given to end
/// with has ended.
pub(super) struct Live {
    executor: Rc<Executor>,
    performance: Performance,
    start: f64,
    /// Dropped with the last clone.
    _wanted: oneshot::Sender<()>,
}

impl Live {
    /// Sets up an executor with `set_up`, which gives a value and what is to end before driving stops.
    pub(super) fn start<T, E, L>(set_up: impl FnOnce() -> Result<(T, L), E>) -> Result<(Rc<Live>, T), E>
    where
        L: Future<Output = ()> + 'static,
    {
        let executor = Rc::new(Executor::new());
        let performance = browser::performance();
        let (wanted, unwanted) = oneshot::channel::<()>("the page");
        let (value, last) = executor.enter(set_up)?;
        let main = executor.spawn_named("main", async move {
            let _ = unwanted.await;
            last.await;
        });
        let start = performance.now();
        let driven = browser::drive(executor.clone(), main);
        spawn_local(async move { drop(driven.await) });
        Ok((Rc::new(Live { executor, performance, start, _wanted: wanted }), value))
    }

    /// Calls into the executor, with its clock set.
    pub(super) fn enter<T>(&self, call: impl FnOnce() -> T) -> T {
        let nanos = ((self.performance.now() - self.start) * 1e6) as u64;
        self.executor.advance_to(Instant::ZERO + Duration::from_nanos(nanos));
        self.executor.enter(call)
    }

    /// Runs `work` as a task, and gives a promise of what it returns.
    pub(super) fn promise(
        self: &Rc<Self>,
        work: impl Future<Output = Result<JsValue, JsValue>> + 'static,
    ) -> Promise {
        self.promise_of(Box::pin(work))
    }

    /// Once for all kinds of work, since each would bring its own copy of the machinery of promises.
    fn promise_of(self: &Rc<Self>, work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
        let task = self.enter(|| spawn(work));
        let live = self.clone();
        future_to_promise(async move {
            let result = task.await;
            drop(live);
            result.unwrap_or_else(|error| Err(js_sys::Error::new(&error.to_string()).into()))
        })
    }
}

#[cfg(feature = "package")]
mod at_once {
    use super::*;
    use crate::executor::JoinHandle;
    use crate::trace::{CancelReason, TaskId};

    impl Live {
        /// Spawns a task, and polls it once before this returns, unless a task called.
        pub(in crate::web) fn begin<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> JoinHandle<T> {
            let task = self.enter(|| spawn(work));
            if self.executor.core().current().is_none() {
                self.executor.poll(task.id());
            }
            task
        }

        /// Drops the future of a task.
        pub(in crate::web) fn drop_task(&self, task: TaskId) {
            self.executor.cancel(task, CancelReason::Requested);
        }
    }
}

/// A time as JavaScript counts it.
#[cfg(feature = "package")]
pub(super) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
