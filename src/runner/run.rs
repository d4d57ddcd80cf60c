//! One attempt of a job: polled, timed, asked to stop, dropped.

use core::task::{Context, Poll};
use std::rc::Rc;

use super::body::{BoxedBody, Verdict};
use super::engine::Engine;
use super::limit::TimeLimit;
use super::record::JobId;
use super::shutdown::Life;
use super::stopping::Time;
use super::table::Key;
use crate::executor::Sleep;
use crate::overwrite::overwrite;
use crate::sync::waiters::Seat;
use crate::time::Instant;
use crate::trace::CancelReason;

/// The attempt that a worker has under way, if it has one. It stays where it is, and so does the next.
pub(super) struct Run {
    pub(super) attempt: Attempt,
    /// None when there is nothing to run.
    pub(super) body: Option<BoxedBody>,
    pub(super) stage: Stage,
    slot: SlotHold,
    pub(super) alarm: Option<Sleep>,
}

/// Which attempt of which job.
#[derive(Clone, Copy)]
pub struct Attempt {
    pub(super) key: Key,
    pub(super) id: JobId,
    pub(super) number: u32,
    pub(super) time: Option<TimeLimit>,
}

pub(super) enum Stage {
    /// The job was started a moment ago, and its first poll makes the attempt.
    New,
    Working,
    /// It was asked to stop, and is dropped when that moment comes.
    Asked {
        reason: CancelReason,
        until: Instant,
    },
    /// Its waiters were told, but the work cannot be stopped and goes on.
    Lingering,
    /// The attempt is gone, and its children are not yet.
    Closing(Option<End>),
}

/// Whether this attempt holds one of the runner's slots.
enum SlotHold {
    Held,
    Lent,
    /// It wants its slot back and stands in line.
    Waiting(Seat),
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Own(Verdict),
    Stopped(CancelReason),
}

/// Whether another job is in line when one has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    InLine,
    Nobody,
}

pub(super) const UNDER_WAY: &str = "an attempt that is under way has its body";

impl Run {
    /// Nothing to run yet.
    pub(super) fn none() -> Self {
        let attempt = Attempt { key: Key::NOBODY, id: JobId(0), number: 0, time: None };
        Run { attempt, body: None, stage: Stage::Working, slot: SlotHold::Held, alarm: None }
    }

    /// Takes the next job, with a slot.
    #[inline]
    pub(super) fn take(&mut self, attempt: Attempt, body: BoxedBody) {
        self.attempt = attempt;
        // The last job took its own along when it ended.
        overwrite(&mut self.body, Some(body));
        (self.stage, self.slot) = (Stage::New, SlotHold::Held);
        // One job after the other often has its limit at the same moment, and then the alarm stays.
        if self.alarm.as_ref().is_some_and(|alarm| attempt.time.is_none_or(|limit| limit.at != alarm.deadline())) {
            self.alarm = None;
        }
    }

    /// There is no next job for now.
    #[inline]
    pub(super) fn rest(&mut self) {
        if self.alarm.is_some() {
            self.alarm = None;
        }
    }

    /// Whether there is an attempt that has not been finished.
    pub(super) fn is_under_way(&self) -> bool {
        self.body.is_some()
    }

    /// Ready when the attempt and its children have ended, and the job is finished as far as it goes.
    #[inline]
    pub(super) fn poll(&mut self, engine: &Rc<Engine>, cx: &mut Context<'_>) -> Poll<Next> {
        if let Stage::Closing(end) = self.stage {
            return self.close(engine, end, cx);
        }
        let recorded = engine.core.recorded();
        loop {
            if self.hear_request(engine)
                && must_stop_now(engine)
                && let Some(end) = self.drop_attempt(engine)
            {
                return self.close(engine, Some(end), cx);
            }
            if self.has_slot(engine, cx)
                && !self.time_wins(engine)
                && let Poll::Ready(verdict) = self.poll_attempt(engine, cx)
            {
                let is_plain = verdict == Verdict::Succeeded { shown: false } && self.is_held_and_working();
                if is_plain && let Some(next) = engine.finish_plainly(self.attempt.key, &mut self.body) {
                    return Poll::Ready(next);
                }
                let end = self.judge(verdict);
                return self.close(engine, Some(end), cx);
            }
            if self.is_newly_asked(engine) {
                continue;
            }
            match self.check_time(engine, cx) {
                Time::Left => return Poll::Pending,
                Time::AskedToStop => {}
                Time::Up => match self.drop_attempt(engine) {
                    Some(end) => {
                        // Nobody waits any more for what the attempt waited for.
                        engine.core.retract_waits(recorded);
                        return self.close(engine, Some(end), cx);
                    }
                    None => continue,
                },
            }
        }
    }

