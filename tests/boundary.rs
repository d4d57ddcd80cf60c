//! What crosses the boundary, as JavaScript writes and reads it.
#![cfg(target_arch = "wasm32")]

use js_sys::{JSON, Reflect};
use unstuck::demo;
use unstuck::session::Action;
use unstuck::web::{Investigation, Lab};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test as test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// The address after the actions, or the sentence that refuses the last one.
fn after(actions: &[&str]) -> Result<String, String> {
    let mut lab = Lab::new();
    let mut address = String::new();
    for json in actions {
        let action: tsify::Ts<Action> = tsify::Ts::new_unchecked(JSON::parse(json).unwrap());
        let snapshot = lab.apply(action).map_err(|error| text(&JsValue::from(error), "message"))?;
        address = text(&snapshot.js_value(), "address");
    }
    Ok(address)
}

fn text(object: &JsValue, field: &str) -> String {
    Reflect::get(object.unchecked_ref(), &field.into()).unwrap().as_string().unwrap()
}

#[test]
fn every_action_is_read() {
    let bug = r##"{"kind":"open","address":"#/bug/stuck-flag"}"##;
    let cases = [
        (r#"{"kind":"step","by":2}"#, "#/bug/stuck-flag?step=2"),
        (r#"{"kind":"go","to":7}"#, "#/bug/stuck-flag?step=7"),
        (r#"{"kind":"finding","by":1}"#, "#/bug/stuck-flag?step=14"),
        (r#"{"kind":"end"}"#, "#/bug/stuck-flag?step=57"),
        (r#"{"kind":"reset"}"#, "#/bug/stuck-flag"),
        (r#"{"kind":"schedule","value":"random-3"}"#, "#/bug/stuck-flag?schedule=random-3"),
        (r#"{"kind":"choose","choice":"main"}"#, "#/bug/stuck-flag?schedule=you-main&step=1"),
        (r#"{"kind":"variant","pane":0,"value":"half-fix"}"#, "#/bug/stuck-flag?variant=half-fix"),
    ];
    for (action, address) in cases {
        assert_eq!(after(&[bug, action]).as_deref(), Ok(address), "{action}");
    }
}

#[test]
fn an_action_that_is_none_is_an_error_with_a_sentence() {
    let lacking = ["go", "variant", "step"].map(|kind| format!("The action “{kind}” lacks what it needs."));
    let cases = [
        (r#"{"kind":"jump"}"#, "There is no action “jump”."),
        (r#"{"kind":"go"}"#, &lacking[0]),
        (r#"{"kind":"go","to":-1}"#, &lacking[0]),
        (r#"{"kind":"go","to":"7"}"#, &lacking[0]),
        (r#"{"kind":"variant","pane":0,"value":null}"#, &lacking[1]),
        (r#"{"kind":"step","by":0.5}"#, &lacking[2]),
        ("{}", "An action has a kind."),
        ("null", "An action has a kind."),
        ("7", "An action has a kind."),
    ];
    for (action, sentence) in cases {
        assert_eq!(after(&[action]), Err(sentence.to_owned()), "{action}");
    }
}

#[test]
fn every_action_on_a_demo_is_read() {
    let read = |json: &str| {
        let action: tsify::Ts<demo::Action> = tsify::Ts::new_unchecked(JSON::parse(json).unwrap());
        action.to_rust().map_err(|error| error.to_string().rsplit(": ").next().unwrap_or_default().to_owned())
    };
    let text = |text: &str| text.to_owned();
    let cases = [
        (r##"{"kind":"open","address":"#/flow"}"##, demo::Action::Open { address: text("#/flow") }),
        (r#"{"kind":"step","by":-1}"#, demo::Action::Step { by: -1 }),
        (r#"{"kind":"go","to":7}"#, demo::Action::Go { to: 7 }),
        (r#"{"kind":"end"}"#, demo::Action::End),
        (r#"{"kind":"reset"}"#, demo::Action::Reset),
        (r#"{"kind":"set","name":"latency","to":50}"#, demo::Action::Set { name: text("latency"), to: 50 }),
        (r#"{"kind":"seed","to":4294967295}"#, demo::Action::Seed { to: u32::MAX }),
        (r#"{"kind":"clock","value":"real"}"#, demo::Action::Clock { value: text("real") }),
        (r#"{"kind":"act","value":"stop"}"#, demo::Action::Act { value: text("stop") }),
        (r#"{"kind":"run"}"#, demo::Action::Run),
    ];
    for (json, action) in cases {
        assert_eq!(read(json), Ok(action), "{json}");
    }
    assert_eq!(read(r#"{"kind":"set","to":1}"#), Err("The action “set” lacks what it needs.".to_owned()));
    assert_eq!(read(r#"{"kind":"jump"}"#), Err("There is no action “jump”.".to_owned()));
}

#[test]
fn a_report_is_told_with_the_texts_that_are_passed() {
    let told = |texts: &str| match Investigation::new("stuck-flag", JSON::parse(texts).unwrap()) {
        Ok(investigation) => investigation.markdown("https://example.org/"),
        Err(error) => text(&JsValue::from(error), "message"),
    };
    let texts = r#"{"sources":[{"file":"stuck_flag/buggy.rs","text":"one\ntwo"},{"file":"stuck_flag/fixed.rs","text":"one"}],
        "context":"In a \"shop\".","symptoms":["It stops."],"request":"Help.","refined":"Find it.","approach":["Look."],
        "rootCause":"A flag.","fix":"No flag.","lessons":["Look twice."]}"#;
    let report = told(texts);
    assert!(report.contains("In a \"shop\".") && report.contains("-two"), "{report}");
    let refused = "these are no texts of a bug; pass those of `pkg/texts`";
    assert_eq!([told("{}"), told("null"), told(&texts.replace("rootCause", "cause"))], [refused; 3]);
}
