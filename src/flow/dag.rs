//! Steps that name what they need, each begun as soon as that is there.

use core::fmt;
use core::num::NonZeroUsize;
use core::ops::Index;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::children::Children;
use super::cx::RunCx;
use super::failure::{BuildError, Failure};
use super::job::Job;
use super::shape::Shape;
use super::workflow::{Outcome, Workflow};
use crate::trace::CancelReason;

/// Steps that need each other's values, before they are checked. See [`Dag::plan`].
pub struct DagPlan<I, V, E> {
    name: Rc<str>,
    steps: Vec<Step<I, V, E>>,
    limit: Option<usize>,
}

struct Step<I, V, E> {
    name: Rc<str>,
    needs: Vec<Rc<str>>,
    workflow: Rc<Job<Needs<I, V>, V, E>>,
}

/// Runs steps side by side, each as soon as those that it needs are done.
///
/// Each step gets the input of the whole and the values that it needs, by name. All give the same type. The first
/// failure cancels the others.
///
/// ```
/// use unstuck::flow::{Dag, Needs, RunCx, Task};
///
/// # unstuck::Executor::new().block_on(async {
/// let double = |from: &'static str| Task::sync("Double", move |needs: Needs<u32, u32>| Ok::<_, String>(2 * needs[from]));
/// let dag = Dag::plan("Sums")
///     .step("start", &[], Task::sync("Start", |needs: Needs<u32, u32>| Ok::<_, String>(needs.input)))
///     .step("twice", &["start"], double("start"))
///     .step("sum", &["start", "twice"], Task::sync("Sum", |needs: Needs<u32, u32>| Ok(needs["start"] + needs["twice"])))
///     .check()
///     .unwrap();
/// let values = RunCx::new("Sums").perform(&dag, 5).await.unwrap();
/// assert_eq!(values["sum"], 15);
/// # });
/// ```
pub struct Dag<I, V, E> {
    name: Rc<str>,
    steps: Vec<Step<I, V, E>>,
    /// For each step, the steps that it needs and the steps that need it.
    arrows: Vec<Arrows>,
    limit: Option<NonZeroUsize>,
}

#[derive(Default)]
struct Arrows {
    needs: Vec<usize>,
    needed_by: Vec<usize>,
}

/// What a step gets: the input of the whole, and the values that it named.
#[derive(Clone, Debug)]
pub struct Needs<I, V> {
    /// The input of the whole.
    pub input: I,
    /// What the steps that it needs gave.
    pub values: Values<V>,
}

impl<I, V> Index<&str> for Needs<I, V> {
    type Output = V;
    fn index(&self, step: &str) -> &V {
        &self.values[step]
    }
}

/// What steps gave, by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values<V>(BTreeMap<Rc<str>, V>);

impl<V> Values<V> {
    /// What a step gave, if it is among them.
    pub fn get(&self, step: &str) -> Option<&V> {
        self.0.get(step)
    }

    /// All, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }
}

impl<V> Index<&str> for Values<V> {
    type Output = V;
    /// # Panics
    ///
    /// When the step is not among them.
    fn index(&self, step: &str) -> &V {
        self.get(step).unwrap_or_else(|| panic!("{step} was not named as needed"))
    }
}

impl<I: 'static, V: 'static, E: fmt::Display + 'static> DagPlan<I, V, E> {
    /// Adds a step that needs the values of others, which may be added later.
    pub fn step<W>(mut self, name: &str, needs: &[&str], workflow: W) -> Self
    where
        W: Workflow<Input = Needs<I, V>, Output = V, Error = E> + 'static,
    {
        let needs = needs.iter().copied().map(Rc::from).collect();
        self.steps.push(Step { name: Rc::from(name), needs, workflow: Rc::new(workflow.boxed()) });
        self
    }

    /// Runs at most so many steps at a time.
    pub fn limit(self, limit: usize) -> Self {
        DagPlan { limit: Some(limit), ..self }
    }

    /// The workflow.
    ///
    /// # Errors
    ///
    /// A [`BuildError`] that says what is wrong with the plan: no steps, a limit of zero, a name that is there twice or
    /// not at all, a circle.
    pub fn check(self) -> Result<Dag<I, V, E>, BuildError> {
        let DagPlan { name, steps, limit } = self;
        if steps.is_empty() {
            return Err(BuildError::EmptyGroup { group: name });
        }
        let limit = match limit.map(NonZeroUsize::new) {
            Some(None) => return Err(BuildError::ZeroLimit { of: name }),
            limit => limit.flatten(),
        };
        let arrows = arrows(&steps)?;
        match circle(&arrows) {
            Some(circle) => {
                Err(BuildError::Cycle { steps: circle.into_iter().map(|step| steps[step].name.clone()).collect() })
            }
            None => Ok(Dag { name, steps, arrows, limit }),
        }
    }
}

