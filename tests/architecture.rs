//! What the source tree promises its readers.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file below `src`, with its path from there and its text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path: PathBuf = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The modules of `lib.rs`, in its order.
fn modules() -> Vec<String> {
    let lib = include_str!("../src/lib.rs");
    let module = |line: &str| {
        Some(line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.trim_end_matches(';').to_owned())
    };
    lib.lines().filter_map(module).collect()
}

#[test]
fn a_module_uses_only_modules_that_stand_above_it() {
    let modules = modules();
    let rank = |name: &str| modules.iter().position(|module| module == name);
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = file.split(['/', '.']).next().unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for used in code.flat_map(|line| line.split("crate::").skip(1)) {
            let used = used.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap();
            if let (Some(own_rank), Some(used_rank)) = (rank(own), rank(used))
                && used_rank > own_rank
            {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_the_waker_allows_unsafe_code() {
    let allowing = sources().into_iter().filter(|(_, text)| text.contains("allow(unsafe_code)"));
    assert_eq!(allowing.map(|(file, _)| file).collect::<Vec<_>>(), ["executor/waker.rs"]);
}

#[test]
fn only_host_adapters_ask_the_system_for_the_time() {
    let asking = sources().into_iter().filter(|(_, text)| text.contains("std::time::"));
    assert_eq!(
        asking.map(|(file, _)| file).collect::<Vec<_>>(),
        ["executor/host/embedded.rs", "executor/host/thread.rs"]
    );
}

#[test]
fn no_hash_map_decides_an_order() {
    let hashing = sources().into_iter().filter(|(_, text)| text.contains("HashMap") || text.contains("HashSet"));
    assert_eq!(hashing.map(|(file, _)| file).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn only_the_boundary_and_the_browser_host_name_wasm_bindgen() {
    let naming = sources().into_iter().filter(|(_, text)| text.contains("wasm_bindgen::"));
    let naming = naming.map(|(file, _)| file).filter(|file| !file.starts_with("web/"));
    assert_eq!(naming.collect::<Vec<_>>(), ["executor/host/browser.rs"]);
}

/// A pattern without a slash in front would also match the page's `src`, and what the page's build installs there.
#[test]
fn what_is_published_lies_at_the_root_and_not_in_the_page() {
    let manifest = include_str!("../Cargo.toml");
    let include = manifest.lines().find_map(|line| line.strip_prefix("include = [")?.strip_suffix(']')).unwrap();
    let elsewhere: Vec<_> = include.split(", ").filter(|pattern| !pattern.starts_with("\"/")).collect();
    assert_eq!((elsewhere, include.contains("/src")), (vec![], true));
}

/// The tests of the npm package run the examples of its own README.
#[test]
fn the_example_for_javascript_is_one_that_is_tested() {
    let example = |readme: &'static str| readme.split("```js\n").nth(1)?.split("```").next();
    let tested = example(include_str!("../npm/README.md"));
    assert_eq!((tested.is_some(), example(include_str!("../README.md"))), (true, tested));
}
