//! `unstuck-bench`: measures rows of the table and prints a line a peer.

use std::num::NonZeroUsize;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use unstuck_benches::measure::measure;
use unstuck_benches::rows::{ROWS, Row};
use unstuck_benches::workloads::schedules;

const ROUNDS: NonZeroUsize = NonZeroUsize::new(15).unwrap();

/// Rows of `wasm.mjs` end like this. `cargo xtask bench` gives both the same arguments.
const IN_WASM: &str = "-wasm";

enum Command {
    Help,
    Bench { rows: Vec<&'static Row>, rounds: NonZeroUsize, counts: bool },
}

/// In the place of a row: not a time, but how many kinds of schedules there are.
const COUNTS: &str = "counts";

fn main() -> ExitCode {
    match parse(Parser::from_env()) {
        Ok(Command::Help) => println!("{}", help()),
        Ok(Command::Bench { rows, rounds, counts }) => {
            bench(&rows, rounds);
            if counts {
                schedules::count();
            }
        }
        Err(error) => {
            eprintln!("unstuck-bench: {error}; --help lists what there is");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Results go to stdout as soon as a row is done; all else goes to stderr.
fn bench(rows: &[&Row], rounds: NonZeroUsize) {
    eprintln!("nanoseconds per operation, medians of {rounds} interleaved rounds");
    for row in rows {
        eprint!("{:<4} {}, round", row.name, row.about);
        let times = measure(row, rounds.get(), |round| eprint!(" {round}"));
        eprintln!();
        times.lines().for_each(|line| println!("{line}"));
    }
}

fn parse(mut arguments: Parser) -> Result<Command, lexopt::Error> {
    let mut names = Vec::new();
    let mut rounds = ROUNDS;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("rounds") => rounds = arguments.value()?.parse()?,
            Arg::Value(name) => names.push(name.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    let counts = names.is_empty() || names.iter().any(|name| name == COUNTS);
    let only_counts = counts && names.len() == 1;
    names.retain(|name| name != COUNTS);
    let rows = if only_counts { Vec::new() } else { select(&names)? };
    Ok(Command::Bench { rows, rounds, counts })
}

/// The rows of these names, or all.
fn select(names: &[String]) -> Result<Vec<&'static Row>, lexopt::Error> {
    if names.is_empty() {
        return Ok(ROWS.iter().collect());
    }
    let mut rows = Vec::new();
    for name in names {
        let native = name.strip_suffix(IN_WASM).unwrap_or(name);
        let row = ROWS.iter().find(|row| row.name == native);
        let row = row.ok_or_else(|| format!("there is no row {name}"))?;
        if native == name {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn help() -> String {
    let rows: String = ROWS.iter().map(|row| format!("  {:<13} {}\n", row.name, row.about)).collect();
    format!(
        "Measures unstuck side by side with its peers, in nanoseconds per operation.

Usage: unstuck-bench [ROW …] [--rounds N]

Rows (all of them by default):
{rows}  {COUNTS:<13} kinds of schedules of small programs, and how many a search gives up half-way

Options:
  --rounds N   how many interleaved rounds to take the median of ({ROUNDS})
  --help       this text

Prints a line a row and peer:
  bench <row> ours=<ns> peer=<name>:<ns> ratio=<peer/ours>
  count <program> executions=<n> blocked=<n>"
    )
}
