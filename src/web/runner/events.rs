//! What happens in a runner, as JavaScript pulls it: one event at a time, in its order.

use core::cell::RefCell;
use core::future::{Future, poll_fn};
use core::num::NonZeroUsize;
use core::pin::pin;
use std::rc::Rc;

use js_sys::Promise;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::report::{at, cross, status_of};
use crate::runner::{Delivery, Events, What};
use crate::web::clock::Live;

/// The subscription to the events of a runner. Letting it go ends it.
#[wasm_bindgen]
pub struct RunnerEvents {
    live: Rc<Live>,
    /// None when it was ended.
    events: Rc<RefCell<Option<Events>>>,
}

/// An event, as the package's type `RunnerEvent` describes it.
#[derive(Serialize, Tsify)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum Told {
    Moved {
        number: f64,
        at: f64,
        id: f64,
        from: Option<&'static str>,
        to: &'static str,
        detail: String,
        attempt: u32,
    },
    Paused {
        number: f64,
        at: f64,
    },
    Resumed {
        number: f64,
        at: f64,
    },
    Resized {
        number: f64,
        at: f64,
        workers: usize,
    },
    Closed {
        number: f64,
        at: f64,
    },
    Missed {
        count: f64,
    },
}

impl RunnerEvents {
    pub(super) fn new(live: Rc<Live>, events: Events) -> Self {
        RunnerEvents { live, events: Rc::new(RefCell::new(Some(events))) }
    }
}

#[wasm_bindgen]
impl RunnerEvents {
    /// Promises the next event, or undefined when there will be none any more.
    pub fn next(&self) -> Promise {
        let events = self.events.clone();
        self.live.promise(async move {
            let next = poll_fn(|cx| match &mut *events.borrow_mut() {
                Some(events) => pin!(events.next()).poll(cx),
                None => None.into(),
            });
            match next.await {
                Some(delivery) => Ok(cross(&Told::from(delivery))?.into()),
                None => Ok(JsValue::UNDEFINED),
            }
        })
    }

    /// Ends the subscription.
    pub fn end(&self) {
        let events = self.events.take();
        self.live.enter(|| drop(events));
    }
}

/// So many events wait for a subscriber that does not pull; then the oldest make room.
pub(super) const ROOM: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

impl From<Delivery> for Told {
    fn from(delivery: Delivery) -> Self {
        let event = match delivery {
            Delivery::Event(event) => event,
            Delivery::Missed(count) => return Told::Missed { count: count as f64 },
        };
        let (number, at) = (event.number as f64, at(event.at));
        match event.what {
            What::Moved { job, from, to, attempt } => Told::Moved {
                number,
                at,
                id: job.0 as f64,
                from: from.map(status_of),
                to: status_of(to),
                detail: to.to_string(),
                attempt,
            },
            What::Paused => Told::Paused { number, at },
            What::Resumed => Told::Resumed { number, at },
            What::Resized { concurrency } => Told::Resized { number, at, workers: concurrency },
            What::Closed => Told::Closed { number, at },
        }
    }
}
