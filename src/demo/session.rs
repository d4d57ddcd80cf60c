//! A demo on the table: with which settings, on whose clock, at which step, and what a person did to it.

mod action;

use std::rc::Rc;

pub use self::action::{Action, ActionError};
use super::act::{Act, Acts};
use super::address::{self, Address};
use super::catalogue::Demo;
use super::frame::{Frame, What};
use super::run::Run;
use super::settings::{Setting, Settings};
use super::show::Moment;
use super::view::{ClockChoice, DemoTitle, Film, Slider, Snapshot};
use crate::executor::{Executor, JoinHandle};
use crate::time::Instant;

/// A demo, its settings, and a run of it.
///
/// On the virtual clock a session is nothing but its address: what is shown is a fold over the frames up to the
/// selected step, and every change runs the demo again. On a host's clock [`Session::take_to_drive`] hands out what
/// the host is to drive, and [`Session::look`] tells which time to show.
///
/// ```
/// use unstuck::demo::{Action, Session};
///
/// let mut session = Session::open("#/flow?demo=parallel&seed=1");
/// let end = session.apply(&Action::End).unwrap();
/// assert_eq!(end.pipeline.state, "succeeded");
/// let back = session.apply(&Action::Step { by: -1 }).unwrap();
/// assert_eq!(back.step, end.step - 1);
/// ```
pub struct Session {
    address: Address,
    notice: Option<String>,
    run: Run,
    host: Host,
    frames: Vec<Frame>,
    now: Instant,
    revision: u32,
}

/// Who lets a run go on.
enum Host {
    /// Nobody: it ran to its end on the virtual clock.
    Nobody,
    /// Nobody yet; the task is to be given to a host once somebody wants it to run.
    Wanted { main: JoinHandle<()>, run: bool },
    /// A host, which holds the task.
    Driving,
}

impl Session {
    /// Every demo, in the order of the list.
    pub fn catalogue() -> Vec<DemoTitle> {
        Demo::ALL.map(title).into()
    }

    /// Opens an address, or as much of it as there is.
    pub fn open(text: &str) -> Session {
        let (address, mut ignored) = Address::parse(text);
        let (run, host) = begin(&address);
        let mut session =
            Session { address, notice: None, run, host, frames: Vec::new(), now: Instant::ZERO, revision: 0 };
        session.frames = session.run.frames();
        if session.address.step > session.last() && session.is_virtual() {
            ignored.push(format!("the step {}, because the run has {}", session.address.step, session.last()));
        }
        session.address.step = session.address.step.min(session.last());
        session.notice = address::notice(&ignored);
        session
    }

    /// Does what a person asks for, and shows what is to be seen then.
    ///
    /// # Errors
    ///
    /// An [`ActionError`] with a sentence; nothing was done then.
    pub fn apply(&mut self, action: &Action) -> Result<Snapshot, ActionError> {
        match action {
            Action::Open { address } => self.reopen(address),
            Action::Step { by } => self.go(self.address.step.saturating_add_signed(*by)),
            Action::Go { to } => self.go(*to),
            Action::End => self.go(self.last()),
            Action::Reset => self.reset(),
            Action::Set { name, to } => {
                let setting = Setting::of_id(name).ok_or_else(|| no_setting(name))?;
                self.set(self.address.settings.with(setting, *to));
            }
            Action::Seed { to } => self.set(self.address.settings.drawn_from(*to)),
            Action::Clock { value } => {
                self.address.clock = address::clock(value).map_err(ActionError::ignoring)?;
                self.reset();
            }
            Action::Act { value } => self.act(value.parse().map_err(ActionError::new)?)?,
            Action::Run => self.want_to_run()?,
        }
        self.look(self.now);
        Ok(self.snapshot())
    }

    /// What a host is to drive, once somebody wants it to run.
    pub fn take_to_drive(&mut self) -> Option<(Rc<Executor>, JoinHandle<()>)> {
        match core::mem::replace(&mut self.host, Host::Driving) {
            Host::Wanted { main, run: true } => Some((self.run.executor().clone(), main)),
            other => {
                self.host = other;
                None
            }
        }
    }

    /// Shows what has happened up to now, by the clock of the host that drives it.
    pub fn look(&mut self, now: Instant) {
        if self.is_virtual() {
            return;
        }
        if self.run.steps() != self.frames.len() as u32 {
            self.frames = self.run.frames();
            self.revision += 1;
        }
        self.address.step = self.last();
        let end = self.frames.iter().find(|frame| matches!(frame.what, What::Ended(_)));
        self.now = end.map_or(now, |end| end.time);
    }

    /// What is to be seen now.
    pub fn snapshot(&self) -> Snapshot {
        let moment = self.moment();
        let ended = moment.has_ended();
        let live = matches!(self.host, Host::Driving | Host::Wanted { run: true, .. }) && !ended;
        Snapshot {
            address: self.address.to_string(),
            notice: self.notice.clone(),
            demo: title(self.address.demo),
            clock: self.address.clock,
            seed: self.address.settings.seed,
            sliders: self.sliders(),
            step: self.address.step,
            last: self.last(),
            time: format!("t = {}", self.shown_time()),
            said: moment.said(),
            live,
            can_run: !self.is_virtual() && !live,
            can_stop: (live || self.is_virtual()) && !ended && !self.was_stopped(),
            pipeline: moment.pipeline(),
            circuit: moment.circuit(),
            revision: self.revision,
        }
    }

