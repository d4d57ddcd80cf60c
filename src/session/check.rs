//! Trying many schedules of both versions, a slice at a time.

use serde::Serialize;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
use tsify::Tsify;

use crate::bugs::Variant;
use crate::scenario::Stage;
use crate::schedule::Random;

/// How many random schedules are tried of each version.
const SCHEDULES: u64 = 1_000;

/// How far a check has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(all(target_arch = "wasm32", feature = "web"), derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CheckProgress {
    /// Whether every schedule was tried.
    pub done: bool,
    /// Such as `Buggy: 132 of 400 random schedules fail; fixed: 0 of 400`.
    pub sentence: String,
    /// How many schedules were tried of each version.
    pub executions: u32,
}

/// A check under way, of the versions in both panes.
pub(super) struct Check {
    variants: [&'static Variant; 2],
    tried: u64,
    failing: [u64; 2],
}

impl Check {
    pub(super) fn new(variants: [&'static Variant; 2]) -> Self {
        Check { variants, tried: 0, failing: [0; 2] }
    }

    /// Tries the next schedule of both versions.
    pub(super) fn try_next(&mut self) {
        for (variant, failing) in self.variants.iter().zip(&mut self.failing) {
            let run = Stage::run(&variant.scenario, &mut Random::new(self.tried));
            *failing += u64::from(!run.findings().is_empty());
        }
        self.tried += 1;
    }

    pub(super) fn is_done(&self) -> bool {
        self.tried == SCHEDULES
    }

    pub(super) fn progress(&self) -> CheckProgress {
        let [lead, fixed] = [0, 1].map(|pane| self.verdict(pane));
        CheckProgress {
            done: self.is_done(),
            sentence: format!("{}: {lead}; {}: {fixed}", self.variants[0].title, self.variants[1].title),
            executions: self.tried as u32,
        }
    }

    /// Such as `132 of 400 random schedules fail`.
    pub(super) fn verdict(&self, pane: usize) -> String {
        format!("{} of {} random schedules fail", self.failing[pane], self.tried)
    }
}
