//! What is only read of a bug: the sources of its versions, and what a person wrote about them.

use serde::Serialize;

#[cfg(feature = "texts")]
use super::Bug;

/// All that people read of a bug and that does not run.
///
/// It is a value of its own, so that a page need not wait for it: a module that was built without the feature `texts`
/// has none, and is given what a native build wrote down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Texts {
    /// The files of the versions, in the order of [`Bug::variants`](super::Bug::variants).
    pub sources: Vec<Source>,
    /// As in [`Writeup::context`](super::Writeup::context), and so are the others.
    pub context: String,
    /// What its user sees, a line each.
    pub symptoms: Vec<String>,
    /// The words in which it was reported.
    pub request: String,
    /// The same request as an engineer would put it.
    pub refined: String,
    /// How to go about it, a step each.
    pub approach: Vec<String>,
    /// What is actually wrong.
    pub root_cause: String,
    /// What was done about it.
    pub fix: String,
    /// What to remember, a line each.
    pub lessons: Vec<String>,
}

/// A file of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The path below `src/bugs`.
    pub file: String,
    /// All that it says.
    pub text: String,
}

impl Texts {
    /// The texts that were built in.
    ///
    /// ```
    /// use unstuck::bugs::{Bug, Texts};
    ///
    /// let texts = Texts::of(Bug::of_id("stuck-flag").unwrap());
    /// assert_eq!(texts.sources[0].file, "stuck_flag/buggy.rs");
    /// assert!(texts.of_file("stuck_flag/buggy.rs").contains("is_processing.set(true)"));
    /// ```
    #[cfg(feature = "texts")]
    pub fn of(bug: &Bug) -> Texts {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        let source =
            |variant: &super::Variant| Source { file: variant.file.to_owned(), text: variant.source.to_owned() };
        let writeup = bug.writeup;
        Texts {
            sources: bug.variants.iter().map(source).collect(),
            context: writeup.context.to_owned(),
            symptoms: lines(writeup.symptoms),
            request: writeup.request.to_owned(),
            refined: writeup.refined.to_owned(),
            approach: lines(writeup.approach),
            root_cause: writeup.root_cause.to_owned(),
            fix: writeup.fix.to_owned(),
            lessons: lines(writeup.lessons),
        }
    }

    /// The text of a file; empty when it is not among them.
    pub fn of_file(&self, file: &str) -> &str {
        self.sources.iter().find(|source| source.file == file).map_or("", |source| &source.text)
    }
}
