//! What crosses the boundary, as JavaScript writes and reads it.
#![cfg(target_arch = "wasm32")]

use js_sys::JSON;
use unstuck::demo;
use unstuck::session::Action;
use wasm_bindgen_test::wasm_bindgen_test as test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn read(json: &str) -> Result<Action, String> {
    let value = JSON::parse(json).unwrap();
    let action: tsify::Ts<Action> = tsify::Ts::new_unchecked(value);
    // The reader puts the name of the type before our sentence.
    action.to_rust().map_err(|error| error.to_string().rsplit(": ").next().unwrap_or_default().to_owned())
}

#[test]
fn every_action_is_read() {
    let text = |text: &str| text.to_owned();
    let cases = [
        (r##"{"kind":"open","address":"#/bug/x"}"##, Action::Open { address: text("#/bug/x") }),
        (r#"{"kind":"step","by":-1}"#, Action::Step { by: -1 }),
        (r#"{"kind":"go","to":7}"#, Action::Go { to: 7 }),
        (r#"{"kind":"finding","by":1}"#, Action::Finding { by: 1 }),
        (r#"{"kind":"end"}"#, Action::End),
        (r#"{"kind":"reset"}"#, Action::Reset),
        (r#"{"kind":"schedule","value":"fifo"}"#, Action::Schedule { value: text("fifo") }),
        (r#"{"kind":"choose","choice":"A"}"#, Action::Choose { choice: text("A") }),
        (r#"{"kind":"variant","pane":0,"value":"buggy"}"#, Action::Variant { pane: 0, value: text("buggy") }),
    ];
    for (json, action) in cases {
        assert_eq!(read(json), Ok(action), "{json}");
    }
}

#[test]
fn an_action_that_is_none_is_an_error_with_a_sentence() {
    let refused = [r#"{"kind":"jump"}"#, r#"{"kind":"go"}"#, r#"{"kind":"variant","pane":0,"value":null}"#];
    let errors = refused.map(|json| read(json).unwrap_err());
    assert_eq!(
        errors,
        [
            "There is no action “jump”.",
            "The action “go” lacks what it needs.",
            "The action “variant” lacks what it needs.",
        ]
    );
    assert!(read(r#"{"kind":"go","to":-1}"#).is_err() && read("null").is_err() && read("7").is_err());
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
