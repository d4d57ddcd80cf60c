//! What JavaScript asks for, read with care: every value may be anything.

use core::num::NonZeroU32;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::refusal::refusal;
use crate::time::Duration;

/// The largest whole number up to which JavaScript has all whole numbers.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// The properties of an object of options.
pub(super) struct Options {
    object: Option<Object>,
}

pub(super) fn bad(sentence: &str) -> JsValue {
    refusal("bad-option", sentence)
}

impl Options {
    /// An object of which we know every property; nothing is an object without any.
    pub(super) fn read(value: &JsValue, known: &[&str]) -> Result<Self, JsValue> {
        if value.is_undefined() || value.is_null() {
            return Ok(Options { object: None });
        }
        let object = value.dyn_ref::<Object>().ok_or_else(|| bad("options must be an object"))?;
        for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
            if !known.contains(&key.as_str()) {
                return Err(bad(&format!("there is no option “{key}”; these are known: {}", known.join(", "))));
            }
        }
        Ok(Options { object: Some(object.clone()) })
    }

    /// Null counts as left out.
    pub(super) fn get(&self, name: &str) -> Option<JsValue> {
        let value = Reflect::get(self.object.as_ref()?, &JsValue::from(name)).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    pub(super) fn count(&self, name: &str) -> Result<Option<usize>, JsValue> {
        self.get(name).map(|value| count(name, &value)).transpose()
    }

    /// A count of something of which there must be one at least.
    pub(super) fn at_least_one(&self, name: &str) -> Result<Option<NonZeroU32>, JsValue> {
        let at_least_one = |count| {
            let count = u32::try_from(count).ok().and_then(NonZeroU32::new);
            count.ok_or_else(|| bad(&format!("{name} must be at least 1")))
        };
        self.count(name)?.map(at_least_one).transpose()
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, JsValue> {
        let number = |value: JsValue| {
            value.as_f64().ok_or_else(|| bad(&format!("{name} must be a number, not {}", shown(&value))))
        };
        self.get(name).map(number).transpose()
    }

    pub(super) fn duration(&self, name: &str) -> Result<Option<Duration>, JsValue> {
        self.get(name).map(|value| duration(name, &value)).transpose()
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, JsValue> {
        let text = |value: JsValue| value.as_string().ok_or_else(|| bad(&format!("{name} must be a string")));
        self.get(name).map(text).transpose()
    }

    pub(super) fn function(&self, name: &str) -> Result<Option<Function>, JsValue> {
        let function =
            |value: JsValue| value.dyn_into::<Function>().map_err(|_| bad(&format!("{name} must be a function")));
        self.get(name).map(function).transpose()
    }
}

pub(super) fn count(name: &str, value: &JsValue) -> Result<usize, JsValue> {
    let count = value.as_f64().filter(|count| is_whole(*count) && *count <= f64::from(u32::MAX));
    count
        .map(|count| count as usize)
        .ok_or_else(|| bad(&format!("{name} must be a whole number from 0 to {}, not {}", u32::MAX, shown(value))))
}

/// A time in milliseconds.
pub(super) fn duration(name: &str, value: &JsValue) -> Result<Duration, JsValue> {
    let time = value.as_f64().filter(|time| time.is_finite() && *time >= 0.0);
    let time = time.and_then(|time| Duration::try_from_secs_f64(time / 1e3).ok());
    time.ok_or_else(|| bad(&format!("{name} must be a number of milliseconds from 0 up, not {}", shown(value))))
}

pub(super) fn is_whole(number: f64) -> bool {
    number.fract() == 0.0 && (0.0..=LARGEST).contains(&number)
}

/// A value as a sentence names it.
pub(super) fn shown(value: &JsValue) -> String {
    match (value.as_f64(), value.as_string()) {
        (Some(number), _) => {
            js_sys::Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
        }
        (_, Some(text)) => format!("“{text}”"),
        _ => value.js_typeof().as_string().unwrap_or_default(),
    }
}
