//! Groups of a pipeline under our own search: one schedule of every kind, with the group asked to stop, or dropped,
//! at every moment. Whatever happens, none of its children is alive when it has ended.

use std::rc::Rc;

use unstuck::explore::assert_holds;
use unstuck::flow::{Job, Parallel, Policies, RunCx, Task, Workflow, race};
use unstuck::scenario::Stage;
use unstuck::sync::{CancelToken, Tracked};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{fault, sleep, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// How many children are alive, and what the group came to, with how many were alive then.
#[derive(Default)]
struct Seen {
    alive: usize,
    ended: Option<(String, usize)>,
    /// How many were alive when whoever ran the group had gone.
    left: usize,
}

type Shared = Rc<Tracked<Seen>>;

struct Alive(Shared);

impl Alive {
    fn new(seen: &Shared) -> Self {
        seen.update(|seen| seen.alive += 1);
        Alive(seen.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.update(|seen| seen.alive -= 1);
    }
}

/// Looks around when whoever ran the group returns or is dropped.
struct Left(Shared);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.update(|seen| seen.left = seen.alive);
    }
}

type Child = Job<(), &'static str, &'static str>;

/// A child that gives way, and then returns its name or fails with it.
fn child(seen: &Shared, name: &'static str) -> Child {
    let seen = seen.clone();
    let call = async move |_: ()| {
        let _alive = Alive::new(&seen);
        yield_now().await;
        match fault(2) {
            0 => Ok(name),
            _ => Err(name),
        }
    };
    Task::new(name, call).boxed()
}

/// A child that takes as many milliseconds at its first call, and none after that.
fn slow_at_first(seen: &Shared) -> Child {
    let (seen, calls) = (seen.clone(), Tracked::new(0));
    let call = async move |_: ()| {
        let _alive = Alive::new(&seen);
        let nth = calls.update(|calls| core::mem::replace(calls, *calls + 1));
        if nth == 0 {
            sleep(ms(2)).await;
        }
        Ok(if nth == 0 { "first" } else { "second" })
    };
    Task::new("Fetch", call).boxed()
}

/// How the run of a group is disturbed.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Nobody,
    /// Another task asks it to stop.
    Request,
    /// Its future is dropped wherever it waits.
    Drop,
}

/// Runs a group, disturbed like this, in every kind of schedule; `expected` are the outcomes that it may have.
fn holds<W>(make: impl Fn(&Shared) -> W, by: By, expected: &'static [&'static str])
where
    W: Workflow<Input = (), Output: core::fmt::Debug, Error: core::fmt::Debug> + 'static,
{
    let report = assert_holds(|stage: &Stage| {
        stage.time_may_win();
        let (seen, token) = (Shared::default(), CancelToken::new());
        let (group, notes) = (make(&seen), seen.clone());
        let cx = RunCx::new("group").cancelled_by(&token);
        if by == By::Drop {
            stage.may_be_cancelled("main");
        }
        stage.spawn("main", async move {
            let _left = Left(notes.clone());
            let outcome = cx.perform(&group, ()).await;
            notes.update(|seen| seen.ended = Some((format!("{outcome:?}"), seen.alive)));
        });
        if by == By::Request {
            stage.spawn("boss", async move {
                token.cancel(CancelReason::Requested);
            });
        }
        stage.finally("nobody outlives the group", move || {
            seen.with(|seen| match &seen.ended {
                _ if seen.alive + seen.left > 0 => Err(format!("{} are alive, of {}", seen.alive, seen.left)),
                None if by == By::Drop => Ok(()),
                Some((outcome, 0)) if expected.contains(&outcome.as_str()) => Ok(()),
                ended => Err(format!("it came to {ended:?}")),
            })
        });
    });
    assert!(report.executions > 1, "{report}");
}

fn parallel(seen: &Shared) -> Parallel<Child> {
    Parallel::new("Both", [child(seen, "A"), child(seen, "B")]).unwrap()
}

const BOTH: [&str; 3] = [r#"Ok(["A", "B"])"#, r#"Err(Failed("A"))"#, r#"Err(Failed("B"))"#];

#[test]
fn a_parallel_group_that_fails_fast_ends_after_its_children() {
    holds(parallel, By::Nobody, &BOTH);
    holds(parallel, By::Drop, &BOTH);
}

#[test]
fn a_parallel_group_that_is_asked_to_stop_ends_after_its_children() {
    holds(parallel, By::Request, &[BOTH[0], BOTH[1], BOTH[2], "Err(Cancelled(Requested))"]);
}

#[test]
fn a_race_ends_after_its_losers() {
    let make = |seen: &Shared| race("First", [child(seen, "A"), child(seen, "B")]).unwrap();
    for by in [By::Nobody, By::Drop] {
        holds(make, by, &[r#"Ok("A")"#, r#"Ok("B")"#, r#"Err(Failed("A"))"#, r#"Err(Failed("B"))"#]);
    }
}

#[test]
fn a_hedge_ends_after_the_call_that_was_too_slow() {
    // The first call is due when the second is begun, and at the same instant somebody asks for the end.
    for by in [By::Drop, By::Request] {
        let make = |seen: &Shared| slow_at_first(seen).hedged(ms(2), 2).unwrap();
        holds(make, by, &[r#"Ok("first")"#, r#"Ok("second")"#, "Err(Cancelled(Requested))"]);
    }
}

#[test]
fn a_group_behind_a_time_limit_ends_after_its_children_whoever_wins() {
    // Both children take as long as they may: each of them, and the limit, may be first.
    let make = |seen: &Shared| {
        let slow = |seen: &Shared| {
            let seen = seen.clone();
            let call = async move |_: ()| {
                let _alive = Alive::new(&seen);
                sleep(ms(1)).await;
                Ok::<_, &str>("slow")
            };
            Task::new("Slow", call)
        };
        let both = Parallel::new("Both", [slow(seen), slow(seen)]).unwrap();
        both.with(Policies::new().timeout(ms(1)).deadline(ms(2)))
    };
    for by in [By::Nobody, By::Drop, By::Request] {
        holds(make, by, &[r#"Ok(["slow", "slow"])"#, "Err(TimedOut(1ms))", "Err(Cancelled(Requested))"]);
    }
}
