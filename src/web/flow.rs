//! The demos of pipelines, for the page's view *Flow*.

use tsify::Ts;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

use crate::demo::{Action, DemoTitle, Film, Session, Snapshot};
use crate::executor::host::browser::{drive, performance};
use crate::time::Instant;

/// A session of a demo, as the view's worker holds it.
#[wasm_bindgen]
pub struct Flow {
    session: Session,
    /// When the host began to drive what is shown, in milliseconds on its clock.
    began: f64,
}

#[wasm_bindgen]
impl Flow {
    /// Opens the first demo.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Flow {
        Flow { session: Session::open(""), began: 0.0 }
    }

    /// Every demo that can be opened.
    pub fn catalogue(&self) -> Result<Vec<Ts<DemoTitle>>, JsError> {
        Session::catalogue().iter().map(|title| Ok(Ts::from_rust(title)?)).collect()
    }

    /// Does what a person asks for, and shows what is to be seen then. In real time the browser drives what that
    /// began.
    pub fn apply(&mut self, action: Ts<Action>) -> Result<Ts<Snapshot>, JsError> {
        self.session.look(self.now());
        let snapshot = self.session.apply(&action.to_rust()?)?;
        if let Some((executor, main)) = self.session.take_to_drive() {
            self.began = performance().now();
            spawn_local(async move {
                // Its end is an event of the run, and a run that is replaced is cancelled.
                let _ = drive(executor, main).await;
            });
        }
        Ok(Ts::from_rust(&snapshot)?)
    }

    /// What is to be seen now, while the browser drives it.
    pub fn look(&mut self) -> Result<Ts<Snapshot>, JsError> {
        self.session.look(self.now());
        Ok(Ts::from_rust(&self.session.snapshot())?)
    }

    /// The log of the snapshot's revision.
    pub fn film(&self) -> Result<Ts<Film>, JsError> {
        Ok(Ts::from_rust(&self.session.film())?)
    }

    fn now(&self) -> Instant {
        Instant::from_nanos(((performance().now() - self.began) * 1e6) as u64)
    }
}
