//! What a scheduler decides besides who runs next: each of it is tried both ways, and printed in a schedule.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use unstuck::explore::{Options, Strategy, check, replay};
use unstuck::flow::{Bulkhead, Policies, Sequence, Task, Workflow, run};
use unstuck::runner::{TaskCx, TaskError, TaskRunner, job};
use unstuck::scenario::Stage;
use unstuck::sync::{Mutex, Tracked, oneshot};
use unstuck::time::ms;
use unstuck::{fault, now, sleep, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Seen = Rc<RefCell<BTreeSet<String>>>;

/// What a scenario comes to under all schedules: the same with reduction as without.
fn outcomes(scenario: impl Fn(&Stage, &Seen)) -> Vec<String> {
    let [every, reduced] = [Strategy::Naive, Strategy::Exhaustive].map(|strategy| {
        let seen = Seen::default();
        let report = check(&|stage: &Stage| scenario(stage, &seen), &Options::default().strategy(strategy));
        assert!(report.exhausted, "{report}");
        seen.take()
    });
    assert_eq!(reduced, every);
    every.into_iter().collect()
}

#[test]
fn every_answer_to_every_question_for_a_fault_is_tried() {
    let seen = outcomes(|stage, seen| {
        let seen = seen.clone();
        stage.spawn("A", async move {
            let first = fault(3);
            let second = if first == 1 { fault(2) } else { 9 };
            seen.borrow_mut().insert(format!("{first} {second}"));
        });
    });
    assert_eq!(seen, ["0 9", "1 0", "1 1", "2 9"]);
}

#[test]
fn timers_that_are_due_at_one_instant_fire_in_every_order() {
    let seen = outcomes(|stage, seen| {
        let order = Rc::new(Tracked::new(String::new()));
        for name in ["A", "B", "C"] {
            let order = order.clone();
            stage.spawn(name, async move {
                sleep(ms(1)).await;
                order.update(|order| order.push_str(name));
            });
        }
        let seen = seen.clone();
        stage.finally("this was an order", move || {
            seen.borrow_mut().insert(order.with(Clone::clone));
            Ok(())
        });
    });
    assert_eq!(seen, ["ABC", "ACB", "BAC", "BCA", "CAB", "CBA"]);
}

#[test]
fn only_a_task_that_opted_in_is_cancelled_and_that_at_each_of_its_awaits() {
    let seen = outcomes(|stage, seen| {
        stage.may_be_cancelled("A");
        let came = Rc::new(Tracked::new((0, 0)));
        let a = came.clone();
        stage.spawn("A", async move {
            for awaits in 1..=2 {
                yield_now().await;
                a.update(|came| came.0 = awaits);
            }
        });
        let b = came.clone();
        stage.spawn("B", async move {
            yield_now().await;
            b.update(|came| came.1 = 1);
        });
        let seen = seen.clone();
        stage.finally("this was an end", move || {
            seen.borrow_mut().insert(format!("{:?}", came.get()));
            Ok(())
        });
    });
    assert_eq!(seen, ["(0, 1)", "(1, 1)", "(2, 1)"]);
}

/// The answer comes at the instant at which the time of whoever waits for it is up.
fn answer_at_the_last_moment(stage: &Stage, seen: &Seen) {
    let (sender, receiver) = oneshot::channel("answer");
    stage.spawn("A", async move {
        sleep(ms(1)).await;
        let _ = sender.send(7);
    });
    let seen = seen.clone();
    stage.spawn("B", async move {
        let answer = timeout(ms(1), receiver).await;
        seen.borrow_mut().insert(format!("{answer:?}"));
    });
}

#[test]
fn between_an_answer_and_the_time_limit_of_who_waits_for_it_either_wins() {
    assert_eq!(outcomes(answer_at_the_last_moment), ["Err(Elapsed)", "Ok(Ok(7))"]);
}

/// What a task waits for by itself ends at the instant at which its time is up.
fn as_long_as_it_may(stage: &Stage, seen: &Seen) {
    let seen = seen.clone();
    stage.spawn("A", async move {
        let slept = timeout(ms(1), sleep(ms(1))).await;
        seen.borrow_mut().insert(format!("{slept:?} at {}", now()));
    });
}

#[test]
fn within_one_poll_the_result_wins_unless_time_may() {
    assert_eq!(outcomes(as_long_as_it_may), ["Ok(()) at 1 ms"]);
    let either = outcomes(|stage, seen| {
        stage.time_may_win();
        as_long_as_it_may(stage, seen);
    });
    assert_eq!(either, ["Err(Elapsed) at 1 ms", "Ok(()) at 1 ms"]);
}

#[test]
fn a_job_that_takes_as_long_as_it_may_is_timed_out_if_time_may_win() {
    let job_under = |time_may_win: bool| {
        outcomes(move |stage, seen| {
            if time_may_win {
                stage.time_may_win();
            }
            let runner = TaskRunner::builder().build().unwrap();
            runner.start();
            let seen = seen.clone();
            stage.spawn("A", async move {
                let nap = |_: TaskCx| async {
                    sleep(ms(1)).await;
                    Ok::<_, &str>("slept")
                };
                let outcome = runner.submit(job(nap).timeout(ms(1))).await.unwrap().await;
                let told = match outcome {
                    Ok(slept) => slept,
                    Err(TaskError::TimedOut) => "timed out",
                    Err(_) => "failed",
                };
                seen.borrow_mut().insert(told.to_owned());
            });
        })
    };
    assert_eq!(
        (job_under(false), job_under(true).as_slice()),
        (vec!["slept".to_owned()], &["slept", "timed out"].map(str::to_owned)[..])
    );
}

#[test]
fn a_call_that_takes_as_long_as_its_policies_let_it_is_stopped_if_time_may_win() {
    let call_under = |policies: fn() -> Policies, time_may_win: bool| {
        outcomes(move |stage, seen| {
            if time_may_win {
                stage.time_may_win();
            }
            let seen = seen.clone();
            stage.spawn("A", async move {
                let nap = Task::new("Nap", async |_: ()| {
                    sleep(ms(1)).await;
                    Ok::<_, &str>("slept")
                });
                let outcome = run(&Sequence::new("Group", nap).with(policies())).await;
                seen.borrow_mut()
                    .insert(outcome.map_or_else(|failure| failure.to_string(), |naps| naps[0].to_owned()));
            });
        })
    };
    let either = |policies| {
        assert_eq!(call_under(policies, false), ["slept"]);
        call_under(policies, true).join(" or ")
    };
    let (stopped, passed) = ("took longer than 1 ms", "the deadline passed");
    assert_eq!(either(|| Policies::new().timeout(ms(1))), format!("slept or {stopped}"));
    assert_eq!(either(|| Policies::new().deadline(ms(1))), format!("slept or {passed}"));
    // Of two limits at one moment, that of the attempt comes first.
    assert_eq!(either(|| Policies::new().timeout(ms(1)).deadline(ms(1))), format!("slept or {stopped}"));
}

#[test]
fn a_plain_call_that_takes_as_long_as_it_may_is_dropped_if_time_may_win() {
    let seen = outcomes(|stage, seen| {
        stage.time_may_win();
        let seen = seen.clone();
        stage.spawn("A", async move {
            let nap = async || {
                sleep(ms(1)).await;
                Ok::<_, &str>("slept".to_owned())
            };
            let outcome = Policies::new().timeout(ms(1)).call(nap).await;
            seen.borrow_mut().insert(outcome.unwrap_or_else(|failure| failure.to_string()));
        });
    });
    assert_eq!(seen, ["slept", "took longer than 1 ms"]);
}

#[test]
fn a_place_that_is_handed_over_at_the_deadline_is_given_back_if_time_wins() {
    let seen = outcomes(|stage, seen| {
        stage.time_may_win();
        let bulkhead = Bulkhead::new("one", 1).unwrap();
        let nap = Task::new("Nap", async |_: ()| {
            sleep(ms(1)).await;
            Ok::<_, &str>(())
        });
        let holds = nap.with(Policies::new().bulkhead(&bulkhead));
        stage.spawn("holds", async move { run(&holds).await.unwrap() });
        let (seen, policies) = (seen.clone(), Policies::new().bulkhead(&bulkhead).deadline(ms(1)));
        stage.spawn("waits", async move {
            let call = Task::sync("Call", |_: ()| Ok::<_, &str>(()));
            let outcome = run(&call.with(policies)).await;
            seen.borrow_mut().insert(format!("{outcome:?}"));
        });
        stage.finally("its place is free", move || match bulkhead.free() {
            1 => Ok(()),
            free => Err(format!("{free} places are free")),
        });
    });
    assert_eq!(seen, ["Err(DeadlinePassed)", "Ok(())"]);
}

/// A lock that its holder keeps if the wait under it runs out of time.
fn kept_lock(stage: &Stage) {
    stage.time_may_win();
    let lock = Rc::new(Mutex::new("lock", ()));
    stage.spawn("A", async move {
        let held = lock.lock().await;
        if timeout(ms(1), sleep(ms(1))).await.is_err() {
            std::mem::forget(held);
        }
    });
}

#[test]
fn a_time_limit_that_wins_is_printed_in_the_schedule_and_replayed() {
    let failure = check(&kept_lock, &Options::default()).failure.unwrap();
    assert_eq!((failure.schedule.as_str(), failure.is_least), ("replay-A.~.A?1", true));
    assert_eq!(replay(kept_lock, &failure.schedule).findings().len(), 1);
}
