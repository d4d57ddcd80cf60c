//! Every bug of the catalogue: found, replayed from its stored schedule, and proven fixed.

use unstuck::bugs::{Bug, Proof, Role};
use unstuck::explore::replay;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// One test per bug: what the search finds is what the catalogue says, and its stored schedules replay it.
macro_rules! found_and_proven_fixed {
    ($($name:ident: $id:literal,)*) => {
        const TESTED: &[&str] = &[$($id),*];

        $(#[test]
        fn $name() {
            check($id);
        })*
    };
}

found_and_proven_fixed! {
    stuck_flag_is_found_and_proven_fixed: "stuck-flag",
    check_await_set_is_found_and_proven_fixed: "check-await-set",
    dropped_claim_is_found_and_proven_fixed: "dropped-claim",
    lost_worker_is_found_and_proven_fixed: "lost-worker",
    cancelled_and_run_is_found_and_proven_fixed: "cancelled-and-run",
    impatient_waiter_is_found_and_proven_fixed: "impatient-waiter",
    stranding_shutdown_is_found_and_proven_fixed: "stranding-shutdown",
    whose_timeout_is_found_and_proven_fixed: "whose-timeout",
    half_open_stampede_is_found_and_proven_fixed: "half-open-stampede",
    waits_for_itself_is_found_and_proven_fixed: "waits-for-itself",
    observer_is_found_and_proven_fixed: "observer",
    retries_are_found_and_proven_fixed: "retries",
    never_polled_is_found_and_proven_fixed: "never-polled",
    removed_result_is_found_and_proven_fixed: "removed-result",
    poll_loop_is_found_and_proven_fixed: "poll-loop",
    stubborn_task_is_found_and_proven_fixed: "stubborn-task",
    orphans_are_found_and_proven_fixed: "orphans",
}

fn check(id: &str) {
    let bug = Bug::of_id(id).unwrap();
    assert_eq!(Proof::of(bug).contradictions(), Vec::<String>::new());
    for variant in bug.variants {
        let Some(fails) = variant.fails else { continue };
        let findings = replay(variant.scenario, fails.schedule).findings();
        assert_eq!(findings[0].invariant, fails.invariant, "{id} {}", variant.role.id());
    }
}

#[test]
fn every_bug_of_the_catalogue_is_tested_here() {
    let ids: Vec<&str> = Bug::ALL.iter().map(|bug| bug.id).collect();
    assert_eq!(TESTED, ids);
}

#[test]
fn a_bug_has_a_failing_version_first_and_one_that_holds_last_and_each_role_once() {
    for bug in Bug::ALL {
        let roles: Vec<Role> = bug.variants.iter().map(|variant| variant.role).collect();
        assert!(roles.is_sorted_by(|one, next| one < next), "{}: {roles:?}", bug.id);
        assert_eq!(bug.ends().map(|variant| variant.role), [Role::Buggy, Role::Fixed], "{}", bug.id);
        for variant in bug.variants {
            assert_eq!(variant.fails.is_none(), variant.role == Role::Fixed, "{} {}", bug.id, variant.role.id());
        }
    }
}

#[test]
fn the_catalogue_is_in_the_order_of_its_numbers_and_every_id_is_there_once() {
    let numbers: Vec<u32> = Bug::ALL.iter().map(|bug| bug.number).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    for bug in Bug::ALL {
        assert_eq!(Bug::of_id(bug.id).map(|found| found.number), Some(bug.number));
    }
}
