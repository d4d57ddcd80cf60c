//! Whether the result of a step is still what its inputs would give.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A note beside the build output: "these inputs gave that result".
///
/// Contents are compared and not times, because a checkout or a copied folder
/// changes times; and the result is compared as well, because a result that
/// somebody edited or built by hand is not ours.
pub struct Stamp {
    note: PathBuf,
    inputs: Vec<PathBuf>,
    result: PathBuf,
}

impl Stamp {
    pub fn new(note: PathBuf, inputs: Vec<PathBuf>, result: PathBuf) -> Stamp {
        Stamp { note, inputs, result }
    }

    pub fn holds(&self) -> Result<bool> {
        let noted = std::fs::read_to_string(&self.note).unwrap_or_default();
        Ok(noted == self.describe()?)
    }

    pub fn write(&self) -> Result<()> {
        if let Some(folder) = self.note.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&self.note, self.describe()?)
            .with_context(|| format!("{} cannot be written", self.note.display()))
    }

    fn describe(&self) -> Result<String> {
        let mut inputs = DefaultHasher::new();
        // A changed xtask may build differently.
        std::env::current_exe()?.metadata()?.modified()?.hash(&mut inputs);
        for input in &self.inputs {
            hash_tree(input, &mut inputs)?;
        }
        let mut result = DefaultHasher::new();
        hash_tree(&self.result, &mut result)?;
        Ok(format!("{:x} gave {:x}\n", inputs.finish(), result.finish()))
    }
}

/// Everything in `folder` but what tools leave there.
pub fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    const LEFT_BY_TOOLS: [&str; 4] = ["node_modules", "dist", "test-results", "playwright-report"];
    let mut paths = entries(folder)?;
    paths.retain(|path| !LEFT_BY_TOOLS.iter().any(|name| path.ends_with(name)));
    Ok(paths)
}

fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.file_name().hash(hasher);
    if path.is_dir() {
        for entry in entries(path)? {
            hash_tree(&entry, hasher)?;
        }
    } else if path.is_file() {
        let contents = std::fs::read(path);
        contents.with_context(|| format!("{} cannot be read", path.display()))?.hash(hasher);
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_an_input_or_the_result_changes() {
        let folder = std::env::temp_dir().join(format!("stamp-{}", std::process::id()));
        let (inputs, result) = (folder.join("in"), folder.join("out"));
        std::fs::create_dir_all(&inputs).unwrap();
        let write = |path: &Path, text: &str| std::fs::write(path, text).unwrap();
        let stamp = Stamp::new(folder.join("note"), vec![inputs.clone()], result.clone());
        let mut seen = vec![stamp.holds().unwrap()];

        write(&result, "built");
        stamp.write().unwrap();
        seen.push(stamp.holds().unwrap());

        write(&inputs.join("source"), "new");
        seen.push(stamp.holds().unwrap());

        stamp.write().unwrap();
        write(&result, "edited by hand");
        seen.push(stamp.holds().unwrap());

        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(seen, [false, true, false, false]);
    }
}
