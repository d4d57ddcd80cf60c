use super::{JoinHandle, PARTS, Part, Records, Storage, TaskState, UploadError, note, note_error, spawn_named};
use std::rc::Rc;

/// Uploads the parts of a file side by side. The first error is the group's.
pub struct Group {
    pub storage: Rc<Storage>,
    pub records: Rc<Records>,
}

type Upload = JoinHandle<Result<(), UploadError>>;

impl Group {
    pub async fn run(&self) -> Result<(), UploadError> {
        let uploads = PARTS.map(|part| self.spawn(part));
        for upload in uploads {
            // The first error returns, and drops the other handles.
            upload.await.unwrap_or(Err(UploadError))?;
        }
        Ok(())
    }

    fn spawn(&self, part: Part) -> Upload {
        let (storage, records) = (self.storage.clone(), self.records.clone());
        spawn_named(part.name, async move {
            records.set(part, TaskState::Running);
            let outcome = storage.send(part).await;
            match outcome {
                Ok(()) => note("has written its part"),
                Err(_) => note_error("failed: the line broke"),
            }
            records.finish(part, &outcome);
            outcome
        })
    }
}
