//! Pipelines to watch: the examples of the library that [`flow`](crate::flow) grew from, and what its users asked for.
//!
//! Each [`Demo`] is a pipeline of the real thing before a [`Service`] that is late and says no as often as its
//! [`Settings`] want it, drawn from a seed. The same demos are `examples/flow.rs` and the view *Flow* of the page.
//!
//! A [`Run`] of a demo leaves [`Frame`]s behind: one for each event of its bus, each move of the clock, and each
//! thing that a person did. What a [`Session`] shows is a fold over the frames up to the selected one. On the virtual
//! clock going back a step shows fewer of them, and an act of a person, such as stopping it, runs it again with that
//! act at that step. On a host's clock the same pipeline runs in real time, and can be run again from its seed.
//!
//! ```
//! use unstuck::demo::{Demo, Run};
//!
//! let run = Run::to_end(Demo::Flaky, &Demo::Flaky.settings(), &[]);
//! assert_eq!(run.outcome(), Some(Ok(r#""data_3""#.to_owned())));
//! ```

mod act;
mod address;
mod catalogue;
mod every;
mod frame;
mod pipelines;
mod run;
mod service;
mod session;
mod settings;
mod show;
mod view;

pub use self::act::{Act, Acts};
pub use self::catalogue::Demo;
pub use self::every::Every;
pub use self::frame::{Frame, What};
pub use self::pipelines::{Circuit, Demonstration};
pub use self::run::Run;
pub use self::service::{Plan, Service};
pub use self::session::{Action, ActionError, Session};
pub use self::settings::{Setting, Settings};
pub use self::view::{
    ActButton, Arrow, Block, CircuitNumber, CircuitPicture, CircuitPlace, ClockChoice, Countdown, DemoTitle, Film,
    Join, LogLine, Place, Probe, Sentence, Slider, Snapshot, Tick, Tone,
};
