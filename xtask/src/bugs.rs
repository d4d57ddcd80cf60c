//! `cargo xtask bugs`

use std::ffi::OsString;

use anyhow::Result;

use crate::shell::{self, step};
use crate::workspace::Workspace;

const HELP: &str = "\
Searches the schedules of every bug, or of those that are named, and prints one
line each: bug <id> buggy=<finding> shortest=<steps> failing=<n>/<searched>
fixed=<n>/<searched> exhausted=<yes|bound>. Fails when a buggy version does not
fail as the catalogue says, or a fixed one fails at all.

Usage: cargo xtask bugs [<id>...]
";

pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    let arguments: Vec<OsString> = arguments.raw_args()?.collect();
    if arguments.iter().any(|word| word == "--help" || word == "-h") {
        print!("{HELP}");
        return Ok(());
    }
    let workspace = Workspace::locate()?;
    let example = ["--release", "--package", "unstuck", "--example", "bugs"];
    step("Building the search", || shell::run(workspace.cargo().arg("build").args(example)))?;
    step("Searching every bug", || {
        let mut search = workspace.cargo();
        search.args(["run", "--quiet"]).args(example).arg("--");
        shell::run(search.args(&arguments))
    })
}
