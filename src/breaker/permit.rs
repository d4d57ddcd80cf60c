//! The right to make one call, and the duty to say what came of it.

use core::fmt;
use core::mem::ManuallyDrop;

use super::CircuitBreaker;
use super::machine::Ticket;
use super::report::Verdict;

/// A call that a [`CircuitBreaker`] admitted. Dropping it says that nothing is known of the other side.
#[must_use = "dropping a permit gives it back, as if the call had not been made"]
pub struct Permit {
    circuit: CircuitBreaker,
    ticket: Ticket,
    /// What is said when it is dropped.
    verdict: Verdict,
}

impl Permit {
    #[inline]
    pub(super) fn new(circuit: CircuitBreaker, ticket: Ticket) -> Self {
        Permit { circuit, ticket, verdict: Verdict::Ignore }
    }

    /// The other side works.
    #[inline]
    pub fn success(self) {
        self.judge(Verdict::Success);
    }

    /// The other side does not work.
    #[inline]
    pub fn failure(self) {
        self.judge(Verdict::Failure);
    }

    /// Says what came of the call. When the circuit changed its state since it was admitted, nothing changes.
    #[inline]
    pub fn judge(mut self, verdict: Verdict) {
        self.verdict = verdict;
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({})", self.circuit.name())
    }
}

impl Drop for Permit {
    #[inline]
    fn drop(&mut self) {
        self.circuit.settle(&self.ticket, self.verdict);
    }
}

/// A permit of a call that the circuit outlives.
pub(crate) struct Admitted<'a> {
    circuit: &'a CircuitBreaker,
    ticket: Ticket,
}

impl<'a> Admitted<'a> {
    #[inline]
    pub(super) fn new(circuit: &'a CircuitBreaker, ticket: Ticket) -> Self {
        Admitted { circuit, ticket }
    }

    #[inline]
    pub(crate) fn judge(self, verdict: Verdict) {
        // It is settled here, and so not once more when it is dropped.
        let settled = ManuallyDrop::new(self);
        settled.circuit.settle(&settled.ticket, verdict);
    }
}

impl Drop for Admitted<'_> {
    #[cold]
    fn drop(&mut self) {
        self.circuit.settle(&self.ticket, Verdict::Ignore);
    }
}
