//! Searches every bug of the catalogue, a line each: `cargo run --release --example bugs -- [<id>...]`.
//!
//! The status is 0 when every buggy version and half-fix fails as the catalogue says, and every fixed version holds.

use std::process::ExitCode;

use unstuck::bugs::{Bug, Proof};

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|id| Bug::of_id(id).is_none()) {
        eprintln!(
            "there is no bug {unknown:?}; there are {}",
            Bug::ALL.iter().map(|bug| bug.id).collect::<Vec<_>>().join(", ")
        );
        return ExitCode::from(2);
    }
    let mut all_as_said = true;
    for bug in Bug::ALL.iter().filter(|bug| wanted.is_empty() || wanted.iter().any(|id| id == bug.id)) {
        let proof = Proof::of(bug);
        println!("{proof}");
        for contradiction in proof.contradictions() {
            all_as_said = false;
            println!("  {contradiction}");
        }
    }
    if all_as_said { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
