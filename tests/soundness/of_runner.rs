//! What a runner and its handles tell is found in every order that makes a difference.

use std::cell::RefCell;
use std::rc::Rc;

use unstuck::runner::{JobId, Shutdown, TaskCx, TaskHandle, TaskRunner, job};
use unstuck::scenario::Stage;
use unstuck::sync::Tracked;
use unstuck::trace::CancelReason;
use unstuck::yield_now;

use super::drawn::{Dice, NAMES, Outcomes, compare};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const JOBS: usize = 2;

/// What a task does with a job, or with the runner.
#[derive(Clone, Copy, Debug)]
enum Op {
    Wait(usize),
    /// Waits with the handle itself, which is gone then.
    Take(usize),
    WaitUntilStopped(usize),
    Outcome(usize),
    Status(usize),
    Cancel(usize),
    Drop(usize),
    /// Looks for a handle of the job by its number.
    Find(usize),
    HasRecord(usize),
    Pause,
    Resume,
    ShutDown,
    Yield,
}

const OPS: [Op; 22] = [
    Op::Wait(0),
    Op::Wait(1),
    Op::Take(0),
    Op::Take(1),
    Op::WaitUntilStopped(0),
    Op::Outcome(0),
    Op::Outcome(1),
    Op::Status(0),
    Op::Status(1),
    Op::Cancel(0),
    Op::Cancel(1),
    Op::Drop(0),
    Op::Drop(0),
    Op::Drop(1),
    Op::Find(0),
    Op::Find(1),
    Op::HasRecord(0),
    Op::HasRecord(1),
    Op::Pause,
    Op::Resume,
    Op::ShutDown,
    Op::Yield,
];

#[derive(Debug)]
struct Program {
    workers: usize,
    retention: usize,
    tasks: Vec<Vec<Op>>,
}

type Handle = TaskHandle<usize, &'static str>;

struct World {
    runner: TaskRunner,
    handles: [Tracked<Option<Handle>>; JOBS],
}

fn set(stage: &Stage, program: &Program, outcomes: &Outcomes) {
    let builder = TaskRunner::builder().retention(program.retention);
    let runner = builder.workers(program.workers).build().unwrap();
    let handles = [0, 1].map(|number| {
        let yields = move |_: TaskCx| async move {
            yield_now().await;
            Ok::<_, &str>(number)
        };
        let accepted = runner.try_submit(job(yields));
        Tracked::new(Some(accepted.unwrap()))
    });
    runner.start();
    let world = Rc::new(World { runner, handles });
    let said: Rc<RefCell<Vec<Vec<String>>>> = Rc::new(RefCell::new(vec![Vec::new(); program.tasks.len()]));
    for (number, ops) in program.tasks.iter().enumerate() {
        let (world, said, ops) = (world.clone(), said.clone(), ops.clone());
        stage.spawn(NAMES[number], async move {
            for op in ops {
                let says = act(&world, op).await;
                said.borrow_mut()[number].push(says);
            }
        });
    }
    let outcomes = outcomes.clone();
    stage.finally("it is said what it comes to", move || {
        let ends = [1, 2].map(|id| world.runner.get_record(JobId(id)).map(|record| record.status));
        outcomes.borrow_mut().insert(format!("{:?} {ends:?}", said.borrow()));
        Ok(())
    });
}

async fn act(world: &World, op: Op) -> String {
    let handle = |number: usize| world.handles[number].with(Clone::clone);
    match op {
        Op::Wait(number) => match handle(number) {
            Some(handle) => format!("{:?}", handle.wait().await),
            None => "gone".to_owned(),
        },
        Op::Take(number) => match world.handles[number].replace(None) {
            Some(handle) => format!("{:?}", handle.await),
            None => "gone".to_owned(),
        },
        Op::WaitUntilStopped(number) => match handle(number) {
            Some(handle) => format!("{:?}", handle.stopped().await),
            None => "gone".to_owned(),
        },
        Op::Outcome(number) => format!("{:?}", handle(number).map(|handle| handle.outcome())),
        Op::Status(number) => format!("{:?}", handle(number).map(|handle| handle.status())),
        Op::Cancel(number) => {
            format!("{:?}", handle(number).map(|handle| handle.cancel(CancelReason::Requested)))
        }
        Op::Drop(number) => format!("{:?}", world.handles[number].replace(None).map(drop)),
        Op::Find(number) => {
            format!("{}", world.runner.handle::<usize, &'static str>(JobId(number as u64 + 1)).is_some())
        }
        Op::HasRecord(number) => format!("{}", world.runner.get_record(JobId(number as u64 + 1)).is_some()),
        Op::Pause => format!("{:?}", world.runner.pause()),
        Op::Resume => format!("{:?}", world.runner.resume()),
        Op::ShutDown => {
            world.runner.shutdown(Shutdown::Now).await;
            String::new()
        }
        Op::Yield => format!("{:?}", yield_now().await),
    }
}

fn program(dice: &mut Dice) -> Program {
    let (workers, retention) = (1 + dice.below(2), [0, 1, 1_000][dice.below(3)]);
    let tasks = 1 + dice.below(2);
    let ops = |dice: &mut Dice| (0..1 + dice.below(3)).map(|_| OPS[dice.below(OPS.len())]).collect();
    Program { workers, retention, tasks: (0..tasks).map(|_| ops(dice)).collect() }
}

#[test]
fn drawn_programs_around_a_runner_have_the_same_outcomes_with_and_without_reduction() {
    compare(300, set, program);
}
