//! The slots of a runner: who may start a job, who stands idle, and who lent a slot and wants it back.

use core::num::NonZeroUsize;
use core::task::Waker;

use super::engine::State;
use super::run::{Attempt, Run};
use super::shutdown::Life;
use super::status::{Step, TaskStatus};
use super::table::Key;
use crate::sync::waiters::{Seat, Waiters};

pub(super) struct Pool {
    pub(super) limit: NonZeroUsize,
    pub(super) started: bool,
    pub(super) paused: bool,
    /// Slots that are taken: attempts under way, but for those that lent theirs.
    pub(super) busy: usize,
    pub(super) lent: usize,
    /// Jobs that ended for their waiters, and whose work cannot be stopped.
    pub(super) lingering: usize,
    /// Workers that exist, and those that were called to work and have not come yet.
    pub(super) workers: usize,
    pub(super) called: usize,
    idle: Waiters,
    pub(super) idle_count: usize,
    /// Those that lent their slot and want one again; they go before any new job.
    returning: Waiters,
    /// How to wake each worker, by number.
    wakers: Vec<Option<Waker>>,
    free_numbers: Vec<u32>,
}

impl Pool {
    pub(super) fn new(limit: NonZeroUsize) -> Self {
        Pool {
            limit,
            started: false,
            paused: false,
            busy: 0,
            lent: 0,
            lingering: 0,
            workers: 0,
            called: 0,
            idle: Waiters::default(),
            idle_count: 0,
            returning: Waiters::default(),
            wakers: Vec::new(),
            free_numbers: Vec::new(),
        }
    }

    fn number(&mut self) -> u32 {
        self.free_numbers.pop().unwrap_or_else(|| {
            self.wakers.push(None);
            self.wakers.len() as u32 - 1
        })
    }

    fn has_room(&self) -> bool {
        self.busy + self.called < self.limit.get()
    }

    fn has_somebody_to_call(&self) -> bool {
        self.idle_count > 0 || self.may_grow()
    }

    fn may_grow(&self) -> bool {
        self.workers < self.limit.get() + self.lent
    }
}

impl State {
    fn starts_jobs(&self) -> bool {
        let starts = matches!(self.life, Life::Open | Life::Closed);
        starts && self.pool.started && !self.pool.paused && !self.events.holds_back()
    }

    /// Calls as many workers as there are jobs for and slots free.
    #[inline]
    pub(super) fn call_workers(&mut self) {
        if self.pool.has_room() && self.pool.has_somebody_to_call() {
            self.call_those_there_are();
        }
    }

    #[inline(never)]
    fn call_those_there_are(&mut self) {
        while self.pool.has_room() && self.queue.len() > self.pool.called && self.starts_jobs() {
            if let Some(waker) = self.pool.idle.serve_first() {
                self.wake(Some(waker));
                self.pool.idle_count -= 1;
            } else if self.pool.may_grow() {
                let number = self.pool.number();
                self.pool.workers += 1;
                self.spawn_worker(number);
            } else {
                return;
            }
            self.pool.called += 1;
        }
    }

    /// A worker that was called has come, and says how to wake it: that does not change before it is called again.
    #[inline(never)]
    pub(super) fn came(&mut self, worker: u32, waker: &Waker) {
        self.pool.called -= 1;
        self.pool.wakers[worker as usize] = Some(waker.clone());
    }

    /// Takes the first job that may start, and a slot for it; false when there is none.
    #[inline(always)]
    pub(super) fn start_next(&mut self, worker: u32, run: &mut Run) -> bool {
        let is_free = self.pool.busy < self.pool.limit.get() && self.queue.len() > 0;
        if !is_free || !self.starts_jobs() {
            return false;
        }
        let is_limited = self.settings.lane_limit.is_some() || self.rate.is_some();
        let first = if is_limited { self.leave_by_limits() } else { self.queue.pop_first(&mut self.table) };
        let Some(slot) = first else { return false };
        self.start(slot, worker, run);
        true
    }

    /// Takes the first job out of the line that lanes and rate allow to start.
    #[inline(never)]
    fn leave_by_limits(&mut self) -> Option<u32> {
        let first = match &self.settings.lane_limit {
            None => self.queue.first(&self.table, |_| true),
            Some(limit) => {
                let lanes = &self.lanes;
                let has_room = |lane: &std::rc::Rc<str>| lanes.get(lane).is_none_or(|used| *used < limit.get());
                let lane = |slot| self.table[slot].rare.as_ref().and_then(|rare| rare.lane.as_ref());
                self.queue.first(&self.table, |slot| lane(slot).is_none_or(has_room))
            }
        };
        let slot = first.filter(|_| self.take_token())?;
        self.queue.leave(&mut self.table, slot);
        Some(slot)
    }

