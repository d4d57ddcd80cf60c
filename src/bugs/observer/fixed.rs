use super::{Event, EventBus, Subscriber, Subscription, Task, note, note_error};

/// Publishing runs nobody's code: events are put in line for each subscriber.
pub async fn run(task: &Task, bus: EventBus<Event>) {
    bus.publish(task.started());
    task.work().await;
    note("has done its work");
    bus.publish(task.done());
}

/// Each subscriber is one task, and takes its events in order.
pub async fn listen(mut events: Subscription<Event>, subscriber: Subscriber) {
    while let Some(next) = events.next().await {
        note(format_args!("hears of {}", next.event));
        if subscriber(next.event).is_err() {
            note_error("fails: the mailbox is full");
        }
    }
}
