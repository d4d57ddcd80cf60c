//! What the page shows of the bugs before any wasm is loaded, and beside it: the catalogue, and what is only read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use unstuck::bugs::{Bug, Texts};
use unstuck::session::Session;

use crate::workspace::Workspace;

/// Writes what the bugs of this build say: the catalogue, and for each wasm module a file with the texts of its bugs.
pub fn write(workspace: &Workspace) -> Result<()> {
    let folder = workspace.pkg().join("texts");
    put(&workspace.pkg().join("catalogue.json"), &Session::catalogue())?;
    for (module, texts) in by_module() {
        put(&folder.join(format!("{module}.json")), &texts)?;
    }
    Ok(())
}

/// The texts of every bug by its id, for each module.
fn by_module() -> BTreeMap<&'static str, BTreeMap<&'static str, Texts>> {
    let mut modules: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for bug in Bug::ALL {
        modules.entry(bug.module()).or_default().insert(bug.id, Texts::of(bug));
    }
    modules
}

fn put(path: &Path, contents: &impl Serialize) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string(contents)?;
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown is what runs: the compiler reads the same files.
    #[test]
    fn the_sources_that_are_shown_are_the_files_of_the_versions() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/bugs");
        let shown = by_module().into_values().flat_map(BTreeMap::into_values).flat_map(|texts| texts.sources);
        let mut read = 0;
        for source in shown {
            assert_eq!(source.text, fs::read_to_string(folder.join(&source.file)).unwrap(), "{}", source.file);
            read += 1;
        }
        assert_eq!(read, Bug::ALL.iter().map(|bug| bug.variants.len()).sum::<usize>());
    }
}
