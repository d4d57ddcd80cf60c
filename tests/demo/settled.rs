//! Whatever is turned and whenever it is stopped, a demo comes to an end and leaves nothing behind.

use unstuck::demo::{Act, Demo, Run, Setting, Settings};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Every setting at its least and at its most: sixteen combinations, each with a seed of its own.
fn extremes(demo: Demo) -> impl Iterator<Item = Settings> {
    (0..1 << Setting::ALL.len()).map(move |bits: u32| {
        let seeded = demo.settings().drawn_from(bits);
        Setting::ALL.into_iter().fold(seeded, |settings, setting| {
            let (least, most, _) = setting.range();
            settings.with(setting, if bits >> (setting as u32) & 1 == 1 { most } else { least })
        })
    })
}

fn check(demo: Demo, settings: &Settings, acts: &[(u32, Act)]) -> u32 {
    let run = Run::to_end(demo, settings, acts);
    let (executor, what) = (run.executor(), format!("{} with {settings:?} and {acts:?}", demo.id()));
    assert_eq!((executor.alive(), executor.armed_timers()), (0, 0), "{what}");
    assert!(run.outcome().is_some(), "{what}");
    let under_way = run.circuit().map_or(0, |circuit| circuit.breaker.metrics().probes_under_way);
    assert_eq!(under_way, 0, "{what}");
    run.steps()
}

#[test]
fn every_demo_ends_under_every_setting() {
    for demo in Demo::ALL {
        extremes(demo).for_each(|settings| {
            check(demo, &settings, &[]);
        });
    }
}

#[test]
fn every_demo_can_be_stopped_after_every_step() {
    for demo in Demo::ALL {
        let settings = demo.settings();
        let steps = check(demo, &settings, &[]);
        // Of a long run every seventh step, which no rhythm of it meets.
        let every = if steps > 60 { 7 } else { 1 };
        (0..=steps).step_by(every).for_each(|step| {
            check(demo, &settings, &[(step, Act::Stop)]);
        });
    }
}

#[test]
fn a_person_may_do_anything_to_a_circuit_at_any_step() {
    for demo in [Demo::Circuit, Demo::Policies, Demo::Waves] {
        let settings = demo.settings();
        for step in (0..120).step_by(11) {
            let acts: Vec<_> =
                Act::ALL.into_iter().rev().zip(0..).map(|(act, after)| (step + 3 * after, act)).collect();
            check(demo, &settings, &acts);
        }
    }
}
