//! Every decision is a value that prints and parses.

use unstuck::schedule::{Choice, MAX_CHOICES, Random, Schedule, ScheduleError, Scheduler};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn parse(text: &str) -> Result<Schedule, ScheduleError> {
    text.parse()
}

#[test]
fn what_is_printed_parses_to_the_same_schedule() {
    let longest = format!("you-{}", vec!["A"; MAX_CHOICES].join("."));
    for text in ["fifo", "random-0", "random-18446744073709551615", "you", "replay-A.~.worker-2.~", &longest] {
        assert_eq!(parse(text).map(|schedule| schedule.to_string()).as_deref(), Ok(text));
    }
}

#[test]
fn what_is_no_schedule_says_why() {
    let too_long = format!("you-{}", vec!["A"; MAX_CHOICES + 1].join("."));
    let refused = ["", "lifo", "fifo-1", "random", "random-x", "random--1", "you-", "you-A..B", &too_long];
    let expected = [
        ScheduleError::UnknownPolicy,
        ScheduleError::UnknownPolicy,
        ScheduleError::UnknownPolicy,
        ScheduleError::BadSeed,
        ScheduleError::BadSeed,
        ScheduleError::BadSeed,
        ScheduleError::EmptyChoice,
        ScheduleError::EmptyChoice,
        ScheduleError::TooLong,
    ];
    assert_eq!(refused.map(|text| parse(text).unwrap_err()), expected);
}

/// Which of A to D each scheduler picks in steps 1 to 12.
fn picks(schedule: &str) -> String {
    let schedule = parse(schedule).unwrap();
    let options = ["A", "B", "C", "D"].map(|name| Choice::Poll(name.into()));
    let mut scheduler = schedule.scheduler();
    (1..=12).map_while(|step| scheduler.choose(step, &options)).map(|chosen| options[chosen].to_string()).collect()
}

#[test]
fn each_policy_decides_in_its_own_way() {
    assert_eq!(picks("fifo"), "AAAAAAAAAAAA");
    assert_eq!(picks("random-7"), "ABBCCDAACBDA");
    // What cannot be done is replaced by the first option; after its end, a replay goes on first in, first out.
    assert_eq!(picks("replay-D.~.B.X.C"), "DABACAAAAAAA");
    assert_eq!(picks("you-D.~.B"), "DAB");
}

#[test]
fn a_random_schedule_picks_every_option_about_equally_often() {
    let options = ["A", "B", "C"].map(|name| Choice::Poll(name.into()));
    let mut counts = [0; 3];
    for seed in 0..3_000 {
        counts[Random::new(seed).choose(5, &options).unwrap()] += 1;
    }
    // A fair count has a standard deviation of 26.
    assert!(counts.iter().all(|count| (870..=1130).contains(count)), "{counts:?}");
}
