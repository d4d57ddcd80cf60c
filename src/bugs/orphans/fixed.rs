use super::{Event, EventBus, Failure, PARTS, Parallel, RunCx, Storage, Task, UploadError, note, note_error};
use std::rc::Rc;

/// Uploads the parts of a file side by side. The first error is the group's.
pub struct Group {
    pub storage: Rc<Storage>,
    pub events: EventBus<Event>,
}

impl Group {
    pub async fn run(&self) -> Result<Vec<()>, Failure<UploadError>> {
        let uploads = PARTS.map(|part| {
            let storage = self.storage.clone();
            Task::new(part.name, async move |_: ()| {
                let outcome = storage.send(part).await;
                match outcome {
                    Ok(()) => note("has written its part"),
                    Err(_) => note_error("failed: the line broke"),
                }
                outcome
            })
        });
        // Owns its children: it returns when all have stopped, and says of each
        // how it ended, also of one that was cancelled.
        let group = Parallel::new("upload", uploads).expect("there are parts");
        RunCx::new("upload").reporting_to(&self.events).perform(&group, ()).await
    }
}