    /// The log of the whole run so far.
    pub fn film(&self) -> Film {
        Film { revision: self.revision, log: Moment::new(&self.run, &self.frames, self.now).log() }
    }

    /// The run that is shown.
    pub fn run(&self) -> &Run {
        &self.run
    }

    fn reopen(&mut self, address: &str) {
        self.run.abandon();
        let revision = self.revision + 1;
        *self = Session { revision, ..Session::open(address) };
    }

    fn go(&mut self, to: u32) {
        self.notice = None;
        self.address.step = to.min(self.last());
    }

    fn set(&mut self, settings: Settings) {
        self.address.settings = settings;
        // They belong to steps of a run that is no more.
        self.address.acts = Acts::default();
        self.rerun();
    }

    fn reset(&mut self) {
        self.address.acts = Acts::default();
        self.address.step = 0;
        self.rerun();
    }

    /// On the virtual clock: after the selected step, and what came after it is forgotten.
    fn act(&mut self, act: Act) -> Result<(), ActionError> {
        if act == Act::Stop && !self.snapshot().can_stop {
            return Err(ActionError::new("There is nothing to stop: it does not run."));
        }
        if !self.is_virtual() {
            self.run.executor().advance_to(self.now);
            self.run.act(act);
            return Ok(());
        }
        let acts = self.address.acts.then(self.address.step, act);
        if acts.as_slice().len() > Acts::MOST {
            return Err(ActionError::new(format!("A run holds at most {} acts.", Acts::MOST)));
        }
        let number = acts.as_slice().len();
        self.address.acts = acts;
        self.rerun();
        let told = self.frames.iter().zip(1..).filter(|(frame, _)| matches!(frame.what, What::Told(_)));
        let step = told.map(|(_, step)| step).nth(number - 1);
        self.go(step.unwrap_or(self.address.step));
        Ok(())
    }

    fn want_to_run(&mut self) -> Result<(), ActionError> {
        if self.is_virtual() {
            return Err(ActionError::new(
                "On the virtual clock it has run already: step through it, or choose real time.",
            ));
        }
        if self.snapshot().can_run && !matches!(self.host, Host::Wanted { .. }) {
            self.rerun();
        }
        if let Host::Wanted { run, .. } = &mut self.host {
            *run = true;
        }
        Ok(())
    }

    fn rerun(&mut self) {
        self.notice = None;
        self.run.abandon();
        (self.run, self.host) = begin(&self.address);
        self.frames = self.run.frames();
        self.now = Instant::ZERO;
        self.address.step = self.address.step.min(self.last());
        self.revision += 1;
    }

    fn moment(&self) -> Moment<'_> {
        Moment::new(&self.run, &self.frames[..self.address.step as usize], self.shown_time())
    }

    fn shown_time(&self) -> Instant {
        match (self.is_virtual(), self.address.step) {
            (false, _) => self.now,
            (true, 0) => Instant::ZERO,
            (true, step) => self.frames[step as usize - 1].time,
        }
    }

    fn was_stopped(&self) -> bool {
        let shown = &self.frames[..self.address.step as usize];
        shown.iter().any(|frame| frame.what == What::Told(Act::Stop))
    }

    fn is_virtual(&self) -> bool {
        self.address.clock == ClockChoice::Virtual
    }

    fn last(&self) -> u32 {
        self.frames.len() as u32
    }

    fn sliders(&self) -> Vec<Slider> {
        let has_circuit = self.run.circuit().is_some();
        let shown = Setting::ALL.into_iter().filter(|setting| has_circuit || !setting.is_of_circuit());
        shown.map(|setting| slider(setting, self.address.settings.get(setting))).collect()
    }
}

fn begin(address: &Address) -> (Run, Host) {
    match address.clock {
        ClockChoice::Virtual => (Run::to_end(address.demo, &address.settings, address.acts.as_slice()), Host::Nobody),
        ClockChoice::Real => {
            let (run, main) = Run::begin(address.demo, &address.settings);
            (run, Host::Wanted { main, run: false })
        }
    }
}

fn title(demo: Demo) -> DemoTitle {
    DemoTitle {
        id: demo.id().to_owned(),
        title: demo.title().to_owned(),
        sentence: demo.sentence().to_owned(),
        family: demo.family().to_owned(),
        filter: demo.filter().to_owned(),
    }
}

fn slider(setting: Setting, value: u32) -> Slider {
    let (min, max, step) = setting.range();
    let (id, label) = (setting.id().to_owned(), setting.label().to_owned());
    Slider { id, label, value, text: setting.text(value), min, max, step }
}

fn no_setting(name: &str) -> ActionError {
    ActionError::new(format!("There is nothing to turn that is called {}.", address::quote(name)))
}
