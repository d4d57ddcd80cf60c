//! `cargo xtask serve`

use anyhow::Result;
use lexopt::prelude::*;

use crate::page::{self, Stale};
use crate::server::Server;
use crate::site::Site;
use crate::workspace::Workspace;

const HELP: &str = "\
Builds what is missing and serves the page on this machine.

Usage: cargo xtask serve [--port N] [--only MODULE]

Options:
  --port N        the port; 0 takes any free one (default: 8017)
  --only MODULE   after a change of the Rust sources, build this wasm module
                  anew and leave the others as they are: one bug is back on
                  the page much sooner. `flags` holds the stuck busy flag.

Needs cargo and Node; the rest (the wasm target, the npm packages) is added
when it is missing. Stop it with Ctrl+C; start it again after a change.
";

const DEFAULT_PORT: u16 = 8017;

pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    let mut port = DEFAULT_PORT;
    let mut stale = Stale::Rebuild;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") | Short('p') => port = arguments.value()?.parse()?,
            Long("only") => stale = Stale::KeepAllBut(arguments.value()?.parse_with(page::named)?),
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::locate()?;
    page::build(&workspace, stale)?;
    let site = Site::read(&workspace.dist())?;
    let server = Server::start(site, port)?;
    println!("serving {}", server.url());
    server.wait();
    Ok(())
}
