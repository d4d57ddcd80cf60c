use super::{ATTEMPTS, BACKOFF, Client, Down, Service, note, note_error, sleep};
use std::rc::Rc;

/// A task with a retry policy: three attempts, 100 ms apart.
pub struct Task {
    pub service: Rc<Service>,
}

impl Task {
    pub async fn run(&self, client: Client) -> Result<(), Down> {
        match client.input {
            None => self.with_retries(client).await,
            Some(_) => self.call(client).await, // past the policy
        }
    }

    async fn with_retries(&self, client: Client) -> Result<(), Down> {
        for _ in 1..ATTEMPTS {
            if self.call(client).await.is_ok() {
                return Ok(());
            }
            sleep(BACKOFF).labelled("the next try").await;
        }
        self.call(client).await
    }

    async fn call(&self, client: Client) -> Result<(), Down> {
        let answer = self.service.request(client).await;
        match answer {
            Ok(()) => note("is served"),
            Err(_) => note_error("gets no answer"),
        }
        answer
    }
}
