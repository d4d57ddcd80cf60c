//! Building the page: Rust to wasm, wasm to a package, the package into a
//! bundle. Each step is skipped when its result is up to date.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::{self, step};
use crate::stamp::{self, Stamp};
use crate::texts;
use crate::toolchain;
use crate::workspace::{WASM_TARGET, WasmModule, Workspace};

/// The modules that the page loads when it needs them: the lab with a few bugs each, the runner that runs live, and the demos of pipelines.
const MODULES: [(&str, WasmModule); 14] = [
    ("flags", module("lab,flags")),
    ("results", module("lab,results")),
    ("workers", module("lab,workers")),
    ("cancellation", module("lab,cancellation")),
    ("stopping", module("lab,stopping")),
    ("groups", module("lab,groups")),
    ("waiting", module("lab,waiting")),
    ("timeouts", module("lab,timeouts")),
    ("shutdown", module("lab,shutdown")),
    ("queues", module("lab,queues")),
    ("breakers", module("lab,breakers")),
    ("futures", module("lab,futures")),
    ("live", module("live")),
    ("flow", module("flow")),
];

pub const fn module(features: &'static str) -> WasmModule {
    WasmModule { package: "unstuck", profile: "page", features }
}

/// All that a wasm module is made of.
const RUST_SOURCES: [&str; 4] = ["src", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"];

/// What becomes of the modules that are older than their sources.
#[derive(Clone, Copy, PartialEq)]
pub enum Stale {
    Rebuild,
    /// Who works on one bug waits for its module alone.
    KeepAllBut(&'static str),
}

/// The name of a module, if there is such a one.
pub fn named(name: &str) -> Result<&'static str> {
    let mut names = MODULES.iter().map(|(name, _)| *name);
    let all = || MODULES.map(|(name, _)| name).join(", ");
    names.find(|known| *known == name).with_context(|| format!("there is no module `{name}`; there are {}", all()))
}

/// Builds everything that is missing or out of date. What may be missing on
/// the machine comes first, so that nobody waits for a build to hear of it.
pub fn build(workspace: &Workspace, stale: Stale) -> Result<()> {
    toolchain::wasm_target()?;
    install_dependencies(workspace)?;
    for (name, module) in &MODULES {
        let is_kept =
            matches!(stale, Stale::KeepAllBut(other) if other != *name) && workspace.pkg().join(name).exists();
        if !is_kept {
            build_module(workspace, name, module, &workspace.pkg().join(name))?;
        }
    }
    texts::write(workspace)?;
    bundle(workspace)
}

/// A wasm module and what binds it to JavaScript, with its TypeScript declarations, in a folder of its own.
pub fn build_module(workspace: &Workspace, name: &str, module: &WasmModule, folder: &Path) -> Result<()> {
    let sources = RUST_SOURCES.map(|path| workspace.root().join(path)).to_vec();
    let stamp = Stamp::new(workspace.notes().join(format!("{name}.stamp")), sources, folder.to_owned());
    // Cargo would build each module anew, because the one before had other features.
    if stamp.holds()? {
        return Ok(());
    }
    step(&format!("Building the wasm module `{name}`"), || build_wasm(workspace, module))?;
    step("Binding it to JavaScript", || bind(&workspace.wasm_module(module), folder, name))?;
    stamp.write()
}

/// Compiles a library to wasm. Modules of one package that differ in features replace each other.
pub fn build_wasm(workspace: &Workspace, module: &WasmModule) -> Result<()> {
    // Cargo leaves out link-time optimisation when a library is built in several kinds at once.
    let arguments = ["rustc", "--lib", "--package", module.package, "--crate-type", "cdylib"];
    let kind = ["--target", WASM_TARGET, "--profile", module.profile];
    let features = ["--no-default-features", "--features", module.features];
    shell::run(workspace.cargo().args(arguments).args(kind).args(features))
}

/// The npm packages that the lock file names.
pub fn install_dependencies(workspace: &Workspace) -> Result<()> {
    toolchain::node()?;
    let changed = |path: &str| workspace.www().join(path).metadata()?.modified();
    let locked = changed("package-lock.json")
        .context("www/package-lock.json is missing: run `npm install` in www and commit it")?;
    // npm writes this copy of the lock file when it has finished.
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= locked) {
        return Ok(());
    }
    step("Installing the npm packages of the page", || {
        shell::run(workspace.npm().args(["ci", "--no-audit", "--no-fund"]))
    })
}

fn bundle(workspace: &Workspace) -> Result<()> {
    let stamp = Stamp::new(workspace.notes().join("page.stamp"), stamp::sources(&workspace.www())?, workspace.dist());
    if stamp.holds()? {
        return Ok(());
    }
    step("Bundling the page", || shell::run(workspace.npm().args(["run", "build"])))?;
    stamp.write()
}

fn bind(module: &Path, folder: &Path, name: &str) -> Result<()> {
    // What an older version of the library left here must not stay.
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(true)
        // Without its path, `init()` would want an argument, and the bundler
        // would drop the module in silence.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
}
