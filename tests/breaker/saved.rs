//! A circuit's state outlives it, and does not believe what cannot be true.

use unstuck::breaker::{Config, Machine, Saved, State, Verdict};
use unstuck::time::{Duration, Instant};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SECOND: Duration = Duration::from_secs(1);

fn at(seconds: u32) -> Instant {
    Instant::ZERO + seconds * SECOND
}

fn judge(machine: &mut Machine, verdict: Verdict, now: Instant) {
    let call = machine.admit(now).unwrap();
    machine.settle(call, verdict, now);
}

/// Saved as text at one time, and restored at another by another program.
fn moved(machine: &Machine, saved_at: Instant, config: Config, restored_at: Instant) -> Machine {
    let text = serde_json::to_string(&machine.save(saved_at)).unwrap();
    let saved: Saved = serde_json::from_str(&text).unwrap();
    Machine::restore(config, &saved, restored_at).unwrap()
}

#[test]
fn an_open_circuit_stays_open_for_what_was_left() {
    let config = Config::consecutive_failures(1).open_for(10 * SECOND).growing(2.0, 60 * SECOND);
    let mut before = Machine::new(config.clone()).unwrap();
    judge(&mut before, Verdict::Failure, at(0));
    judge(&mut before, Verdict::Failure, at(10)); // a probe, so that it is open for 20 s
    let mut after = moved(&before, at(13), config, at(1000));
    assert_eq!(after.admit(at(1000)).unwrap_err().retry_after, Some(17 * SECOND));
    judge(&mut after, Verdict::Failure, at(1017));
    assert_eq!(after.admit(at(1017)).unwrap_err().retry_after, Some(40 * SECOND));
}

#[test]
fn windows_go_on_where_they_stopped() {
    for (config, left) in [
        (Config::consecutive_failures(4), 3),
        (Config::last_calls(4).failure_rate(1.0), 3),
        (Config::last_time(10 * SECOND).min_calls(4).failure_rate(1.0), 2),
    ] {
        let mut before = Machine::new(config.clone()).unwrap();
        (0..3).for_each(|second| judge(&mut before, Verdict::Failure, at(second)));
        // Eight seconds later the first of them has left the window of time; the next executor has just begun.
        let after = moved(&before, at(10), config, at(0));
        assert_eq!(after.metrics(at(0)).counts.failed, left);
    }
}

#[test]
fn probes_begin_anew() {
    let config = Config::consecutive_failures(1).open_for(SECOND).probes(2);
    let mut before = Machine::new(config.clone()).unwrap();
    judge(&mut before, Verdict::Failure, at(0));
    judge(&mut before, Verdict::Success, at(1));
    let _under_way = before.admit(at(1)).unwrap();
    let after = moved(&before, at(2), config, at(0)).metrics(at(0));
    assert_eq!((after.state, after.counts.calls, after.probes_under_way), (State::HalfOpen, 0, 0));
}

#[test]
fn other_settings_and_impossible_numbers_do_no_harm() {
    let mut open = Machine::new(Config::consecutive_failures(1).open_for(100 * SECOND)).unwrap();
    judge(&mut open, Verdict::Failure, at(0));
    let mut shorter = moved(&open, at(0), Config::last_calls(3).open_for(5 * SECOND), at(0));
    assert_eq!(shorter.admit(at(0)).unwrap_err().retry_after, Some(5 * SECOND));

    let lie = r#"{"closed":{"window":{"Time":[[{"secs":1,"nanos":0},{"calls":1,"failed":4294967295,"slow":9}]]}}}"#;
    let saved: Saved = serde_json::from_str(lie).unwrap();
    let believed = Machine::restore(Config::last_time(10 * SECOND), &saved, at(0)).unwrap();
    let counts = believed.metrics(at(0)).counts;
    assert_eq!((counts.calls, counts.failed, counts.slow), (1, 1, 1));
}
