//! What a person asks for.

use core::fmt;

use serde::Deserialize;
#[cfg(all(target_arch = "wasm32", feature = "flow"))]
use tsify::Tsify;

/// What a person asks a session of a demo for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "flow"), derive(Tsify), tsify(type_prefix = "Flow"))]
#[serde(tag = "kind", rename_all = "camelCase", try_from = "Wire")]
pub enum Action {
    /// Go to an address. Opens what it can, and says in [`Snapshot::notice`](crate::demo::Snapshot::notice) what not.
    Open {
        /// Such as `#/flow?demo=circuit&seed=1`.
        address: String,
    },
    /// Go some steps on, or back.
    Step {
        /// Negative to go back.
        by: i32,
    },
    /// Go to a step, or to the nearest there is.
    Go {
        /// The step.
        to: u32,
    },
    /// Go to the end.
    End,
    /// Go back to before the first step, and forget what was done to it.
    Reset,
    /// Turn a slider; the demo runs again, and what was done to it is forgotten.
    Set {
        /// The id of the slider.
        name: String,
        /// The value.
        to: u32,
    },
    /// Draw everything that is left to chance from another seed.
    Seed {
        /// The seed.
        to: u32,
    },
    /// Choose whose time it is.
    Clock {
        /// `virtual` or `real`.
        value: String,
    },
    /// Do something to the run, after the selected step.
    Act {
        /// `stop`, `open`, `close`, `disable` or `reset`.
        value: String,
    },
    /// Let a host run it, in real time.
    Run,
}

/// An action that cannot be done, in a sentence. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionError(String);

impl ActionError {
    pub(super) fn new(sentence: impl fmt::Display) -> Self {
        ActionError(sentence.to_string())
    }

    /// The sentence about a value that an address would have ignored.
    pub(super) fn ignoring(what: String) -> Self {
        ActionError(format!("Ignored: {what}."))
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
    name: Option<String>,
    to: Option<u32>,
    value: Option<String>,
}

impl TryFrom<Wire> for Action {
    type Error = ActionError;

    fn try_from(wire: Wire) -> Result<Self, ActionError> {
        let Wire { kind, address, by, name, to, value } = wire;
        let action = match kind.as_str() {
            "open" => address.map(|address| Action::Open { address }),
            "step" => by.map(|by| Action::Step { by }),
            "go" => to.map(|to| Action::Go { to }),
            "end" => Some(Action::End),
            "reset" => Some(Action::Reset),
            "set" => name.zip(to).map(|(name, to)| Action::Set { name, to }),
            "seed" => to.map(|to| Action::Seed { to }),
            "clock" => value.map(|value| Action::Clock { value }),
            "act" => value.map(|value| Action::Act { value }),
            "run" => Some(Action::Run),
            _ => return Err(ActionError(format!("There is no action “{kind}”."))),
        };
        action.ok_or_else(|| ActionError(format!("The action “{kind}” lacks what it needs.")))
    }
}
