//! Which colour a task has: the same in every version, under every schedule, and wherever a bug is drawn.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::TaskTag;
use crate::bugs::Bug;
use crate::scenario::{Run, Stage};
use crate::schedule::Fifo;

/// How many colours a page has for tasks. The last one is for those that only set the others going.
const COLOURS: u8 = 8;
const QUIET: u8 = COLOURS - 1;

/// The colours of a bug's tasks, by their names.
#[derive(Clone, Debug)]
pub(crate) struct Palette(BTreeMap<Rc<str>, u8>);

impl Palette {
    /// Deals out the colours in the order in which the tasks are spawned when first in is first out.
    pub(crate) fn of(bug: &Bug) -> Palette {
        let mut colours = BTreeMap::new();
        let mut next = 0;
        for variant in bug.variants {
            let run = Stage::run(&variant.scenario, &mut Fifo);
            for name in run.names.values() {
                if is_quiet(name) || colours.contains_key(name) {
                    continue;
                }
                colours.insert(name.clone(), next % QUIET);
                next += 1;
            }
        }
        Palette(colours)
    }

    /// The colours of a run that is no version of a bug, in the order in which its tasks were spawned.
    pub(crate) fn of_run(run: &Run) -> Palette {
        let names = run.names.values().filter(|name| !is_quiet(name));
        Palette(names.zip(0u32..).map(|(name, place)| (name.clone(), (place % u32::from(QUIET)) as u8)).collect())
    }

    /// The colour of the task of this name.
    pub(crate) fn colour(&self, name: &str) -> u8 {
        self.0.get(name).copied().unwrap_or(QUIET)
    }

    /// The task of this name as it is drawn in its marker.
    pub(crate) fn tag(&self, name: &Rc<str>) -> TaskTag {
        TaskTag { name: name.to_string(), short: short(name), colour: self.colour(name) }
    }
}

fn is_quiet(name: &str) -> bool {
    name == "main"
}

/// `A`, `main` as `m`, `worker-12` as `w12`.
fn short(name: &str) -> String {
    match name.len() {
        0..=2 => name.to_owned(),
        _ => name.chars().take(1).chain(number_in(name).chars().take(2)).collect(),
    }
}

/// The digits at the end of a name.
fn number_in(name: &str) -> &str {
    &name[name.trim_end_matches(|letter: char| letter.is_ascii_digit()).len()..]
}
