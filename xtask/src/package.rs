//! `cargo xtask package`

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::asks_for_help;
use crate::page;
use crate::shell::{self, step};
use crate::site::gzip;
use crate::toolchain;
use crate::workspace::{WasmModule, Workspace};

const HELP: &str = "\
Builds the npm package, and packs it: a folder and a tarball in target/npm,
either of which `npm install` takes. Prints where they are and how large.

Usage: cargo xtask package

Needs cargo and Node; adds the wasm target. What is written by hand of the
package is in npm/, its version is that of the crate.
";

const MODULE: WasmModule = page::module("package");

/// What everybody downloads who uses the package, in gzipped bytes.
const BUDGET: usize = 130_000;

/// What is written by hand, from `npm/`.
const BY_HAND: [&str; 5] = ["package.json", "index.js", "node.js", "index.d.ts", "README.md"];
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    if asks_for_help(&mut arguments, HELP)? {
        return Ok(());
    }
    let workspace = Workspace::locate()?;
    let tarball = build(&workspace)?;
    let folder = workspace.npm_package();
    println!("folder   {}\ntarball  {}", folder.display(), tarball.display());
    Ok(())
}

/// Builds the package in its folder, and gives the tarball that it was packed into.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    toolchain::wasm_target()?;
    toolchain::node()?;
    let folder = workspace.npm_package();
    page::build_module(workspace, "unstuck", &MODULE, &folder.join("wasm"))?;
    let version = workspace.locked_version("unstuck")?;
    for name in BY_HAND {
        let path = workspace.npm_sources().join(name);
        let mut text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        if name == "package.json" {
            text = with_version(&text, &version)?;
        }
        fs::write(folder.join(name), text)?;
    }
    weigh(&folder)?;
    for name in LICENCES {
        fs::copy(workspace.root().join(name), folder.join(name)).with_context(|| format!("{name} is missing"))?;
    }
    let beside = ["pack", "--silent", "--pack-destination", ".."];
    step("Packing the npm package", || shell::read(workspace.npm().current_dir(&folder).args(beside)))?;
    Ok(folder.with_file_name(format!("unstuck-{version}.tgz")))
}

/// Prints what a page loads of the package, and fails over the budget.
fn weigh(folder: &Path) -> Result<()> {
    let mut together = 0;
    for file in ["wasm/unstuck_bg.wasm", "wasm/unstuck.js", "index.js"] {
        let contents = fs::read(folder.join(file))?;
        let gzipped = gzip(&contents).len();
        println!("{file:20}  {:>7} bytes  {gzipped:>7} gzipped", contents.len());
        together += gzipped;
    }
    ensure!(
        together <= BUDGET,
        "The npm package weighs {together} bytes gzipped, and its README promises less than {BUDGET}: make it smaller."
    );
    Ok(())
}

/// The manifest of the package with the version of the crate. The order of its other lines is kept, because that of
/// the conditions of `exports` has a meaning.
fn with_version(manifest: &str, version: &str) -> Result<String> {
    let name = "\"name\": \"unstuck\",";
    ensure!(manifest.contains(name), "npm/package.json does not say {name}");
    Ok(manifest.replacen(name, &format!("{name}\n  \"version\": \"{version}\","), 1))
}

/// Makes a project that has nothing but the package and its tests. Nothing is asked of the network.
pub fn install(workspace: &Workspace, tarball: &Path, user: &Path) -> Result<()> {
    if user.exists() {
        fs::remove_dir_all(user)?;
    }
    fs::create_dir_all(user)?;
    let tests = workspace.npm_sources().join("tests");
    for entry in fs::read_dir(&tests).with_context(|| format!("{} cannot be read", tests.display()))? {
        let entry = entry?;
        fs::copy(entry.path(), user.join(entry.file_name()))?;
    }
    step("Installing the npm package as its users do", || {
        let quietly = ["install", "--offline", "--silent", "--no-audit", "--no-fund", "--no-package-lock"];
        shell::run(workspace.npm().current_dir(user).args(quietly).arg(tarball))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_gets_the_version_of_the_crate_and_keeps_its_order() {
        let manifest = "{\n  \"name\": \"unstuck\",\n  \"z\": 1,\n  \"a\": 2\n}\n";
        let versioned = "{\n  \"name\": \"unstuck\",\n  \"version\": \"1.2.3\",\n  \"z\": 1,\n  \"a\": 2\n}\n";
        assert_eq!(with_version(manifest, "1.2.3").unwrap(), versioned);
        assert!(with_version("{}", "1.2.3").is_err());
    }
}
