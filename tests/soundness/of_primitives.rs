//! Programs over the primitives, timers, faults, cancellations and children.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use unstuck::explore::{Shard, Strategy};
use unstuck::scenario::Stage;
use unstuck::sync::{CancelToken, Event, Mutex, Queue, Semaphore, Tracked, oneshot};
use unstuck::time::ms;
use unstuck::trace::CancelReason;
use unstuck::{JoinHandle, fault, sleep, spawn_named, timeout, yield_now};

use super::drawn::{Dice, NAMES, Outcomes, compare, outcomes, outcomes_of_part};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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

fn program(dice: &mut Dice) -> Program {
    let op = |dice: &mut Dice| match dice.below(OPS.len() + 1) {
        place if place < OPS.len() => OPS[place],
        _ => Op::IsChildFinished,
    };
    let mut tasks = Vec::new();
    for _ in 0..2 + dice.below(2) {
        let length = 1 + dice.below(4);
        tasks.push((0..length).map(|_| op(dice)).collect());
    }
    let may_be_cancelled = (dice.below(3) == 0).then(|| dice.below(tasks.len()));
    Program { tasks, may_be_cancelled }
}

#[test]
fn a_thousand_drawn_programs_have_the_same_outcomes_with_and_without_reduction() {
    compare(1_000, set, program);
}

#[test]
fn the_parts_of_a_shared_search_have_all_the_outcomes_of_the_whole() {
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for _ in 0..300 {
        let program = program(&mut dice);
        let (whole, all) = outcomes(set, &program, Strategy::Exhaustive, 3_000);
        if !whole.exhausted {
            continue;
        }
        let parts = (0..3)
            .map(|index| outcomes_of_part(set, &program, Strategy::Exhaustive, 100_000, Shard { index, of: 3 }));
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
