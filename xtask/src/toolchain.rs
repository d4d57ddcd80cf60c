//! What has to be on the machine, and how it gets there.
//!
//! Each function leaves the machine with what its name says, or fails with a
//! sentence that tells the reader what to install.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{self, find, step};
use crate::workspace::{WASM_TARGET, Workspace};

/// The newest release that was tried; its test command is part of the README.
const WASM_PACK: &str = "0.15.1";

/// Vite asks for this much.
const OLDEST_NODE: (u32, u32) = (20, 19);

pub fn wasm_target() -> Result<()> {
    let arguments = ["--print", "target-libdir", "--target", WASM_TARGET];
    let library = shell::read(Command::new("rustc").args(arguments))?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    rustup(&format!("The Rust target {WASM_TARGET}"), &["target", "add", WASM_TARGET])
}

pub fn linters(workspace: &Workspace) -> Result<()> {
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let present = workspace.cargo().args([tool, "--version"]).output()?;
        if !present.status.success() {
            let what = format!("The Rust component {component}");
            rustup(&what, &["component", "add", component])?;
        }
    }
    Ok(())
}

pub fn node() -> Result<()> {
    let (major, minor) = OLDEST_NODE;
    let wanted = format!("install Node {major}.{minor} or newer, with npm (https://nodejs.org)");
    ensure!(
        find("node").is_some() && (cfg!(windows) || find("npm").is_some()),
        "The page needs Node and npm, and they are not on the PATH: {wanted}."
    );
    let version = shell::read(Command::new("node").arg("--version"))?;
    let found = parse_node_version(&version);
    ensure!(
        found.is_some_and(|found| found >= OLDEST_NODE),
        "The page needs a newer Node than the {version} on the PATH: {wanted}."
    );
    Ok(())
}

/// Chromium and its driver, for the tests in a browser.
pub fn chromium() -> Result<()> {
    let missing =
        || ["chromium", "chromedriver"].into_iter().filter(|program| find(program).is_none()).collect::<Vec<_>>();
    if missing().is_empty() {
        return Ok(());
    }
    let sentence = format!("The browser tests need `{}` on the PATH", missing().join("` and `"));
    ensure!(find("apt-get").is_some(), "{sentence}: install Chromium and the ChromeDriver of the same version.");
    ensure!(is_root(), "{sentence}: run `apt-get install chromium chromium-driver` as root.");
    step("Installing chromium and chromium-driver with apt-get", || {
        let apt = || {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive");
            apt
        };
        shell::run(apt().arg("update"))?;
        shell::run(apt().args(["install", "-y", "chromium", "chromium-driver"]))
    })?;
    ensure!(
        missing().is_empty(),
        "{sentence}, and the packages chromium and chromium-driver did not bring them: \
         install Chromium and the ChromeDriver of the same version."
    );
    Ok(())
}

/// wasm-pack and the test runner of wasm-bindgen, in a folder of our own.
///
/// Unoptimised, they are built in less than half of the time, and they have
/// little to do. The versions are exact, so cargo's `--locked` would add
/// little; and it would ask for the exact old dependencies of wasm-bindgen-cli.
pub fn wasm_pack(workspace: &Workspace) -> Result<()> {
    let wasm_bindgen = workspace.locked_version("wasm-bindgen")?;
    let wanted =
        [("wasm-pack", WASM_PACK), ("wasm-bindgen", &wasm_bindgen), ("wasm-bindgen-test-runner", &wasm_bindgen)];
    let tools = workspace.tools();
    let present = |program: &str, version: &str| {
        Command::new(tools.join("bin").join(program)).arg("--version").output().is_ok_and(|output| {
            let printed = String::from_utf8_lossy(&output.stdout);
            printed.split_whitespace().any(|word| word == version)
        })
    };
    if wanted.iter().all(|(program, version)| present(program, version)) {
        return Ok(());
    }
    let build = tools.join("build");
    let crates = [format!("wasm-pack@{WASM_PACK}"), format!("wasm-bindgen-cli@{wasm_bindgen}")];
    let what = format!("Installing {} (a few minutes, once)", crates.join(" and "));
    step(&what, || {
        shell::run(
            workspace
                .cargo()
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .args(["install", "--debug", "--force", "--root"])
                .arg(&tools)
                .arg("--target-dir")
                .arg(&build)
                .args(&crates),
        )?;
        std::fs::remove_dir_all(&build).context("the build folder of the tools stays behind")
    })
}

fn rustup(what: &str, arguments: &[&str]) -> Result<()> {
    if find("rustup").is_none() {
        bail!(
            "{what} is missing, and there is no rustup to add it: \
             install it the way you installed Rust, or get rustup from https://rustup.rs."
        );
    }
    step(&format!("Adding: rustup {}", arguments.join(" ")), || shell::run(Command::new("rustup").args(arguments)))
}

fn is_root() -> bool {
    shell::read(Command::new("id").arg("-u")).is_ok_and(|user| user == "0")
}

fn parse_node_version(printed: &str) -> Option<(u32, u32)> {
    let mut numbers = printed.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_prints_its_version_behind_a_v() {
        assert_eq!(parse_node_version("v20.20.2"), Some((20, 20)));
        assert_eq!(parse_node_version("v22.0.0-nightly"), Some((22, 0)));
        assert_eq!(parse_node_version("20"), None);
    }
}
