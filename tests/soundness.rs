//! The reduced search leaves out schedules, and no outcome: over many small programs, which are drawn, it ends in the
//! same states, sees the same states in between and breaks the same promises as the search that leaves out nothing.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use unstuck::explore::{Options, Report, Shard, Strategy, check};
use unstuck::scenario::Stage;
use unstuck::sync::{CancelToken, Event, Mutex, Queue, Semaphore, Tracked, oneshot};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{JoinHandle, fault, sleep, spawn_named, timeout, yield_now};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const NAMES: [&str; 3] = ["A", "B", "C"];

#[derive(Clone, Copy, Debug)]
enum Op {
    Look(usize),
    Put(usize, u32),
    Add(usize),
    /// Changes the other cell if this one is not 0: what the step touches depends on what it finds.
    PutIf(usize, u32),
    Yield,
    Sleep(u64),
    Lock,
    LockInTime,
    Permit,
    TryPermit,
    Send,
    Receive,
    Enqueue(u32),
    TryEnqueue(u32),
    Dequeue,
    TryDequeue,
    Happen,
    WaitForEvent,
    Fault,
    AskToStop,
    IsAskedToStop,
    WaitForStop,
    SpawnChild,
    JoinChild,
    CancelChild,
    IsChildFinished,
}

const OPS: [Op; 33] = [
    Op::Look(0),
    Op::Look(1),
    Op::Put(0, 1),
    Op::Put(1, 2),
    Op::Put(0, 3),
    Op::Add(0),
    Op::Add(1),
    Op::PutIf(0, 4),
    Op::PutIf(1, 5),
    Op::Yield,
    Op::Yield,
    Op::Sleep(1),
    Op::Sleep(2),
    Op::Lock,
    Op::LockInTime,
    Op::Permit,
    Op::TryPermit,
    Op::Send,
    Op::Receive,
    Op::Enqueue(6),
    Op::Enqueue(7),
    Op::TryEnqueue(8),
    Op::Dequeue,
    Op::TryDequeue,
    Op::Happen,
    Op::WaitForEvent,
    Op::Fault,
    Op::AskToStop,
    Op::IsAskedToStop,
    Op::WaitForStop,
    Op::SpawnChild,
    Op::JoinChild,
    Op::CancelChild,
];

#[derive(Clone, Debug)]
struct Program {
    tasks: Vec<Vec<Op>>,
    may_be_cancelled: Option<usize>,
}

struct World {
    cells: [Tracked<u32>; 2],
    lock: Mutex<u32>,
    places: Semaphore,
    sender: Tracked<Option<oneshot::Sender<u32>>>,
    receiver: Tracked<Option<oneshot::Receiver<u32>>>,
    queue: Queue<u32>,
    event: Event,
    stop: CancelToken,
    child: Tracked<Option<JoinHandle<u32>>>,
    /// What each task has seen; nobody looks at it before the end.
    seen: [RefCell<String>; 3],
}

type Outcomes = Rc<RefCell<BTreeSet<String>>>;

fn set(stage: &Stage, program: &Program, outcomes: &Outcomes) {
    let (sender, receiver) = oneshot::channel("value");
    let world = Rc::new(World {
        cells: [Tracked::new(0), Tracked::new(0)],
        lock: Mutex::new("lock", 0),
        places: Semaphore::new("places", 1),
        sender: Tracked::new(Some(sender)),
        receiver: Tracked::new(Some(receiver)),
        queue: Queue::bounded("queue", 1),
        event: Event::new("event"),
        stop: CancelToken::new(),
        child: Tracked::new(None),
        seen: Default::default(),
    });
    if let Some(task) = program.may_be_cancelled {
        stage.may_be_cancelled(NAMES[task]);
    }
    for (task, ops) in program.tasks.iter().enumerate() {
        let (world, ops) = (world.clone(), ops.clone());
        stage.spawn(NAMES[task], async move {
            for op in ops {
                let seen = act(&world, op).await;
                world.seen[task].borrow_mut().push_str(&format!("{seen} "));
            }
        });
    }
    let (seen, of) = (outcomes.clone(), world.clone());
    stage.always("the cells are not both odd", move || {
        // What it looks at depends on what it finds, and a search has to learn that on the way.
        let x = of.cells[0].get();
        let y = if x % 2 == 1 { of.cells[1].get() } else { 0 };
        seen.borrow_mut().insert(format!("in between: {x} {y}"));
        if x % 2 == 1 && y % 2 == 1 { Err(format!("{x} {y}")) } else { Ok(()) }
    });
    let seen = outcomes.clone();
    stage.finally("this was an end", move || {
        let cells = [world.cells[0].get(), world.cells[1].get()];
        let told = world.seen.each_ref().map(|seen| seen.borrow().clone());
        seen.borrow_mut().insert(format!("end: {cells:?} {told:?} {}", world.places.free()));
        Ok(())
    });
}

