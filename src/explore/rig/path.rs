//! What was done, for whoever asks: as steps by number, and as a schedule says them.

use super::Rig;
use crate::executor::{Answer, Executor};
use crate::explore::step::{Step, Who};
use crate::scenario::Stage;
use crate::schedule::Choice;

impl Rig<'_> {
    #[inline]
    pub(super) fn note(&mut self, who: Who, answers: &[Answer]) {
        if let Some(path) = &mut self.path {
            path.push(Step { who, answers: answers.iter().map(|answer| answer.given).collect() });
        }
    }

    /// From now on remembers what is done.
    pub(in crate::explore) fn remember(&mut self) {
        self.path = Some(Vec::new());
    }

    /// What was done since [`remember`](Rig::remember).
    pub(in crate::explore) fn remembered(&mut self) -> Vec<Step> {
        self.path.take().unwrap_or_default()
    }

    /// The same steps as a schedule says them, which calls tasks by their names.
    pub(in crate::explore) fn in_words(&self, path: &[Step]) -> Vec<Choice> {
        self.play(path).1
    }

    /// What it is called when `who` acts after these steps, if they can.
    pub(in crate::explore) fn choice_after(&self, path: &[Step], who: Who) -> Option<Choice> {
        let stage = self.play(path).0;
        name(&stage, who)
    }

    /// Makes the steps on a stage of their own, recording, and says what they were.
    fn play(&self, path: &[Step]) -> (Stage, Vec<Choice>) {
        let stage = Stage::new(Executor::recording());
        let core = stage.executor().core().clone();
        core.start_probe();
        core.probe().start_like(self.core.probe());
        stage.set(&*self.scenario);
        let mut choices = Vec::new();
        for step in path.iter().filter(|step| step.who != Who::REST) {
            let choice = name(&stage, step.who).unwrap_or(Choice::Advance);
            choices.push(stage.make(choice, &step.answers));
            stage.look();
        }
        (stage, choices)
    }
}

/// How a schedule says that `who` acts; none for a task that is not there.
fn name(stage: &Stage, who: Who) -> Option<Choice> {
    let Some(number) = who.task() else { return Some(Choice::Advance) };
    let name = stage.name_of(stage.executor().core().of_number(number)?);
    Some(if who.is_cancel() { Choice::Cancel(name) } else { Choice::Poll(name) })
}
