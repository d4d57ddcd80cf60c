//! The runner with what a person asks of it: orders come in, boards go out.
//!
//! What the view "Runner" shows is a [`TaskRunner`] at work in real time. A desk keeps what the view needs besides:
//! who submits, what each worker did in the last seconds, a copy of the records that can be sorted and filtered, the
//! plots, and a journal of all that was done, from which the same run can be made in virtual time.
//!
//! ```
//! use unstuck::desk::{Desk, Order, Work};
//! use unstuck::time::ms;
//! use unstuck::{Executor, sleep};
//!
//! Executor::new().block_on(async {
//!     let desk = Desk::open(None, "in memory", || ()).unwrap();
//!     desk.order(Order::Submit { work: Work::Fail, count: 3 }).unwrap();
//!     sleep(ms(200)).await;
//!     let row = &desk.board().table.rows[0];
//!     assert_eq!((row.status.as_str(), row.result.as_str()), ("failed", "the service said no"));
//! });
//! ```

mod board;
mod front;
mod jobs;
mod kept;
mod lanes;
mod order;
mod plots;
mod records;
mod replay;
mod settings;
mod show;
mod words;

/// The file of the example itself, so that what runs in a page is what runs natively.
#[path = "../examples/task_runner.rs"]
#[expect(dead_code, reason = "its main function is for `cargo run --example`")]
mod seed;

use core::cell::{Cell, RefCell};
use core::num::NonZeroUsize;
use std::collections::VecDeque;
use std::rc::Rc;

pub use self::board::*;
use self::front::{Deed, Front};
pub use self::jobs::Foreign;
use self::jobs::{Recipe, TIMED};
use self::kept::Kept;
pub use self::order::{Ending, Order, OrderError, Query, RecordColumn, Setting, Show, Work};
use self::plots::Plots;
use self::records::Records;
use self::replay::Entry;
pub use self::replay::Replay;
use self::settings::Settings;
use crate::executor::{now, spawn_named};
use crate::runner::{
    BuildError, Delivery, JobId, Overflow, Shutdown, Store, TaskRecord, TaskRunner, TaskStatus, What,
};
use crate::snapshot::Sentence;
use crate::time::{Duration, Instant, ms};

/// How many records of jobs that ended are kept.
const KEPT_RECORDS: usize = 20_000;
/// How many events may wait to be looked at; when there were more, everything is read again.
const EVENTS: usize = 4_096;
/// Nobody submits more at a time.
const MOST_JOBS: u32 = 10_000;
/// How long a drain may take, and what runs may go on when it was asked to stop.
const DRAIN: Duration = ms(10_000);
const STOP: Duration = ms(500);

/// A runner, and what a person sees of it. Clones are the same desk. It lives on the executor it was opened on.
#[derive(Clone)]
pub struct Desk {
    shared: Rc<Shared>,
}

struct Shared {
    front: Front,
    kept: String,
    first_settings: Settings,
    /// The number of the first job of this visit: those of earlier ones have theirs.
    first_job: JobId,
    settings: RefCell<Settings>,
    records: RefCell<Records>,
    plots: RefCell<Plots>,
    journal: RefCell<Vec<Entry>>,
    submitted: Cell<u64>,
    closed: Cell<bool>,
    /// More happened than was listened to.
    lost_track: Cell<bool>,
    example: RefCell<Option<ExampleView>>,
    /// Whether `changed` was called since the last board.
    told: Cell<bool>,
    changed: Box<dyn Fn()>,
}

