//! Ways to get a session somewhere.

use unstuck::session::{Action, Session};
use unstuck::snapshot::Snapshot;

pub fn after(address: &str, actions: &[Action]) -> Snapshot {
    let mut session = Session::open(address);
    for action in actions {
        session.apply(action).unwrap();
    }
    session.snapshot()
}

pub fn step(by: i32) -> Action {
    Action::Step { by }
}

pub fn choose(choice: &str) -> Action {
    Action::Choose { choice: choice.to_owned() }
}

pub fn you() -> Action {
    Action::Schedule { value: "you".to_owned() }
}
