//! Bug 15: subscribers that run inside of the tasks that they observe.
//!
//! From the seed's pipelines, whose own documented subscriber makes every task fail. Two tasks, `fetch` and `render`,
//! tell when they start and when they are done. The mailer sends a mail for each event until its mailbox is full, and
//! the log writes a line for each. In the buggy bus an error of the mailer goes to whoever emits. The half-fix gives
//! every subscriber a task of its own for each event: nobody is hurt, and the order of the lines is left to chance.

mod buggy;
mod fixed;
mod half_fixed;
mod report;

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use super::{Bug, Fails, Family, Origin, Role, Variant};
use crate::bus::{EventBus, Overflow, Subscription};
use crate::executor::{Sleep, note, note_error, sleep, spawn_named};
use crate::scenario::Stage;
use crate::sync::Tracked;
use crate::time::{Duration, ms};
use crate::trace::Name;

pub(super) const BUG: Bug = Bug {
    id: "observer",
    number: 15,
    title: "The observer that kills the task",
    sentence: "A mail cannot be sent, and the work that it would have told of fails.",
    family: Family::FlagsAndState,
    origins: &[Origin::Seed("the Python library async_orch"), Origin::Issue("developit/mitt#200")],
    bound: 10_000,
    writeup: report::WRITEUP,
    variants: &[
        Variant {
            role: Role::Buggy,
            file: "observer/buggy.rs",
            source: include_str!("observer/buggy.rs"),
            scenario: buggy,
            fails: Some(Fails {
                invariant: "a subscriber changes no outcome",
                schedule: "replay-render.fetch.~.fetch",
            }),
        },
        Variant {
            role: Role::HalfFix,
            file: "observer/half_fixed.rs",
            source: include_str!("observer/half_fixed.rs"),
            scenario: half_fixed,
            fails: Some(Fails { invariant: "the log is in order", schedule: "replay-fetch.render.log-2.log" }),
        },
        Variant {
            role: Role::Fixed,
            file: "observer/fixed.rs",
            source: include_str!("observer/fixed.rs"),
            scenario: fixed,
            fails: None,
        },
    ],
};

/// What happened, by its place in the order of all events.
#[derive(Clone, Copy)]
struct Event {
    number: u32,
    task: Name,
    deed: Deed,
}

/// What a task tells of itself.
#[derive(Clone, Copy)]
enum Deed {
    Started,
    Done,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deed = match self.deed {
            Deed::Started => "started",
            Deed::Done => "done",
        };
        write!(f, "{} {deed}", self.task)
    }
}

/// The mailbox is full.
#[derive(Clone, Copy, Debug)]
struct MailboxFull;

/// A subscriber is called with every event.
type Subscriber = Rc<dyn Fn(Event) -> Result<(), MailboxFull>>;

const TASKS: [(Name, Duration); 2] = [("fetch", ms(100)), ("render", ms(150))];
const MAILBOX: u32 = 2;

/// What came of a task: nothing yet, or whether its work counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Nothing,
    Done,
    Failed,
}

/// What is true, whatever the bus makes of it.
#[derive(Default)]
struct World {
    events: Tracked<u32>,
    mails: Tracked<u32>,
    log: Tracked<Vec<Event>>,
}

impl World {
    fn event(&self, task: Name, deed: Deed) -> Event {
        self.events.update(|events| *events += 1);
        Event { number: self.events.get(), task, deed }
    }

    /// Tells of each event by mail, until the mailbox is full.
    fn mailer(self: &Rc<Self>) -> Subscriber {
        let world = self.clone();
        Rc::new(move |_| match world.mails.get() {
            MAILBOX => Err(MailboxFull),
            mails => {
                world.mails.set(mails + 1);
                Ok(())
            }
        })
    }

    /// Writes a line for each event.
    fn logger(self: &Rc<Self>) -> Subscriber {
        let world = self.clone();
        Rc::new(move |event| {
            world.log.update(|log| log.push(event));
            Ok(())
        })
    }
}

