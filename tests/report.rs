//! A bug's report: what a machine finds out, and the whole of it as text.

use unstuck::bugs::{Bug, Fails, Variant};
use unstuck::explore::{Options, check};
use unstuck::report::{BugReport, Inquiry};
use unstuck::snapshot::Tone;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A report before anything was searched.
fn unsearched(id: &str) -> BugReport {
    Inquiry::new(Bug::of_id(id).unwrap()).unwrap().report()
}

/// The report of the stuck flag as it is pasted into an issue tracker.
///
/// When a sentence or the bug is changed on purpose, the failing test prints the new text of this file.
const GOLDEN: &str = include_str!("golden/report.md");

#[test]
fn the_report_of_the_stuck_flag_is_this_text() {
    let mut inquiry = Inquiry::new(Bug::of_id("stuck-flag").unwrap()).unwrap();
    assert!(inquiry.run_while(|| true), "with all the time in the world, every search comes to its end");
    let told = inquiry.report().markdown("https://example.org/");
    assert!(told == GOLDEN, "tests/golden/report.md should be:\n{told}");
}

#[test]
fn a_report_follows_the_template_of_the_investigation() {
    let template = [
        "Context",
        "Symptoms observed",
        "Original request",
        "Refined prompt",
        "Investigation approach",
        "Root cause",
        "Fix applied",
        "Lessons learned",
    ];
    for bug in Bug::ALL {
        let text = unsearched(bug.id).markdown("");
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, template, "{}", bug.id);
    }
}

#[test]
fn the_decisive_step_is_the_one_that_the_search_names() {
    for bug in Bug::ALL {
        let buggy = bug.ends()[0];
        let found = check(&buggy.scenario, &Options { stop_at_first: true, ..bug.search() }).failure.unwrap();
        let decisive = unsearched(bug.id).decisive;
        assert_eq!((bug.id, decisive.step), (bug.id, found.decisive.step));
        let place = found.decisive.place.map(|place| place.replace('\\', "/"));
        assert_eq!(decisive.place, place.map(|place| place.trim_start_matches("src/bugs/").to_owned()));
    }
}

#[test]
fn the_story_ends_in_the_step_that_breaks() {
    for bug in Bug::ALL {
        let report = unsearched(bug.id);
        let last = report.story.last().unwrap();
        assert_eq!((last.step, last.tone), (report.breaks.step, Tone::Bad), "{}", bug.id);
        assert_eq!(last.address, report.address);
        assert!(last.text.contains(&report.breaks.invariant), "{}", last.text);
    }
}

#[test]
fn a_deadlock_is_told_as_who_waits_for_whom() {
    assert_eq!(
        unsearched("waits-for-itself").waits,
        ["customer-1, customer-2, worker-1 and worker-2 wait for a job's result"]
    );
    assert_eq!(unsearched("stuck-flag").waits, Vec::<String>::new());
}

#[test]
fn a_search_under_way_says_how_far_it_has_come() {
    let mut inquiry = Inquiry::new(Bug::of_id("stuck-flag").unwrap()).unwrap();
    assert!(!inquiry.run_while(|| false));
    let report = inquiry.report();
    let told = report.searched.iter().map(|search| format!("{}: {}", search.version, search.schedules));
    assert_eq!(
        told.collect::<Vec<_>>(),
        ["as found: 16 schedules so far", "half-fix: 0 schedules so far", "fixed: 0 schedules so far"]
    );
    assert!(!report.done);
}

/// What there is instead of a report of the removed result, when this is stored with its buggy version. First in,
/// first out, that one holds.
fn instead_of_a_report(fails: Option<Fails>) -> String {
    let bug = Bug::of_id("removed-result").unwrap();
    let variants: Vec<Variant> = bug.variants.iter().map(|variant| Variant { fails, ..*variant }).collect();
    let bug: &'static Bug = Box::leak(Box::new(Bug { variants: variants.leak(), ..*bug }));
    Inquiry::new(bug).err().map_or_else(String::new, |error| error.to_string())
}

#[test]
fn a_stored_schedule_that_breaks_nothing_is_a_sentence_and_no_report() {
    let stored = |schedule| Some(Fails { invariant: "everybody gets the result", schedule });
    assert_eq!(instead_of_a_report(Bug::of_id("removed-result").unwrap().variants[0].fails), "");
    assert_eq!(
        instead_of_a_report(stored("fifo")),
        "The schedule that is stored with the version “as found”, fifo, breaks nothing. Run `cargo xtask bugs \
         removed-result`, and store the schedule that it prints."
    );
    assert_eq!(
        instead_of_a_report(stored("backwards")),
        "The schedule that is stored with the version “as found” cannot be read: a schedule begins with fifo, \
         random-SEED, you-CHOICES or replay-CHOICES. Run `cargo xtask bugs removed-result`, and store the schedule that it prints."
    );
    assert_eq!(
        instead_of_a_report(None),
        "No failing schedule is stored with the version “as found”. Run `cargo xtask bugs removed-result`, and store \
         the schedule that it prints."
    );
}
