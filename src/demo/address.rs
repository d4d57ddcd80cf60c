//! The address of a demo: the part of a link after `#`.

use core::fmt;

use percent_encoding::percent_decode_str;

use super::act::Acts;
use super::catalogue::Demo;
use super::settings::{Setting, Settings};
use super::view::ClockChoice;

/// A longer text is not looked at.
const MAX_LENGTH: usize = 10_000;
/// How much of what was ignored is quoted.
const MAX_QUOTE: usize = 40;

/// All that a session is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Address {
    pub(super) demo: Demo,
    pub(super) settings: Settings,
    pub(super) clock: ClockChoice,
    pub(super) acts: Acts,
    pub(super) step: u32,
}

impl Address {
    pub(super) fn of_demo(demo: Demo) -> Self {
        let settings = demo.settings();
        Address { demo, settings, clock: ClockChoice::Virtual, acts: Acts::default(), step: 0 }
    }

    /// The address that a text means, and what of the text had to be ignored.
    pub(super) fn parse(text: &str) -> (Address, Vec<String>) {
        let mut ignored = Vec::new();
        if text.len() > MAX_LENGTH {
            ignored.push(format!("all of its {} bytes, because at most {MAX_LENGTH} are read", text.len()));
            return (Address::of_demo(Demo::ALL[0]), ignored);
        }
        let query = text.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs: Vec<_> = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (key, percent_decode_str(value).decode_utf8_lossy()))
            .collect();
        let demo = pairs.iter().rev().find(|(key, _)| *key == "demo").map(|(_, id)| (id, Demo::of_id(id)));
        if let Some((id, None)) = demo {
            ignored.push(format!("the demo {}, which is not in the list", quote(id)));
        }
        let mut address = Address::of_demo(demo.and_then(|(_, demo)| demo).unwrap_or(Demo::ALL[0]));
        for (key, value) in pairs.iter().filter(|(key, _)| *key != "demo") {
            if let Err(problem) = address.set(key, value) {
                ignored.push(problem);
            }
        }
        (address, ignored)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let number =
            || value.parse::<u32>().map_err(|_| format!("the {key} {}, which is not a whole number", quote(value)));
        match (key, Setting::of_id(key)) {
            (_, Some(setting)) => self.settings = self.settings.with(setting, number()?),
            ("seed", _) => self.settings.seed = number()?,
            ("step", _) => self.step = number()?,
            ("clock", _) => self.clock = clock(value)?,
            ("acts", _) => {
                self.acts = value.parse().map_err(|error| format!("the acts {}, because {error}", quote(value)))?;
            }
            _ => return Err(format!("the part {}, which means nothing", quote(key))),
        }
        Ok(())
    }
}

pub(super) fn clock(value: &str) -> Result<ClockChoice, String> {
    match value {
        "virtual" => Ok(ClockChoice::Virtual),
        "real" => Ok(ClockChoice::Real),
        _ => Err(format!("the clock {}, which is neither virtual nor real", quote(value))),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#/flow?demo={}&seed={}", self.demo.id(), self.settings.seed)?;
        let usual = self.demo.settings();
        for setting in Setting::ALL {
            if self.settings.get(setting) != usual.get(setting) {
                write!(f, "&{}={}", setting.id(), self.settings.get(setting))?;
            }
        }
        if self.clock == ClockChoice::Real {
            // In real time nothing can be done again at the same moment.
            return f.write_str("&clock=real");
        }
        if !self.acts.as_slice().is_empty() {
            write!(f, "&acts={}", self.acts)?;
        }
        match self.step {
            0 => Ok(()),
            step => write!(f, "&step={step}"),
        }
    }
}

/// One sentence on what was ignored.
pub(super) fn notice(ignored: &[String]) -> Option<String> {
    (!ignored.is_empty()).then(|| format!("Ignored in the address: {}.", ignored.join("; ")))
}

pub(super) fn quote(text: &str) -> String {
    let short: String = text.chars().take(MAX_QUOTE).collect();
    match short.len() < text.len() {
        true => format!("“{short}…”"),
        false => format!("“{short}”"),
    }
}
