//! How an attempt is stopped: asked first, and dropped when its time is up.

use core::future::Future;
use core::pin::Pin;
use core::task::Context;
use std::rc::Rc;

use super::engine::Engine;
use super::run::{End, Run, Stage, UNDER_WAY};
use super::slot::asked_to_stop;
use crate::executor::{TIME_LIMIT, sleep_until};
use crate::trace::CancelReason;

/// What is left of the time for an attempt.
pub(super) enum Time {
    Left,
    AskedToStop,
    Up,
}

impl Run {
    #[inline]
    fn request(&self, engine: &Rc<Engine>) -> Option<CancelReason> {
        engine.look(|state| asked_to_stop(state.table[self.attempt.key.slot()].status))
    }

    /// Takes note of a request to stop; true when there is one.
    #[inline]
    pub(super) fn hear_request(&mut self, engine: &Rc<Engine>) -> bool {
        match self.stage {
            // Nobody has had the time to ask.
            Stage::New => self.stage = Stage::Working,
            Stage::Working => {
                if let Some(reason) = self.request(engine) {
                    self.note_request(engine, reason);
                }
            }
            Stage::Asked { .. } | Stage::Lingering | Stage::Closing(_) => {}
        }
        !matches!(self.stage, Stage::Working)
    }

    #[cold]
    #[inline(never)]
    fn note_request(&mut self, engine: &Rc<Engine>, reason: CancelReason) {
        let grace = engine.look(|state| state.grace_of(self.attempt.key.slot()));
        self.stage = Stage::Asked { reason, until: engine.now() + grace };
    }

    pub(super) fn is_newly_asked(&self, engine: &Rc<Engine>) -> bool {
        matches!(self.stage, Stage::Working) && self.request(engine).is_some()
    }

    /// Whether a search has it that the time limit wins against whatever the attempt would give now.
    #[inline]
    pub(super) fn time_wins(&self, engine: &Rc<Engine>) -> bool {
        engine.core.is_attended() && self.wins_tie(engine)
    }

    #[inline(never)]
    fn wins_tie(&self, engine: &Rc<Engine>) -> bool {
        matches!(self.stage, Stage::Working) && self.attempt.time.is_some_and(|limit| engine.core.time_wins(limit.at))
    }

    #[inline(never)]
    pub(super) fn check_time(&mut self, engine: &Rc<Engine>, cx: &mut Context<'_>) -> Time {
        let until = match (&self.stage, self.attempt.time) {
            (Stage::Working, Some(limit)) => limit.at,
            (Stage::Asked { until, .. }, _) => *until,
            _ => return Time::Left,
        };
        if engine.now() < until {
            let alarm = match &mut self.alarm {
                Some(alarm) if alarm.deadline() == until => alarm,
                alarm => alarm.insert(sleep_until(until).labelled(TIME_LIMIT).at(engine.built_at)),
            };
            let _ = Pin::new(alarm).poll(cx);
            return Time::Left;
        }
        match (&self.stage, self.attempt.time) {
            (Stage::Working, Some(limit)) if limit.cooperative => {
                let grace = engine.change(|state| {
                    state.ask_to_stop(self.attempt.key, limit.reason);
                    state.own_grace_of(self.attempt.key.slot())
                });
                self.stage = Stage::Asked { reason: limit.reason, until: until + grace };
                Time::AskedToStop
            }
            _ => Time::Up,
        }
    }

    /// Drops the attempt, unless that would not stop it. Returns how it ended.
    #[inline(never)]
    pub(super) fn drop_attempt(&mut self, engine: &Rc<Engine>) -> Option<End> {
        let reason = match (&self.stage, self.attempt.time) {
            (Stage::Asked { reason, .. }, _) => *reason,
            (_, Some(limit)) if matches!(self.stage, Stage::Working) => limit.reason,
            _ => CancelReason::Shutdown,
        };
        let end = End::Stopped(reason);
        if engine.change(|state| state.lingers(self.attempt.key, end)) {
            (self.stage, self.alarm) = (Stage::Lingering, None);
            return None;
        }
        self.body.as_mut().expect(UNDER_WAY).as_mut().stop();
        Some(end)
    }
}
