//! What a search tried, as a tree: a node is a moment, and its branches are what can happen next.
//!
//! Where only one thing can happen, nothing is decided: such steps are told together, so that every node but the
//! first and the last ones is a real choice. A search that runs for long tries more than anybody can look at: once
//! the tree has so many nodes as it has room for, executions are still counted, but what they do beyond the known
//! nodes is not kept.

use super::Exploration;
use super::step::{Step, Who};
use crate::schedule::{Choice, Schedule};

/// A moment in the tree of what was tried; the first is [`NodeId::ROOT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// Before the first step.
    pub const ROOT: NodeId = NodeId(0);
}

/// What can happen at a moment, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The steps up to the next decision. The first is what is chosen here.
    pub choices: Vec<Choice>,
    /// What came of it.
    pub tried: Tried,
}

/// What came of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// Some schedules that go on here were tried.
    Here {
        /// The moment after the steps.
        node: NodeId,
        /// How many schedules.
        executions: u64,
        /// How many of them fail.
        failing: u64,
        /// Whether more is known of what happens after it.
        goes_on: bool,
    },
    /// All that it leads to was tried elsewhere: it differs only in the order of steps that commute.
    Elsewhere,
    /// Whether it was tried is not known: there was no room to keep it.
    NotKept,
    /// The search did not come to it.
    NotYet,
}

/// The nodes in the order in which the search came to them; a parent stands before its children.
pub(super) struct Tree {
    nodes: Vec<Node>,
    room: usize,
}

struct Node {
    /// The step that leads here, and from where; none for the root.
    from: Option<(u32, Step)>,
    /// Who could act here, once anybody did.
    enabled: u128,
    children: Vec<u32>,
    executions: u64,
    failing: u64,
}

impl Node {
    fn new(from: Option<(u32, Step)>) -> Self {
        Node { from, enabled: 0, children: Vec::new(), executions: 0, failing: 0 }
    }

    fn count(&mut self, fails: bool) {
        self.executions += 1;
        self.failing += u64::from(fails);
    }
}

impl Tree {
    pub(super) fn new(room: usize) -> Self {
        Tree { nodes: vec![Node::new(None)], room }
    }

    /// Forgets everything that was tried.
    pub(super) fn clear(&mut self) {
        *self = Tree::new(self.room);
    }

    /// Adds an execution: who could act in each step, and what was done.
    pub(super) fn add(&mut self, path: impl Iterator<Item = (u128, Step)>, fails: bool) {
        let mut at = 0;
        self.nodes[at].count(fails);
        for (enabled, step) in path {
            self.nodes[at].enabled = enabled;
            let Some(next) = self.child(at, step) else { return };
            at = next;
            self.nodes[at].count(fails);
        }
    }

    fn child(&mut self, at: usize, step: Step) -> Option<usize> {
        let is_it = |child: &&u32| self.nodes[**child as usize].from.as_ref().is_some_and(|from| from.1 == step);
        // Executions come in the order of a depth-first search, so it is most likely the newest one.
        if let Some(known) = self.nodes[at].children.iter().rev().find(is_it) {
            return Some(*known as usize);
        }
        if self.nodes.len() >= self.room {
            return None;
        }
        let new = self.nodes.len();
        self.nodes.push(Node::new(Some((at as u32, step))));
        self.nodes[at].children.push(new as u32);
        Some(new)
    }

    /// The steps that lead to a node.
    fn path_to(&self, node: NodeId) -> Vec<Step> {
        let mut path = Vec::new();
        let mut at = node.0;
        while let Some((parent, step)) = self.nodes.get(at as usize).and_then(|node| node.from.as_ref()) {
            path.push(step.clone());
            at = *parent;
        }
        path.reverse();
        path
    }

    /// The next node at which something is decided, or the last one that is known.
    fn next_decision(&self, mut at: u32) -> u32 {
        loop {
            let node = &self.nodes[at as usize];
            match &node.children[..] {
                [only] if node.enabled.count_ones() == 1 && !self.is_cut(node) => at = *only,
                _ => return at,
            }
        }
    }

    /// Whether executions went on from here that are not kept.
    fn is_cut(&self, node: &Node) -> bool {
        if node.enabled == 0 {
            return false;
        }
        let kept: u64 = node.children.iter().map(|child| self.nodes[*child as usize].executions).sum();
        kept < node.executions
    }

    fn untried(&self, node: &Node) -> Vec<Who> {
        let tried = |who: Who| node.children.iter().any(|child| self.step_to(*child).who == who);
        let mut left = node.enabled;
        let mut untried = Vec::new();
        while left != 0 {
            let who = Who::first_of(left);
            left &= !who.bit();
            if !tried(who) && who != Who::REST {
                untried.push(who);
            }
        }
        untried
    }

    fn step_to(&self, node: u32) -> &Step {
        &self.nodes[node as usize].from.as_ref().expect("a child has a parent").1
    }
}

impl Exploration<'_> {
    /// What could happen at a moment of what was tried in order, with what came of it: those that were tried first.
    /// Nothing for a moment that is not in the tree, or after which nothing can happen.
    ///
    /// ```
    /// use unstuck::explore::{Exploration, NodeId, Options, Strategy, samples};
    ///
    /// let options = Options { kept_nodes: 1_000, ..Options::default().strategy(Strategy::Exhaustive) };
    /// let mut search = Exploration::new(samples::busy(2, false), options);
    /// search.run_while(|| true);
    /// let first: Vec<String> = search.branches(NodeId::ROOT).iter().map(|branch| branch.choices[0].to_string()).collect();
    /// assert_eq!(first, ["A", "B"]);
    /// ```
    pub fn branches(&self, node: NodeId) -> Vec<Branch> {
        let Some(parent) = self.tree.nodes.get(node.0 as usize) else { return Vec::new() };
        let path = self.tree.path_to(node);
        let tried = parent.children.iter().map(|child| {
            let end = self.tree.next_decision(*child);
            let reached = &self.tree.nodes[end as usize];
            let choices = self.rig.in_words(&self.tree.path_to(NodeId(end))).split_off(told(&path));
            let here = Tried::Here {
                node: NodeId(end),
                executions: reached.executions,
                failing: reached.failing,
                goes_on: !reached.children.is_empty(),
            };
            Branch { choices, tried: here }
        });
        let mut branches: Vec<Branch> = tried.filter(|branch| !branch.choices.is_empty()).collect();
        let untried = match self.report.exhausted {
            _ if self.tree.is_cut(parent) => Tried::NotKept,
            true => Tried::Elsewhere,
            false => Tried::NotYet,
        };
        for who in self.tree.untried(parent) {
            let choices = self.rig.choice_after(&path, who);
            branches.extend(choices.map(|choice| Branch { choices: vec![choice], tried: untried }));
        }
        branches
    }

    /// How many moments are kept of what was tried in order.
    pub fn kept_nodes(&self) -> usize {
        self.tree.nodes.len()
    }

    /// The schedule that leads to a moment of what was tried.
    pub fn schedule_to(&self, node: NodeId) -> Schedule {
        Schedule::Replay(self.rig.in_words(&self.tree.path_to(node)))
    }
}

/// How many of the steps a schedule tells: the end of an execution that could go on by a cancellation is none.
fn told(path: &[Step]) -> usize {
    path.iter().filter(|step| step.who != Who::REST).count()
}
