//! The whole run of both panes: the time axis, the lanes and the log.

use super::moment::Moment;
use super::palette::Palette;
use super::words::tell_event;
use super::{
    Arrow, BugTitle, Column, Film, FindingTick, Lane, LaneEnd, LeastStep, LogLine, OriginTitle, Passed, Span, Tone,
};
use crate::bugs::{Bug, Origin};
use crate::scenario::Run;
use crate::schedule::{Choice, Schedule};
use crate::time::{self, Duration, Instant};
use crate::trace::{Entry, Event, TaskId, Wait};

/// A stretch of time is drawn at most this many units wide.
const WIDEST: f32 = 4.0;

pub(crate) fn film(revision: u32, bug: &Bug, palette: &Palette, runs: &[&Run]) -> Film {
    film_of(revision, title(bug, palette), palette, runs)
}

/// The film of a run that is no version of a bug, under a title of its own.
pub(crate) fn film_of_run(title: &str, sentence: &str, palette: &Palette, run: &Run) -> Film {
    let bug = BugTitle {
        id: String::new(),
        title: title.to_owned(),
        sentence: sentence.to_owned(),
        family: String::new(),
        module: "flags".to_owned(),
        origins: Vec::new(),
        versions: String::new(),
        least: Vec::new(),
    };
    film_of(0, bug, palette, &[run])
}

fn film_of(revision: u32, bug: BugTitle, palette: &Palette, runs: &[&Run]) -> Film {
    let mut film = Film {
        revision,
        bug,
        columns: columns(runs),
        lanes: Vec::new(),
        arrows: Vec::new(),
        divergence: divergence(runs),
        findings: Vec::new(),
        log: Vec::new(),
    };
    for (number, run) in runs.iter().enumerate() {
        Reel::new(number as u32, run, palette).wind(&mut film);
    }
    film
}

pub(crate) fn title(bug: &Bug, palette: &Palette) -> BugTitle {
    let [buggy, _] = bug.ends();
    BugTitle {
        id: bug.id.to_owned(),
        title: bug.title.to_owned(),
        sentence: bug.sentence.to_owned(),
        family: bug.family.title().to_owned(),
        module: bug.module().to_owned(),
        origins: bug.origins.iter().map(origin).collect(),
        versions: bug.variants.iter().map(|variant| variant.role.title()).collect::<Vec<_>>().join(", "),
        least: buggy.fails.map_or_else(Vec::new, |fails| least(fails.schedule, palette)),
    }
}

fn origin(origin: &Origin) -> OriginTitle {
    let (Origin::Seed(text) | Origin::Repository(text) | Origin::Issue(text)) = origin;
    OriginTitle { text: (*text).to_owned(), link: origin.link() }
}

/// The steps of a stored schedule; colours are those of the tasks in every picture of the bug.
fn least(schedule: &str, palette: &Palette) -> Vec<LeastStep> {
    let schedule: Schedule = schedule.parse().unwrap_or_default();
    let step = |choice: &Choice| match choice {
        Choice::Advance => LeastStep { colour: None, forced: false },
        Choice::Poll(name) => LeastStep { colour: Some(palette.colour(name)), forced: false },
        Choice::PollWith(name, _) | Choice::Cancel(name) => {
            LeastStep { colour: Some(palette.colour(name)), forced: true }
        }
    };
    schedule.choices().iter().map(step).collect()
}

/// A column per step. Polls are one unit wide; the shortest stretch of time is too, and longer ones in proportion.
fn columns(runs: &[&Run]) -> Vec<Column> {
    let passed: Vec<Vec<Duration>> = runs.iter().map(|run| passed_by_step(run)).collect();
    let unit = passed.iter().flatten().filter(|span| !span.is_zero()).min().copied().unwrap_or(Duration::MAX);
    let steps = passed.iter().map(Vec::len).max().unwrap_or(0);
    let mut x = 0.0;
    (0..steps)
        .map(|step| {
            let of_step = passed.iter().enumerate().filter_map(|(pane, spans)| Some((pane, *spans.get(step)?)));
            let of_step: Vec<(usize, Duration)> = of_step.filter(|(_, span)| !span.is_zero()).collect();
            let units = |span: Duration| span.as_secs_f32() / unit.as_secs_f32();
            let width = of_step.iter().map(|(_, span)| units(*span).min(WIDEST)).fold(1.0, f32::max);
            let passed = of_step.iter().map(|(pane, span)| Passed {
                pane: *pane as u32,
                label: time::Span(*span).to_string(),
                folded: units(*span) > WIDEST,
            });
            let column = Column { x, width, passed: passed.collect() };
            x += width;
            column
        })
        .collect()
}

/// How far the clock moved in each step.
fn passed_by_step(run: &Run) -> Vec<Duration> {
    let mut passed = vec![Duration::ZERO; run.steps() as usize];
    let mut now = Instant::ZERO;
    for entry in run.trace.entries() {
        if let (Event::Advanced { to }, Some(span)) =
            (&entry.event, passed.get_mut((entry.step as usize).wrapping_sub(1)))
        {
            *span = *to - now;
            now = *to;
        }
    }
    passed
}

/// The first step in which the panes do different things, whatever their sources look like.
fn divergence(runs: &[&Run]) -> Option<u32> {
    let [first, second] = runs else { return None };
    let steps = first.steps().max(second.steps());
    (1..=steps).find(|step| deeds(first, *step) != deeds(second, *step))
}

