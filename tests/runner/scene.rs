//! A runner, and an executor to play on.

use unstuck::Executor;
use unstuck::runner::{Builder, SleepTask, TaskRunner};
use unstuck::time::Duration;

pub fn runner(builder: Builder) -> TaskRunner {
    let runner = builder.build().unwrap();
    runner.start();
    runner
}

pub fn workers(workers: usize) -> Builder {
    TaskRunner::builder().workers(workers)
}

pub fn check<F: Future<Output = ()> + 'static>(scene: F) {
    Executor::new().block_on(scene);
}

pub fn sleeper(time: Duration) -> SleepTask {
    SleepTask::new(time)
}
