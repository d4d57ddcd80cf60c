//! Where things are in this repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A library of this workspace as a wasm module.
pub struct WasmModule {
    pub package: &'static str,
    pub profile: &'static str,
    /// Instead of the default ones, separated by commas.
    pub features: &'static str,
}

pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks cargo, which alone knows where the user wants build output to go.
    pub fn locate() -> Result<Workspace> {
        let arguments = ["metadata", "--no-deps", "--format-version", "1"];
        let text = shell::read(Command::new(cargo()).args(arguments))?;
        Workspace::parse(&text).context("`cargo metadata` printed something unexpected")
    }

    fn parse(metadata: &str) -> Result<Workspace> {
        let metadata: serde_json::Value = serde_json::from_str(metadata)?;
        let path = |field: &str| metadata[field].as_str().map(PathBuf::from);
        Ok(Workspace {
            root: path("workspace_root").context("no workspace root")?,
            target: path("target_directory").context("no target directory")?,
        })
    }

    /// A call of cargo in the root of the repository.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(cargo());
        command.current_dir(&self.root);
        command
    }

    /// A call of npm in the folder of the page.
    pub fn npm(&self) -> Command {
        let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.www());
        command
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn www(&self) -> PathBuf {
        self.root.join("www")
    }

    /// The bundled page, as a static host would get it.
    pub fn dist(&self) -> PathBuf {
        self.www().join("dist")
    }

    /// The wasm packages that the page imports, a folder each.
    pub fn pkg(&self) -> PathBuf {
        self.www().join("pkg")
    }

    /// What is written by hand of the npm package.
    pub fn npm_sources(&self) -> PathBuf {
        self.root.join("npm")
    }

    /// The npm package as it is installed, and beside it, packed.
    pub fn npm_package(&self) -> PathBuf {
        self.target.join("npm").join("unstuck")
    }

    /// Where the commands keep what they have to remember between runs.
    pub fn notes(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Tools that only this repository uses; nothing global is relied on.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Where cargo puts a wasm module.
    pub fn wasm_module(&self, module: &WasmModule) -> PathBuf {
        let file = format!("{}.wasm", module.package.replace('-', "_"));
        self.target.join(WASM_TARGET).join(module.profile).join(file)
    }

    /// The version of a dependency that the lock file names.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        locked_version(&lock, package)
            .map(str::to_owned)
            .with_context(|| format!("Cargo.lock does not name `{package}`"))
    }
}

/// The cargo that started us, so that all steps use one toolchain.
fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Cargo writes the version on the line after the name.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-macro"
version = "0.2.1"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "wasm-bindgen-macro",
]
"#;

    #[test]
    fn the_lock_file_names_one_version() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }

    /// The generator reads what the macros wrote, in a format that any version may change.
    #[test]
    fn the_bindings_are_generated_by_the_version_that_the_library_is_built_with() {
        let lock = include_str!("../../Cargo.lock");
        let library = locked_version(lock, "wasm-bindgen");
        assert!(library.is_some());
        assert_eq!(library, locked_version(lock, "wasm-bindgen-cli-support"));
    }

    #[test]
    fn cargo_says_where_everything_is() {
        let workspace = Workspace::parse(r#"{"workspace_root": "/repo", "target_directory": "/out"}"#).unwrap();
        assert_eq!(workspace.dist(), PathBuf::from("/repo/www/dist"));
        assert_eq!(
            workspace.wasm_module(&WasmModule { package: "unstuck-benches", profile: "wasm-release", features: "" }),
            PathBuf::from("/out/wasm32-unknown-unknown/wasm-release/unstuck_benches.wasm")
        );
    }
}
