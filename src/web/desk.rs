//! The desk of the page's view "Runner", and the files that are dropped on it.

use std::rc::Rc;

use js_sys::{Function, Promise};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::File;

use super::blob::BlobHash;
use super::clock::Live;
use super::store::IndexedDbStore;
use crate::desk::{Board, Desk, Foreign, Order, OrderError, Replay, Still};
use crate::runner::{Job, Store, TaskCx};
use crate::snapshot::{Film, Sentence, Tone};

/// A desk in real time, as the page's worker holds it.
#[wasm_bindgen]
pub struct LiveDesk {
    live: Rc<Live>,
    desk: Desk,
    replay: Option<Replay>,
}

const KEPT: &str = "Records are kept in this browser.";
const NOT_KEPT: &str = "Records are kept until this page is left.";

#[wasm_bindgen]
impl LiveDesk {
    /// Opens a desk whose records are kept in the browser's database, under a name, or in memory without one.
    /// `changed` is called when there is something new to see.
    #[wasm_bindgen(unchecked_return_type = "Promise<LiveDesk>")]
    pub fn open(name: Option<String>, changed: Function) -> Promise {
        future_to_promise(async move {
            let mut trouble = None;
            let mut store: Option<Rc<dyn Store>> = None;
            if let Some(name) = name {
                match IndexedDbStore::open(&name).await {
                    Ok(opened) => store = Some(Rc::new(opened)),
                    Err(error) => trouble = Some(error),
                }
            }
            let kept = if store.is_some() { KEPT } else { NOT_KEPT };
            let changed = move || drop(changed.call0(&JsValue::UNDEFINED));
            let set_up = || Ok::<_, JsValue>((Desk::open(store, kept, changed), core::future::pending()));
            let (live, desk) = Live::start(set_up)?;
            let desk = desk.map_err(|error| JsValue::from(JsError::new(&error.to_string())))?;
            if let Some(error) = trouble {
                let lead = "The records of earlier visits cannot be read.".to_owned();
                desk.say(Sentence {
                    lead,
                    rest: format!("The browser says: {error}."),
                    tone: Tone::Bad,
                    ..Sentence::default()
                });
            }
            Ok(LiveDesk { live, desk, replay: None }.into())
        })
    }

    /// Does what a person asks for, and resolves when it is done.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn order(&self, order: Ts<Order>) -> Result<Promise, JsError> {
        let (order, desk) = (order.to_rust()?, self.desk.clone());
        Ok(self.live.promise(async move { desk.order(order).map_err(refused).map(|()| JsValue::UNDEFINED) }))
    }

    /// Submits a job for each file, which gives its SHA-256.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn hash(&self, files: Vec<File>) -> Promise {
        let desk = self.desk.clone();
        let works = files.into_iter().map(|file| (file.name(), hash_of(file))).collect();
        self.live.promise(async move { desk.submit_foreign(works).map_err(refused).map(|()| JsValue::UNDEFINED) })
    }

    /// Resolves with what is to be seen at this moment.
    #[wasm_bindgen(unchecked_return_type = "Promise<Board>")]
    pub fn board(&self) -> Promise {
        let desk = self.desk.clone();
        self.live.promise(async move { Ok(cross::<Board>(&desk.board())?.into()) })
    }

    /// Runs in virtual time what was submitted so far, and gives the film of it.
    pub fn replay(&mut self) -> Result<Ts<Film>, JsValue> {
        let replay = self.live.enter(|| self.desk.replay()).map_err(refused)?;
        let film = cross(&replay.film());
        self.replay = Some(replay);
        film
    }

    /// One step of what was run in virtual time.
    pub fn still(&self, step: u32) -> Result<Ts<Still>, JsValue> {
        let replay = self.replay.as_ref();
        cross(&replay.ok_or_else(|| JsError::new("Nothing was run in virtual time yet."))?.still(step))
    }
}

fn refused(error: OrderError) -> JsValue {
    JsError::new(&error.to_string()).into()
}

fn cross<T: tsify::Tsify + serde::Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    Ts::from_rust(value).map_err(|error| JsError::new(&error.to_string()).into())
}

/// The hash of a file, read once per attempt.
fn hash_of(file: File) -> Foreign {
    let hash = Rc::new(BlobHash::new(file.name(), file.into()));
    Rc::new(move |cx: TaskCx| {
        let attempt = hash.clone().run(cx);
        Box::pin(async move { attempt.await.map_err(|error| error.to_string()) })
    })
}
