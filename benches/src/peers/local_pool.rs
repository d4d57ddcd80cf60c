//! `LocalPool` of the futures crate.

use futures::executor::{self, LocalSpawner};
use futures::task::LocalSpawnExt;

use crate::exec::{Exec, Spawn};

pub struct LocalPool(executor::LocalPool);

impl Exec for LocalPool {
    type Spawner = LocalSpawner;
    const NAME: &'static str = "localpool";

    fn new() -> Self {
        Self(executor::LocalPool::new())
    }

    fn spawner(&self) -> LocalSpawner {
        self.0.spawner()
    }

    /// `run_until_stalled`, which works in wasm too, where `run` would park.
    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        self.spawner().spawn(root);
        self.0.run_until_stalled();
    }
}

impl Spawn for LocalSpawner {
    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.spawn_local(task).expect("the pool outlives its tasks");
    }
}
