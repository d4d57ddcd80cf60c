//! One attempt of a job: polled, timed, asked to stop, dropped.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::rc::Rc;

use super::body::{BoxedBody, Verdict};
use super::context::TaskCx;
use super::engine::Engine;
use super::pool::{Start, TimeLimit};
use super::shutdown::Life;
use super::table::{Key, asked_to_stop};
use crate::executor::{Sleep, sleep_until};
use crate::sync::waiters::Place as Seat;
use crate::time::{Duration, Instant};
use crate::trace::CancelReason;

pub(super) struct Run {
    engine: Rc<Engine>,
    key: Key,
    /// None when the job has ended.
    body: Option<BoxedBody>,
    stage: Stage,
    slot: SlotHold,
    time: Option<TimeLimit>,
    grace: Duration,
    alarm: Option<Sleep>,
}

enum Stage {
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

impl Run {
    #[inline]
    pub(super) fn new(engine: Rc<Engine>, start: Start) -> Self {
        let Start { key, id, attempt, mut body, time, grace } = start;
        let deadline = time.map(|time| time.at);
        let cx = TaskCx::new(engine.clone(), key, id, attempt, deadline);
        let outer = engine.current.replace(Some(key));
        body.as_mut().begin(cx);
        engine.current.set(outer);
        Run { engine, key, body: Some(body), stage: Stage::Working, slot: SlotHold::Held, time, grace, alarm: None }
    }

