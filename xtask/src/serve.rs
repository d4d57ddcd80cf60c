//! `cargo xtask serve`

use anyhow::Result;
use lexopt::prelude::*;

use crate::page;
use crate::server::Server;
use crate::site::Site;
use crate::workspace::Workspace;

const HELP: &str = "\
Builds what is missing and serves the page on this machine.

Usage: cargo xtask serve [--port N]

Options:
  --port N   the port; 0 takes any free one (default: 8017)

Needs cargo and Node; the rest (the wasm target, the npm packages) is added
when it is missing. Stop it with Ctrl+C; start it again after a change.
";

const DEFAULT_PORT: u16 = 8017;

pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    let mut port = DEFAULT_PORT;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") | Short('p') => port = arguments.value()?.parse()?,
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::locate()?;
    page::build(&workspace)?;
    let site = Site::read(&workspace.dist())?;
    let server = Server::start(site, port)?;
    println!("serving {}", server.url());
    server.wait();
    Ok(())
}
