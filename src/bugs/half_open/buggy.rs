use super::{BREAK, CallError, Circuit, Name, Reply, Service, Tracked, note, note_dropped, note_error, now};
use std::rc::Rc;

/// Stops asking a service that fails, and asks again after a break.
pub struct Breaker {
    pub circuit: Tracked<Circuit>,
    pub service: Rc<Service>,
}

impl Breaker {
    pub async fn call(&self, caller: Name) -> Result<Reply, CallError> {
        match self.circuit.get() {
            Circuit::Closed => {}
            Circuit::Open { until } if now() < until => {
                note_dropped("was rejected: the circuit is open");
                return Err(CallError::Rejected);
            }
            Circuit::Open { .. } => {
                note("comes after the break, half-opens the circuit and is the probe");
                self.circuit.set(Circuit::HalfOpen);
            }
            Circuit::HalfOpen => note("finds the circuit half-open and is let through, too"),
        }

        let answer = self.service.request(caller).await;

        match (answer, self.circuit.get()) {
            (Err(error), _) => {
                note_error(format_args!("is told that {error}, and opens the circuit"));
                self.circuit.set(Circuit::Open { until: now() + BREAK });
            }
            (Ok(_), Circuit::HalfOpen) => {
                note("has its answer, and closes the half-open circuit");
                self.circuit.set(Circuit::Closed);
            }
            (Ok(_), _) => note("has its answer, which says nothing new"),
        }
        answer.map_err(CallError::Failed)
    }
}
