//! A demo, run to its end on the virtual clock, or by a host in real time.

use core::cell::RefCell;
use std::rc::Rc;

use super::act::Act;
use super::catalogue::Demo;
use super::frame::{Frame, What};
use super::pipelines::{Circuit, Demonstration};
use super::service::Service;
use super::settings::Settings;
use crate::breaker::{CircuitBreaker, Metrics};
use crate::bus::{EventBus, Overflow, Subscription};
use crate::executor::{Executor, JoinHandle, entered_now};
use crate::flow::{Event, RunCx, Shape};
use crate::sync::CancelToken;
use crate::time::{Duration, Instant, ms};
use crate::trace::{CancelReason, TaskId};

/// A run that leaves so many frames is stopped; no demo comes near.
const MOST_FRAMES: usize = 20_000;

/// How long a task that is asked to stop may take for it.
const GRACE: Duration = ms(100);

/// A pipeline that runs, or has run.
pub struct Run {
    executor: Rc<Executor>,
    main: TaskId,
    token: CancelToken,
    shape: Shape,
    circuit: Option<Circuit>,
    before: Option<Metrics>,
    repeats: Option<u32>,
    service: Rc<Service>,
    film: Rc<Film>,
    /// The recorder, for as long as the run is there.
    _recorder: Subscription<Event>,
}

struct Film {
    frames: RefCell<Vec<Frame>>,
    breaker: Option<CircuitBreaker>,
}

impl Film {
    fn push(&self, time: Instant, what: What) {
        let circuit = self.breaker.as_ref().map(CircuitBreaker::metrics);
        self.frames.borrow_mut().push(Frame { time, what, circuit });
    }

    fn len(&self) -> usize {
        self.frames.borrow().len()
    }
}

impl Run {
    /// Makes the pipeline, and a task for it that nobody has polled. A host can drive the two.
    pub fn begin(demo: Demo, settings: &Settings) -> (Run, JoinHandle<()>) {
        let executor = Rc::new(Executor::new());
        let (bus, token, service) = (EventBus::new(), CancelToken::new(), Service::new(settings));
        let Demonstration { shape, circuit, repeats, call } = demo.build(settings, &service);
        let breaker = circuit.as_ref().map(|circuit| circuit.breaker.clone());
        if let Some(breaker) = &breaker {
            breaker.report_to(bus.publisher(Event::Circuit));
        }
        let before = breaker.as_ref().map(CircuitBreaker::metrics);
        let film = Rc::new(Film { frames: RefCell::default(), breaker });
        let recorder = record(&bus, &film);
        let cx = RunCx::new(&shape.name).reporting_to(&bus).cancelled_by(&token).grace(GRACE);
        let end = film.clone();
        let main = executor.spawn_named(&shape.name, async move {
            let outcome = call(cx).await;
            end.push(entered_now().unwrap_or_default(), What::Ended(outcome));
        });
        let (id, _recorder) = (main.id(), recorder);
        let run = Run { executor, main: id, token, shape, circuit, before, repeats, service, film, _recorder };
        (run, main)
    }

    /// Runs a demo on the virtual clock, first in, first out, until nothing is left to do. Each of `acts` is done
    /// as soon as there are that many frames and no task is being polled.
    pub fn to_end(demo: Demo, settings: &Settings, acts: &[(u32, Act)]) -> Run {
        let (run, _) = Run::begin(demo, settings);
        let mut acts = acts.iter().peekable();
        loop {
            while let Some((_, act)) = acts.next_if(|(step, _)| *step as usize <= run.film.len()) {
                run.act(*act);
            }
            if run.film.len() > MOST_FRAMES || !run.go_on() {
                return run;
            }
        }
    }

    /// Polls one task, or moves the clock; false when there is nothing left.
    fn go_on(&self) -> bool {
        if let Some(task) = self.executor.ready().first() {
            self.executor.poll(*task);
            return true;
        }
        let before = self.executor.now();
        let moved = self.executor.advance();
        if let Some(now) = moved {
            // The circuit asks its executor for the time.
            self.executor.enter(|| self.film.passed(before, now));
        }
        moved.is_some()
    }

    /// Does something to it, now.
    pub fn act(&self, act: Act) {
        self.executor.enter(|| {
            self.film.push(self.executor.now(), What::Told(act));
            let breaker = self.film.breaker.as_ref();
            match (act, breaker) {
                (Act::Stop, _) => {
                    self.token.cancel(CancelReason::Requested);
                }
                (Act::ForceOpen, Some(breaker)) => breaker.force_open(),
                (Act::ForceClosed, Some(breaker)) => breaker.force_closed(),
                (Act::Disable, Some(breaker)) => breaker.disable(),
                (Act::Reset, Some(breaker)) => breaker.reset(),
                (_, None) => {}
            }
        });
    }

    /// Drops the pipeline and everything that it owns, at once.
    pub fn abandon(&self) {
        self.executor.cancel(self.main, CancelReason::Shutdown);
    }

    /// What a host drives.
    pub fn executor(&self) -> &Rc<Executor> {
        &self.executor
    }

    /// What the pipeline consists of.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The pipeline's circuit, if it has one.
    pub fn circuit(&self) -> Option<&Circuit> {
        self.circuit.as_ref()
    }

    /// The circuit before anything happened.
    pub fn circuit_before(&self) -> Option<Metrics> {
        self.before
    }

    /// How often it runs what it owns, where it does so again and again.
    pub fn repeats(&self) -> Option<u32> {
        self.repeats
    }

    /// The service that it calls.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// What happened so far.
    pub fn frames(&self) -> Vec<Frame> {
        self.film.frames.borrow().clone()
    }

    /// The number of frames so far.
    pub fn steps(&self) -> u32 {
        self.film.len() as u32
    }

    /// What came of it, if it has ended.
    pub fn outcome(&self) -> Option<Result<String, String>> {
        self.film.frames.borrow().iter().find_map(|frame| match &frame.what {
            What::Ended(outcome) => Some(outcome.clone()),
            _ => None,
        })
    }
}

impl Film {
    /// Moves of the clock between which nothing is to be seen are one.
    fn passed(&self, before: Instant, now: Instant) {
        let last = self.frames.borrow_mut().pop();
        let from = match last {
            Some(Frame { time, what: What::Passed(passed), .. }) => {
                Instant::ZERO + (time - Instant::ZERO).saturating_sub(passed)
            }
            Some(other) => {
                self.frames.borrow_mut().push(other);
                before
            }
            None => before,
        };
        self.push(now, What::Passed(now - from));
    }
}

/// A filter hears of an event while it is published, when the circuit still is as the event left it.
fn record(bus: &EventBus<Event>, film: &Rc<Film>) -> Subscription<Event> {
    let film = film.clone();
    bus.subscribe_where(Overflow::default(), move |event| {
        film.push(entered_now().unwrap_or_default(), What::Event(event.clone()));
        false
    })
}