fn arrows<I, V, E>(steps: &[Step<I, V, E>]) -> Result<Vec<Arrows>, BuildError> {
    let mut places = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        if places.insert(step.name.clone(), place).is_some() {
            return Err(BuildError::SameName { step: step.name.clone() });
        }
    }
    let mut arrows: Vec<Arrows> = steps.iter().map(|_| Arrows::default()).collect();
    for (place, step) in steps.iter().enumerate() {
        for needs in &step.needs {
            let Some(needed) = places.get(needs) else {
                return Err(BuildError::UnknownStep { step: step.name.clone(), needs: needs.clone() });
            };
            arrows[place].needs.push(*needed);
            arrows[*needed].needed_by.push(place);
        }
    }
    Ok(arrows)
}

/// Steps that need each other in a circle: the first is named again at the end.
fn circle(arrows: &[Arrows]) -> Option<Vec<usize>> {
    // Take away steps whose needs are all taken away, until nothing changes; what is left needs something left.
    let mut missing: Vec<_> = arrows.iter().map(|arrows| arrows.needs.len()).collect();
    let mut free: Vec<_> = (0..arrows.len()).filter(|step| missing[*step] == 0).collect();
    while let Some(step) = free.pop() {
        for next in &arrows[step].needed_by {
            missing[*next] -= 1;
            if missing[*next] == 0 {
                free.push(*next);
            }
        }
    }
    let mut path = vec![missing.iter().position(|missing| *missing > 0)?];
    loop {
        let last = path[path.len() - 1];
        let next = arrows[last].needs.iter().copied().find(|step| missing[*step] > 0)?;
        if let Some(start) = path.iter().position(|step| *step == next) {
            path.drain(..start);
            path.push(next);
            return Some(path);
        }
        path.push(next);
    }
}

impl<I: 'static, V: 'static, E: fmt::Display + 'static> Dag<I, V, E> {
    /// A plan without steps.
    pub fn plan(name: &str) -> DagPlan<I, V, E> {
        DagPlan { name: Rc::from(name), steps: Vec::new(), limit: None }
    }
}

impl<I, V, E> Workflow for Dag<I, V, E>
where
    I: Clone + 'static,
    V: Clone + 'static,
    E: fmt::Display + 'static,
{
    type Input = I;
    type Output = Values<V>;
    type Error = E;

    async fn run(&self, input: I, cx: &RunCx<'_>) -> Outcome<Self> {
        cx.running();
        let mut places: Vec<_> = self.steps.iter().map(|step| Some(cx.child(step.name.clone()))).collect();
        let mut missing: Vec<_> = self.arrows.iter().map(|arrows| arrows.needs.len()).collect();
        let mut values = Values(BTreeMap::new());
        let mut children = Children::new();
        loop {
            for step in 0..self.steps.len() {
                let has_room = self.limit.is_none_or(|limit| children.len() < limit.get());
                if missing[step] == 0
                    && has_room
                    && let Some(cx) = places[step].take()
                {
                    let needs = Needs { input: input.clone(), values: self.needed(step, &values) };
                    children.spawn(step, self.steps[step].workflow.clone(), needs, cx);
                }
            }
            match children.next().await {
                Some((step, Ok(value))) => {
                    values.0.insert(self.steps[step].name.clone(), value);
                    self.arrows[step].needed_by.iter().for_each(|next| missing[*next] -= 1);
                }
                Some((_, Err(failure))) => {
                    children.stop(CancelReason::ParentEnded).await;
                    return Err(cx.cancel_reason().map_or(failure, Failure::Cancelled));
                }
                None => return Ok(values),
            }
        }
    }

    fn name(&self) -> Rc<str> {
        self.name.clone()
    }

    fn shape(&self) -> Shape {
        let steps = self.steps.iter().map(|step| Shape {
            name: step.name.clone(),
            needs: step.needs.clone(),
            ..step.workflow.shape()
        });
        Shape::group("dag", self.name(), steps).noting(self.limit.map(|limit| format!("{limit} at a time")))
    }
}

impl<I, V: Clone, E> Dag<I, V, E> {
    fn needed(&self, step: usize, values: &Values<V>) -> Values<V> {
        let named = self.steps[step].needs.iter().filter_map(|name| Some((name.clone(), values.get(name)?.clone())));
        Values(named.collect())
    }
}