/// What could be seen of a step from outside, in no order: not where in the source it was, nor who took which lock or
/// waits for whom.
pub(crate) fn deeds(run: &Run, step: u32) -> Vec<String> {
    let moment = Moment::new(run);
    let deed = |entry: &Entry| match &entry.event {
        event @ (Event::Polled { task } | Event::Ended { task, .. }) => {
            format!("{} {}", moment.name(*task), tell_event(&moment, entry.time, event))
        }
        event => tell_event(&moment, entry.time, event),
    };
    let is_inside = |event: &Event| match event {
        Event::Acquired { .. } | Event::Released { .. } => true,
        Event::Waits { on, .. } => matches!(on, Wait::Object { .. } | Wait::Task { .. }),
        _ => false,
    };
    let mut deeds: Vec<String> = Vec::new();
    for entry in run.trace.of_step(step).iter().filter(|entry| !is_inside(&entry.event)) {
        let deed = deed(entry);
        // A step has few deeds, and the library's sort would weigh more than all else that is done to them.
        deeds.insert(deeds.partition_point(|other| *other <= deed), deed);
    }
    deeds
}

/// Winds through a run once, step by step.
struct Reel<'a> {
    palette: &'a Palette,
    pane: u32,
    run: &'a Run,
    moment: Moment<'a>,
    /// The first of our lanes in the film; the others follow in the order of spawning.
    first_lane: usize,
    /// The tone of each of our lanes since an abscissa, none once it ended.
    open: Vec<Option<(Tone, f32)>>,
}

impl<'a> Reel<'a> {
    fn new(pane: u32, run: &'a Run, palette: &'a Palette) -> Self {
        Reel { palette, pane, run, moment: Moment::new(run), first_lane: 0, open: Vec::new() }
    }

    fn wind(mut self, film: &mut Film) {
        self.first_lane = film.lanes.len();
        for step in 0..=self.run.steps() {
            let (from, to) = match step.checked_sub(1) {
                Some(column) => {
                    let column = &film.columns[column as usize];
                    (column.x, column.x + column.width)
                }
                None => (0.0, 0.0),
            };
            for entry in self.run.trace.of_step(step) {
                self.log(film, entry);
                self.moment.apply(entry);
                self.draw(film, entry, from, to);
            }
            self.settle(film, step, to);
        }
        let end = film.columns.last().map_or(0.0, |column| column.x + column.width);
        (0..self.open.len()).for_each(|own| self.close(film, own, end));
    }

    fn log(&self, film: &mut Film, entry: &Entry) {
        let (task, tone) = match &entry.event {
            Event::Spawned { task, .. }
            | Event::Polled { task }
            | Event::Waits { task, .. }
            | Event::Woken { task, .. }
            | Event::Acquired { task, .. }
            | Event::Ended { task, .. } => (Some(*task), Tone::Quiet),
            Event::Released { task, .. } | Event::Noted { task, .. } => (*task, Tone::Quiet),
            Event::Advanced { .. } | Event::Changed { .. } => (None, Tone::Quiet),
            Event::Linted { lint } => (lint.task(), Tone::Lint),
            Event::Broken { .. } => (None, Tone::Bad),
        };
        film.log.push(LogLine {
            number: entry.number,
            step: entry.step,
            pane: self.pane,
            time: (entry.time.as_nanos() / 1_000_000).to_string(),
            tag: task.map(|task| self.palette.tag(&self.moment.name(task))),
            text: tell_event(&self.moment, self.moment.time, &entry.event),
            tone,
        });
    }

    /// What an event draws at once: births, polls, ends, wake-ups and findings.
    fn draw(&mut self, film: &mut Film, entry: &Entry, from: f32, to: f32) {
        match &entry.event {
            Event::Spawned { task, .. } => {
                let tag = self.palette.tag(&self.moment.name(*task));
                film.lanes.push(Lane { pane: self.pane, tag, spans: Vec::new(), end: None });
                self.open.push(Some((Tone::Ready, to)));
            }
            Event::Polled { task } => {
                let own = self.own(*task);
                self.close(film, own, from);
                self.open[own] = Some((Tone::Running, from));
            }
            Event::Ended { task, .. } => {
                let own = self.own(*task);
                self.close(film, own, to);
                let tone = self.moment.tasks[own].state().0;
                film.lanes[self.first_lane + own].end = Some(LaneEnd { at: to, tone });
            }
            Event::Woken { task, by: Some(by) } if by != task => {
                let [from, to_lane] = [*by, *task].map(|task| (self.first_lane + self.own(task)) as u32);
                film.arrows.push(Arrow { at: to, from, to: to_lane });
            }
            Event::Broken { sentence, .. } => {
                let (step, pane) = (entry.step, self.pane);
                film.findings.push(FindingTick { step, pane, sentence: sentence.to_string() });
            }
            _ => {}
        }
    }

    /// After a step, every task that took part in it goes on in its new tone.
    fn settle(&mut self, film: &mut Film, step: u32, to: f32) {
        for entry in self.run.trace.of_step(step) {
            let (Event::Polled { task } | Event::Woken { task, .. }) = &entry.event else { continue };
            let own = self.own(*task);
            let tone = self.moment.tasks[own].state().0;
            if self.open[own].is_some_and(|(open, _)| open != tone) {
                self.close(film, own, to);
                self.open[own] = Some((tone, to));
            }
        }
    }

    /// The place of a task among ours, in the order of spawning.
    fn own(&self, task: TaskId) -> usize {
        self.moment.place_of(task).expect("a task is spawned before it does anything")
    }

    fn close(&mut self, film: &mut Film, own: usize, at: f32) {
        if let Some((tone, since)) = self.open[own].take()
            && at > since
        {
            film.lanes[self.first_lane + own].spans.push(Span { from: since, to: at, tone });
        }
    }
}
