use super::{CallError, CircuitBreaker, Name, Reply, Service, State, note, note_dropped, note_error};
use std::rc::Rc;

/// Stops asking a service that fails, and asks again after a break.
pub struct Breaker {
    pub circuit: CircuitBreaker,
    pub service: Rc<Service>,
}

impl Breaker {
    pub async fn call(&self, caller: Name) -> Result<Reply, CallError> {
        // A permit carries the generation of the circuit in which it was given.
        let permit = match self.circuit.admit() {
            Ok(permit) => permit,
            Err(rejected) => {
                note_dropped(format_args!("was rejected: {rejected}"));
                return Err(CallError::Rejected);
            }
        };
        if self.circuit.state() == State::HalfOpen {
            note("comes after the break, half-opens the circuit and is the probe");
        }

        let answer = self.service.request(caller).await;

        // When the circuit has changed since, a verdict changes nothing.
        match answer {
            Ok(_) => {
                note("has its answer");
                permit.success();
            }
            Err(error) => {
                note_error(format_args!("is told that {error}"));
                permit.failure();
            }
        }
        answer.map_err(CallError::Failed)
    }
}
