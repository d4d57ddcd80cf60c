//! The end of an attempt and of a job: what follows, who is told, what is kept.

use std::rc::Rc;

use super::agenda::Due;
use super::body::{BoxedBody, Verdict};
use super::engine::{Engine, State};
use super::run::{End, Next};
use super::shutdown::Life;
use super::slot::Ended;
use super::status::{Failure, Step, TaskStatus};
use super::table::Key;
use crate::overwrite::overwrite;
use crate::time::Duration;
use crate::trace::CancelReason;

impl Engine {
    /// An attempt has ended, or, with no `end`, work that lingered.
    pub(super) fn finish(self: &Rc<Self>, key: Key, body: BoxedBody, end: Option<End>) -> Next {
        match end {
            Some(end) => self.judge(key, body, end),
            None => self.change(|state| state.stopped(key, body)),
        }
        self.look(State::next)
    }

    /// Ends a job that succeeded, shows nothing, and asked for nothing rare, at once; none when it is another. Most
    /// jobs are like this.
    #[inline]
    pub(super) fn finish_plainly(self: &Rc<Self>, key: Key, body: &mut Option<BoxedBody>) -> Option<Next> {
        self.change(|state| {
            if state.table[key.slot()].rare.is_some() {
                return None;
            }
            state.settle(key, body.take()?, Step::Succeed);
            Some(state.next())
        })
    }

    /// Ends a job or plans its next attempt; what is shown of it is asked of its own code.
    fn judge(self: &Rc<Self>, key: Key, mut body: BoxedBody, end: End) {
        let follows = self.change(|state| state.what_follows(key, end));
        if follows == Step::WaitToRetry {
            return self.change(|state| state.wait_to_retry(key, body));
        }
        let text = match follows {
            Step::Succeed | Step::Fail(Failure::Error | Failure::Panic) => body.text(),
            _ => None,
        };
        if follows != Step::Succeed && !self.change(|state| state.buries(key, end)) {
            body.as_mut().retire();
        }
        self.change(|state| {
            if let Some(text) = text {
                state.table[key.slot()].rare().text = Some(text);
            }
            state.settle(key, body, follows);
        });
    }
}

impl State {
    #[inline]
    fn next(&self) -> Next {
        if self.queue.len() > 0 { Next::InLine } else { Next::Nobody }
    }

    /// What becomes of a job whose attempt ended, and whether it is tried again.
    fn what_follows(&mut self, key: Key, end: End) -> Step {
        let (failure, worth_a_retry) = match end {
            End::Own(Verdict::Succeeded { .. }) => return Step::Succeed,
            End::Own(Verdict::Panicked) => return Step::Fail(Failure::Panic),
            End::Own(Verdict::Failed { worth_a_retry }) => (Failure::Error, worth_a_retry),
            End::Stopped(CancelReason::Timeout) => (Failure::Timeout, true),
            End::Stopped(CancelReason::Deadline) => return Step::Fail(Failure::Deadline),
            End::Stopped(reason) => return Step::Cancel(reason),
        };
        let again = worth_a_retry && matches!(self.life, Life::Open | Life::Closed) && self.plan_retry(key.slot());
        if again { Step::WaitToRetry } else { Step::Fail(failure) }
    }

    /// Asks the retry policy; true when the job has a delay to wait for in `rare.pause`.
    fn plan_retry(&mut self, slot: u32) -> bool {
        let now = self.now();
        let job = &mut self.table[slot];
        let failed = job.attempt;
        let Some(rare) = job.rare.as_mut() else { return false };
        let Some((retry, delays)) = rare.retry.as_mut() else { return false };
        let deadline = rare.deadline;
        let is_in_time = |pause| deadline.is_none_or(|deadline| now + pause < deadline);
        rare.pause = retry.next_delay_if(is_in_time, failed, delays, now);
        rare.pause.is_some()
    }

    fn wait_to_retry(&mut self, key: Key, body: BoxedBody) {
        self.table[key.slot()].body = Some(body);
        self.leave_worker(key.slot());
        self.step(key.slot(), Step::WaitToRetry);
        self.counters.retries += 1;
        let pause = self.table[key.slot()].rare().pause.take().unwrap_or(Duration::ZERO);
        let at = self.now() + pause;
        self.write_due(key, at, Due::Retry);
        self.free_slot();
    }

    /// A retry's time has come: back into the line, at its end.
    pub(super) fn requeue(&mut self, slot: u32) {
        self.step(slot, Step::Requeue);
        let ticket = self.ticket();
        self.queue.join(&mut self.table, slot, ticket);
        self.watch_deadline(self.table.key(slot));
        self.call_workers();
    }

    /// Whether a job that failed for good goes to the dead-letter list.
    fn buries(&mut self, key: Key, end: End) -> bool {
        let exhausted = matches!(end, End::Own(Verdict::Failed { worth_a_retry: true }))
            || matches!(end, End::Stopped(CancelReason::Timeout));
        let job = &mut self.table[key.slot()];
        job.dead =
            exhausted && job.rare.as_ref().is_some_and(|rare| rare.retry.is_some()) && self.settings.dead_letters > 0;
        job.dead
    }

