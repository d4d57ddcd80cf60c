//! Who runs next: a decision, a list of decisions, and those who decide.
//!
//! Every decision is a value that prints and parses. A [`Schedule`] is what an address carries: either the name of a
//! policy, which decides everything, or the decisions themselves.

mod fifo;
mod person;
mod random;
mod replay;

use core::fmt;
use core::str::FromStr;
use std::rc::Rc;

pub use fifo::Fifo;
pub use person::Person;
pub use random::Random;
pub use replay::Replay;

/// The most decisions that a written schedule may hold.
pub const MAX_CHOICES: usize = 10_000;

/// What happens in one step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// The ready task of this name is polled.
    Poll(Rc<str>),
    /// The ready task of this name is polled, and its calls of [`fault`](crate::fault) are answered like this; those
    /// that come after them with 0.
    PollWith(Rc<str>, Vec<u32>),
    /// The future of the task of this name is dropped where it waits.
    Cancel(Rc<str>),
    /// The clock moves to the next deadline. Time passes only while no task is ready.
    Advance,
}

impl Choice {
    /// The choice to poll this task, and to answer its calls of [`fault`](crate::fault).
    pub fn poll(task: Rc<str>, mut answers: Vec<u32>) -> Choice {
        while answers.last() == Some(&0) {
            answers.pop();
        }
        match answers.is_empty() {
            true => Choice::Poll(task),
            false => Choice::PollWith(task, answers),
        }
    }

    /// The answers to what the polled task asks.
    pub fn answers(&self) -> &[u32] {
        match self {
            Choice::PollWith(_, answers) => answers,
            _ => &[],
        }
    }

    /// Whether the two differ at most in answers, which nobody can know before they are asked for.
    pub fn is_like(&self, other: &Choice) -> bool {
        match (self, other) {
            (Choice::Poll(task) | Choice::PollWith(task, _), Choice::Poll(other) | Choice::PollWith(other, _)) => {
                task == other
            }
            _ => self == other,
        }
    }
}

/// Decides the next step.
pub trait Scheduler {
    /// Which of `options` happens in step number `step`, counted from 1: an index, or none to stop here.
    ///
    /// `options` is not empty, and lists ready tasks in the order in which they became ready, or the clock. Behind
    /// them it lists tasks that may be cancelled where they wait, if the scenario allows that; none is cancelled by
    /// a scheduler that does not mean to.
    fn choose(&mut self, step: u32, options: &[Choice]) -> Option<usize>;

    /// Whether it stops because somebody has to decide, and may go on.
    fn waits(&self) -> bool {
        false
    }

    /// How to answer what the task that was chosen asks in this step.
    fn answers(&mut self, _step: u32) -> &[u32] {
        &[]
    }
}

/// Who decides, as an address says it: `fifo`, `random-7`, `you-A.B.~`, `replay-A.B?1.~.!A`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Schedule {
    /// First in, first out.
    #[default]
    Fifo,
    /// Uniformly at random, from this seed.
    Random(u64),
    /// A person, who has made these choices so far.
    Person(Vec<Choice>),
    /// These choices, then first in, first out.
    Replay(Vec<Choice>),
}

impl Schedule {
    /// The scheduler that follows this schedule.
    pub fn scheduler(&self) -> Box<dyn Scheduler + '_> {
        match self {
            Schedule::Fifo => Box::new(Fifo),
            Schedule::Random(seed) => Box::new(Random::new(*seed)),
            Schedule::Person(choices) => Box::new(Person::new(choices)),
            Schedule::Replay(choices) => Box::new(Replay::new(choices)),
        }
    }

    /// The decisions that are written down, if any.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Schedule::Person(choices) | Schedule::Replay(choices) => choices,
            Schedule::Fifo | Schedule::Random(_) => &[],
        }
    }
}

const TIME: &str = "~";
const CANCEL: char = '!';
const ANSWER: char = '?';

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Poll(name) => f.write_str(name),
            Choice::PollWith(name, answers) => {
                f.write_str(name)?;
                answers.iter().try_for_each(|answer| write!(f, "{ANSWER}{answer}"))
            }
            Choice::Cancel(name) => write!(f, "{CANCEL}{name}"),
            Choice::Advance => f.write_str(TIME),
        }
    }
}

impl FromStr for Choice {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        match text {
            "" => Err(ScheduleError::EmptyChoice),
            TIME => Ok(Choice::Advance),
            poll => match poll.strip_prefix(CANCEL) {
                Some("") => Err(ScheduleError::EmptyChoice),
                Some(name) => Ok(Choice::Cancel(Rc::from(name))),
                None => parse_poll(poll),
            },
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write_choices = |f: &mut fmt::Formatter<'_>, choices: &[Choice]| {
            choices.iter().enumerate().try_for_each(|(place, choice)| match place {
                0 => write!(f, "-{choice}"),
                _ => write!(f, ".{choice}"),
            })
        };
        match self {
            Schedule::Fifo => f.write_str("fifo"),
            Schedule::Random(seed) => write!(f, "random-{seed}"),
            Schedule::Person(choices) => {
                f.write_str("you")?;
                write_choices(f, choices)
            }
            Schedule::Replay(choices) => {
                f.write_str("replay")?;
                write_choices(f, choices)
            }
        }
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let (policy, rest) = match text.split_once('-') {
            Some((policy, rest)) => (policy, Some(rest)),
            None => (text, None),
        };
        match (policy, rest) {
            ("fifo", None) => Ok(Schedule::Fifo),
            ("random", Some(seed)) => seed.parse().map(Schedule::Random).map_err(|_| ScheduleError::BadSeed),
            ("random", None) => Err(ScheduleError::BadSeed),
            ("you", choices) => parse_choices(choices).map(Schedule::Person),
            ("replay", choices) => parse_choices(choices).map(Schedule::Replay),
            _ => Err(ScheduleError::UnknownPolicy),
        }
    }
}

fn parse_poll(text: &str) -> Result<Choice, ScheduleError> {
    let mut parts = text.split(ANSWER);
    let name = parts.next().filter(|name| !name.is_empty()).ok_or(ScheduleError::EmptyChoice)?;
    let answers = parts.map(|answer| answer.parse().map_err(|_| ScheduleError::BadAnswer));
    Ok(Choice::poll(Rc::from(name), answers.collect::<Result<_, _>>()?))
}

fn parse_choices(text: Option<&str>) -> Result<Vec<Choice>, ScheduleError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let mut choices = Vec::new();
    for choice in text.split('.') {
        if choices.len() == MAX_CHOICES {
            return Err(ScheduleError::TooLong);
        }
        choices.push(choice.parse()?);
    }
    Ok(choices)
}

/// Why a text is not a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleError {
    /// It begins with none of the policies.
    UnknownPolicy,
    /// The seed is not a whole number.
    BadSeed,
    /// What a task is answered is not a whole number.
    BadAnswer,
    /// Two separators stand side by side, or one at an end.
    EmptyChoice,
    /// It holds more than [`MAX_CHOICES`] choices.
    TooLong,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScheduleError::UnknownPolicy => {
                f.write_str("a schedule begins with fifo, random-SEED, you-CHOICES or replay-CHOICES")
            }
            ScheduleError::BadSeed => f.write_str("a random schedule needs a whole number as its seed"),
            ScheduleError::BadAnswer => f.write_str("an answer to a task is a whole number"),
            ScheduleError::EmptyChoice => f.write_str("a choice is empty"),
            ScheduleError::TooLong => write!(f, "a schedule holds at most {MAX_CHOICES} choices"),
        }
    }
}

impl std::error::Error for ScheduleError {}
