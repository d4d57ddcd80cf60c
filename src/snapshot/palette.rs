//! Which colour a task has: the same in every version, under every schedule, and wherever a bug is drawn.

use std::rc::Rc;

use super::TaskTag;
use crate::bugs::Bug;
use crate::scenario::{Run, Stage};
use crate::schedule::Fifo;
use crate::sorted::Sorted;

/// How many colours a page has for tasks. The last one is for those that only set the others going.
const COLOURS: u8 = 8;
const QUIET: u8 = COLOURS - 1;

/// How a bug's tasks are drawn, by their names.
#[derive(Clone, Debug)]
pub(crate) struct Palette(Sorted<Rc<str>, Paint>);

#[derive(Clone, Debug)]
struct Paint {
    colour: u8,
    short: String,
}

impl Palette {
    /// Deals out the colours in the order in which the tasks are spawned when first in is first out.
    pub(crate) fn of(bug: &Bug) -> Palette {
        let runs = bug.variants.iter().map(|variant| Stage::run(&variant.scenario, &mut Fifo));
        Palette::of_names(runs.flat_map(|run| run.names.values().cloned().collect::<Vec<_>>()))
    }

    /// The colours of a run that is no version of a bug, in the order in which its tasks were spawned.
    pub(crate) fn of_run(run: &Run) -> Palette {
        Palette::of_names(run.names.values().cloned())
    }

    fn of_names(names: impl Iterator<Item = Rc<str>>) -> Palette {
        let mut known: Vec<Rc<str>> = Vec::new();
        for name in names {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        let mut loud = 0..;
        let mut colour = |name: &str| if is_quiet(name) { QUIET } else { loud.next().unwrap_or(0) % QUIET };
        let mut paints = Sorted::new();
        for (name, short) in known.iter().zip(told_apart(&known)) {
            paints.insert(name.clone(), Paint { colour: colour(name), short });
        }
        Palette(paints)
    }

    /// The colour of the task of this name.
    pub(crate) fn colour(&self, name: &str) -> u8 {
        self.0.get(name).map_or(QUIET, |paint| paint.colour)
    }

    /// The task of this name as it is drawn in its marker.
    pub(crate) fn tag(&self, name: &Rc<str>) -> TaskTag {
        let short = self.0.get(name).map_or_else(|| letter(name), |paint| paint.short.clone());
        TaskTag { name: name.to_string(), short, colour: self.colour(name) }
    }
}

/// The marks of tasks, each the shortest that could not be another's: no other task would be marked like that, and none
/// is.
fn told_apart(names: &[Rc<str>]) -> Vec<String> {
    let all: Vec<[String; 5]> = names.iter().map(|name| marks(name)).collect();
    let mut taken: Vec<String> = Vec::new();
    for (place, own) in all.iter().enumerate() {
        let is_free = |kind: &usize| {
            let alike = all.iter().filter(|other| other[*kind] == own[*kind]).count();
            alike == 1 && !taken.contains(&own[*kind])
        };
        let free = (0..own.len()).find(is_free).map(|kind| own[kind].clone());
        taken.push(free.unwrap_or_else(|| format!("{}{}", beginning(&names[place], 1), place % 100)));
    }
    taken
}

/// How a task could be marked, the shortest first.
fn marks(name: &str) -> [String; 5] {
    let edges = beginning(name, 1) + &name.chars().last().into_iter().collect::<String>();
    [letter(name), initials(name), beginning(name, 2), edges, beginning(name, 3)]
}

fn is_quiet(name: &str) -> bool {
    name == "main"
}

/// `A`, `main` as `m`, `worker-12` as `w12`.
fn letter(name: &str) -> String {
    match name.len() {
        0..=2 => name.to_owned(),
        _ => beginning(name, 1) + &number_in(name).chars().take(3).collect::<String>(),
    }
}

/// `job-A` as `jA`, `put-A` as `pA`.
fn initials(name: &str) -> String {
    let words = name.trim_end_matches(|letter: char| letter.is_ascii_digit()).split(['-', '_']);
    let letters: String = words.filter_map(|word| word.chars().next()).take(2).collect();
    letters + &number_in(name).chars().take(3).collect::<String>()
}

fn beginning(name: &str, letters: usize) -> String {
    name.chars().take(letters).collect()
}

/// The digits at the end of a name.
fn number_in(name: &str) -> &str {
    let word = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    name.strip_prefix(word).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shorts(names: &[&str]) -> String {
        let palette = Palette::of_names(names.iter().map(|name| Rc::from(*name)));
        names.iter().map(|name| palette.tag(&Rc::from(*name)).short).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_letter_and_a_number_are_enough_where_they_tell_apart() {
        assert_eq!(shorts(&["main", "A", "worker-1", "worker-12"]), "m A w1 w12");
    }

    #[test]
    fn every_worker_of_a_large_pool_has_its_own_number() {
        let names: Vec<String> = (1..=110).map(|number| format!("worker-{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let numbered: Vec<String> = (1..=110).map(|number| format!("w{number}")).collect();
        assert_eq!(shorts(&names), numbered.join(" "));
    }

    #[test]
    fn tasks_with_the_same_letter_get_as_many_as_they_need() {
        assert_eq!(shorts(&["job-A", "job-B"]), "jA jB");
        assert_eq!(shorts(&["main", "mailer", "map"]), "mn mr mp");
    }
}
