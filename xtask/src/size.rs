//! `cargo xtask size`

use std::collections::BTreeSet;
use std::fmt;

use anyhow::{Result, ensure};

use crate::asks_for_help;
use crate::first_load::first_load;
use crate::page::{self, Stale};
use crate::site::{Files, gzip, read_folder};
use crate::workspace::Workspace;

const HELP: &str = "\
Prints the sizes of the files that the page loads, raw and gzipped, and what
is left of the budget. Builds the page when it is out of date.

Usage: cargo xtask size
";

/// What everybody has to download before the page works: what loads at first, and one of the wasm modules.
const FIRST_LOAD_BUDGET: usize = 300_000;
/// The page opens without any wasm, and loads a module when a bug is opened.
const WASM_BUDGET: usize = 150_000;

pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    if asks_for_help(&mut arguments, HELP)? {
        return Ok(());
    }
    let workspace = Workspace::locate()?;
    page::build(&workspace, Stale::Rebuild)?;
    check(&workspace)
}

/// Prints the sizes of the page that is built, and fails over the budget.
pub fn check(workspace: &Workspace) -> Result<()> {
    let mut files = read_folder(&workspace.dist())?;
    // Only developer tools load source maps.
    files.retain(|path, _| !path.ends_with(".map"));
    let sizes = Sizes::measure(&files);
    print!("{sizes}");
    sizes.within_budget()
}

struct Sizes {
    first: Vec<FileSize>,
    later: Vec<FileSize>,
}

struct FileSize {
    path: String,
    raw: usize,
    gzipped: usize,
}

/// How the files of the modules are called that have no bugs.
const VIEWS: [&str; 2] = ["live_bg", "flow_bg"];

impl FileSize {
    /// Whether it is a module with bugs; the others are loaded by views of their own.
    fn is_lab(&self) -> bool {
        self.path.ends_with(".wasm") && !VIEWS.iter().any(|view| self.path.contains(view))
    }
}

impl Sizes {
    fn measure(files: &Files) -> Sizes {
        let loaded: BTreeSet<&str> = first_load(files);
        let sizes = files.iter().map(|(path, contents)| FileSize {
            path: path.clone(),
            raw: contents.len(),
            gzipped: gzip(contents).len(),
        });
        let (first, later) = sizes.partition(|size| loaded.contains(size.path.as_str()));
        Sizes { first, later }
    }

    /// What loads at first, with the largest of the modules with bugs: nobody needs two before there is something to see.
    fn first_load(&self) -> usize {
        let at_once = self.first.iter().filter(|size| !size.is_lab());
        at_once.map(|size| size.gzipped).sum::<usize>() + self.wasm()
    }

    fn everything(&self) -> usize {
        self.all().map(|size| size.gzipped).sum()
    }

    /// The largest module with bugs.
    fn wasm(&self) -> usize {
        self.all().filter(|size| size.is_lab()).map(|size| size.gzipped).max().unwrap_or(0)
    }

    fn all(&self) -> impl Iterator<Item = &FileSize> {
        self.first.iter().chain(&self.later)
    }

    fn within_budget(&self) -> Result<()> {
        for (what, size, budget) in
            [("first load", self.first_load(), FIRST_LOAD_BUDGET), ("largest module", self.wasm(), WASM_BUDGET)]
        {
            ensure!(
                size <= budget,
                "The {what} is {} gzipped, and the budget is {}: make it smaller or load it later.",
                kilobytes(size),
                kilobytes(budget)
            );
        }
        Ok(())
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.all().map(|size| size.path.len()).max().unwrap_or(0).max("Loaded later, when needed".len());
        for (title, sizes) in [("Loaded at first", &self.first), ("Loaded later, when needed", &self.later)] {
            if sizes.is_empty() {
                continue;
            }
            let total = |of: fn(&FileSize) -> usize| kilobytes(sizes.iter().map(of).sum());
            writeln!(f, "{title:width$}  {:>10}  {:>10}", "raw", "gzipped")?;
            for size in sizes {
                let (raw, gzipped) = (kilobytes(size.raw), kilobytes(size.gzipped));
                writeln!(f, "{:width$}  {raw:>10}  {gzipped:>10}", size.path)?;
            }
            let (raw, gzipped) = (total(|size| size.raw), total(|size| size.gzipped));
            writeln!(f, "{:width$}  {raw:>10}  {gzipped:>10}\n", "total")?;
        }
        writeln!(f, "Everything together: {} gzipped", kilobytes(self.everything()))?;
        writeln!(
            f,
            "Budget: first load with the largest module {} of {}, that module {} of {}, gzipped",
            kilobytes(self.first_load()),
            kilobytes(FIRST_LOAD_BUDGET),
            kilobytes(self.wasm()),
            kilobytes(WASM_BUDGET)
        )
    }
}

/// A kilobyte is 1,000 bytes, as in the budget.
fn kilobytes(bytes: usize) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, raw: usize, gzipped: usize) -> FileSize {
        let path = path.to_owned();
        FileSize { path, raw, gzipped }
    }

    #[test]
    fn the_table_adds_up_what_loads_at_first_and_what_later() {
        let sizes = Sizes {
            first: vec![file("assets/lab.wasm", 250_000, 99_900), file("index.html", 1_050, 620)],
            later: vec![file("assets/editor.js", 400_000, 90_000)],
        };
        assert_eq!(
            sizes.to_string(),
            "\
Loaded at first                   raw     gzipped
assets/lab.wasm              250.0 kB     99.9 kB
index.html                     1.0 kB      0.6 kB
total                        251.0 kB    100.5 kB

Loaded later, when needed         raw     gzipped
assets/editor.js             400.0 kB     90.0 kB
total                        400.0 kB     90.0 kB

Everything together: 190.5 kB gzipped
Budget: first load with the largest module 100.5 kB of 300.0 kB, that module 99.9 kB of 150.0 kB, gzipped
"
        );
    }

    #[test]
    fn a_byte_over_the_budget_fails() {
        let of = |path: &str, gzipped: usize| {
            let first = vec![file(path, 1_000_000, gzipped)];
            let later = vec![file("assets/live_bg.wasm", 1_000_000, 400_000)];
            Sizes { first, later }.within_budget()
        };
        assert!(of("assets/index.js", 300_000).is_ok());
        assert!(of("assets/lab.wasm", 150_000).is_ok());
        assert_eq!(
            of("assets/index.js", 300_001).unwrap_err().to_string(),
            "The first load is 300.0 kB gzipped, and the budget is 300.0 kB: \
             make it smaller or load it later."
        );
        assert!(of("assets/lab.wasm", 150_001).is_err());
    }
}