    /// One start of the rate limit; false, and the clerk will call again, when there is none to have now.
    fn take_token(&mut self) -> bool {
        let now = self.now();
        let taken = self.rate.as_mut().map_or(Ok(()), |rate| rate.take(now));
        if let Err(at) = taken {
            self.call_at(at);
        }
        taken.is_ok()
    }

    /// Starts a job that has just left the line.
    #[inline(always)]
    fn start(&mut self, slot: u32, worker: u32, run: &mut Run) {
        self.free_place();
        self.pool.busy += 1;
        let now = self.now();
        let job = &mut self.table[slot];
        job.begin_attempt(worker, now);
        self.counters.waited(job.updated, now);
        let body = job.body.take().expect("a job in line has its body");
        let from = job.step(Step::Start, now);
        run.take(
            Attempt {
                key: Key::new(slot, job.generation),
                id: job.id,
                number: job.attempt,
                time: job.time_limit(now, &self.settings),
            },
            body,
        );
        if job.rare.is_some() {
            self.start_rare(slot);
        }
        self.stepped(slot, from, TaskStatus::Running);
    }

    #[inline(never)]
    fn start_rare(&mut self, slot: u32) {
        self.strike_due(slot);
        self.enter_lane(slot);
    }

    /// A worker goes idle, and a seat in the line of idle ones is its to leave.
    pub(super) fn stand_idle(&mut self, waker: &Waker) -> Seat {
        self.pool.idle_count += 1;
        self.pool.idle.join(waker.clone())
    }

    /// True when the idle worker was called.
    pub(super) fn is_called(&mut self, seat: Seat, waker: &Waker) -> bool {
        self.pool.idle.is_served(seat, waker)
    }

    /// A worker gives up its seat in the line of idle ones, called or not.
    pub(super) fn leave_idle(&mut self, seat: Seat) {
        if self.pool.idle.leave(seat) {
            self.pool.called -= 1;
        } else {
            self.pool.idle_count -= 1;
        }
    }

    /// Whether a worker without a job has no reason to stay.
    pub(super) fn is_surplus(&self) -> bool {
        let closed = !matches!(self.life, Life::Open) && self.queue.len() == 0;
        closed || self.pool.workers > self.pool.limit.get() + self.pool.lent
    }

    /// Lets every idle worker look whether it is still needed.
    pub(super) fn rouse_idle(&mut self) {
        while let Some(waker) = self.pool.idle.serve_first() {
            self.wake(Some(waker));
            self.pool.idle_count -= 1;
            self.pool.called += 1;
        }
    }

    pub(super) fn leave_pool(&mut self, number: u32) {
        self.pool.workers -= 1;
        self.pool.wakers[number as usize] = None;
        self.pool.free_numbers.push(number);
        self.tell_if_gone();
    }

    /// Wakes the worker that runs a job, if one does.
    pub(super) fn wake_worker(&mut self, slot: u32) {
        if let Some(worker) = self.table[slot].worker() {
            let waker = self.pool.wakers[worker as usize].clone();
            self.wake(waker);
        }
    }

    /// A slot is free: whoever lent one comes first.
    #[inline]
    pub(super) fn free_slot(&mut self) {
        self.pool.busy -= 1;
        if !self.pool.returning.is_empty() {
            self.give_back_slots();
        }
        self.call_workers();
    }

    #[cold]
    #[inline(never)]
    pub(super) fn give_back_slots(&mut self) {
        while self.pool.busy < self.pool.limit.get() {
            let Some(waker) = self.pool.returning.serve_first() else { return };
            self.pool.busy += 1;
            self.wake(Some(waker));
        }
    }

    pub(super) fn lend_slot(&mut self) {
        self.pool.lent += 1;
        self.free_slot();
    }

    /// Takes a slot again; none when it has to wait in line.
    pub(super) fn reclaim_slot(&mut self, waker: &Waker) -> Option<Seat> {
        if self.pool.busy < self.pool.limit.get() {
            self.pool.busy += 1;
            self.pool.lent -= 1;
            return None;
        }
        Some(self.pool.returning.join(waker.clone()))
    }

    /// True when the slot was handed back.
    pub(super) fn is_slot_back(&mut self, seat: Seat, waker: &Waker) -> bool {
        let back = self.pool.returning.is_served(seat, waker);
        self.pool.lent -= usize::from(back);
        back
    }

    /// Somebody no longer wants its slot back.
    pub(super) fn leave_return_line(&mut self, seat: Seat) {
        if self.pool.returning.leave(seat) {
            self.free_slot();
        }
    }

    /// Somebody that lent its slot comes to its end, and is about to free the slot.
    pub(super) fn end_loan(&mut self) {
        self.pool.lent -= 1;
        self.pool.busy += 1;
    }
}
