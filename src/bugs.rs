//! The catalogue: each bug in a buggy and a fixed version, under the same scenario and the same invariants.
//!
//! The source that a page shows is the source that runs.

mod stuck_flag;

use crate::scenario::Stage;

/// A few lines with a bug, and the same lines without it.
#[derive(Clone, Copy, Debug)]
pub struct Bug {
    /// The id in the address.
    pub id: &'static str,
    /// The number in the catalogue.
    pub number: u32,
    /// A short name.
    pub title: &'static str,
    /// What goes wrong, in one sentence.
    pub sentence: &'static str,
    /// Where it stands in the catalogue.
    pub family: Family,
    /// The versions: the buggy one first, the fixed one last, half-fixes in between.
    pub variants: &'static [Variant],
}

/// One version of a bug.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The id in the address.
    pub id: &'static str,
    /// What kind of version it is.
    pub role: Role,
    /// What to call it in a list.
    pub title: &'static str,
    /// The file below `src/bugs`.
    pub file: &'static str,
    /// The text of that file.
    pub source: &'static str,
    /// Sets the stage.
    pub scenario: fn(&Stage),
}

/// What kind of version it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// With the bug.
    Buggy,
    /// With the tempting fix that is not one.
    HalfFix,
    /// Without the bug.
    Fixed,
}

/// The families of the catalogue, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Flags and state.
    FlagsAndState,
}

impl Family {
    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Family::FlagsAndState => "Flags and state",
        }
    }
}

impl Bug {
    /// Every bug, in the order of the catalogue.
    pub const ALL: &'static [Bug] = &[stuck_flag::BUG];

    /// The bug of this id.
    pub fn of_id(id: &str) -> Option<&'static Bug> {
        Bug::ALL.iter().find(|bug| bug.id == id)
    }

    /// The version of this id.
    pub fn variant(&self, id: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// The versions of a role.
    pub fn variants_of(&self, role: Role) -> impl Iterator<Item = &'static Variant> {
        self.variants.iter().filter(move |variant| variant.role == role)
    }
}
