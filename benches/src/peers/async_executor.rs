//! async-executor's `LocalExecutor`.

use std::rc::Rc;

use async_executor::LocalExecutor;

use crate::exec::{Exec, Spawn};

pub struct AsyncExecutor(Spawner);

#[derive(Clone)]
pub struct Spawner(Rc<LocalExecutor<'static>>);

impl Exec for AsyncExecutor {
    type Spawner = Spawner;
    const NAME: &'static str = "async-executor";

    fn new() -> Self {
        Self(Spawner(Rc::default()))
    }

    fn spawner(&self) -> Spawner {
        self.0.clone()
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        futures_lite::future::block_on(self.0.0.run(root));
    }

    /// Wasm cannot block, so nothing but ticking is left.
    #[cfg(target_arch = "wasm32")]
    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        self.0.spawn(root);
        while self.0.0.try_tick() {}
    }
}

impl Spawn for Spawner {
    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.0.spawn(task).detach();
    }
}
