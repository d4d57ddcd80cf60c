//! What a person does to a run.

use core::fmt;
use core::str::FromStr;

/// Something that a person does to a run while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Asks the whole pipeline to stop.
    Stop,
    /// Lets the circuit reject every call.
    ForceOpen,
    /// Lets the circuit admit every call, and count.
    ForceClosed,
    /// Lets the circuit admit every call, and count nothing.
    Disable,
    /// Closes the circuit, which forgets what it counted.
    Reset,
}

impl Act {
    /// All there are.
    pub const ALL: [Act; 5] = [Act::Stop, Act::ForceOpen, Act::ForceClosed, Act::Disable, Act::Reset];
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Act::Stop => "stop",
            Act::ForceOpen => "open",
            Act::ForceClosed => "close",
            Act::Disable => "disable",
            Act::Reset => "reset",
        })
    }
}

impl FromStr for Act {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Act::ALL.into_iter().find(|act| act.to_string() == text);
        known.ok_or_else(|| "it can be told to stop, open, close, disable or reset".to_owned())
    }
}

/// What a person did, each after how many steps; the steps never fall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acts(Vec<(u32, Act)>);

impl Acts {
    /// The most that are kept.
    pub const MOST: usize = 100;

    /// The acts up to a step, and then this one. The acts after it are forgotten.
    pub fn then(&self, step: u32, act: Act) -> Acts {
        let before = self.0.iter().copied().filter(|(at, _)| *at < step);
        Acts(before.chain([(step, act)]).collect())
    }

    /// With the step after which each is done.
    pub fn as_slice(&self) -> &[(u32, Act)] {
        &self.0
    }
}

/// As an address carries them: `12-open.30-stop`.
impl fmt::Display for Acts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, (step, act))| {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{step}-{act}")
        })
    }
}

impl FromStr for Acts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut acts = Vec::new();
        for part in text.split('.') {
            let (step, act) = part.split_once('-').ok_or("an act is written as 12-stop")?;
            let step = step.parse().map_err(|_| "an act begins with the number of its step".to_owned())?;
            if acts.last().is_some_and(|(before, _)| *before > step) {
                return Err("acts stand in the order of their steps".to_owned());
            }
            acts.push((step, act.parse()?));
        }
        if acts.len() > Acts::MOST {
            return Err(format!("there are at most {} acts", Acts::MOST));
        }
        Ok(Acts(acts))
    }
}
