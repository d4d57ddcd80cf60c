//! The commands of this repository: `cargo xtask <command>`.
//!
//! The modules stand in dependency order: running programs, where things are,
//! what must be installed, building and serving the page, and the commands.

mod shell;

mod workspace;

mod toolchain;

mod stamp;

mod texts;

mod page;

mod site;

mod server;

mod first_load;
mod tally;

mod size;

mod bench;
mod bugs;
mod package;
mod serve;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use lexopt::prelude::*;

const HELP: &str = "\
The commands of this repository.

Usage: cargo xtask <command> [arguments]

Commands:
  serve    build what is missing and serve the page
  test     install what the tests need and run all of them
  bench    measure against the peers
  bugs     search every bug of the catalogue and print what was found
  size     print what the page loads, raw and gzipped
  package  build the npm package

`cargo xtask <command> --help` says more about one of them.
";

const USAGE_ERROR: u8 = 2;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => match error.downcast::<lexopt::Error>() {
            Ok(usage) => {
                eprintln!("error: {usage}");
                ExitCode::from(USAGE_ERROR)
            }
            Err(failure) => {
                eprintln!("error: {failure:#}");
                ExitCode::FAILURE
            }
        },
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(Long("help") | Short('h')) | None => {
            print!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    let done = match command.as_str() {
        "serve" => serve::run(arguments),
        "test" => return test::run(arguments),
        "bench" => bench::run(arguments),
        "bugs" => bugs::run(arguments),
        "size" => size::run(arguments),
        "package" => package::run(arguments),
        unknown => {
            let sentence = format!("there is no command `{unknown}`; see `cargo xtask --help`");
            return Err(lexopt::Error::from(sentence).into());
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// Reads the arguments of a command that takes none but `--help`; true when its help was asked for, and printed.
pub fn asks_for_help(arguments: &mut lexopt::Parser, help: &str) -> Result<bool> {
    match arguments.next()? {
        None => Ok(false),
        Some(Long("help") | Short('h')) => {
            print!("{help}");
            Ok(true)
        }
        Some(other) => Err(other.unexpected().into()),
    }
}
