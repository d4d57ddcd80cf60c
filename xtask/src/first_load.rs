//! Which files the page loads at first, told from the files alone.
//!
//! The bundler writes the name of every file that another one loads into it
//! as a string. Only two places do not load at once: a dynamic import, and
//! the table of what such imports want preloaded.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::site::Files;

const PAGE: &str = "index.html";

/// The paths of what is loaded at first: the page, and what it or any of
/// these files loads at once (scripts, styles, images, workers, wasm).
pub fn first_load(files: &Files) -> BTreeSet<&str> {
    let mut loaded = BTreeSet::new();
    let mut waiting: Vec<&str> = files.keys().map(String::as_str).filter(|path| *path == PAGE).collect();
    while let Some(path) = waiting.pop() {
        if loaded.insert(path) {
            let text = String::from_utf8_lossy(&files[path]);
            let named = files.keys().map(String::as_str);
            waiting.extend(named.filter(|other| loads_at_once(&text, other)));
        }
    }
    loaded
}

fn loads_at_once(text: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let preloads = preloads(text);
    text.match_indices(name).any(|(at, _)| {
        let before = &text[..at];
        let is_whole_name = before.ends_with(['/', '"', '\'', '`', '(']);
        is_whole_name && !preloads.contains(&at) && !is_dynamic_import(before)
    })
}

/// Whether the string that is still open at the end is imported when needed.
fn is_dynamic_import(before: &str) -> bool {
    let quote = before.rfind(['"', '\'', '`']).unwrap_or(0);
    before[..quote].ends_with("import(")
}

/// Where Vite lists what its dynamic imports want preloaded.
fn preloads(text: &str) -> Range<usize> {
    let Some(start) = text.find("__vite__mapDeps=") else {
        return 0..0;
    };
    let length = text[start..].find(']').unwrap_or(0);
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_and_its_wasm_load_at_once_and_an_editor_later() {
        let files = [
            (
                "index.html",
                r#"<script src="./assets/index-a1.js"></script>
                   <link rel="icon" href="./favicon.svg">"#,
            ),
            ("favicon.svg", "<svg/>"),
            (
                "assets/index-a1.js",
                r#"const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./editor-b2.js","./editor-c3.css"])))=>i.map(i=>d[i]);
                   import{a}from"./shared-d4.js";import(`./editor-b2.js`);
                   new Worker(new URL(`/assets/lab-e5.js`,import.meta.url))"#,
            ),
            ("assets/shared-d4.js", "export const a=1"),
            ("assets/editor-b2.js", r#"import"./shared-d4.js";import"./words-f6.js""#),
            ("assets/editor-c3.css", ""),
            ("assets/words-f6.js", ""),
            ("assets/lab-e5.js", r#"new URL("unstuck_bg-07.wasm",import.meta.url)"#),
            ("assets/unstuck_bg-07.wasm", "\0asm"),
            ("assets/ab-e5.js", "its name only ends another one"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        assert_eq!(
            Vec::from_iter(first_load(&Files::from(files))),
            [
                "assets/index-a1.js",
                "assets/lab-e5.js",
                "assets/shared-d4.js",
                "assets/unstuck_bg-07.wasm",
                "favicon.svg",
                "index.html",
            ]
        );
    }
}
