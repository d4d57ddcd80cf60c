//! The lab session of the page.

use js_sys::Reflect;
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::bugs::Bug;
use crate::executor::host::browser::performance;
use crate::report::{BugReport, Inquiry};
use crate::session::{Action, CheckProgress, Fields, Session};
use crate::snapshot::{BugTitle, Film, Snapshot, TreeRow};

/// Every bug that this module has.
#[wasm_bindgen]
pub fn catalogue() -> Result<Vec<Ts<BugTitle>>, JsError> {
    Session::catalogue().iter().map(|title| Ok(Ts::from_rust(title)?)).collect()
}

/// A session, as the page's worker holds it.
#[wasm_bindgen]
pub struct Lab {
    session: Session,
}

impl Default for Lab {
    fn default() -> Self {
        Lab::new()
    }
}

#[wasm_bindgen]
impl Lab {
    /// Opens the first bug of the catalogue.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Lab {
        Lab { session: Session::open("") }
    }

    /// Does what a person asks for, and shows what is to be seen then.
    pub fn apply(&mut self, action: Ts<Action>) -> Result<Ts<Snapshot>, JsError> {
        let snapshot = self.session.apply(&Action::read(&Object(action.js_value()))?)?;
        Ok(Ts::from_rust(&snapshot)?)
    }

    /// The whole run of the snapshot's revision.
    pub fn film(&self) -> Result<Ts<Film>, JsError> {
        Ok(Ts::from_rust(&self.session.film())?)
    }

    /// Begins to try every schedule of both versions.
    #[wasm_bindgen(js_name = checkBegin)]
    pub fn check_begin(&mut self) {
        self.session.begin_check();
    }

    /// Goes on for about so many milliseconds.
    #[wasm_bindgen(js_name = checkSlice)]
    pub fn check_slice(&mut self, milliseconds: f64) -> Result<Ts<CheckProgress>, JsError> {
        let clock = performance();
        let end = clock.now() + milliseconds;
        let progress = self.session.check_while(|| clock.now() < end);
        let progress = progress.ok_or_else(|| JsError::new("no check is under way; begin one first"))?;
        Ok(Ts::from_rust(&progress)?)
    }

    /// What could happen at a moment of what the check tried in a pane; the first moment is 0.
    pub fn branches(&self, pane: u32, node: u32) -> Result<Vec<Ts<TreeRow>>, JsError> {
        self.session.branches(pane as usize, node).iter().map(|row| Ok(Ts::from_rust(row)?)).collect()
    }

    /// Stops, and forgets what was found.
    #[wasm_bindgen(js_name = checkCancel)]
    pub fn check_cancel(&mut self) {
        self.session.cancel_check();
    }
}

/// The report of a bug, and the searches that it tells of.
#[wasm_bindgen]
pub struct Investigation {
    inquiry: Inquiry,
}

#[wasm_bindgen]
impl Investigation {
    /// A report of which nothing was searched yet.
    #[wasm_bindgen(constructor)]
    pub fn new(id: &str) -> Result<Investigation, JsError> {
        let bug = Bug::of_id(id).ok_or_else(|| JsError::new("there is no bug of this id"))?;
        Ok(Investigation { inquiry: Inquiry::new(bug)? })
    }

    /// Searches on for about so many milliseconds; whether all is done.
    pub fn slice(&mut self, milliseconds: f64) -> bool {
        let clock = performance();
        let end = clock.now() + milliseconds;
        self.inquiry.run_while(|| clock.now() < end)
    }

    /// What is known by now.
    pub fn report(&self) -> Result<Ts<BugReport>, JsError> {
        Ok(Ts::from_rust(&self.inquiry.report())?)
    }

    /// The same as Markdown, with links to the page at this address.
    pub fn markdown(&self, page: &str) -> String {
        self.inquiry.report().markdown(page)
    }
}

/// An object of JavaScript, read field by field: a parser for JSON would weigh more than all that the lab is told.
struct Object(JsValue);

impl Object {
    fn field(&self, name: &str) -> Option<JsValue> {
        Reflect::get(&self.0, &JsValue::from_str(name)).ok()
    }
}

impl Fields for Object {
    fn text(&self, name: &str) -> Option<String> {
        self.field(name)?.as_string()
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.field(name)?.as_f64()
    }
}
