//! The lab session of the page.

use js_sys::{Array, Reflect};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};

use super::json::json;
use crate::bugs::{Bug, Source, Texts};
use crate::executor::host::browser::performance;
use crate::report::{BugReport, Inquiry};
use crate::session::{Action, CheckProgress, Fields, Session};
use crate::snapshot::{Film, Snapshot, TreeRow};
use crate::time::{Duration, Instant};

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
        Ok(to_js(&snapshot))
    }

    /// The whole run of the snapshot's revision.
    pub fn film(&self) -> Ts<Film> {
        to_js(&self.session.film())
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
        let nanos = |milliseconds: f64| (milliseconds * 1e6) as u64;
        let limit = Duration::from_nanos(nanos(milliseconds));
        let progress = self.session.check_for(limit, || Instant::from_nanos(nanos(clock.now())));
        let progress = progress.ok_or_else(|| JsError::new("no check is under way; begin one first"))?;
        Ok(to_js(&progress))
    }

    /// What could happen at a moment of what the check tried in a pane; the first moment is 0.
    pub fn branches(&self, pane: u32, node: u32) -> Vec<Ts<TreeRow>> {
        self.session.branches(pane as usize, node).iter().map(to_js).collect()
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
    /// A report of which nothing was searched yet; `texts` is what `pkg/texts` has of the bug.
    #[wasm_bindgen(constructor)]
    pub fn new(id: &str, texts: JsValue) -> Result<Investigation, JsError> {
        let bug = Bug::of_id(id).ok_or_else(|| JsError::new("there is no bug of this id"))?;
        let texts = Object(texts).texts();
        let texts = texts.ok_or_else(|| JsError::new("these are no texts of a bug; pass those of `pkg/texts`"))?;
        Ok(Investigation { inquiry: Inquiry::with(bug, texts)? })
    }

    /// Searches on for about so many milliseconds; whether all is done.
    pub fn slice(&mut self, milliseconds: f64) -> bool {
        let clock = performance();
        let end = clock.now() + milliseconds;
        self.inquiry.run_while(|| clock.now() < end)
    }

    /// What is known by now.
    pub fn report(&self) -> Ts<BugReport> {
        to_js(&self.inquiry.report())
    }

    /// The same as Markdown, with links to the page at this address.
    pub fn markdown(&self, page: &str) -> String {
        self.inquiry.report().markdown(page)
    }
}

#[wasm_bindgen]
extern "C" {
    /// Throws when the text is none, which `json` does not write.
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
}

fn to_js<T: Serialize + Tsify>(value: &T) -> Ts<T> {
    Ts::new_unchecked(parse(&json(value)))
}

/// An object of JavaScript, read field by field: a parser for JSON would weigh more than all that the lab is told.
struct Object(JsValue);

impl Object {
    fn field(&self, name: &str) -> Option<JsValue> {
        Reflect::get(&self.0, &JsValue::from_str(name)).ok()
    }

    fn list(&self, name: &str) -> Option<Array> {
        self.field(name)?.dyn_into().ok()
    }

    fn lines(&self, name: &str) -> Option<Vec<String>> {
        self.list(name)?.iter().map(|line| line.as_string()).collect()
    }

    fn texts(&self) -> Option<Texts> {
        Some(Texts {
            sources: self.list("sources")?.iter().map(|source| Object(source).source()).collect::<Option<_>>()?,
            context: self.text("context")?,
            symptoms: self.lines("symptoms")?,
            request: self.text("request")?,
            refined: self.text("refined")?,
            approach: self.lines("approach")?,
            root_cause: self.text("rootCause")?,
            fix: self.text("fix")?,
            lessons: self.lines("lessons")?,
        })
    }

    fn source(&self) -> Option<Source> {
        Some(Source { file: self.text("file")?, text: self.text("text")? })
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