    /// Ready when the attempt has ended and the worker is free.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Stage::Closing(end) = self.stage {
            return self.close(end, cx);
        }
        loop {
            if self.hear_request()
                && self.must_stop_now()
                && let Some(end) = self.drop_attempt()
            {
                return self.close(Some(end), cx);
            }
            if self.has_slot(cx)
                && let Poll::Ready(verdict) = self.poll_attempt(cx)
            {
                let end = self.judge(verdict);
                return self.close(Some(end), cx);
            }
            if self.is_newly_asked() {
                continue;
            }
            match self.check_time(cx) {
                Time::Left => return Poll::Pending,
                Time::AskedToStop => {}
                Time::Up => match self.drop_attempt() {
                    Some(end) => return self.close(Some(end), cx),
                    None => continue,
                },
            }
        }
    }

    fn poll_attempt(&mut self, cx: &mut Context<'_>) -> Poll<Verdict> {
        let body = self.body.as_mut().expect("an attempt that is under way has its body");
        let outer = (self.engine.current.replace(Some(self.key)), self.engine.waits_inside.replace(false));
        let polled = body.as_mut().poll(cx);
        self.engine.current.set(outer.0);
        let lends = self.engine.waits_inside.replace(outer.1);
        if polled.is_pending() && lends {
            self.engine.change(|state| state.lend_slot());
            self.slot = SlotHold::Lent;
        }
        polled
    }

    /// Whether the attempt may be polled: only with a slot, which it may have lent and has to get back.
    fn has_slot(&mut self, cx: &mut Context<'_>) -> bool {
        let seat = match self.slot {
            SlotHold::Held => return true,
            SlotHold::Lent => self.engine.change(|state| state.reclaim_slot(cx.waker())),
            SlotHold::Waiting(seat) if self.engine.change(|state| state.is_slot_back(seat, cx.waker())) => None,
            SlotHold::Waiting(seat) => Some(seat),
        };
        self.slot = seat.map_or(SlotHold::Held, SlotHold::Waiting);
        seat.is_none()
    }

    // ---- being asked to stop

    fn request(&self) -> Option<CancelReason> {
        self.engine.look(|state| asked_to_stop(state.table[self.key.slot].status))
    }

    /// Takes note of a request to stop; true when there is one.
    fn hear_request(&mut self) -> bool {
        if let (Stage::Working, Some(reason)) = (&self.stage, self.request()) {
            let grace = self.engine.look(|state| state.grace_of(self.key.slot));
            self.stage = Stage::Asked { reason, until: self.engine.now() + grace };
        }
        !matches!(self.stage, Stage::Working)
    }

    fn must_stop_now(&self) -> bool {
        self.engine.look(|state| matches!(state.life, Life::Now))
    }

    fn is_newly_asked(&self) -> bool {
        matches!(self.stage, Stage::Working) && self.request().is_some()
    }

    // ---- time

    fn check_time(&mut self, cx: &mut Context<'_>) -> Time {
        let until = match (&self.stage, self.time) {
            (Stage::Working, Some(limit)) => limit.at,
            (Stage::Asked { until, .. }, _) => *until,
            _ => return Time::Left,
        };
        if self.engine.now() < until {
            let alarm = match &mut self.alarm {
                Some(alarm) if alarm.deadline() == until => alarm,
                alarm => alarm.insert(sleep_until(until).labelled("time limit")),
            };
            let _ = Pin::new(alarm).poll(cx);
            return Time::Left;
        }
        match (&self.stage, self.time) {
            (Stage::Working, Some(limit)) if limit.cooperative => {
                self.engine.change(|state| state.ask_to_stop(self.key, limit.reason));
                self.stage = Stage::Asked { reason: limit.reason, until: until + self.grace };
                Time::AskedToStop
            }
            _ => Time::Up,
        }
    }

    /// Drops the attempt, unless that would not stop it. Returns how it ended.
    fn drop_attempt(&mut self) -> Option<End> {
        let reason = match (&self.stage, self.time) {
            (Stage::Asked { reason, .. }, _) => *reason,
            (_, Some(limit)) if matches!(self.stage, Stage::Working) => limit.reason,
            _ => CancelReason::Shutdown,
        };
        let end = End::Stopped(reason);
        if self.engine.change(|state| state.lingers(self.key, end)) {
            (self.stage, self.alarm) = (Stage::Lingering, None);
            return None;
        }
        self.body.as_mut().expect("an attempt that is under way has its body").as_mut().stop();
        Some(end)
    }

    // ---- ending

    /// What an attempt that returned has earned: `Ok` counts even when it had been asked to stop, and everything
    /// else is then the fault of whoever asked.
    fn judge(&self, verdict: Verdict) -> End {
        match (&self.stage, verdict) {
            (Stage::Asked { reason, .. }, Verdict::Failed { .. }) => End::Stopped(*reason),
            _ => End::Own(verdict),
        }
    }

    /// Ends the children, and then the job.
    fn close(&mut self, end: Option<End>, cx: &mut Context<'_>) -> Poll<()> {
        self.alarm = None;
        let key = self.key;
        let end = end.filter(|_| !matches!(self.stage, Stage::Lingering));
        if !self.engine.change(|state| state.close_family(key, cx.waker())) {
            if !matches!(self.stage, Stage::Closing(_)) {
                self.stage = Stage::Closing(end);
                self.let_slot_go();
            }
            return Poll::Pending;
        }
        let body = self.body.take().expect("an attempt ends once");
        self.end_loan();
        self.engine.finish(key, body, end);
        Poll::Ready(())
    }

    /// Others may have the slot while the children come to their end.
    fn let_slot_go(&mut self) {
        match self.slot {
            SlotHold::Held => self.engine.change(|state| state.lend_slot()),
            SlotHold::Lent => {}
            SlotHold::Waiting(seat) => self.engine.change(|state| state.leave_return_line(seat)),
        }
        self.slot = SlotHold::Lent;
    }

    /// What ends gives back a slot, so whoever lent it counts as its holder again.
    fn end_loan(&mut self) {
        if !matches!(self.slot, SlotHold::Held) {
            self.let_slot_go();
            self.engine.change(|state| state.end_loan());
            self.slot = SlotHold::Held;
        }
    }
}

enum Time {
    Left,
    AskedToStop,
    Up,
}

/// The worker was dropped from under its job.
impl Drop for Run {
    fn drop(&mut self) {
        let Some(mut body) = self.body.take() else { return };
        body.as_mut().stop();
        self.end_loan();
        let end = match self.stage {
            Stage::Closing(end) => end,
            Stage::Lingering => None,
            Stage::Working | Stage::Asked { .. } => Some(End::Stopped(CancelReason::Shutdown)),
        };
        self.engine.finish(self.key, body, end);
    }
}
