//! What a workflow consists of, as a tree that prints.

use core::fmt;
use std::rc::Rc;

use serde::Serialize;

use super::circuit::CircuitGroup;
use super::dag::Dag;
use super::fallback::Fallback;
use super::guarded::Guarded;
use super::hedge::Hedge;
use super::job::Job;
use super::map::Map;
use super::parallel::{Outcomes, Parallel};
use super::pipeline::Pipeline;
use super::race::Race;
use super::sequence::Sequence;
use super::task::Task;
use super::workflow::Workflow;

/// A workflow without its behaviour: what kind it is, its name, its policies, and what it owns. It is what a workflow
/// prints with `{:?}`.
///
/// ```
/// use unstuck::flow::{Policies, Sequence, Task, Workflow};
/// use unstuck::time::ms;
///
/// let fetch = Task::new("Fetch", async |_: ()| Ok::<_, String>(1)).with(Policies::new().timeout(ms(200)));
/// let sequence = Sequence::new("Load", fetch).then(Task::sync("Double", |number: i32| Ok(2 * number)));
/// assert_eq!(
///     sequence.shape().to_string(),
///     "\
/// sequence Load
///   task Fetch: timeout 200 ms > call
///   task Double
/// "
/// );
/// assert_eq!(format!("{sequence:?}\n"), sequence.shape().to_string());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// What it is, such as `sequence`.
    pub kind: &'static str,
    /// Its name.
    pub name: Rc<str>,
    /// What is worth saying of the whole, such as its limit.
    pub notes: Vec<String>,
    /// The steps beside it whose values it needs.
    pub needs: Vec<Rc<str>>,
    /// Its policies, the outermost first.
    pub policies: Vec<String>,
    /// What it owns, in order.
    pub children: Vec<Shape>,
}

impl Shape {
    /// Something that owns nothing.
    pub fn leaf(kind: &'static str, name: Rc<str>) -> Self {
        Shape::group(kind, name, [])
    }

    /// Something that owns `children`.
    pub fn group(kind: &'static str, name: Rc<str>, children: impl IntoIterator<Item = Shape>) -> Self {
        let children = children.into_iter().collect();
        Shape { kind, name, notes: Vec::new(), needs: Vec::new(), policies: Vec::new(), children }
    }

    /// The same, and this to say of it.
    pub fn noting(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        write!(f, "{:indent$}{} {}", "", self.kind, self.name, indent = 2 * depth)?;
        self.notes.iter().try_for_each(|note| write!(f, ", {note}"))?;
        if !self.needs.is_empty() {
            write!(f, ", needs {}", self.needs.join(" and "))?;
        }
        if !self.policies.is_empty() {
            write!(f, ": {} > call", self.policies.join(" > "))?;
        }
        writeln!(f)?;
        self.children.iter().try_for_each(|child| child.write(f, depth + 1))
    }
}

/// One line for each, those that it owns below it.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

macro_rules! shown_by_its_shape {
    ($($workflow:ident<$($of:ident $(: $bound:ident)?),+>)*) => {$(
        impl<$($of $(: $bound)?),+> fmt::Debug for $workflow<$($of),+>
        where
            Self: Workflow,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.shape().to_string().trim_end())
            }
        }
    )*};
}

shown_by_its_shape! {
    CircuitGroup<W> Dag<I, V, E> Fallback<A, B> Guarded<W: Workflow> Hedge<W> Job<I, T, E> Map<W> Outcomes<W>
    Parallel<W> Pipeline<S> Race<W> Sequence<W: Workflow> Task<I, C>
}
