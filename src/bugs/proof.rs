//! What a machine finds out about a bug, by searching the schedules of its versions.

use core::fmt;

use super::{Bug, Role, Variant};
use crate::explore::{Report, check};

/// The search of every version of a bug.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The bug.
    pub bug: &'static Bug,
    /// Its versions, in the order of [`Bug::variants`].
    pub versions: Vec<Proven>,
}

/// The search of one version.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The version.
    pub variant: &'static Variant,
    /// What its search came to.
    pub report: Report,
}

impl Proof {
    /// Searches the schedules of all versions of a bug, each up to its bound.
    ///
    /// ```
    /// use unstuck::bugs::{Bug, Proof};
    ///
    /// let proof = Proof::of(Bug::of_id("stuck-flag").unwrap());
    /// assert_eq!(proof.contradictions(), Vec::<String>::new());
    /// ```
    pub fn of(bug: &'static Bug) -> Proof {
        let prove = |variant: &'static Variant| Proven { variant, report: check(&variant.scenario, &bug.search()) };
        Proof { bug, versions: bug.variants.iter().map(prove).collect() }
    }

    /// Where the searches contradict what the catalogue says of the bug, a sentence each.
    pub fn contradictions(&self) -> Vec<String> {
        self.versions.iter().filter_map(Proven::contradiction).collect()
    }

    fn of_role(&self, role: Role) -> &Report {
        let found = self.versions.iter().find(|version| version.variant.role == role);
        &found.expect("a bug has a buggy and a fixed version").report
    }
}

impl Proven {
    fn contradiction(&self) -> Option<String> {
        let title = self.variant.role.title();
        match (&self.variant.fails, &self.report.failure) {
            (None, None) => None,
            (None, Some(failure)) => Some(format!("{title}: should hold, and fails:\n{failure}")),
            (Some(said), None) => Some(format!("{title}: should break “{}”, and {}", said.invariant, self.report)),
            (Some(said), Some(found)) => {
                let same = said.invariant == found.invariant && said.schedule == found.schedule;
                let said = format!("“{}” under {}", said.invariant, said.schedule);
                (!same).then(|| format!("{title}: should break {said}, and the least that fails is\n{found}"))
            }
        }
    }
}

/// Such as `bug stuck-flag buggy=the-busy-flag-tells-the-truth shortest=14 failing=165/165 fixed=0/120 exhausted=yes`.
///
/// `failing` and `fixed` are failing schedules of those searched; `exhausted` is about the fixed version, and the
/// bound on executions when not every kind of schedule was tried.
impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (buggy, fixed) = (self.of_role(Role::Buggy), self.of_role(Role::Fixed));
        let (finding, shortest) = match &buggy.failure {
            Some(failure) => (failure.invariant.replace(' ', "-"), failure.steps.to_string()),
            None => ("none".to_owned(), "none".to_owned()),
        };
        let exhausted = if fixed.exhausted { "yes".to_owned() } else { fixed.bound.to_string() };
        write!(
            f,
            "bug {} buggy={finding} shortest={shortest} failing={} fixed={} exhausted={exhausted}",
            self.bug.id,
            failing(buggy),
            failing(fixed)
        )
    }
}

/// Such as `165/165`: the samples count as long as not every kind of schedule was tried.
fn failing(report: &Report) -> String {
    match report.exhausted {
        true => format!("{}/{}", report.failing, report.executions),
        false => {
            format!("{}/{}", report.failing + report.failing_samples, report.executions + report.samples)
        }
    }
}
