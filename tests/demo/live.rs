//! A demo in real time: a host drives it, and what is shown follows the host's clock.

use unstuck::demo::{Action, Session, Tone};
use unstuck::time::{Instant, ms};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Runs what is handed out to a host up to a moment on the host's clock.
fn drive(executor: &unstuck::Executor, until: Instant) {
    executor.run_ready();
    while executor.next_deadline().is_some_and(|deadline| deadline <= until) {
        executor.advance();
        executor.run_ready();
    }
}

#[test]
fn nothing_runs_before_somebody_wants_it_to() {
    let mut session = Session::open("#/flow?demo=parallel&clock=real");
    assert!(session.take_to_drive().is_none());
    let shown = session.snapshot();
    assert_eq!((shown.can_run, shown.live, shown.last), (true, false, 0));
    let running = session.apply(&Action::Run).unwrap();
    assert_eq!((running.can_run, running.live), (false, true));
    assert!(session.take_to_drive().is_some());
}

#[test]
fn boxes_fill_by_the_clock_of_the_host() {
    let mut session = Session::open("#/flow?demo=parallel&seed=1&clock=real");
    session.apply(&Action::Run).unwrap();
    let (executor, _main) = session.take_to_drive().unwrap();
    drive(&executor, Instant::ZERO);
    // Fetch10 takes 440 ms.
    session.look(Instant::ZERO + ms(110));
    let shown = session.snapshot();
    assert_eq!((shown.time.as_str(), shown.pipeline.blocks[0].fill), ("t = 110 ms", 0.25));
}

#[test]
fn stopping_in_real_time_ends_and_awaits_everything() {
    let mut session = Session::open("#/flow?demo=race&clock=real");
    session.apply(&Action::Run).unwrap();
    let (executor, _main) = session.take_to_drive().unwrap();
    drive(&executor, Instant::ZERO + ms(100));
    session.look(Instant::ZERO + ms(120));
    session.apply(&Action::Act { value: "stop".to_owned() }).unwrap();
    drive(&executor, Instant::ZERO + ms(1_000));
    session.look(Instant::ZERO + ms(1_000));
    let shown = session.snapshot();
    assert_eq!((shown.live, shown.can_run, shown.time.as_str()), (false, true, "t = 160 ms"));
    assert!(shown.pipeline.blocks.iter().all(|block| block.tone == Tone::Cancelled));
}

#[test]
fn another_run_or_another_demo_abandons_the_one_before() {
    let mut session = Session::open("#/flow?demo=race&clock=real");
    session.apply(&Action::Run).unwrap();
    let (executor, main) = session.take_to_drive().unwrap();
    drive(&executor, Instant::ZERO + ms(100));
    let shown = session.apply(&Action::Reset).unwrap();
    assert_eq!((main.is_finished(), executor.alive()), (true, 0));
    assert_eq!((shown.can_run, shown.last), (true, 0));
}