async fn act(world: &World, op: Op) -> u32 {
    match op {
        Op::Look(cell) => world.cells[cell].get(),
        Op::Put(cell, value) => world.cells[cell].replace(value),
        Op::Add(cell) => world.cells[cell].update(|value| {
            *value += 1;
            *value
        }),
        Op::PutIf(cell, value) => match world.cells[cell].get() {
            0 => 0,
            _ => world.cells[1 - cell].replace(value),
        },
        Op::Yield => {
            yield_now().await;
            0
        }
        Op::Sleep(time) => {
            sleep(ms(time)).await;
            0
        }
        Op::Lock => {
            let mut value = world.lock.lock().await;
            yield_now().await;
            *value += 1;
            *value
        }
        Op::LockInTime => match timeout(ms(1), world.lock.lock()).await {
            Ok(mut value) => {
                *value += 10;
                sleep(ms(1)).await;
                *value
            }
            Err(_) => 77,
        },
        Op::Permit => {
            let _place = world.places.acquire().await;
            sleep(ms(1)).await;
            world.cells[0].get()
        }
        Op::TryPermit => u32::from(world.places.try_acquire().is_some()),
        Op::Send => match world.sender.replace(None) {
            Some(sender) => u32::from(sender.send(world.cells[1].get()).is_ok()),
            None => 99,
        },
        Op::Receive => match world.receiver.replace(None) {
            Some(receiver) => receiver.await.unwrap_or(88),
            None => 99,
        },
        Op::Enqueue(value) => u32::from(world.queue.put(value).await.is_ok()),
        Op::TryEnqueue(value) => u32::from(world.queue.try_put(value).is_ok()),
        Op::Dequeue => world.queue.take().await.unwrap_or(0),
        Op::TryDequeue => world.queue.try_take().unwrap_or(0),
        Op::Happen => {
            world.event.set();
            0
        }
        Op::WaitForEvent => {
            world.event.wait().await;
            0
        }
        Op::Fault => fault(2),
        Op::AskToStop => u32::from(world.stop.cancel(CancelReason::Requested)),
        Op::IsAskedToStop => u32::from(world.stop.is_cancelled()),
        Op::WaitForStop => {
            let _ = timeout(ms(2), world.stop.cancelled()).await;
            u32::from(world.stop.is_cancelled())
        }
        Op::SpawnChild => {
            let cell = world.cells[1].get();
            let child = spawn_named("child", async move {
                yield_now().await;
                cell
            });
            u32::from(world.child.replace(Some(child)).is_some())
        }
        Op::JoinChild => match world.child.replace(None) {
            Some(child) => child.await.unwrap_or(66),
            None => 55,
        },
        Op::CancelChild => world
            .child
            .with(|child| child.as_ref().map_or(2, |child| u32::from(child.cancel(CancelReason::Requested)))),
        Op::IsChildFinished => {
            world.child.with(|child| child.as_ref().map_or(2, |child| u32::from(child.is_finished())))
        }
    }
}