    fn poll_attempt(&mut self, engine: &Rc<Engine>, cx: &mut Context<'_>) -> Poll<Verdict> {
        engine.waits_inside.set(false);
        let polled = self.body.as_mut().expect(UNDER_WAY).as_mut().poll(engine, &self.attempt, cx);
        if polled.is_pending() && engine.waits_inside.get() {
            self.lend_slot(engine);
        }
        polled
    }

    #[inline(never)]
    fn lend_slot(&mut self, engine: &Rc<Engine>) {
        engine.change(|state| state.lend_slot());
        self.slot = SlotHold::Lent;
    }

    fn is_held_and_working(&self) -> bool {
        matches!((&self.slot, &self.stage), (SlotHold::Held, Stage::Working))
    }

    /// Whether the attempt may be polled: only with a slot, which it may have lent and has to get back.
    #[inline]
    fn has_slot(&mut self, engine: &Rc<Engine>, cx: &mut Context<'_>) -> bool {
        matches!(self.slot, SlotHold::Held) || self.gets_slot_back(engine, cx)
    }

    #[inline(never)]
    fn gets_slot_back(&mut self, engine: &Rc<Engine>, cx: &mut Context<'_>) -> bool {
        let seat = match self.slot {
            SlotHold::Held => return true,
            SlotHold::Lent => engine.change(|state| state.reclaim_slot(cx.waker())),
            SlotHold::Waiting(seat) if engine.change(|state| state.is_slot_back(seat, cx.waker())) => None,
            SlotHold::Waiting(seat) => Some(seat),
        };
        self.slot = seat.map_or(SlotHold::Held, SlotHold::Waiting);
        seat.is_none()
    }

    /// What an attempt that returned has earned: `Ok` counts even when it had been asked to stop, and everything
    /// else is then the fault of whoever asked.
    fn judge(&self, verdict: Verdict) -> End {
        match (&self.stage, verdict) {
            (Stage::Asked { reason, .. }, Verdict::Failed { .. }) => End::Stopped(*reason),
            _ => End::Own(verdict),
        }
    }

    /// Ends the children, and the job when they have gone.
    #[inline(never)]
    fn close(&mut self, engine: &Rc<Engine>, end: Option<End>, cx: &mut Context<'_>) -> Poll<Next> {
        self.alarm = None;
        let end = end.filter(|_| !matches!(self.stage, Stage::Lingering));
        if engine.change(|state| state.close_family(self.attempt.key, cx.waker())) {
            return Poll::Ready(self.finish(engine, end));
        }
        if !matches!(self.stage, Stage::Closing(_)) {
            self.stage = Stage::Closing(end);
            self.let_slot_go(engine);
        }
        Poll::Pending
    }

    /// Ends the job.
    fn finish(&mut self, engine: &Rc<Engine>, end: Option<End>) -> Next {
        self.end_loan(engine);
        let body = self.body.take().expect(UNDER_WAY);
        engine.finish(self.attempt.key, body, end)
    }

    /// Ends the job because its worker was dropped from under it.
    pub(super) fn abandon(&mut self, engine: &Rc<Engine>) {
        self.body.as_mut().expect(UNDER_WAY).as_mut().stop();
        let end = match self.stage {
            Stage::Closing(end) => end,
            Stage::Lingering => None,
            Stage::New | Stage::Working | Stage::Asked { .. } => Some(End::Stopped(CancelReason::Shutdown)),
        };
        self.finish(engine, end);
    }

    /// Others may have the slot while the children come to their end.
    fn let_slot_go(&mut self, engine: &Rc<Engine>) {
        match self.slot {
            SlotHold::Held => engine.change(|state| state.lend_slot()),
            SlotHold::Lent => {}
            SlotHold::Waiting(seat) => engine.change(|state| state.leave_return_line(seat)),
        }
        self.slot = SlotHold::Lent;
    }

    /// What ends gives back a slot, so whoever lent it counts as its holder again.
    fn end_loan(&mut self, engine: &Rc<Engine>) {
        if !matches!(self.slot, SlotHold::Held) {
            self.let_slot_go(engine);
            engine.change(|state| state.end_loan());
            self.slot = SlotHold::Held;
        }
    }
}

fn must_stop_now(engine: &Rc<Engine>) -> bool {
    engine.look(|state| matches!(state.life, Life::Now))
}