/// A task that is observed.
#[derive(Clone)]
struct Task {
    world: Rc<World>,
    name: Name,
    takes: Duration,
}

impl Task {
    fn started(&self) -> Event {
        self.world.event(self.name, Deed::Started)
    }

    #[track_caller]
    fn work(&self) -> Sleep {
        sleep(self.takes).labelled("the work")
    }

    fn done(&self) -> Event {
        self.world.event(self.name, Deed::Done)
    }
}

type Run = Pin<Box<dyn Future<Output = Result<(), MailboxFull>>>>;

fn buggy(stage: &Stage) {
    let world = Rc::new(World::default());
    let bus = Rc::new(buggy::Bus { subscribers: vec![("mailer", world.mailer()), ("log", world.logger())] });
    set(stage, &world, &|task| {
        let bus = bus.clone();
        Box::pin(async move { buggy::run(&task, &bus).await })
    });
}

fn half_fixed(stage: &Stage) {
    let world = Rc::new(World::default());
    let bus = Rc::new(half_fixed::Bus { subscribers: vec![("mailer", world.mailer()), ("log", world.logger())] });
    set(stage, &world, &|task| {
        let bus = bus.clone();
        Box::pin(async move {
            half_fixed::run(&task, &bus).await;
            Ok(())
        })
    });
}

fn fixed(stage: &Stage) {
    let world = Rc::new(World::default());
    let bus = EventBus::new();
    let subscribers = [("mailer", world.mailer()), ("log", world.logger())]
        .map(|(name, subscriber)| (name, subscriber, bus.subscribe(Overflow::default())));
    set(stage, &world, &|task| {
        let bus = bus.clone();
        Box::pin(async move {
            fixed::run(&task, bus).await;
            Ok(())
        })
    });
    for (name, subscriber, events) in subscribers {
        stage.spawn(name, fixed::listen(events, subscriber));
    }
}

/// The scenario, the same for every version: which tasks there are, what is shown, what must hold.
fn set(stage: &Stage, world: &Rc<World>, run: &dyn Fn(Task) -> Run) {
    let seen = world.clone();
    stage.show("mails sent", move || format!("{} of {MAILBOX}", seen.mails.get()));
    let seen = world.clone();
    stage.show("log", move || told(&seen));
    let outcomes = Rc::new(TASKS.map(|_| Tracked::new(Came::Nothing)));

    let seen = outcomes.clone();
    stage.always("a subscriber changes no outcome", move || {
        let failed = TASKS.iter().zip(&*seen).find(|(_, came)| came.get() == Came::Failed);
        failed.map_or(Ok(()), |((name, _), _)| {
            Err(format!("{name} did its work, and failed because a mailbox is full"))
        })
    });
    let seen = world.clone();
    stage.always("the log is in order", move || {
        let in_order = seen.log.with(|log| log.is_sorted_by_key(|event| event.number));
        if in_order { Ok(()) } else { Err(format!("the log says: {}", told(&seen))) }
    });
    let (seen, events) = (world.clone(), world.clone());
    stage.finally("the log has every event", move || match (seen.log.with(Vec::len), events.events.get()) {
        (lines, events) if lines == events as usize => Ok(()),
        (lines, events) => Err(format!("there were {events} events, and the log has {lines} lines")),
    });

    for (place, (name, takes)) in TASKS.into_iter().enumerate() {
        let (run, outcomes) = (run(Task { world: world.clone(), name, takes }), outcomes.clone());
        stage.spawn(name, async move {
            let outcome = run.await;
            outcomes[place].set(if outcome.is_ok() { Came::Done } else { Came::Failed });
        });
    }
}

fn told(world: &World) -> String {
    let lines = world.log.with(|log| log.iter().map(Event::to_string).collect::<Vec<_>>());
    if lines.is_empty() { "empty".to_owned() } else { lines.join(", ") }
}
