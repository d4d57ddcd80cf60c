//! What changes of a runner cause, done when nothing is borrowed: wake-ups, drops, spawns, lines of the store.

use core::task::Waker;
use std::collections::VecDeque;
use std::rc::Rc;

use super::body::BoxedBody;
use super::clerk::Clerk;
use super::engine::{Engine, State};
use super::record::{JobId, TaskRecord};
use super::worker::Worker;
use crate::executor::spawn_on;
use crate::sync::CancelToken;
use crate::sync::waiters::Waiters;
use crate::trace::CancelReason;

/// What is to be done when nothing is borrowed.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) pending: bool,
    pub(super) wakes: VecDeque<Waker>,
    rare: VecDeque<Effect>,
}

pub(super) enum Effect {
    Discard(BoxedBody),
    Fire(CancelToken, CancelReason),
    Worker(u32),
    Clerk,
    Store(StoreLine),
}

pub(super) enum StoreLine {
    // In a box, since an effect is as large as the largest, and most are a word or two.
    Put(Box<TaskRecord>),
    Remove(JobId),
}

/// How many empty boxes are kept for the next jobs.
const SPARES: usize = 64;
/// Boxes above this size are given back when their job is forgotten.
const KEEP_BYTES: usize = 1024;

impl Engine {
    /// Does what changes caused, one thing at a time, since each of them may cause more.
    pub(super) fn take_effect(self: &Rc<Self>) {
        loop {
            while let Some(waker) = self.next_waker() {
                waker.wake();
            }
            let Some(effect) = self.next_rare_effect() else { return };
            match effect {
                Effect::Discard(body) => self.discard(body),
                Effect::Fire(token, reason) => {
                    token.cancel(reason);
                }
                Effect::Worker(number) => {
                    let name = format!("worker-{}", number + 1);
                    spawn_on(&self.core, &name, self.built_at, Worker::new(self.clone(), number));
                }
                Effect::Clerk => spawn_on(&self.core, "clerk", self.built_at, Clerk::new(self.clone())),
                Effect::Store(line) => self.store(line),
            }
        }
    }

    /// Whom to wake next. The store comes first, so that nobody is told what could still be lost.
    #[inline]
    fn next_waker(&self) -> Option<Waker> {
        let effects = &mut self.state.borrow_mut().effects;
        if effects.rare.is_empty() { effects.wakes.pop_front() } else { None }
    }

    /// None when there is nothing at all to do.
    fn next_rare_effect(&self) -> Option<Effect> {
        let effects = &mut self.state.borrow_mut().effects;
        let effect = effects.rare.pop_front();
        effects.pending = effect.is_some();
        effect
    }

    /// Drops what is in a body, and keeps the box for the next job.
    #[inline]
    pub(super) fn discard(&self, mut body: BoxedBody) {
        body.as_mut().clear();
        self.state.borrow_mut().keep_box(body);
    }

    fn store(&self, line: StoreLine) {
        let Some(store) = &self.settings.store else { return };
        let written = match line {
            StoreLine::Put(record) => store.put(&record),
            StoreLine::Remove(id) => store.remove(id),
        };
        self.state.borrow_mut().counters.store_failures += u64::from(written.is_err());
    }
}

impl State {
    #[inline(never)]
    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.pending = true;
        self.effects.rare.push_back(effect);
    }

    #[inline]
    pub(super) fn wake(&mut self, waker: Option<Waker>) {
        if let Some(waker) = waker {
            self.effects.pending = true;
            self.effects.wakes.push_back(waker);
        }
    }

    /// Serves everybody in a line.
    #[inline]
    pub(super) fn serve_all(&mut self, line: impl Fn(&mut State) -> &mut Waiters) {
        while let Some(waker) = line(self).serve_first() {
            self.wake(Some(waker));
        }
    }

    /// Serves everybody who waits for the end of a job.
    #[inline(never)]
    pub(super) fn serve_waiters(&mut self, slot: u32) {
        self.serve_all(|state| state.table[slot].waiters());
    }

    #[inline(never)]
    pub(super) fn discard(&mut self, body: BoxedBody) {
        self.effect(Effect::Discard(body));
    }

    pub(super) fn fire(&mut self, token: CancelToken, reason: CancelReason) {
        self.effect(Effect::Fire(token, reason));
    }

    pub(super) fn spawn_worker(&mut self, number: u32) {
        self.effect(Effect::Worker(number));
    }

    pub(super) fn spawn_clerk(&mut self) {
        self.effect(Effect::Clerk);
    }

    #[inline]
    pub(super) fn keep_box(&mut self, body: BoxedBody) {
        if size_of_val(&*body) <= KEEP_BYTES && self.spares.len() < SPARES {
            self.spares.push(body);
        }
    }
}
