use super::{Event, Name, Subscriber, Task, note, note_error, spawn_named};

/// Calls every subscriber with every event, each time in a task of its own.
pub struct Bus {
    pub subscribers: Vec<(Name, Subscriber)>,
}

impl Bus {
    pub fn emit(&self, event: Event) {
        for (name, subscriber) in &self.subscribers {
            let subscriber = subscriber.clone();
            let task = async move {
                note(format_args!("hears of {event}"));
                if subscriber(event).is_err() {
                    note_error("fails: the mailbox is full");
                }
            };
            drop(spawn_named(name, task)); // which runs when it is its turn
        }
    }
}

pub async fn run(task: &Task, bus: &Bus) {
    bus.emit(task.started());
    task.work().await;
    note("has done its work");
    bus.emit(task.done());
}
