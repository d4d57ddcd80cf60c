//! tokio's current-thread runtime: a `LocalSet`, plain `spawn`, and both with
//! the paused clock, which jumps to the next deadline when nothing is ready.

use tokio::runtime::{Builder, Runtime};
use tokio::task::{self, LocalSet};

use crate::exec::{Exec, Spawn};

#[cfg(not(target_arch = "wasm32"))]
pub use paused::{TokioPausedLocalSet, TokioPausedSpawn};
#[cfg(not(target_arch = "wasm32"))]
pub use spawn::TokioSpawn;

pub struct TokioLocalSet {
    runtime: Runtime,
    tasks: LocalSet,
}

#[derive(Clone)]
pub struct SpawnLocal;

impl Exec for TokioLocalSet {
    type Spawner = SpawnLocal;
    const NAME: &'static str = "tokio-localset";

    fn new() -> Self {
        Self::on(Builder::new_current_thread())
    }

    fn spawner(&self) -> SpawnLocal {
        SpawnLocal
    }

    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        self.tasks.block_on(&self.runtime, root);
    }
}

impl TokioLocalSet {
    fn on(runtime: Builder) -> Self {
        Self { runtime: build(runtime), tasks: LocalSet::new() }
    }
}

impl Spawn for SpawnLocal {
    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        task::spawn_local(task);
    }
}

fn build(mut runtime: Builder) -> Runtime {
    runtime.build().expect("a current-thread runtime needs no resource")
}

#[cfg(not(target_arch = "wasm32"))]
mod spawn {
    use super::*;
    use crate::peers::assert_send::AssertSend;

    pub struct TokioSpawn {
        runtime: Runtime,
    }

    #[derive(Clone)]
    pub struct SpawnSend;

    impl Exec for TokioSpawn {
        type Spawner = SpawnSend;
        const NAME: &'static str = "tokio-spawn";

        fn new() -> Self {
            Self::on(Builder::new_current_thread())
        }

        fn spawner(&self) -> SpawnSend {
            SpawnSend
        }

        fn run(&mut self, root: impl Future<Output = ()> + 'static) {
            self.runtime.block_on(root);
        }
    }

    impl TokioSpawn {
        pub fn on(runtime: Builder) -> Self {
            Self { runtime: build(runtime) }
        }
    }

    impl Spawn for SpawnSend {
        fn spawn(&self, task: impl Future<Output = ()> + 'static) {
            task::spawn(AssertSend::new(task));
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod paused {
    use std::time::Duration;

    use super::*;
    use crate::exec::Timers;

    fn clock() -> Builder {
        let mut builder = Builder::new_current_thread();
        builder.enable_time().start_paused(true);
        builder
    }

    /// The same executor on the paused clock, under a name of its own.
    macro_rules! paused {
        ($paused:ident, $executor:ty, $name:literal) => {
            pub struct $paused($executor);

            impl Exec for $paused {
                type Spawner = <$executor as Exec>::Spawner;
                const NAME: &'static str = $name;

                fn new() -> Self {
                    Self(<$executor>::on(clock()))
                }

                fn spawner(&self) -> Self::Spawner {
                    self.0.spawner()
                }

                fn run(&mut self, root: impl Future<Output = ()> + 'static) {
                    self.0.run(root);
                }
            }

            impl Timers for $paused {
                fn sleep(milliseconds: u64) -> impl Future<Output = ()> + 'static {
                    tokio::time::sleep(Duration::from_millis(milliseconds))
                }

                async fn timeout<F>(milliseconds: u64, future: F) -> Option<F::Output>
                where
                    F: Future + 'static,
                {
                    tokio::time::timeout(Duration::from_millis(milliseconds), future).await.ok()
                }
            }
        };
    }

    paused!(TokioPausedLocalSet, TokioLocalSet, "tokio-paused-localset");
    paused!(TokioPausedSpawn, spawn::TokioSpawn, "tokio-paused-spawn");
}
