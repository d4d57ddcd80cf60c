//! `cargo xtask bench`

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::page::build_wasm;
use crate::shell::{self, step};
use crate::toolchain;
use crate::workspace::{WasmModule, Workspace};

const HELP: &str = "\
Measures against the peers, natively and then in wasm under Node. Prints one
line a row: bench <row> ours=<ns> peer=<name>:<ns> ratio=<peer/ours>

Usage: cargo xtask bench [arguments]

All arguments go to the benchmark: names of rows, such as `W2`, choose some.
";

const PACKAGE: &str = "unstuck-benches";
const MODULE: WasmModule = WasmModule { package: PACKAGE, profile: "wasm-release", features: "" };
const BINARY: &str = "unstuck-bench";

pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    let arguments: Vec<OsString> = arguments.raw_args()?.collect();
    if arguments.iter().any(|word| word == "--help" || word == "-h") {
        print!("{HELP}");
        return Ok(());
    }
    let workspace = Workspace::locate()?;
    natively(&workspace, &arguments)?;
    under_node(&workspace, &arguments)
}

fn natively(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    let binary = ["--release", "--package", PACKAGE, "--bin", BINARY];
    step("Building the benchmark", || shell::run(workspace.cargo().arg("build").args(binary)))?;
    step("Measuring natively", || {
        let mut command = workspace.cargo();
        command.args(["run", "--quiet"]).args(binary).arg("--");
        shell::run(command.args(arguments))
    })
}

fn under_node(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    toolchain::wasm_target()?;
    toolchain::node()?;
    step("Building the benchmark for wasm", || build_wasm(workspace, &MODULE))?;
    step("Measuring in wasm under Node", || {
        let mut node = Command::new("node");
        node.arg(workspace.root().join("benches/wasm.mjs")).arg(workspace.wasm_module(&MODULE));
        shell::run(node.args(arguments))
    })
}
