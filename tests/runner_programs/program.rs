//! A random program against a runner.

use proptest::prelude::*;

#[derive(Clone, Debug)]
pub enum Action {
    Submit { work: Work, priority: u8, patience: Option<u8> },
    Cancel { job: usize },
    Pause,
    Resume,
    Resize { workers: usize },
    Prioritise { job: usize, priority: u8 },
    WaitBriefly { job: usize, time: u8 },
    Sleep { time: u8 },
    DropHandle { job: usize },
}

#[derive(Clone, Debug)]
pub enum Work {
    Returns { after: u8 },
    Fails { after: u8, attempts: u8 },
    Panics { after: u8 },
    TimesOut { limit: u8 },
    Tidies { limit: u8, grace: u8 },
    MissesDeadline { within: u8 },
    Unstoppable { after: u8, limit: u8 },
    Parent { children: u8, waits: bool },
}

#[derive(Clone, Debug)]
pub struct Program {
    pub workers: usize,
    pub capacity: usize,
    pub policy: u8,
    pub actions: Vec<Action>,
    pub end: u8,
    /// What the scheduler chooses by.
    pub seed: u64,
}

pub fn work() -> impl Strategy<Value = Work> {
    let time = || 0..6u8;
    prop_oneof![
        3 => time().prop_map(|after| Work::Returns { after }),
        1 => (time(), 1..4u8).prop_map(|(after, attempts)| Work::Fails { after, attempts }),
        1 => time().prop_map(|after| Work::Panics { after }),
        1 => time().prop_map(|limit| Work::TimesOut { limit }),
        1 => (time(), time()).prop_map(|(limit, grace)| Work::Tidies { limit, grace }),
        1 => time().prop_map(|within| Work::MissesDeadline { within }),
        1 => (time(), time()).prop_map(|(after, limit)| Work::Unstoppable { after, limit }),
        1 => (1..3u8, any::<bool>()).prop_map(|(children, waits)| Work::Parent { children, waits }),
    ]
}

/// How long a submitter waits; none does not wait at all.
pub fn patience() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![Just(None), (0..3u8).prop_map(Some), Just(Some(200))]
}

pub fn action() -> impl Strategy<Value = Action> {
    let job = || 0..12usize;
    prop_oneof![
        6 => (work(), 0..3u8, patience()).prop_map(|(work, priority, patience)| Action::Submit { work, priority, patience }),
        2 => job().prop_map(|job| Action::Cancel { job }),
        1 => Just(Action::Pause),
        2 => Just(Action::Resume),
        1 => (1..4usize).prop_map(|workers| Action::Resize { workers }),
        1 => (job(), 0..3u8).prop_map(|(job, priority)| Action::Prioritise { job, priority }),
        1 => (job(), 0..4u8).prop_map(|(job, time)| Action::WaitBriefly { job, time }),
        3 => (0..5u8).prop_map(|time| Action::Sleep { time }),
        1 => job().prop_map(|job| Action::DropHandle { job }),
    ]
}

pub fn program() -> impl Strategy<Value = Program> {
    let actions = prop::collection::vec(action(), 1..14);
    (1..4usize, 1..4usize, 0..5u8, actions, 0..4u8, any::<u64>()).prop_map(
        |(workers, capacity, policy, actions, end, seed)| Program { workers, capacity, policy, actions, end, seed },
    )
}
