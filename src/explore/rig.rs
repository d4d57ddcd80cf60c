//! A stage that is set again and again, and whose steps are chosen by number.

mod path;

use std::rc::Rc;

use super::step::{Step, Who};
use crate::executor::{Answer, Core, Executor, Footprint, MAX_NUMBERS, Polled, task_bit};
use crate::finding::Lint;
use crate::scenario::Stage;
use crate::trace::CancelReason;

/// What an execution has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Everything held.
    Holds,
    /// Something broke.
    Fails,
}

pub(super) struct Rig<'s> {
    scenario: Rc<dyn Fn(&Stage) + 's>,
    stage: Stage,
    core: Rc<Core>,
    step: u32,
    verdict: Verdict,
    views: Vec<View>,
    /// Whether an invariant looked at something that it had never looked at before, after the first step.
    learned: bool,
    /// What was done, if anybody will ask.
    path: Option<Vec<Step>>,
}

/// What an invariant was ever seen to look at, and the bit by which steps that change two parts of it conflict.
#[derive(Clone, Copy, Default)]
struct View {
    objects: u128,
    joint: u128,
}

impl<'s> Rig<'s> {
    pub(super) fn new(scenario: Rc<dyn Fn(&Stage) + 's>) -> Self {
        let stage = Stage::new(Executor::new());
        let core = stage.executor().core().clone();
        core.start_probe();
        Rig { scenario, stage, core, step: 0, verdict: Verdict::Holds, views: Vec::new(), learned: false, path: None }
    }

