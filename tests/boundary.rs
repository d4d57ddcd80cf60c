//! What crosses the boundary, as JavaScript writes and reads it.
#![cfg(target_arch = "wasm32")]

use js_sys::JSON;
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
