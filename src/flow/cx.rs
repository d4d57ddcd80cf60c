//! What a workflow knows of its run: its node, how it is asked to stop, and until when it has time.

use core::cell::Cell;
use core::fmt;
use core::future::Future;
use std::rc::Rc;
use std::thread::panicking;

use super::failure::Failure;
use super::lean::{Lean, unboxing};
use super::scope::{Scope, UnlessCancelled};
use super::state::{Event, NodeId, TaskEvent, TaskState};
use super::workflow::{Outcome, Workflow};
use crate::bus::EventBus;
use crate::executor::entered;
use crate::sync::CancelToken;
use crate::time::{Duration, Instant};
use crate::trace::CancelReason;

/// The context of a run, or of one node in it.
///
/// ```
/// use unstuck::Executor;
/// use unstuck::bus::{EventBus, Overflow};
/// use unstuck::flow::{RunCx, Task, Workflow};
///
/// Executor::new().block_on(async {
///     let bus = EventBus::new();
///     let mut log = bus.subscribe(Overflow::default());
///     let double = Task::sync("Double", |number: u32| Ok::<_, String>(2 * number));
///     let doubled = RunCx::new(&double.name()).reporting_to(&bus).perform(&double, 21).await;
///     assert_eq!(doubled, Ok(42));
///     let states: Vec<_> = std::iter::from_fn(|| log.try_next()).map(|next| next.event.to_string()).collect();
///     assert_eq!(states, ["Double pending", "Double running", "Double succeeded"]);
/// });
/// ```
pub struct RunCx<'a> {
    of: Of<'a>,
    scope: Scope<'a>,
}

/// A node lives where its run does, and is lent to the parts of its time that can be asked to stop alone, such as an
/// attempt.
enum Of<'a> {
    Node(Node),
    Part(&'a Node),
}

/// A task or a group in one run.
struct Node {
    name: Rc<str>,
    /// Given when the node becomes known, so that numbers rise with the events.
    id: Cell<Option<NodeId>>,
    attempt: Cell<u32>,
    /// How long a task that was asked to stop may take for it, in the whole run.
    grace: Duration,
    heard: Option<Heard>,
}

/// Who hears of a node, and what it heard last.
struct Heard {
    bus: EventBus<Event>,
    parent: Option<NodeId>,
    state: Cell<Option<TaskState>>,
}

impl RunCx<'static> {
    /// The context of a new run, which reports to nobody.
    pub fn new(name: &str) -> Self {
        RunCx::named(Rc::from(name))
    }

    #[inline]
    pub(super) fn named(name: Rc<str>) -> Self {
        RunCx::of_node(name, Duration::ZERO, None, Scope::outermost())
    }

    #[inline]
    fn of_node(name: Rc<str>, grace: Duration, heard: Option<Heard>, scope: Scope<'static>) -> Self {
        let node = Node { name, id: Cell::new(None), attempt: Cell::new(1), grace, heard };
        RunCx { of: Of::Node(node), scope }
    }

    /// Reports to `bus`, which can serve many runs.
    pub fn reporting_to(self, bus: &EventBus<Event>) -> Self {
        let parent = self.node().heard.as_ref().and_then(|heard| heard.parent);
        self.rebuilt(self.grace_period(), Some(Heard::new(bus, parent)), self.scope.beside())
    }

    /// Gives a task that is asked to stop so long to do it itself before it is dropped; at first, no time.
    pub fn grace(self, grace: Duration) -> Self {
        self.rebuilt(grace, self.node().heard_anew(), self.scope.beside())
    }

    /// Stops when `token` is cancelled, for the same reason.
    pub fn cancelled_by(self, token: &CancelToken) -> Self {
        self.rebuilt(self.grace_period(), self.node().heard_anew(), self.scope.moved_within(token.clone()))
    }

    fn rebuilt(&self, grace: Duration, heard: Option<Heard>, scope: Scope<'static>) -> Self {
        RunCx::of_node(self.name().clone(), grace, heard, scope)
    }
}

