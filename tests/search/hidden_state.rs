//! What tasks share inside of the library, without any object of the program: each is seen by a search, which finds the
//! same outcomes as the search that leaves out nothing.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::{pending, poll_fn};
use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;
use std::task::Poll;

use futures::FutureExt;
use unstuck::breaker::{CircuitBreaker, Config};
use unstuck::bus::{EventBus, Overflow};
use unstuck::explore::{Options, Strategy, check};
use unstuck::flow::{Bulkhead, Policies, RunCx, Task, Workflow};
use unstuck::retry::{Backoff, Retry};
use unstuck::runner::{MemoryStore, SleepTask, Store, TaskRunner};
use unstuck::scenario::Stage;
use unstuck::sync::oneshot;
use unstuck::time::ms;
use unstuck::{now, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What tasks say of one execution, by name, in a place that no search looks at.
#[derive(Clone, Default)]
struct Said(Rc<RefCell<BTreeMap<&'static str, String>>>);

impl Said {
    fn say(&self, name: &'static str, what: impl ToString) {
        self.0.borrow_mut().insert(name, what.to_string());
    }
}

/// All that is ever said in the end.
fn outcomes(scenario: fn(&Stage, Said), strategy: Strategy) -> BTreeSet<String> {
    let all: Rc<RefCell<BTreeSet<String>>> = Rc::default();
    let report = check(
        &|stage: &Stage| {
            let (all, said) = (all.clone(), Said::default());
            scenario(stage, said.clone());
            stage.finally("it is said what it comes to", move || {
                let words = said.0.borrow().iter().map(|(name, what)| format!("{name} {what}")).collect::<Vec<_>>();
                all.borrow_mut().insert(words.join(", "));
                Ok(())
            });
        },
        &Options { shrinking: 0, ..Options::default().strategy(strategy).executions(100_000) },
    );
    assert!(report.exhausted, "{report}");
    all.take()
}

fn check_outcomes<const N: usize>(scenario: fn(&Stage, Said), expected: [&str; N]) {
    assert_eq!(outcomes(scenario, Strategy::Naive), expected.map(str::to_owned).into(), "without reduction");
    assert_eq!(outcomes(scenario, Strategy::Exhaustive), expected.map(str::to_owned).into(), "with reduction");
}

#[test]
fn who_was_numbered_first_of_two_runs_without_a_bus() {
    check_outcomes(
        |stage, said| {
            for name in ["A", "B"] {
                let said = said.clone();
                stage.spawn(name, async move { said.say(name, RunCx::new(name).id()) });
            }
        },
        ["A 0, B 1", "A 1, B 0"],
    );
}

#[test]
fn who_drew_the_first_jitter_of_two_runs_without_a_bus() {
    check_outcomes(
        |stage, said| {
            for name in ["A", "B"] {
                let said = said.clone();
                stage.spawn(name, async move {
                    let twice = Retry::new(NonZeroU32::new(2).unwrap(), Backoff::full_jitter(ms(100), 7));
                    let fails = Task::sync(name, |_: ()| Err::<(), _>("no"));
                    let failing = fails.with(Policies::new().retry(twice));
                    assert!(RunCx::new(name).perform(&failing, ()).await.is_err());
                    said.say(name, now().as_nanos() / 1_000_000);
                });
            }
        },
        ["A 50, B 77", "A 77, B 50"],
    );
}

#[test]
fn whether_there_was_room_in_the_line_before_a_bulkhead() {
    check_outcomes(
        |stage, said| {
            let bulkhead = Bulkhead::new("service", 1).unwrap().waiting(1);
            for name in ["A", "B", "C"] {
                let (said, bulkhead) = (said.clone(), bulkhead.clone());
                stage.spawn(name, async move {
                    let call = Task::new(name, async |_: ()| {
                        yield_now().await;
                        Ok::<_, &str>(())
                    });
                    let called = RunCx::new(name).perform(&call.with(Policies::new().bulkhead(&bulkhead)), ()).await;
                    said.say(name, called.is_ok());
                });
            }
        },
        ["A false, B true, C true", "A true, B false, C true", "A true, B true, C false", "A true, B true, C true"],
    );
}

#[test]
fn whether_somebody_listened_before_a_circuit_opened() {
    check_outcomes(
        |stage, said| {
            let bus = EventBus::new();
            let log = Rc::new(RefCell::new(bus.subscribe(Overflow::default())));
            let breaker = CircuitBreaker::new("service", Config::consecutive_failures(1)).unwrap();
            let opened = breaker.clone();
            stage.spawn("A", async move { opened.force_open() });
            stage.spawn("B", async move { breaker.report_to(bus.publisher(|_| ())) });
            stage.finally("the log is read", move || {
                said.say("heard", log.borrow_mut().try_next().is_some());
                Ok(())
            });
        },
        ["heard false", "heard true"],
    );
}

#[test]
fn whether_a_sender_was_dropped_before_somebody_looked() {
    check_outcomes(
        |stage, said| {
            let (sender, receiver) = oneshot::channel::<()>("answer");
            stage.spawn("A", async move { said.say("A saw", format!("{:?}", receiver.now_or_never())) });
            stage.spawn("B", async move { drop(sender) });
        },
        ["A saw None", "A saw Some(Err(SenderGone))"],
    );
}

#[test]
fn whether_a_handle_was_dropped_before_its_task_ended() {
    /// An output that says whether it outlives the handle.
    struct Output(Rc<Cell<bool>>, Said);

    impl Drop for Output {
        fn drop(&mut self) {
            self.1.say("the output", if self.0.get() { "outlived the handle" } else { "went with it" });
        }
    }

    check_outcomes(
        |stage, said| {
            let is_gone = Rc::new(Cell::new(false));
            let output = Output(is_gone.clone(), said);
            let handle = unstuck::spawn_named("A", async move { output });
            stage.spawn("B", async move {
                drop(handle);
                is_gone.set(true);
            });
        },
        ["the output outlived the handle", "the output went with it"],
    );
}

#[test]
fn what_a_store_held_when_somebody_looked() {
    check_outcomes(
        |stage, said| {
            let store = MemoryStore::default();
            let runner = TaskRunner::builder().store(store.clone()).build().unwrap();
            stage.spawn("A", async move { drop(runner.submit(SleepTask::new(ms(1))).await) });
            stage.spawn("B", async move { said.say("B found", store.load().unwrap().len()) });
        },
        ["B found 0", "B found 1"],
    );
}

#[test]
fn whether_somebody_still_waited_for_room_when_it_came() {
    check_outcomes(
        |stage, said| {
            let bus = EventBus::new();
            let mut log = bus.subscribe(Overflow::Backpressure(NonZeroUsize::MIN));
            bus.publish(());
            let seat = Rc::new(RefCell::new(Some(Box::pin(bus.room()))));
            // A takes a seat and then waits for nothing: how often it is polled says whether it was woken.
            let (polls, kept) = (Rc::new(Cell::new(0)), seat.clone());
            stage.spawn("A", async move {
                poll_fn(|cx| {
                    if let (0, Some(seat)) = (polls.get(), kept.borrow_mut().as_mut()) {
                        let _ = seat.as_mut().poll(cx);
                    }
                    polls.set(polls.get() + 1);
                    said.say("A was polled", polls.get());
                    Poll::<()>::Pending
                })
                .await
            });
            stage.spawn("B", async move { drop(seat.take()) });
            stage.spawn("C", async move {
                assert!(log.try_next().is_some());
                pending::<()>().await; // to unsubscribe would be a change that everybody sees
            });
        },
        ["A was polled 1", "A was polled 2"],
    );
}
