//! The pipeline as boxes within boxes: its shape, and for each part what its events say.

use super::words::{state, tone_of};
use super::{Moment, Node};
use crate::demo::every::Every;
use crate::demo::service::Plan;
use crate::demo::view::{Arrow, Block, Join, Place, Tone};
use crate::flow::{Job, Shape, TaskState};
use crate::time::{Duration, Instant, Span};

const AGAIN: &str = Every::<Job<(), String, String>>::KIND;

/// The box of a part; `node` is what ran as it, if something did.
pub(super) fn block(moment: &Moment<'_>, shape: &Shape, node: Option<&Node<'_>>) -> Block {
    let within: Vec<_> =
        shape.children.iter().enumerate().flat_map(|child| runs(moment, shape, child, node)).collect();
    let blocks: Vec<_> = within
        .iter()
        .map(|(shape, node, name)| Block { name: name.clone(), ..block(moment, shape, *node) })
        .collect();
    let (blocks, arrows) = if shape.kind == "dag" { placed(shape, blocks) } else { (blocks, Vec::new()) };
    Block {
        name: shape.name.to_string(),
        kind: kind(moment, shape, node),
        tone: node.map_or(Tone::Idle, |node| tone_of(node.state)),
        state: node.map_or_else(|| "not begun".to_owned(), |node| state(node.state, node.attempt)),
        why: node.map_or_else(String::new, |node| node.because.to_owned()),
        time: node.and_then(|node| time(moment, node)).map_or_else(String::new, |time| Span(time).to_string()),
        policies: shape.policies.clone(),
        fill: node.map_or(0.0, |node| {
            if shape.children.is_empty() { work_done(moment, node) } else { parts_done(moment, shape, node, &blocks) }
        }),
        join: join(shape.kind),
        blocks,
        place: None,
        arrows,
    }
}

fn join(kind: &str) -> Join {
    match kind {
        "sequence" | "pipeline" => Join::Then,
        "fallback" => Join::Or,
        "dag" => Join::Plan,
        _ => Join::Beside,
    }
}

fn kind(moment: &Moment<'_>, shape: &Shape, node: Option<&Node<'_>>) -> String {
    let runs = node.map_or(0, |node| instances(moment, node, None).count());
    match (shape.kind, moment.run.repeats()) {
        ("task", _) => shape.notes.join(", "),
        (AGAIN, Some(times)) if runs > 0 => format!("{runs} of {times} runs"),
        (kind, _) => {
            std::iter::once(kind).chain(shape.notes.iter().map(String::as_str)).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What ran below a node, in the order in which it became known.
fn instances<'a>(
    moment: &'a Moment<'_>,
    node: &'a Node<'_>,
    name: Option<&'a str>,
) -> impl Iterator<Item = &'a Node<'a>> {
    let below = moment.nodes.iter().filter(move |child| child.parent == Some(node.id));
    below.filter(move |child| name.is_none_or(|name| child.name == name))
}

/// Whether a group runs one part more than once, side by side.
pub(super) fn numbers_its_runs(group: &Shape) -> bool {
    matches!(group.kind, "map" | "hedge")
}

/// The name of such a run.
pub(super) fn numbered(name: &str, number: usize) -> String {
    format!("{name} · {number}")
}

type Part<'a> = (&'a Shape, Option<&'a Node<'a>>, String);

/// What a part of a group is drawn as: usually one box, and as many as there are where it runs more than once side by
/// side.
fn runs<'a>(
    moment: &'a Moment<'_>,
    group: &'a Shape,
    (place, shape): (usize, &'a Shape),
    owner: Option<&'a Node<'_>>,
) -> Vec<Part<'a>> {
    let name = shape.name.to_string();
    let nodes: Vec<_> = owner.map_or_else(Vec::new, |owner| instances(moment, owner, Some(&shape.name)).collect());
    if numbers_its_runs(group) && !nodes.is_empty() {
        return nodes.iter().zip(1..).map(|(node, number)| (shape, Some(*node), numbered(&name, number))).collect();
    }
    // A group that runs again owns as many of a name again; the last ones count.
    let alike = |shapes: &[Shape]| shapes.iter().filter(|other| other.name == shape.name).count();
    let (all, before) = (alike(&group.children).max(1), alike(&group.children[..place]));
    let first = (nodes.len().max(1) - 1) / all * all;
    vec![(shape, nodes.get(first + before).copied(), name)]
}