impl RunCx<'_> {
    /// A node below this one, which is pending from now on. Dropping it before it was performed cancels it.
    pub fn child(&self, name: Rc<str>) -> RunCx<'static> {
        let heard = self.node().heard.as_ref().map(|heard| Heard::new(&heard.bus, Some(self.id())));
        let child = RunCx::of_node(name, self.grace_period(), heard, self.scope.inner());
        child.node().enter(TaskState::Pending, || None);
        child
    }

    /// Runs `workflow` as this node, and gives the node its final state.
    ///
    /// Dropping the future drops the workflow and everything that it owns, at once.
    pub fn perform<W: Workflow>(self, workflow: &W, input: W::Input) -> impl Future<Output = Outcome<W>> {
        unboxing(async move {
            self.begin()?;
            self.end(workflow.run_lean(input, &self).await)
        })
    }

    /// Makes the node known, if it has not been asked to stop before it began.
    #[inline]
    pub(super) fn begin<E>(&self) -> Lean<(), Failure<E>> {
        if self.is_heard() || self.cancel_reason().is_some() { self.begin_with_care() } else { Ok(()) }
    }

    #[cold]
    fn begin_with_care<E>(&self) -> Lean<(), Failure<E>> {
        let node = self.node();
        node.enter(TaskState::Pending, || None);
        match self.cancel_reason() {
            None => Ok(()),
            Some(reason) => {
                node.enter(TaskState::Cancelled, || Some(reason_of(reason)));
                Err(Box::new(Failure::Cancelled(reason)))
            }
        }
    }

    /// Gives the node its final state.
    #[inline]
    pub(super) fn end<T, E: fmt::Display>(&self, outcome: Lean<T, Failure<E>>) -> Lean<T, Failure<E>> {
        if let Some(heard) = &self.node().heard {
            self.node().finish(heard, outcome.as_ref().err().map(Box::as_ref));
        }
        outcome
    }

    /// Whether somebody is told what the node does.
    #[inline]
    pub(super) fn is_heard(&self) -> bool {
        self.node().heard.is_some()
    }

    /// Says that the node runs now. A group says so when it begins, a task at each attempt.
    pub fn running(&self) {
        self.node().enter(TaskState::Running, || None);
    }

    /// Says that the node failed, and is tried again after `delay`.
    pub(super) fn retrying<E: fmt::Display>(&self, delay: Duration, failure: &Failure<E>) {
        self.node().enter(TaskState::Retrying, || Some(Rc::from(failure.and_again_in(delay))));
        self.node().attempt.set(self.node().attempt.get() + 1);
    }

    /// Whether no subscriber that must not miss anything is behind.
    pub(super) fn has_room(&self) -> bool {
        self.node().heard.as_ref().is_none_or(|heard| heard.bus.has_room())
    }

    /// Waits until that is so.
    pub(super) async fn room(&self) -> Result<(), CancelReason> {
        match &self.node().heard {
            Some(heard) => self.unless_cancelled(heard.bus.room()).await,
            None => Ok(()),
        }
    }

    /// Waits for `future`, or until the node is asked to stop, and then says why.
    pub fn unless_cancelled<F: Future>(&self, future: F) -> UnlessCancelled<'_, F> {
        UnlessCancelled { future, scope: self.scope(), cancelled: None }
    }

    /// The same node, with a scope that can be cancelled alone, and a deadline that is no later than `until`.
    #[inline]
    pub(super) fn narrowed(&self, until: Instant) -> RunCx<'_> {
        RunCx { of: Of::Part(self.node()), scope: self.scope.open(until) }
    }

    #[inline]
    pub(super) fn scope(&self) -> &Scope<'_> {
        &self.scope
    }

    #[inline]
    fn node(&self) -> &Node {
        match &self.of {
            Of::Node(node) => node,
            Of::Part(node) => node,
        }
    }

    /// The node's number.
    pub fn id(&self) -> NodeId {
        self.node().id()
    }

    /// The node's name.
    pub fn name(&self) -> &Rc<str> {
        &self.node().name
    }

    /// The number of this attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.node().attempt.get()
    }

    /// How the node is asked to stop.
    pub fn cancel_token(&self) -> &CancelToken {
        self.scope().token()
    }

    /// The moment at which the node is asked to stop, if there is one.
    pub fn deadline(&self) -> Option<Instant> {
        self.scope().until()
    }

    /// How long a task that was asked to stop may take for it.
    pub fn grace_period(&self) -> Duration {
        self.node().grace
    }

    #[inline]
    pub(super) fn cancel_reason(&self) -> Option<CancelReason> {
        self.scope().reason()
    }
}

