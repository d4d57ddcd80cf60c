use super::{ATTEMPTS, BACKOFF, Backoff, Client, Down, Event, EventBus, Failure, NonZeroU32, Policies};
use super::{Retry, RetryBudget, RunCx, Service, Task, Workflow, note, note_error};
use std::rc::Rc;

/// Tasks with a retry policy: three attempts, apart, and on a budget.
pub struct Tasks {
    pub service: Rc<Service>,
    pub budget: RetryBudget,
    pub events: EventBus<Event>,
}

impl Tasks {
    pub async fn run(&self, client: Client) -> Result<(), Failure<Down>> {
        let service = self.service.clone();
        let call = Task::new(client.name, async move |client: Client| {
            let answer = service.request(client).await;
            match answer {
                Ok(()) => note("is served"),
                Err(_) => note_error("gets no answer"),
            }
            answer
        });
        // The policy is around the task, so there is no way past it.
        let attempts = NonZeroU32::new(ATTEMPTS).expect("it is tried");
        let apart = Backoff::full_jitter(2 * BACKOFF, 7);
        let retry = Retry::new(attempts, apart).budget(self.budget.clone());
        let call = call.with(Policies::new().retry(retry));
        RunCx::new(client.name).reporting_to(&self.events).perform(&call, client).await
    }
}
