//! What a person asks for.

use core::fmt;

#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

/// What a person asks a session for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify, serde::Deserialize))]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), serde(tag = "kind", rename_all = "camelCase"))]
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

/// What came with an action from outside, by its name.
pub trait Fields {
    /// The text of this name, if it is one.
    fn text(&self, name: &str) -> Option<String>;
    /// The number of this name, if it is one.
    fn number(&self, name: &str) -> Option<f64>;
}

impl Action {
    /// Reads an action: its `kind`, and what belongs to that. Whole numbers only, and within their range.
    ///
    /// # Errors
    ///
    /// When there is no such action, or it lacks what it needs.
    pub fn read(fields: &impl Fields) -> Result<Action, ActionError> {
        let kind = fields.text("kind").ok_or_else(|| ActionError::new("An action has a kind."))?;
        let text = |name| fields.text(name);
        let signed = |name| fields.number(name).filter(|by| by.fract() == 0.0).map(|by| by as i32);
        let count = |name| signed(name).and_then(|count| u32::try_from(count).ok());
        let action = match kind.as_str() {
            "open" => text("address").map(|address| Action::Open { address }),
            "step" => signed("by").map(|by| Action::Step { by }),
            "go" => count("to").map(|to| Action::Go { to }),
            "finding" => signed("by").map(|by| Action::Finding { by }),
            "end" => Some(Action::End),
            "reset" => Some(Action::Reset),
            "schedule" => text("value").map(|value| Action::Schedule { value }),
            "choose" => text("choice").map(|choice| Action::Choose { choice }),
            "variant" => count("pane").zip(text("value")).map(|(pane, value)| Action::Variant { pane, value }),
            _ => return Err(ActionError(format!("There is no action “{kind}”."))),
        };
        action.ok_or_else(|| ActionError(format!("The action “{kind}” lacks what it needs.")))
    }
}