impl Heard {
    fn new(bus: &EventBus<Event>, parent: Option<NodeId>) -> Self {
        Heard { bus: bus.clone(), parent, state: Cell::new(None) }
    }
}

impl Node {
    /// Who hears of this node, before it has heard anything of another in its place.
    fn heard_anew(&self) -> Option<Heard> {
        self.heard.as_ref().map(|heard| Heard::new(&heard.bus, heard.parent))
    }

    fn id(&self) -> NodeId {
        let id = self.id.get().unwrap_or_else(|| match &self.heard {
            Some(heard) => NodeId(heard.bus.new_id()),
            None => NodeId(entered().map_or(0, |core| core.give_number())),
        });
        self.id.set(Some(id));
        id
    }

    fn finish<E: fmt::Display>(&self, heard: &Heard, failure: Option<&Failure<E>>) {
        match failure {
            None => {
                self.enter_before(heard, TaskState::Running, || None);
                self.enter_before(heard, TaskState::Succeeded, || None);
            }
            Some(Failure::Cancelled(reason)) => {
                self.enter_before(heard, TaskState::Cancelled, || Some(reason_of(*reason)));
            }
            Some(failure) => {
                self.enter_before(heard, TaskState::Failed, || Some(Rc::from(failure.to_string())));
            }
        }
    }

    /// Whatever happened to it, it ends in a final state: when it is dropped before, it was cancelled, unless it is
    /// its own panic that drops it.
    #[cold]
    fn end(&self, heard: &Heard, scope: &Scope<'_>) {
        let Some(state) = heard.state.get().filter(|state| !state.is_final()) else { return };
        match scope.reason() {
            None if panicking() && state != TaskState::Pending => {
                self.enter_before(heard, TaskState::Failed, || Some(Rc::from("panicked")));
            }
            reason => {
                let reason = reason.unwrap_or(CancelReason::ParentEnded);
                self.enter_before(heard, TaskState::Cancelled, || Some(reason_of(reason)));
            }
        }
    }

    /// Comes into a state, which is known by its event alone: without a bus there is none.
    #[inline]
    fn enter(&self, next: TaskState, because: impl FnOnce() -> Option<Rc<str>>) {
        if let Some(heard) = &self.heard {
            self.enter_before(heard, next, because);
        }
    }

    /// The only place where a node's state changes; what is not a legal change is none.
    #[cold]
    fn enter_before(&self, heard: &Heard, next: TaskState, because: impl FnOnce() -> Option<Rc<str>>) {
        let legal = match heard.state.get() {
            None => next == TaskState::Pending,
            Some(now) => now.may_become(next),
        };
        if legal {
            heard.state.set(Some(next));
            heard.bus.publish_with(|| {
                let (parent, name, attempt) = (heard.parent, self.name.clone(), self.attempt.get());
                Event::Task(TaskEvent { node: self.id(), parent, name, state: next, attempt, because: because() })
            });
        }
    }
}

impl Drop for RunCx<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Of::Node(node) = &self.of
            && let Some(heard) = &node.heard
        {
            node.end(heard, &self.scope);
        }
    }
}

fn reason_of(reason: CancelReason) -> Rc<str> {
    Rc::from(reason.to_string())
}