    /// The attempt no longer has a worker, nor a place in its lane.
    fn leave_worker(&mut self, slot: u32) {
        let now = self.now();
        self.table[slot].leave_worker(now, &mut self.counters);
        self.leave_lane(slot);
    }

    /// Work that lingered has really ended.
    fn stopped(&mut self, key: Key, body: BoxedBody) {
        self.table[key.slot()].stopped = true;
        self.table.touch(key.slot());
        self.discard(body);
        self.leave_worker(key.slot());
        self.serve_waiters(key.slot());
        self.pool.lingering -= 1;
        self.leave_family(key.slot());
        self.free_slot();
        self.forget_if_unwanted(key.slot());
        self.tell_if_idle();
    }

    /// True when dropping the job's future would not stop it: then it is settled now, and keeps its slot.
    pub(super) fn lingers(&mut self, key: Key, end: End) -> bool {
        if !self.table[key.slot()].unstoppable() {
            return false;
        }
        if !matches!(self.life, Life::Open | Life::Closed) {
            let id = self.table[key.slot()].id;
            self.report.abandoned.push(id);
            return false;
        }
        let End::Stopped(reason) = end else { return false };
        let step = match reason {
            CancelReason::Timeout => Step::Fail(Failure::Timeout),
            CancelReason::Deadline => Step::Fail(Failure::Deadline),
            reason => Step::Cancel(reason),
        };
        self.table[key.slot()].stopped = false;
        self.pool.lingering += 1;
        self.settle_status(key.slot(), step);
        true
    }

    /// Ends a job whose attempt is gone, and frees its slot.
    #[inline(always)]
    fn settle(&mut self, key: Key, body: BoxedBody, step: Step) {
        let (now, slot) = (self.now(), key.slot());
        let job = &mut self.table[slot];
        // It is away since the attempt began.
        overwrite(&mut job.body, Some(body));
        job.leave_worker(now, &mut self.counters);
        let is_wanted = job.handles > 0;
        let ended = job.end(step, now);
        if ended.is_rare {
            self.leave_lane(slot);
        }
        self.tell_of_end(key, ended);
        self.free_slot();
        if !is_wanted {
            self.forget_if_unwanted(slot);
        }
        self.tell_if_idle();
    }

    /// Ends a job that stood in line or waited for a retry.
    pub(super) fn settle_waiting(&mut self, slot: u32, step: Step) {
        match self.table[slot].status {
            TaskStatus::Queued => {
                self.queue.leave(&mut self.table, slot);
                self.free_place();
            }
            status => debug_assert_eq!(status, TaskStatus::Retrying),
        }
        self.strike_due(slot);
        if let Some(body) = self.table[slot].body.take() {
            self.discard(body);
        }
        self.settle_status(slot, step);
        self.forget_if_unwanted(slot);
        self.tell_if_idle();
    }

    /// The job has ended: its status says how, and everybody who waits is told.
    pub(super) fn settle_status(&mut self, slot: u32, step: Step) {
        let now = self.now();
        let ended = self.table[slot].end(step, now);
        self.tell_of_end(self.table.key(slot), ended);
    }

    #[inline(always)]
    fn tell_of_end(&mut self, key: Key, ended: Ended) {
        let slot = key.slot();
        self.table.touch(slot);
        self.stepped(slot, ended.from, ended.to);
        self.report_end(slot);
        if ended.is_awaited {
            self.serve_waiters(slot);
        }
        if ended.is_rare {
            self.settle_rare(slot);
        }
        if self.settings.store.is_some() {
            self.save(slot);
        }
        self.keep_record(key);
    }

    #[inline(never)]
    fn settle_rare(&mut self, slot: u32) {
        self.serve_all(|state| &mut state.table[slot].rare().watchers);
        let unique = self.table[slot].rare().unique.clone();
        if let Some(unique) = unique {
            self.keys.remove(&unique);
        }
        self.table[slot].rare().token = None;
        if self.table[slot].stopped {
            self.leave_family(slot);
        }
        if self.table[slot].dead {
            self.bury(slot);
        }
    }

    #[inline]
    pub(super) fn tell_if_idle(&mut self) {
        if self.is_idle() {
            self.tell_idle();
        }
    }

    #[inline(never)]
    fn tell_idle(&mut self) {
        self.serve_all(|state| &mut state.on_idle);
        if !matches!(self.life, Life::Open) {
            self.rouse_idle();
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        // Mostly a job is in line, which is said at once.
        self.queue.len() == 0 && self.counters.in_flight() == 0 && self.pool.lingering == 0
    }

    #[inline]
    pub(super) fn tell_if_empty(&mut self) {
        if self.queue.len() == 0 {
            self.tell_empty();
        }
    }

    #[inline(never)]
    fn tell_empty(&mut self) {
        self.serve_all(|state| &mut state.on_empty);
        self.forget_next_start();
    }

    /// Tells whoever waits for the end of the runner that nothing of it is left.
    pub(super) fn tell_if_gone(&mut self) {
        if self.is_gone() {
            self.serve_all(|state| &mut state.on_gone);
            self.end_events();
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        !matches!(self.life, Life::Open) && self.is_idle() && self.pool.workers == 0 && !self.agenda.has_clerk()
    }
}