/// Xorshift, so that the programs are the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (((self.0 >> 32) * bound as u64) >> 32) as usize
    }

    fn program(&mut self) -> Program {
        let op = |dice: &mut Dice| match dice.below(OPS.len() + 1) {
            place if place < OPS.len() => OPS[place],
            _ => Op::IsChildFinished,
        };
        let mut tasks = Vec::new();
        for _ in 0..2 + self.below(2) {
            let length = 1 + self.below(4);
            tasks.push((0..length).map(|_| op(self)).collect());
        }
        let may_be_cancelled = (self.below(3) == 0).then(|| self.below(tasks.len()));
        Program { tasks, may_be_cancelled }
    }
}

fn outcomes(program: &Program, strategy: Strategy, bound: u64) -> (Report, BTreeSet<String>) {
    outcomes_of_part(program, strategy, bound, Shard::WHOLE)
}

fn outcomes_of_part(program: &Program, strategy: Strategy, bound: u64, shard: Shard) -> (Report, BTreeSet<String>) {
    let outcomes = Outcomes::default();
    let options = Options { shrinking: 0, shard, ..Options::default().strategy(strategy).executions(bound) };
    let report = check(&|stage: &Stage| set(stage, program, &outcomes), &options);
    let seen = outcomes.borrow().clone();
    (report, seen)
}

#[test]
fn a_thousand_drawn_programs_have_the_same_outcomes_with_and_without_reduction() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut compared, mut naive, mut reduced, mut blocked) = (0, 0, 0, 0);
    while compared < 1_000 {
        let program = dice.program();
        let (all, every_outcome) = outcomes(&program, Strategy::Naive, 3_000);
        if !all.exhausted {
            continue;
        }
        let (few, found) = outcomes(&program, Strategy::Exhaustive, 100_000);
        assert!(few.exhausted, "{program:?}");
        assert_eq!(found, every_outcome, "{program:?}\n{few}\n{all}");
        assert_eq!(few.holds(), all.holds(), "{program:?}");
        compared += 1;
        (naive, reduced, blocked) = (naive + all.executions, reduced + few.executions, blocked + few.blocked);
        assert!(few.executions <= all.executions, "{program:?}");
    }
    println!("{compared} programs, {naive} schedules, {reduced} kinds, {blocked} blocked");
}

#[test]
fn the_parts_of_a_shared_search_have_all_the_outcomes_of_the_whole() {
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for _ in 0..300 {
        let program = dice.program();
        let (whole, all) = outcomes(&program, Strategy::Exhaustive, 3_000);
        if !whole.exhausted {
            continue;
        }
        let parts =
            (0..3).map(|index| outcomes_of_part(&program, Strategy::Exhaustive, 100_000, Shard { index, of: 3 }));
        let (mut found, mut fails) = (BTreeSet::new(), false);
        for (part, outcomes) in parts {
            assert!(part.exhausted, "{program:?}");
            fails |= !part.holds();
            found.extend(outcomes);
        }
        assert_eq!(found, all, "{program:?}");
        assert_eq!(fails, !whole.holds(), "{program:?}");
    }
}

/// Two tasks that share what the search cannot see, if `is_tracked` is false.
fn race(stage: &Stage, is_tracked: bool, outcomes: &Outcomes) {
    let (plain, tracked) = (Rc::new(RefCell::new(0)), Rc::new(Tracked::new(0)));
    for (name, value) in [("A", 1), ("B", 2)] {
        let (plain, tracked) = (plain.clone(), tracked.clone());
        stage.spawn(name, async move {
            if is_tracked {
                tracked.set(value);
            }
            plain.replace(value);
        });
    }
    let outcomes = outcomes.clone();
    stage.finally("this was an end", move || {
        outcomes.borrow_mut().insert(plain.borrow().to_string());
        Ok(())
    });
}

#[test]
fn a_change_that_is_not_reported_is_caught_by_the_comparison() {
    let ends = |is_tracked, strategy| {
        let outcomes = Outcomes::default();
        check(&|stage: &Stage| race(stage, is_tracked, &outcomes), &Options::default().strategy(strategy));
        outcomes.take().len()
    };
    assert_eq!([ends(true, Strategy::Naive), ends(true, Strategy::Exhaustive)], [2, 2]);
    assert_eq!([ends(false, Strategy::Naive), ends(false, Strategy::Exhaustive)], [2, 1]);
}
