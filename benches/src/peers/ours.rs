//! `unstuck` itself, on its virtual clock, recording nothing unless it says so.

use std::time::Duration;

use unstuck::Executor;

use crate::exec::{Exec, Spawn, Timers};

pub struct Ours(Executor);

#[derive(Clone)]
pub struct Spawner;

impl Exec for Ours {
    type Spawner = Spawner;
    const NAME: &'static str = "unstuck";

    fn new() -> Self {
        Self(Executor::new())
    }

    fn spawner(&self) -> Spawner {
        Spawner
    }

    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        drop(self.0.spawn(root));
        self.0.run();
    }
}

/// Ours, recording a trace.
#[cfg(not(target_arch = "wasm32"))]
pub struct Recording(Ours);

#[cfg(not(target_arch = "wasm32"))]
impl Exec for Recording {
    type Spawner = Spawner;
    const NAME: &'static str = "unstuck-recording";

    fn new() -> Self {
        Self(Ours(Executor::recording()))
    }

    fn spawner(&self) -> Spawner {
        Spawner
    }

    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        self.0.run(root);
    }
}

impl Timers for Ours {
    fn sleep(milliseconds: u64) -> impl Future<Output = ()> + 'static {
        unstuck::sleep(Duration::from_millis(milliseconds))
    }

    async fn timeout<F>(milliseconds: u64, future: F) -> Option<F::Output>
    where
        F: Future + 'static,
    {
        unstuck::timeout(Duration::from_millis(milliseconds), future).await.ok()
    }
}

impl Spawn for Spawner {
    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        drop(unstuck::spawn(task));
    }
}
