//! What is only read of the bugs: the same words, whether they are built in or loaded beside a module.

use unstuck::bugs::{Bug, Texts};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// What is shown is what runs: the compiler reads the same files.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_sources_are_the_files_of_the_versions() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bugs");
    for bug in Bug::ALL {
        for source in Texts::of(bug).sources {
            assert_eq!(source.text, std::fs::read_to_string(folder.join(&source.file)).unwrap(), "{}", source.file);
        }
    }
}

#[test]
fn every_version_has_its_source_and_every_bug_what_a_person_wrote() {
    for bug in Bug::ALL {
        let texts = Texts::of(bug);
        for variant in bug.variants {
            assert!(texts.of_file(variant.file).contains("fn "), "{} has a source", variant.file);
        }
        let told = [&texts.context, &texts.request, &texts.refined, &texts.root_cause, &texts.fix];
        assert!(told.iter().all(|text| text.ends_with(['.', '?', '!', '”'])), "{} is told in sentences", bug.id);
    }
}

#[test]
fn a_file_that_is_not_among_them_has_no_text() {
    assert_eq!(Texts::default().of_file("stuck_flag/buggy.rs"), "");
}
