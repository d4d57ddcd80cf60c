//! The right to make one call, and the duty to say what came of it.

use super::CircuitBreaker;
use super::machine::{Machine, Ticket};
use super::report::Verdict;

/// A call that a [`CircuitBreaker`] admitted. Dropping it says that nothing is known of the other side.
#[must_use = "dropping a permit gives it back, as if the call had not been made"]
pub struct Permit {
    circuit: CircuitBreaker,
    ticket: Option<Ticket>,
}

impl Permit {
    #[inline]
    pub(super) fn new(circuit: CircuitBreaker, ticket: Ticket) -> Self {
        Permit { circuit, ticket: Some(ticket) }
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
        self.settle(verdict);
    }

    #[inline]
    fn settle(&mut self, verdict: Verdict) {
        if let Some(ticket) = self.ticket.take() {
            self.circuit.update(|machine: &mut Machine, now| machine.settle(ticket, verdict, now));
        }
    }
}

impl Drop for Permit {
    #[inline]
    fn drop(&mut self) {
        self.settle(Verdict::Ignore);
    }
}
