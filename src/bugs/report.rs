//! The part of a bug's report that a person writes, in the order of the investigation template.
//!
//! The rest of a report is found out by a machine: the least failing schedule and its story, the values that broke
//! the invariant, the number of schedules that were searched, the difference of the sources.

/// What a person has to say about a bug. Plain sentences; words of the source stand in `backticks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writeup {
    /// What was happening when the bug was discovered.
    pub context: &'static str,
    /// What its user sees, a line each.
    pub symptoms: &'static [&'static str],
    /// The words in which it was reported.
    pub request: &'static str,
    /// The same request as an engineer would put it.
    pub refined: &'static str,
    /// How to go about it, a step each.
    pub approach: &'static [&'static str],
    /// What is actually wrong.
    pub root_cause: &'static str,
    /// What was done about it.
    pub fix: &'static str,
    /// What to remember, a line each.
    pub lessons: &'static [&'static str],
}

#[cfg(not(feature = "texts"))]
impl Writeup {
    /// Nothing, where it is not part of the program.
    pub(super) const UNREAD: Writeup = Writeup {
        context: "",
        symptoms: &[],
        request: "",
        refined: "",
        approach: &[],
        root_cause: "",
        fix: "",
        lessons: &[],
    };
}
