//! What a single-threaded executor has to offer to take part.

use std::future::Future;

/// A single-threaded executor, driven from outside of its tasks.
pub trait Exec {
    /// What a task holds in order to spawn another one.
    type Spawner: Spawn;

    /// How the entrant is called in the output: one word.
    const NAME: &'static str;

    fn new() -> Self;

    fn spawner(&self) -> Self::Spawner;

    /// Drives `root`, and all that it spawns, until `root` has finished.
    fn run(&mut self, root: impl Future<Output = ()> + 'static);
}

/// An executor that has timers as well, on a clock that jumps to the next
/// deadline as soon as nothing is ready.
pub trait Timers: Exec {
    fn sleep(milliseconds: u64) -> impl Future<Output = ()> + 'static;

    /// Resolves to `None` if the time was up first.
    fn timeout<F>(milliseconds: u64, future: F) -> impl Future<Output = Option<F::Output>> + 'static
    where
        F: Future + 'static;
}

/// Spawns a task from inside another one; nobody keeps a handle.
pub trait Spawn: Clone + 'static {
    fn spawn(&self, task: impl Future<Output = ()> + 'static);
}
