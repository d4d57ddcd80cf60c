use super::{Event, MailboxFull, Name, Subscriber, Task, note, note_error};

/// Calls every subscriber with every event.
pub struct Bus {
    pub subscribers: Vec<(Name, Subscriber)>,
}

impl Bus {
    pub fn emit(&self, event: Event) -> Result<(), MailboxFull> {
        for (_, subscriber) in &self.subscribers {
            subscriber(event)?; // in the task that emits, which gets its error
        }
        Ok(())
    }
}

pub async fn run(task: &Task, bus: &Bus) -> Result<(), MailboxFull> {
    bus.emit(task.started())?;
    task.work().await;
    note("has done its work");
    bus.emit(task.done()).inspect_err(|_| note_error("fails: the mailbox is full"))
}
