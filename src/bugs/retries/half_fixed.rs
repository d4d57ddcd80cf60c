use super::{ATTEMPTS, BACKOFF, Client, Down, Service, note, note_error, sleep};
use std::rc::Rc;

/// A task with a retry policy: three attempts, 100 ms apart.
pub struct Task {
    pub service: Rc<Service>,
}

impl Task {
    pub async fn run(&self, client: Client) -> Result<(), Down> {
        for _ in 1..ATTEMPTS {
            if self.call(client).await.is_ok() {
                return Ok(());
            }
            // All who failed together come back together.
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