    /// A rig for the same scenario that knows nothing of this one's executions.
    pub(super) fn fresh(&self) -> Rig<'s> {
        Rig::new(self.scenario.clone())
    }

    pub(super) fn scenario(&self) -> &dyn Fn(&Stage) {
        &*self.scenario
    }

    /// The number of steps so far.
    pub(super) fn steps(&self) -> u32 {
        self.step
    }

    /// Runs `work` as if inside of the executor, which the other functions ask for.
    pub(super) fn inside<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        let _entered = self.core.enter();
        work(self)
    }

    /// Sets the stage for the next execution.
    #[inline]
    pub(super) fn begin(&mut self) {
        self.stage.set_again(&*self.scenario);
        (self.step, self.verdict) = (0, Verdict::Holds);
        self.core.probe().take();
        self.look(Footprint::default());
    }

    /// The ready tasks or the clock, and the tasks that may be cancelled.
    #[inline]
    pub(super) fn enabled(&self) -> u128 {
        let ready = self.core.ready_numbers();
        let cancels = self.core.droppable_numbers();
        let polls = match ready {
            0 if self.core.next_deadline().is_some() => Who::CLOCK.bit(),
            0 if cancels != 0 => Who::REST.bit(),
            ready => u128::from(ready),
        };
        polls | u128::from(cancels) << MAX_NUMBERS
    }

    /// Whether more tasks were told apart than fit into a set.
    pub(super) fn is_crowded(&self) -> bool {
        self.core.probe().count() > MAX_NUMBERS
    }

    /// The length of the ready queue.
    #[inline]
    pub(super) fn queue_len(&self) -> usize {
        self.core.queue_len()
    }

    /// The numbers of the ready tasks, in the order in which they became ready.
    pub(super) fn queue_into(&self, numbers: &mut Vec<u32>) {
        numbers.clear();
        self.core.queue_numbers_into(numbers);
    }

    /// The tasks that may be cancelled, as a set of numbers.
    #[inline]
    pub(super) fn cancels(&self) -> u64 {
        self.core.droppable_numbers()
    }

    /// Makes a step for the first time, and says what it touched. Calls of `fault` are answered from `answers`, which
    /// then holds all that were given.
    #[inline]
    pub(super) fn make(&mut self, who: Who, answers: &mut Vec<Answer>) -> Footprint {
        if !answers.is_empty() {
            self.core.probe().prepare(answers);
        }
        self.act(who);
        if self.core.probe().was_asked() {
            *answers = self.core.probe().answered();
            self.core.probe().prepare(&[]);
        }
        self.note(who, answers);
        let mut footprint = self.after_step();
        match who.task() {
            Some(task) => footprint.writes |= task_bit(task),
            None => footprint = Footprint::EVERYTHING,
        }
        footprint
    }

    /// Makes a step again whose consequences are known.
    #[inline]
    pub(super) fn repeat(&mut self, who: Who, answers: &[Answer], verdict: Verdict) {
        if answers.is_empty() {
            self.act(who);
        } else {
            self.core.probe().prepare(answers);
            self.act(who);
            self.core.probe().prepare(&[]);
        }
        self.core.probe().take();
        self.note(who, answers);
        self.step += 1;
        self.verdict = verdict;
    }

    #[inline]
    fn act(&mut self, who: Who) {
        match who {
            Who::CLOCK => drop(self.core.next_deadline().map(|deadline| self.core.advance_to(deadline))),
            Who::REST => {}
            who if who.is_cancel() => {
                let task = who.task().and_then(|number| self.core.of_number(number));
                task.map(|task| self.core.cancel(task, CancelReason::Requested));
            }
            who => drop(self.core.poll_number(who.number())),
        }
    }

    /// Polls a ready task by its place in the ready queue; false when it has gone meanwhile.
    #[inline]
    pub(super) fn poll_nth(&mut self, nth: usize) -> bool {
        let number = if self.path.is_some() { self.core.number_at(nth) } else { 0 };
        let polled = self.core.poll_nth(nth) != Polled::NotReady;
        if polled {
            if self.path.is_some() {
                let answers = self.core.probe().answered();
                self.note(Who::polled(number), &answers);
            }
            if self.core.probe().was_asked() {
                self.core.probe().prepare(&[]);
            }
            self.after_drawn_step();
        }
        polled
    }

    /// Moves the clock; false when no timer is armed.
    #[inline]
    pub(super) fn advance(&mut self) -> bool {
        let Some(deadline) = self.core.next_deadline() else { return false };
        self.core.advance_to(deadline);
        self.note(Who::CLOCK, &[]);
        self.after_drawn_step();
        true
    }

    /// Calls of `fault` are answered by drawing from now on, or, with 0, as if all went well.
    pub(super) fn draw_answers(&self, seed: u64) {
        self.core.probe().draw(seed);
    }

    /// What the execution has come to so far.
    #[inline]
    pub(super) fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Nothing can happen any more: checks what must hold then.
    pub(super) fn rest(&mut self) -> Verdict {
        let mut holds = self.core.alive() == 0 && self.core.held() == 0;
        if self.core.has_kept_permits() {
            self.core.watch_permits();
        }
        self.stage.each_invariant(true, |_, kept| holds &= kept);
        self.core.probe().take();
        if !holds {
            self.verdict = Verdict::Fails;
        }
        self.verdict
    }

    /// What was noticed in this execution.
    pub(super) fn lints(&self) -> Vec<Lint> {
        self.core.lints_from(0)
    }

    /// Whether anything was.
    #[inline]
    pub(super) fn has_lints(&self) -> bool {
        self.core.has_lints()
    }

    /// Whether conflicts were found that earlier executions did not know of. Asking forgets it.
    pub(super) fn learned(&mut self) -> bool {
        core::mem::take(&mut self.learned)
    }

    /// Whoever draws does not ask what a step touched.
    #[inline]
    fn after_drawn_step(&mut self) {
        self.step += 1;
        let mut holds = !self.core.has_lost_panic() && !self.core.has_denied_lint();
        self.stage.each_invariant(false, |_, kept| holds &= kept);
        if !holds {
            self.verdict = Verdict::Fails;
        }
    }

    #[inline]
    fn after_step(&mut self) -> Footprint {
        self.step += 1;
        let footprint = self.core.probe().take();
        self.look(footprint)
    }

    /// Checks what must hold after every step, and adds to the footprint what makes it conflict with other steps
    /// that change what the same invariant looks at: the states in between them are told apart by the invariant.
    #[inline]
    fn look(&mut self, mut footprint: Footprint) -> Footprint {
        let Rig { stage, core, views, .. } = self;
        let (mut holds, mut learned) = (true, false);
        stage.each_invariant(false, |place, kept| {
            holds &= kept;
            let seen = core.probe().take().reads;
            if views.len() <= place {
                views.resize(place + 1, View::default());
            }
            let view = &mut views[place];
            if seen & !view.objects != 0 {
                view.objects |= seen;
                learned = true;
                if view.objects.count_ones() > 1 && view.joint == 0 {
                    view.joint = core.probe().new_bit();
                }
            }
            if footprint.writes & view.objects != 0 {
                footprint.writes |= view.joint;
            }
        });
        self.learned |= learned && self.step > 0;
        if !holds || core.has_lost_panic() || core.has_denied_lint() {
            self.verdict = Verdict::Fails;
        }
        footprint
    }
}