/// How long it has run, or ran.
fn time(moment: &Moment<'_>, node: &Node<'_>) -> Option<Duration> {
    Some(until(moment, node) - node.began?)
}

fn until(moment: &Moment<'_>, node: &Node<'_>) -> Instant {
    if node.state.is_final() { node.since } else { moment.now }
}

/// Of a task: how much of the time that the service takes is over.
fn work_done(moment: &Moment<'_>, node: &Node<'_>) -> f64 {
    let plans = moment.run.service().plans();
    let plan = plans.iter().rev().find(|plan| plan.node == node.id && plan.from <= moment.now);
    match (node.state, plan) {
        (TaskState::Succeeded, _) => 1.0,
        (TaskState::Pending | TaskState::Retrying, _) => 0.0,
        (TaskState::Running, None) => 0.0,
        (TaskState::Failed | TaskState::Cancelled, None) => 0.0,
        (_, Some(Plan { from, until: end, .. })) => {
            let part = (until(moment, node) - *from).as_secs_f64() / (*end - *from).as_secs_f64();
            part.clamp(0.0, 1.0)
        }
    }
}

/// Of a group: how many of its parts have ended.
fn parts_done(moment: &Moment<'_>, shape: &Shape, node: &Node<'_>, blocks: &[Block]) -> f64 {
    let ended = |tone: Tone| matches!(tone, Tone::Succeeded | Tone::Failed | Tone::Cancelled);
    let (done, all) = match (node.state, shape.kind) {
        (TaskState::Succeeded, _) => return 1.0,
        (_, AGAIN) => {
            let ended = instances(moment, node, None).filter(|run| run.state.is_final()).count();
            (ended, moment.run.repeats().unwrap_or(1) as usize)
        }
        _ => (blocks.iter().filter(|block| ended(block.tone)).count(), blocks.len()),
    };
    done as f64 / all.max(1) as f64
}

/// Each step about as high as what it needs, so that arrows are short and pass few boxes.
fn places(needs: &[Vec<usize>], columns: &[u32]) -> Vec<Place> {
    let mut places: Vec<Place> = columns.iter().map(|column| Place { column: *column, row: 0 }).collect();
    let mut in_order: Vec<_> = (0..columns.len()).collect();
    in_order.sort_by_key(|step| columns[*step]);
    let mut taken = Vec::new();
    for step in in_order {
        let needed: u32 = needs[step].iter().map(|needed| places[*needed].row).sum();
        let wanted = needed / (needs[step].len().max(1) as u32);
        let free = |row: &u32| !taken.contains(&(columns[step], *row));
        let row = (wanted..).find(free).unwrap_or(wanted);
        taken.push((columns[step], row));
        places[step].row = row;
    }
    places
}

/// The boxes of a plan, each behind all that it needs, and what leads from box to box.
fn placed(shape: &Shape, mut blocks: Vec<Block>) -> (Vec<Block>, Vec<Arrow>) {
    let index = |name: &str| shape.children.iter().position(|child| &*child.name == name);
    let needs: Vec<Vec<_>> =
        shape.children.iter().map(|child| child.needs.iter().filter_map(|name| index(name)).collect()).collect();
    let mut columns = vec![0; blocks.len()];
    // A chain is at most as long as there are steps, and a plan has no circle.
    for _ in 0..blocks.len() {
        for (step, needs) in needs.iter().enumerate() {
            columns[step] = needs.iter().map(|needed| columns[*needed] + 1).max().unwrap_or(0);
        }
    }
    for (block, place) in blocks.iter_mut().zip(places(&needs, &columns)) {
        block.place = Some(place);
    }
    let leads = needs.iter().enumerate().flat_map(|(to, needs)| needs.iter().map(move |from| (*from, to)));
    let arrow = |(from, to): (usize, usize)| Arrow {
        from: from as u32,
        to: to as u32,
        done: blocks[from].tone == Tone::Succeeded,
    };
    let arrows = leads.map(arrow).collect();
    (blocks, arrows)
}
