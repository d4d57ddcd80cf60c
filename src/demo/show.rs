//! A moment of a run: the fold over its frames, and what is drawn of that.

mod blocks;
mod circuit;
mod words;

use super::frame::{Frame, What};
use super::run::Run;
use super::view::{Block, CircuitPicture, LogLine, Sentence};
use crate::breaker::Metrics;
use crate::flow::{Event, NodeId, Shape, TaskEvent, TaskState};
use crate::time::Instant;

/// A run after so many frames, at a time.
pub(super) struct Moment<'a> {
    run: &'a Run,
    frames: &'a [Frame],
    now: Instant,
    nodes: Vec<Node<'a>>,
}

/// A task or a group, as its events tell it.
struct Node<'a> {
    id: NodeId,
    parent: Option<NodeId>,
    name: &'a str,
    state: TaskState,
    /// When it came into its state.
    since: Instant,
    /// When it first ran.
    began: Option<Instant>,
    attempt: u32,
    because: &'a str,
}

impl<'a> Moment<'a> {
    pub(super) fn new(run: &'a Run, frames: &'a [Frame], now: Instant) -> Self {
        let mut nodes = Vec::new();
        for Frame { time, what, .. } in frames {
            if let What::Event(Event::Task(event)) = what {
                follow(&mut nodes, event, *time);
            }
        }
        Moment { run, frames, now, nodes }
    }

    /// The pipeline, box within box.
    pub(super) fn pipeline(&self) -> Block {
        let root = self.nodes.iter().find(|node| node.parent.is_none());
        blocks::block(self, self.run.shape(), root)
    }

    /// Its circuit, if it has one.
    pub(super) fn circuit(&self) -> Option<CircuitPicture> {
        Some(circuit::picture(self, self.run.circuit()?, self.metrics()?))
    }

    /// What just happened.
    pub(super) fn said(&self) -> Sentence {
        words::said(self.frames.last(), self)
    }

    /// The log of the bus: all but the moves of the clock.
    pub(super) fn log(&self) -> Vec<LogLine> {
        let steps = self.frames.iter().zip(1..);
        let told = steps.filter_map(|(frame, step)| Some((frame, step, words::line(frame, self)?)));
        let numbered = told.enumerate().map(|(number, (frame, step, (tone, name, text)))| LogLine {
            number: number as u32,
            step,
            time: frame.time.to_string(),
            tone,
            name,
            text,
        });
        numbered.collect()
    }

    /// What the box of a task or a group is called: of runs side by side of one part, each has its number.
    fn name_of(&self, event: &TaskEvent) -> String {
        match event.parent.and_then(|owner| self.shape_of(owner)) {
            Some(owner) if blocks::numbers_its_runs(owner) => {
                let alike = self.nodes.iter().filter(|node| node.parent == event.parent && *node.name == *event.name);
                blocks::numbered(&event.name, 1 + alike.take_while(|node| node.id != event.node).count())
            }
            _ => event.name.to_string(),
        }
    }

    fn shape_of(&self, id: NodeId) -> Option<&Shape> {
        let node = self.nodes.iter().find(|node| node.id == id)?;
        match node.parent {
            None => Some(self.run.shape()),
            Some(owner) => self.shape_of(owner)?.children.iter().find(|part| *part.name == *node.name),
        }
    }

    /// Whether the whole pipeline has come to its end.
    pub(super) fn has_ended(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame.what, What::Ended(_)))
    }

    /// The circuit right after what happened last.
    fn metrics(&self) -> Option<(Metrics, Instant)> {
        match self.frames.last() {
            Some(frame) => frame.circuit.map(|metrics| (metrics, frame.time)),
            None => self.run.circuit_before().map(|metrics| (metrics, Instant::ZERO)),
        }
    }
}

fn follow<'a>(nodes: &mut Vec<Node<'a>>, event: &'a TaskEvent, time: Instant) {
    let TaskEvent { node: id, parent, name, state, attempt, because } = event;
    let place = nodes.iter().position(|node| node.id == *id).unwrap_or(nodes.len());
    let began = nodes.get(place).and_then(|node| node.began);
    let node = Node {
        id: *id,
        parent: *parent,
        name,
        state: *state,
        since: time,
        began: began.or((*state == TaskState::Running).then_some(time)),
        attempt: *attempt,
        because: because.as_deref().unwrap_or_default(),
    };
    match nodes.get_mut(place) {
        Some(known) => *known = node,
        None => nodes.push(node),
    }
}
