//! As much of asyncio as the seed's task runner needs, for honest models of its mistakes: a queue, and tasks that a
//! cancellation reaches as an error, once, at whatever they await.

use core::cell::RefCell;
use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use std::panic::Location;
use std::rc::Rc;

use crate::executor::{JoinHandle, note, sleep, spawn_named};
use crate::sync::object::Object;
use crate::sync::waiters::{Seat, Waiters};
use crate::sync::{self, Tracked};
use crate::time::Duration;
use crate::trace::{Name, Place};

/// asyncio's `CancelledError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// The frame of a running task, as far as cancelling goes: whoever cancels it raises [`Cancelled`] at what it awaits,
/// once. Who catches that and goes on has not been cancelled.
#[derive(Default)]
pub struct Frame {
    is_raised: Tracked<bool>,
    /// Who awaits in this frame.
    waker: RefCell<Option<Waker>>,
}

impl Frame {
    pub fn cancel(&self) {
        self.is_raised.set(true);
        let waker = self.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Awaits in this frame.
    pub async fn wait<F: Future>(&self, future: F) -> Result<F::Output, Cancelled> {
        let mut future = pin!(future);
        poll_fn(|cx| {
            if self.is_raised.get() {
                self.is_raised.set(false);
                return Poll::Ready(Err(Cancelled));
            }
            self.waker.replace(Some(cx.waker().clone()));
            future.as_mut().poll(cx).map(Ok)
        })
        .await
    }
}

/// Where a job of the model is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pending,
    Running,
    Done,
    Cancelled,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Pending => "pending",
            Status::Running => "running",
            Status::Done => "done",
            Status::Cancelled => "cancelled",
        })
    }
}

/// A job: its record, its task, and its future.
pub struct Job {
    pub name: Name,
    pub status: Tracked<Status>,
    pub frame: Frame,
    length: Duration,
    settled: Line,
}

impl Job {
    pub fn new(name: Name, length: Duration) -> Rc<Self> {
        let (status, settled) = (Tracked::new(Status::Pending), Line::new("its result"));
        Rc::new(Job { name, status, frame: Frame::default(), length, settled })
    }

    /// Does the work; a cancellation is raised in it.
    #[track_caller]
    pub fn run(&self) -> impl Future<Output = Result<(), Cancelled>> {
        self.frame.wait(sleep(self.length).labelled("the end of the job"))
    }

    /// Notes what came of it, and tells everybody who waits.
    pub fn settle(&self, status: Status) {
        self.status.set(status);
        self.settled.wake_all();
    }

    /// Waits for the end.
    #[track_caller]
    pub fn ended(&self) -> impl Future<Output = Status> {
        let at = Location::caller();
        async move {
            while matches!(self.status.get(), Status::Pending | Status::Running) {
                self.settled.wait(at).await;
            }
            self.status.get()
        }
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// asyncio's bounded `Queue`: a place that comes free is announced, and not handed over.
pub struct Queue<T> {
    items: sync::Queue<T>,
    places: usize,
    putters: Line,
}

impl<T> Queue<T> {
    pub fn new(places: usize) -> Self {
        Queue { items: sync::Queue::new("a job"), places, putters: Line::new("a place in the queue") }
    }

    /// Puts an item in, when there is a place.
    #[track_caller]
    pub fn put(&self, item: T) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            while self.items.len() >= self.places {
                self.putters.wait(at).await;
            }
            self.put_now(item);
        }
    }

    /// Puts an item in, whether or not there is a place.
    pub fn put_now(&self, item: T) {
        _ = self.items.try_put(item); // there is no limit, and nobody closes it
    }

    /// Takes an item out, when there is one.
    #[track_caller]
    pub fn take(&self) -> impl Future<Output = T> {
        let taken = self.items.take();
        async move {
            let item = taken.await.expect("nobody closes it");
            self.putters.wake_first();
            item
        }
    }

    /// Takes an item out, if there is one.
    pub fn take_now(&self) -> Option<T> {
        let item = self.items.try_take()?;
        self.putters.wake_first();
        Some(item)
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }
}

/// A queue, and workers that run one loop each.
pub struct Runner {
    pub queue: Queue<Rc<Job>>,
    work: Work,
    alive: Tracked<usize>,
    crew: Tracked<Vec<(Rc<Frame>, JoinHandle<()>)>>,
}

/// The loop of one worker, in its frame.
pub type Work = fn(Rc<Runner>, Rc<Frame>) -> Pin<Box<dyn Future<Output = Result<(), Cancelled>>>>;

impl Runner {
    pub fn new(places: usize, work: Work) -> Rc<Self> {
        Rc::new(Runner { queue: Queue::new(places), work, alive: Tracked::new(0), crew: Tracked::default() })
    }

    /// Spawns workers of these names.
    pub fn start(self: &Rc<Self>, workers: &[Name]) {
        for name in workers {
            let (runner, frame) = (self.clone(), Rc::new(Frame::default()));
            let own = frame.clone();
            self.alive.update(|alive| *alive += 1);
            let worker = spawn_named(name, async move {
                // Nobody looks at the error with which a worker ends.
                let _ = (runner.work)(runner.clone(), own).await;
                runner.alive.update(|alive| *alive -= 1);
            });
            self.crew.update(|crew| crew.push((frame, worker)));
        }
    }

    /// Cancels the workers, and waits until they have ended.
    pub async fn shut_down(&self) {
        let crew = self.crew.replace(Vec::new());
        crew.iter().for_each(|(frame, _)| frame.cancel());
        for (_, worker) in crew {
            let _ = worker.await;
        }
    }

    /// How many workers are left.
    pub fn alive(&self) -> usize {
        self.alive.get()
    }
}

/// A job of a runner of ours: tells when it is begun and done, and when its worker drops it instead.
pub struct Underway {
    job: Name,
    is_done: bool,
}

impl Underway {
    #[track_caller]
    pub fn begin(job: Name) -> Self {
        note(format_args!("takes {job}"));
        Underway { job, is_done: false }
    }

    #[track_caller]
    pub fn done(mut self) {
        note(format_args!("has done {}", self.job));
        self.is_done = true;
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        if !self.is_done {
            note(format_args!("drops {} where it waits, and is free", self.job));
        }
    }
}

/// Tasks that wait to be woken.
struct Line {
    object: Object,
    waiters: RefCell<Waiters>,
}

impl Line {
    fn new(name: Name) -> Self {
        Line { object: Object::new(name), waiters: RefCell::default() }
    }

    fn wait(&self, at: Place) -> Wait<'_> {
        Wait { line: self, seat: None, at }
    }

    fn wake_first(&self) -> bool {
        self.object.write();
        let first = self.waiters.borrow_mut().serve_first();
        first.map(|waker| waker.wake()).is_some()
    }

    fn wake_all(&self) {
        while self.wake_first() {}
    }
}

struct Wait<'a> {
    line: &'a Line,
    seat: Option<Seat>,
    at: Place,
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let line = self.line;
        line.object.write();
        match self.seat {
            None => self.seat = Some(line.waiters.borrow_mut().join(cx.waker().clone())),
            Some(seat) if line.waiters.borrow_mut().is_served(seat, cx.waker()) => {
                self.seat = None;
                return Poll::Ready(());
            }
            Some(_) => {}
        }
        line.object.awaited(self.at);
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat {
            self.line.object.write();
            let served = self.line.waiters.borrow_mut().leave(seat);
            if served {
                self.line.wake_first();
            }
        }
    }
}
