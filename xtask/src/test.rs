//! `cargo xtask test`

use std::env;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use lexopt::prelude::*;

use crate::package;
use crate::page::{self, Stale};
use crate::server::{ANY_PORT, Server};
use crate::shell::{self, step};
use crate::site::Site;
use crate::size;
use crate::tally::Tally;
use crate::toolchain;
use crate::workspace::{WASM_TARGET, Workspace};

const HELP: &str = "\
Installs what the tests need and runs all of them; stops at the first stage
that fails. The last line counts the tests of all stages.

Usage: cargo xtask test [stage]...

Stages, all of them when none is named:
  lint      rustfmt, clippy and rustdoc with warnings as errors, natively and for wasm
  native    the tests and examples of all crates
  browser   the same tests of the library in headless Chromium
  page      TypeScript, the page's size, and its tests in Chromium
  package   the npm package: its types, and what its users do with it in Node and Chromium

Needs cargo and Node; adds the wasm target, rustfmt, clippy, wasm-pack, the
npm packages and, on Debian-like systems as root, Chromium and its driver.
";

/// The features of which a user of the crate reads.
const DOCUMENTED: &str = "file-store,tracing,metrics";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Lint,
    Native,
    Browser,
    Page,
    Package,
}

impl Stage {
    const ALL: [Stage; 5] = [Stage::Lint, Stage::Native, Stage::Browser, Stage::Page, Stage::Package];

    fn parse(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| format!("{stage:?}").to_lowercase() == name)
    }

    /// Finds out early, before anything long runs, whether a tool is missing.
    fn install(self, workspace: &Workspace) -> Result<()> {
        match self {
            Stage::Lint => {
                toolchain::linters(workspace)?;
                toolchain::wasm_target()
            }
            Stage::Native => Ok(()),
            Stage::Browser => {
                toolchain::wasm_target()?;
                toolchain::chromium()?;
                toolchain::wasm_pack(workspace)
            }
            Stage::Page | Stage::Package => {
                toolchain::wasm_target()?;
                toolchain::chromium()?;
                page::install_dependencies(workspace)
            }
        }
    }

    fn run(self, workspace: &Workspace, tally: &mut Tally) -> Result<()> {
        match self {
            Stage::Lint => lint(workspace),
            Stage::Native => native(workspace, tally),
            Stage::Browser => browser(workspace, tally),
            Stage::Page => page(workspace, tally),
            Stage::Package => package(workspace, tally),
        }
    }
}

pub fn run(mut arguments: lexopt::Parser) -> Result<ExitCode> {
    let mut stages = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => stages.push(name.parse_with(|name| {
                Stage::parse(name).ok_or("the stages are lint, native, browser, page and package")
            })?),
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if stages.is_empty() {
        stages.extend(Stage::ALL);
    }
    let workspace = Workspace::locate()?;
    for stage in &stages {
        stage.install(&workspace)?;
    }
    let mut tally = Tally::default();
    let result = stages.iter().try_for_each(|stage| stage.run(&workspace, &mut tally));
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    // The count comes last, after the error as well: it is what a build
    // server reads.
    if !tally.is_empty() {
        println!("{tally}");
    }
    Ok(match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn lint(workspace: &Workspace) -> Result<()> {
    let clippy = |arguments: &[&str]| {
        let mut command = workspace.cargo();
        command.arg("clippy").args(arguments);
        shell::run(command.args(["--", "--deny", "warnings"]))
    };
    step("Checking the format", || shell::run(workspace.cargo().args(["fmt", "--all", "--check"])))?;
    step("Checking with clippy", || clippy(&["--workspace", "--all-targets"]))?;
    step("Checking the library alone with clippy", || clippy(&["--package", "unstuck", "--lib"]))?;
    step("Checking with clippy for wasm", || {
        clippy(&["--package", "unstuck", "--lib", "--tests", "--target", WASM_TARGET])
    })?;
    step("Checking the documentation", || {
        let mut command = workspace.cargo();
        command.args(["doc", "--package", "unstuck", "--lib", "--no-deps", "--features", DOCUMENTED]);
        shell::run(command.env("RUSTDOCFLAGS", "--deny warnings"))
    })
}

fn native(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    step("Testing natively", || {
        let mut command = workspace.cargo();
        command.args(["test", "--workspace"]);
        run_tests(&mut command, tally)
    })
}

fn browser(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let tools = workspace.tools().join("bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(tools.clone()).chain(env::split_paths(&path)))
        .context("the PATH cannot be extended")?;
    step("Testing in headless Chromium", || {
        let mut command = Command::new(tools.join("wasm-pack"));
        command.args(["test", "--headless", "--chrome"]).current_dir(workspace.root()).env("PATH", path);
        run_tests(&mut command, tally)
    })
}

fn page(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    page::build(workspace, Stale::Rebuild)?;
    step("Checking the types of the page", || shell::run(workspace.npm().args(["run", "check"])))?;
    size::check(workspace)?;
    let server = Server::start(Site::read(&workspace.dist())?, ANY_PORT)?;
    step("Testing the page in Chromium", || {
        let mut command = workspace.npm();
        command.arg("test").env("UNSTUCK_URL", server.url()).env("FORCE_COLOR", "0");
        run_tests(&mut command, tally)
    })
}

/// What somebody has who installs the package: nothing of this repository but the tarball and the tests.
fn package(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let tarball = package::build(workspace)?;
    let user = workspace.notes().join("npm-user");
    package::install(workspace, &tarball, &user)?;
    step("Checking the types of the npm package", || {
        shell::run(workspace.npm().args(["exec", "--no", "--", "tsc", "--project"]).arg(&user))
    })?;
    step("Testing the npm package in Node and Chromium", || {
        let mut command = Command::new("node");
        command.args(["--test", "--test-reporter=spec"]).current_dir(&user).env("UNSTUCK_WWW", workspace.www());
        run_tests(&mut command, tally)
    })
}

/// Runs tests and counts them. A runner that finds no test to run is content;
/// we are not, because that is how a whole stage goes missing unseen.
fn run_tests(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let before = *tally;
    shell::watch(command, |line| tally.read(line))?;
    ensure!(*tally != before, "There was no test to run: this stage would prove nothing.");
    Ok(())
}
