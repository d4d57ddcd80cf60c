//! How little an executor could cost: boxed futures in a slab, wakers that are
//! an index, a queue of what is ready. It is no product: nothing can be
//! cancelled, named, joined, recorded or searched, a wake-up from another
//! thread is lost, and what was armed and is no longer wanted stays behind.
//!
//! The ratio to it tells what everything else costs, on whatever machine: a
//! ratio to a peer also tells what atomic operations cost there.
#![allow(unsafe_code)]

mod channel;
mod clock;
#[cfg(not(target_arch = "wasm32"))]
mod fence;

use std::cell::{Cell, UnsafeCell};
use std::collections::VecDeque;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::ptr;
use std::rc::Rc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

pub use self::channel::{Answer, Answered, Channel, bounded, oneshot};
#[cfg(not(target_arch = "wasm32"))]
pub use self::fence::Fence;
use crate::exec::{Exec, Spawn, Timers};

pub struct Floor(Rc<Slab>);

#[derive(Clone)]
pub struct Spawner(Rc<Slab>);

#[derive(Default)]
struct Slab(UnsafeCell<Tasks>);

#[derive(Default)]
struct Tasks {
    slots: Vec<Slot>,
    free: Vec<u32>,
    ready: VecDeque<u32>,
}

struct Slot {
    /// None while it is polled, and when it has finished.
    future: Option<Task>,
    generation: usize,
    is_ready: bool,
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Whose tasks are being polled.
    static CURRENT: Cell<*const Slab> = const { Cell::new(ptr::null()) };
}

/// The bits of a waker that are the index; the rest are the generation.
const INDEX: u32 = usize::BITS / 2;

static WAKER: RawWakerVTable = RawWakerVTable::new(|data| RawWaker::new(data, &WAKER), wake, wake, |_| {});

fn wake(data: *const ()) {
    // SAFETY: the pointer is null, or that of the slab that `run` borrows.
    if let Some(slab) = unsafe { CURRENT.get().as_ref() } {
        slab.with(|tasks| tasks.wake(data.addr() & ((1 << INDEX) - 1), data.addr() >> INDEX));
    }
}

impl Slab {
    #[inline(always)]
    fn with<R>(&self, change: impl FnOnce(&mut Tasks) -> R) -> R {
        // SAFETY: it stays on its thread, and no change runs a task, drops one, or wakes.
        change(unsafe { &mut *self.0.get() })
    }

    /// Polls whoever is ready until nobody is.
    fn drain(&self) {
        while let Some((index, data, task)) = self.with(Tasks::next) {
            let Some(mut task) = task else { continue };
            // SAFETY: the functions of `WAKER` look at nothing but the address.
            let waker = ManuallyDrop::new(unsafe { Waker::new(ptr::without_provenance(data), &WAKER) });
            match task.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Pending => self.with(|tasks| tasks.slots[index as usize].future = Some(task)),
                Poll::Ready(()) => {
                    self.with(|tasks| tasks.finish(index));
                    drop(task);
                }
            }
        }
    }
}

impl Tasks {
    fn spawn(&mut self, task: Task) -> usize {
        let index = match self.free.pop() {
            Some(index) => {
                let slot = &mut self.slots[index as usize];
                (slot.future, slot.is_ready) = (Some(task), true);
                index
            }
            None => {
                self.slots.push(Slot { future: Some(task), generation: 0, is_ready: true });
                self.slots.len() as u32 - 1
            }
        };
        self.ready.push_back(index);
        index as usize
    }

    fn wake(&mut self, index: usize, generation: usize) {
        let slot = &mut self.slots[index];
        if slot.generation == generation && !slot.is_ready {
            slot.is_ready = true;
            self.ready.push_back(index as u32);
        }
    }

    /// The index, the waker's data and the future of who is first in line.
    #[inline(always)]
    fn next(&mut self) -> Option<(u32, usize, Option<Task>)> {
        let index = self.ready.pop_front()?;
        let slot = &mut self.slots[index as usize];
        slot.is_ready = false;
        Some((index, slot.generation << INDEX | index as usize, slot.future.take()))
    }

    fn finish(&mut self, index: u32) {
        let slot = &mut self.slots[index as usize];
        slot.generation = slot.generation.wrapping_add(1) & (usize::MAX >> INDEX);
        self.free.push(index);
    }

    fn has_finished(&self, index: usize) -> bool {
        self.slots[index].future.is_none()
    }
}

impl Exec for Floor {
    type Spawner = Spawner;
    const NAME: &'static str = "floor";

    fn new() -> Self {
        clock::reset();
        Self(Rc::default())
    }

    fn spawner(&self) -> Spawner {
        Spawner(self.0.clone())
    }

    fn run(&mut self, root: impl Future<Output = ()> + 'static) {
        let root: Task = Box::pin(root);
        let root = self.0.with(|tasks| tasks.spawn(root));
        CURRENT.set(Rc::as_ptr(&self.0));
        self.0.drain();
        while !self.0.with(|tasks| tasks.has_finished(root)) && clock::advance() {
            self.0.drain();
        }
        CURRENT.set(ptr::null());
    }
}

impl Spawn for Spawner {
    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let task: Task = Box::pin(task);
        self.0.with(|tasks| tasks.spawn(task));
    }
}

impl Timers for Floor {
    fn sleep(milliseconds: u64) -> impl Future<Output = ()> + 'static {
        clock::sleep(milliseconds)
    }

    async fn timeout<F>(milliseconds: u64, future: F) -> Option<F::Output>
    where
        F: Future + 'static,
    {
        clock::timeout(milliseconds, || future).await
    }
}
