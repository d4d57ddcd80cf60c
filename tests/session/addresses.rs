//! What an address opens, and what of it is ignored.

use super::drive::after;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_address_restores_version_schedule_and_step() {
    let address = "#/bug/stuck-flag?variant=half-fix&schedule=random-7&step=12";
    let snapshot = after(address, &[]);
    assert_eq!((snapshot.address.as_str(), snapshot.notice), (address, None));
    assert_eq!(snapshot.panes[0].file, "stuck_flag/half_fixed.rs");
}

/// The notice and the address that a broken address leads to.
fn opened(address: &str) -> (String, String) {
    let snapshot = after(address, &[]);
    (snapshot.notice.unwrap_or_default(), snapshot.address)
}

#[test]
fn a_broken_address_opens_what_it_can_and_says_what_it_ignored() {
    let plain = "#/bug/stuck-flag";
    let ignored = |what: &str| format!("Ignored in the address: {what}.");
    let cases = [
        ("#/bug/nobody", ignored("the bug “nobody”, which is not in the catalogue"), plain),
        ("#/bug/%3Cb%3Ex", ignored("the bug “<b>x”, which is not in the catalogue"), plain),
        ("nonsense", ignored("the bug “nonsense”, which is not in the catalogue"), plain),
        (
            "#/bug/stuck-flag?step=-1&step=x",
            ignored("the step “-1”, which is not a whole number; the step “x”, which is not a whole number"),
            plain,
        ),
        (
            "#/bug/stuck-flag?step=1000000",
            ignored("the step 1000000, because the run has 57"),
            "#/bug/stuck-flag?step=57",
        ),
        ("#/bug/stuck-flag?variant=perfect", ignored("the version “perfect”, which this bug does not have"), plain),
        (
            "#/bug/stuck-flag?schedule=random-x",
            ignored("the schedule “random-x”, because a random schedule needs a whole number as its seed"),
            plain,
        ),
        (
            "#/bug/stuck-flag?schedule=you-main.F.A&step=3",
            ignored("everything from step 2 on, because F is not ready there; the step 3, because the run has 1"),
            "#/bug/stuck-flag?schedule=you-main&step=1",
        ),
    ];
    for (address, notice, shown) in cases {
        assert_eq!(opened(address), (notice, shown.to_owned()), "{address}");
    }
}

#[test]
fn two_megabytes_of_address_are_ignored_at_once() {
    let (notice, address) = opened(&format!("#/bug/stuck-flag?schedule=you-{}", "A.".repeat(1_000_000)));
    assert_eq!(address, "#/bug/stuck-flag");
    assert_eq!(notice, "Ignored in the address: all of its 2000030 bytes, because at most 100000 are read.");
}

#[test]
fn no_text_of_up_to_three_signs_breaks_an_address() {
    let signs = ["#", "/", "?", "&", "=", "%", "~", ".", "-", "bug", "step", "schedule", "you", "🦀"];
    for first in signs {
        for second in signs {
            for third in signs {
                after(&format!("#/bug/stuck-flag?{first}{second}{third}"), &[]);
                after(&format!("{first}{second}{third}"), &[]);
            }
        }
    }
}
