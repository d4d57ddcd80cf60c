//! What a person asks for.

use core::fmt;

use serde::Deserialize;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

/// What a person asks a session for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(tag = "kind", rename_all = "camelCase", try_from = "Wire")]
pub enum Action {
    /// Go to an address. Opens what it can, and says in [`Snapshot::notice`](crate::snapshot::Snapshot::notice) what it could not.
    Open {
        /// Such as `#/bug/stuck-flag?step=17`.
        address: String,
    },
    /// Go some steps on, or back. Beyond the end, while a person schedules, makes the first possible choice.
    Step {
        /// Negative to go back.
        by: i32,
    },
    /// Go to a step, or to the nearest there is.
    Go {
        /// The step.
        to: u32,
    },
    /// Go to the next finding, or to the one before.
    Finding {
        /// Negative to go back.
        by: i32,
    },
    /// Go to the end.
    End,
    /// Go back to before the first step. While a person schedules, forget the choices.
    Reset,
    /// Choose who decides: a schedule, such as `fifo`, `random-7` or `you`.
    Schedule {
        /// The schedule.
        value: String,
    },
    /// Decide the next step, as a person, and forget what was to come after the selected step.
    Choose {
        /// A choice, such as `A`.
        choice: String,
    },
    /// Show another version in a pane.
    Variant {
        /// The index in [`Snapshot::panes`](crate::snapshot::Snapshot::panes).
        pane: u32,
        /// The id of the version.
        value: String,
    },
}

/// An action that cannot be done, in a sentence. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionError(String);

impl ActionError {
    pub(super) fn new(sentence: impl fmt::Display) -> Self {
        ActionError(sentence.to_string())
    }
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ActionError {}

/// An action as it comes from JavaScript: a kind, and whatever came with it.
///
/// Serde can read a tagged enum by itself, with code that weighs thirty times as much in the page.
#[derive(Deserialize)]
struct Wire {
    kind: String,
    address: Option<String>,
    by: Option<i32>,
    choice: Option<String>,
    pane: Option<u32>,
    to: Option<u32>,
    value: Option<String>,
}

impl TryFrom<Wire> for Action {
    type Error = ActionError;

    fn try_from(wire: Wire) -> Result<Self, ActionError> {
        let Wire { kind, address, by, choice, pane, to, value } = wire;
        let action = match kind.as_str() {
            "open" => address.map(|address| Action::Open { address }),
            "step" => by.map(|by| Action::Step { by }),
            "go" => to.map(|to| Action::Go { to }),
            "finding" => by.map(|by| Action::Finding { by }),
            "end" => Some(Action::End),
            "reset" => Some(Action::Reset),
            "schedule" => value.map(|value| Action::Schedule { value }),
            "choose" => choice.map(|choice| Action::Choose { choice }),
            "variant" => pane.zip(value).map(|(pane, value)| Action::Variant { pane, value }),
            _ => return Err(ActionError(format!("There is no action “{kind}”."))),
        };
        action.ok_or_else(|| ActionError(format!("The action “{kind}” lacks what it needs.")))
    }
}