impl Desk {
    /// Opens a desk with a runner, whose records are kept in `store`, which `kept` tells of. `changed` is called when
    /// there is something new to see, and not again before [`Desk::board`] was.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn open(store: Option<Rc<dyn Store>>, kept: &str, changed: impl Fn() + 'static) -> Result<Desk, BuildError> {
        let settings = Settings::default();
        let mut builder = TaskRunner::builder().retention(KEPT_RECORDS);
        let mut unfinished = 0;
        if let Some(store) = store {
            let kept = Kept::read(store).map_err(BuildError::Store)?;
            unfinished = kept.unfinished();
            builder = builder.store(kept);
        }
        let front = Front::open(&settings, builder)?;
        let records = front.runner.records();
        let first_job = JobId(records.last().map_or(1, |last| last.id.0 + 1));
        front.say(words::interrupted(unfinished));
        let shared = Rc::new(Shared {
            front,
            kept: kept.to_owned(),
            first_settings: settings.clone(),
            first_job,
            settings: RefCell::new(settings),
            records: RefCell::new(Records::new(records)),
            plots: RefCell::default(),
            journal: RefCell::default(),
            submitted: Cell::new(0),
            closed: Cell::new(false),
            lost_track: Cell::new(false),
            example: RefCell::default(),
            told: Cell::new(false),
            changed: Box::new(changed),
        });
        let desk = Desk { shared };
        desk.listen();
        Ok(desk)
    }

    /// Does what a person asks for.
    ///
    /// # Errors
    ///
    /// An [`OrderError`] with a sentence; nothing was done then.
    pub fn order(&self, order: Order) -> Result<(), OrderError> {
        match order {
            Order::Submit { work, count } => self.submit(work, count)?,
            Order::Cancel { id } => self.cancel(JobId(id))?,
            Order::Pause => self.perform(Deed::Pause),
            Order::Resume => self.perform(Deed::Resume),
            Order::Set { setting, value } => self.set(setting, &value)?,
            Order::Look { query } => self.shared.records.borrow_mut().look(query),
            Order::Shutdown { how } => self.shut_down(how),
            Order::Example => self.run_example()?,
            Order::Dismiss => self.shared.front.say(None),
        }
        self.tell();
        Ok(())
    }

    /// Submits work that is not ours, such as the hash of a file, each with its name.
    ///
    /// # Errors
    ///
    /// When the runner is closed.
    pub fn submit_foreign(&self, works: Vec<(String, Foreign)>) -> Result<(), OrderError> {
        let recipe = |(name, attempt): (String, Foreign)| Recipe::Foreign { name: Rc::from(name), attempt };
        self.submit_all(works.into_iter().map(recipe).collect())
    }

    fn submit(&self, work: Work, count: u32) -> Result<(), OrderError> {
        if !(1..=MOST_JOBS).contains(&count) {
            return Err(OrderError::new(format!("From 1 to {MOST_JOBS} jobs can be submitted at a time.")));
        }
        let first = self.shared.submitted.get();
        self.shared.submitted.set(first + u64::from(count));
        self.submit_all((first..first + u64::from(count)).map(|number| Recipe::of(work, number)).collect())
    }

    fn submit_all(&self, jobs: Vec<Recipe>) -> Result<(), OrderError> {
        if self.shared.closed.get() {
            return Err(OrderError::new("The runner is closed and accepts no more jobs; start a new one."));
        }
        let wishes = self.shared.settings.borrow().wishes();
        self.perform(Deed::Submit { jobs, wishes });
        Ok(())
    }

    fn cancel(&self, id: JobId) -> Result<(), OrderError> {
        let Shared { front, records, .. } = &*self.shared;
        if front.runner.get_record(id).is_none() {
            return Err(OrderError::new(format!("The runner knows no job {}.", id.0)));
        }
        self.note(Deed::Cancel(id));
        if let Some(answer) = front.act(Deed::Cancel(id)) {
            records.borrow_mut().answered(id, answer);
            front.say(Some(words::cancelled(id.0, answer)));
        }
        Ok(())
    }

    fn set(&self, setting: Setting, value: &str) -> Result<(), OrderError> {
        let mut settings = self.shared.settings.borrow().clone();
        settings.set(setting, value)?;
        let deed = match setting {
            Setting::Workers => Some(Deed::Workers(settings.workers)),
            Setting::Capacity => Some(Deed::Capacity(settings.capacity)),
            Setting::Policy => Some(Deed::Policy(settings.policy)),
            // These are asked for with each job.
            Setting::Priority | Setting::Timeout | Setting::Retry => None,
        };
        self.shared.settings.replace(settings);
        deed.into_iter().for_each(|deed| self.perform(deed));
        Ok(())
    }

    fn shut_down(&self, how: Ending) {
        self.shared.closed.set(true);
        self.perform(Deed::Shutdown(match how {
            Ending::Drain => Shutdown::Drain { within: DRAIN },
            Ending::Cancel => Shutdown::Cancel { grace: STOP },
            Ending::Now => Shutdown::Now,
        }));
    }

    fn perform(&self, deed: Deed) {
        self.note(deed.clone());
        self.shared.front.act(deed);
    }

    fn note(&self, deed: Deed) {
        self.shared.journal.borrow_mut().push(Entry { at: now(), deed });
    }

    fn run_example(&self) -> Result<(), OrderError> {
        let runs = self.shared.example.borrow().as_ref().is_some_and(|example| example.running);
        if runs {
            return Err(OrderError::new("The example is still running."));
        }
        self.shared.example.replace(Some(ExampleView { running: true, lines: Vec::new() }));
        let desk = self.clone();
        drop(spawn_named("example", async move {
            let print = |text: String| {
                if let Some(example) = &mut *desk.shared.example.borrow_mut() {
                    example.lines.extend(text.lines().map(str::to_owned));
                }
                desk.tell();
            };
            seed::run(print).await;
            if let Some(example) = &mut *desk.shared.example.borrow_mut() {
                example.running = false;
            }
            desk.tell();
        }));
        Ok(())
    }

    /// The same jobs under the same settings in virtual time, with each file and hash taking as long as it took, and
    /// ending as it did.
    ///
    /// # Errors
    ///
    /// When nothing was submitted.
    pub fn replay(&self) -> Result<Replay, OrderError> {
        if !self.is_replayable() {
            return Err(OrderError::new("Nothing was submitted yet that could be run again."));
        }
        Ok(Replay::of(&self.shared.first_settings, self.shared.first_job, &self.retold()))
    }

    /// Whether anything was submitted.
    fn is_replayable(&self) -> bool {
        self.shared.journal.borrow().iter().any(|entry| matches!(entry.deed, Deed::Submit { .. }))
    }

    /// The journal with what became of each file or hash in its place: on a clock that jumps they would take no time.
    fn retold(&self) -> Vec<Entry> {
        let mut journal = self.shared.journal.borrow().clone();
        let mut known: VecDeque<TaskRecord> = self.shared.front.runner.records().into();
        known.retain(|record| record.id >= self.shared.first_job && TIMED.contains(&record.kind.as_str()));
        for entry in &mut journal {
            let Deed::Submit { jobs, .. } = &mut entry.deed else { continue };
            for job in jobs.iter_mut().filter(|job| job.is_timed()) {
                // What is called alike is told apart by its order.
                let (name, kind) = (job.name(), job.kind());
                let record = known.iter().position(|record| record.name == name && record.kind == kind);
                if let Some(record) = record.and_then(|place| known.remove(place)) {
                    *job = Recipe::retold(&record, now());
                }
            }
        }
        journal
    }

    /// Follows the runner's events for as long as it lives.
    fn listen(&self) {
        let desk = self.clone();
        let room = NonZeroUsize::new(EVENTS).expect("it is not zero");
        let mut events = desk.shared.front.runner.subscribe(room, Overflow::DropOldest);
        drop(spawn_named("listener", async move {
            while let Some(delivery) = events.next().await {
                match delivery {
                    Delivery::Event(event) => desk.hear(event.what, event.at),
                    Delivery::Missed(_) => desk.shared.lost_track.set(true),
                }
                desk.tell();
            }
            desk.tell();
        }));
    }

    fn hear(&self, what: What, at: Instant) {
        let What::Moved { job, to, .. } = what else { return };
        self.shared.records.borrow_mut().touch(job);
        let ended = to.is_terminal().then(|| self.shared.front.runner.get_record(job)).flatten();
        if let Some(record) = ended.filter(|_| to != TaskStatus::Evicted) {
            self.shared.plots.borrow_mut().ended(at, at - record.created);
        }
    }

    fn tell(&self) {
        if !self.shared.told.replace(true) {
            (self.shared.changed)();
        }
    }

    /// Says something above the board, until it is closed.
    pub fn say(&self, sentence: Sentence) {
        self.shared.front.say(Some(sentence));
        self.tell();
    }
}
