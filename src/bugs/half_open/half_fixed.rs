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
                note("half-opens the circuit: it is the probe");
                self.circuit.set(Circuit::HalfOpen);
            }
            Circuit::HalfOpen => {
                note_dropped("was rejected: the circuit is half-open");
                return Err(CallError::Rejected);
            }
        }

        let answer = self.service.request(caller).await;

        // By the state that it finds, whoever asked and whenever.
        match (answer, self.circuit.get()) {
            (Err(_), _) => {
                note_error("hears that the service is down");
                self.circuit.set(Circuit::Open { until: now() + BREAK });
            }
            (Ok(_), Circuit::HalfOpen) => {
                note("has its answer, and closes the circuit");
                self.circuit.set(Circuit::Closed);
            }
            (Ok(_), _) => note("has its answer"),
        }
        answer.map_err(CallError::Failed)
    }
}
