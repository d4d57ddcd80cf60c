use super::{CallError, CircuitBreaker, Name, Reply, Service, State, note, note_dropped, note_error, rejection};
use std::rc::Rc;

/// Stops asking a service that fails, and asks again after a break.
pub struct Breaker {
    pub circuit: CircuitBreaker,
    pub service: Rc<Service>,
}

impl Breaker {
    pub async fn call(&self, caller: Name) -> Result<Reply, CallError> {
        // A permit knows in which generation it was given.
        let permit = match self.circuit.admit() {
            Ok(permit) => permit,
            Err(rejected) => {
                note_dropped(rejection(&rejected));
                return Err(CallError::Rejected);
            }
        };
        if self.circuit.state() == State::HalfOpen {
            note("half-opens the circuit: it is the probe");
        }

        let answer = self.service.request(caller).await;

        // A verdict of an older generation changes nothing.
        match answer {
            Ok(_) => {
                note("has its answer");
                permit.success();
            }
            Err(_) => {
                note_error("hears that the service is down");
                permit.failure();
            }
        }
        answer.map_err(CallError::Failed)
    }
}
