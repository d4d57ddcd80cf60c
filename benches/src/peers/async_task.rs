//! async-task with the simplest queue: what one builds from published parts.

use std::cell::RefCell;
use std::collections::VecDeque;

use async_task::Runnable;

use super::assert_send::AssertSend;
use crate::exec::{Exec, Spawn};

thread_local! {
    static READY: RefCell<VecDeque<Runnable>> = const { RefCell::new(VecDeque::new()) };
}

pub struct AsyncTask;

#[derive(Clone)]
pub struct Spawner;

impl Exec for AsyncTask {
    type Spawner = Spawner;
    const NAME: &'static str = "async-task";

    fn new() -> Self {
        Self
    }

    fn spawner(&self) -> Spawner {
        Spawner
    }

    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        Spawner.spawn(root);
        while let Some(task) = READY.with_borrow_mut(VecDeque::pop_front) {
            task.run();
        }
    }
}

impl Spawn for Spawner {
    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let schedule = |task| READY.with_borrow_mut(|ready| ready.push_back(task));
        let (runnable, handle) = async_task::spawn(AssertSend::new(task), schedule);
        runnable.schedule();
        handle.detach();
    }
}
